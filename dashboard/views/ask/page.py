"""Ask: SQL on the published copy, with the documented questions to start from.

An address can hold a question, but never asks it by itself: otherwise a link could show, under this
newsroom's name and as if it were a finding, whatever its writer chose to select ('…' AS finding). Whoever
follows it reads it first.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.components import handout, html
from dashboard.components.charts import embed
from dashboard.data import queries
from dashboard.data.ask import Column
from dashboard.data.queries import Copy
from dashboard.views.ask import chart, picture, table
from pipeline.core.text import counted
from pipeline.exports.citation import cited_chart
from pipeline.exports.tables import Format, write
from pipeline.published import sandbox, sql_reference
from pipeline.published.sandbox import Answer, Unanswered
from pipeline.text.sanitize import words

_html = html.Template("views/ask/page.html", type_words=table.type_words)
_DOWNLOADS = {
    Format.CSV: ("CSV", "text/csv"),
    Format.PARQUET: ("Parquet", "application/vnd.apache.parquet"),
    Format.JSONL: ("JSON lines", "application/jsonl"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    sql: str
    identity: tuple[int, int, int]
    outcome: Answer | Unanswered


def show(copy: Copy) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Ask · Rumortrail")
    st.html(_html.heading(f"{copy.settings.ask_seconds:g}", copy.settings.ask_memory))
    questions = sql_reference.questions()
    picked = st.selectbox(
        "Start from a question",
        range(len(questions)),
        index=None,
        format_func=lambda index: f"{questions[index].heading}: {questions[index].words}",
        key="ask_question",
        placeholder=f"{len(questions)} questions with their SQL",
        on_change=_pick,
    )
    with st.form("ask_form", border=False):
        sql = st.text_area(
            "SQL",
            key="sql",
            bind="query-params",
            height=190,
            max_chars=sandbox.LONGEST,
            placeholder="FROM claims WHERE status = 'disputed' ORDER BY voices DESC",
        )
        pressed = st.form_submit_button("Run", type="primary", icon=":material/play_arrow:", on_click=_let_go)
    sql = (sql or "").strip()
    if sql and (pressed or st.session_state.pop("ask_picked", None) == picked is not None):
        st.session_state["ask_asked"] = _Asked(sql, copy.identity, _ask(copy, sql))
    asked: _Asked | None = st.session_state.get("ask_asked")
    if asked is not None and asked.sql == sql and asked.identity == copy.identity:
        _result(copy, asked.outcome)
    elif sql:
        st.html(_html.unasked())
    else:
        st.html(_html.hint())
    columns = queries.read(copy, Column, "ask", "columns")
    types = {(column.view, column.name): column.type for column in columns}
    st.html(_html.schema(sql_reference.views(), types))


def _pick() -> None:
    """Write the picked question into the field; it is ours, so it is asked at once."""
    index = st.session_state.get("ask_question")
    if index is not None:
        st.session_state["sql"] = sql_reference.questions()[index].sql
        st.session_state["ask_picked"] = index


def _let_go() -> None:
    """Unpick the question once the field no longer holds its SQL."""
    index = st.session_state.get("ask_question")
    if index is not None and st.session_state.get("sql") != sql_reference.questions()[index].sql:
        st.session_state["ask_question"] = None


def _ask(copy: Copy, sql: str) -> Answer | Unanswered:
    place = st.empty()

    def tell(what: str) -> None:
        place.html(_html.progress(what))

    tell("Asking …")
    try:
        return sandbox.ask(copy.place, copy.settings, sql, tell)
    except Unanswered as why:
        return why
    finally:
        place.empty()


def _result(copy: Copy, answer: Answer | Unanswered) -> None:
    if isinstance(answer, Unanswered):
        st.html(_html.refused(answer))
        return
    table_html, rows = table.table(answer)
    axes = chart.axes(answer)
    st.html(_html.count(_count(answer, rows), f"{max(answer.seconds, 0.01):.2f}", _held(answer, rows)))
    view = None
    if axes.along:
        view = st.segmented_control(
            "Show as",
            ["Table", "Chart"],
            default="Table",
            required=True,
            key="ask_as",
            bind="query-params",
            label_visibility="collapsed",
        )
    if view == "Chart":
        _chart(copy, answer, axes)
    else:
        st.html(table_html)
    if answer.table.num_rows:
        with st.container(horizontal=True, gap="small"):
            for form, (name, mime) in _DOWNLOADS.items():
                st.download_button(
                    name,
                    partial(_file, answer, form),
                    file_name=f"answer.{form}",
                    mime=mime,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"ask_{form}",
                )


def _count(answer: Answer, shown: int) -> str:
    rows = answer.table.num_rows
    if not rows:
        return "No row answers this"
    if rows == shown and not answer.more:
        return counted(rows, "row")
    return f"First {shown:,} of {'more than ' if answer.more else ''}{rows:,} rows"


def _held(answer: Answer, shown: int) -> str:
    """Return what a download holds where that is more than is shown."""
    rows = answer.table.num_rows
    if rows == shown and not answer.more:
        return ""
    return f"the first {rows:,}" if answer.more else "all of them"


def _chart(copy: Copy, answer: Answer, axes: chart.Axes) -> None:
    names = answer.table.column_names
    left, right = st.columns(2)
    label = lambda index: words(names[index], 60) or f"column {index + 1}"  # noqa: E731
    along = left.selectbox("Along", axes.along, format_func=label, key="ask_x")
    up = right.selectbox("Measure", axes.up, format_func=label, key="ask_y")
    title, drawn = chart.chart(answer, along, up, dark=st.context.theme.type == "dark")
    st.html(_html.title(title))
    embed.put(drawn, f"{title}. The table has the same.")
    source = cited_chart(title, queries.published_at(copy))
    handout.put(copy, title, "answer-chart", svg=partial(picture.picture, answer, along, up, source))


def _file(answer: Answer, form: Format) -> bytes:
    stream = io.BytesIO()
    write(answer.table.to_reader(), stream, form)
    return stream.getvalue()
