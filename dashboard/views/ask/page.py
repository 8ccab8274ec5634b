"""Ask: SQL on the published copy, with the documented questions to start from.

An address can hold a question, but never asks it by itself: else a link could show, under this newsroom's name and as
if it had been found, whatever its writer chose to select ('…' AS finding). Whoever follows it reads the question first.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from typing import Any

import pyarrow as pa
import streamlit as st

from dashboard.components import html as pieces
from dashboard.components.charts import embed
from dashboard.data import queries
from dashboard.data.ask import Column
from dashboard.data.queries import Copy
from dashboard.views.ask import chart, runner
from dashboard.views.ask.runner import Answer, Unanswered
from pipeline.exports.tables import Format, plain_value, write
from pipeline.published import sql_reference
from pipeline.text.sanitize import safe, words

ROWS, CELLS = 1_000, 20_000
"""What a table shows at most: it is one element of the page, and a browser has to hold it."""

HTML, COLUMNS = 2_000_000, 1_000
"""Characters of HTML after which a table takes no further row, and its columns at most."""

_TEXT, _DEEP = 500, 20

_DOWNLOADS = {
    Format.CSV: ("CSV", "text/csv"),
    Format.PARQUET: ("Parquet", "application/vnd.apache.parquet"),
    Format.JSONL: ("JSON lines", "application/jsonl"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    sql: str
    identity: tuple[int, int, int]
    found: Answer | Unanswered


def show(copy: Copy) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Ask · Rumortrail")
    bounds = copy.settings
    st.html(
        '<h1>Ask</h1><p class="rt-lead">Everything on these pages comes from tables that you can ask in SQL yourself. '
        "The copy can only be read, so no question can harm it. One is stopped after "
        f"{bounds.ask_seconds:g} seconds, or when it takes more than {escape(bounds.ask_memory)} of memory.</p>"
    )
    known = sql_reference.questions()
    picked = st.selectbox(
        "Start from a question",
        range(len(known)),
        index=None,
        format_func=lambda place: f"{known[place].heading}: {known[place].words}",
        key="ask_question",
        placeholder=f"{len(known)} questions with their SQL",
        on_change=_pick,
    )
    with st.form("ask_form", border=False):
        sql = st.text_area(
            "SQL",
            key="sql",
            bind="query-params",
            height=190,
            max_chars=runner.LONGEST,
            placeholder="FROM claims WHERE status = 'disputed' ORDER BY voices DESC",
        )
        pressed = st.form_submit_button("Run", type="primary", icon=":material/play_arrow:", on_click=_let_go)
    sql = (sql or "").strip()
    if sql and (pressed or st.session_state.pop("ask_picked", None) == picked is not None):
        st.session_state["ask_asked"] = _Asked(sql, copy.identity, _found(copy, sql))
    asked: _Asked | None = st.session_state.get("ask_asked")
    if asked is not None and asked.sql == sql and asked.identity == copy.identity:
        _result(asked.found)
    elif sql:
        st.html(
            '<p class="rt-told-first" role="note">This question has not been asked yet. Read it, then press Run.</p>'
        )
    else:
        st.html('<p class="rt-soft rt-small">Ctrl + Enter runs what is written.</p>')
    _schema(copy)


def _pick() -> None:
    """Write the picked question into the field; it is one of ours, so it is asked at once."""
    place = st.session_state.get("ask_question")
    if place is not None:
        st.session_state["sql"] = sql_reference.questions()[place].sql
        st.session_state["ask_picked"] = place


def _let_go() -> None:
    """Name no question above SQL that is no longer its."""
    place = st.session_state.get("ask_question")
    if place is not None and st.session_state.get("sql") != sql_reference.questions()[place].sql:
        st.session_state["ask_question"] = None


def _found(copy: Copy, sql: str) -> Answer | Unanswered:
    place = st.empty()

    def tell(what: str) -> None:
        place.html(f'<p class="rt-soft" role="status">{escape(what)}</p>')

    tell("Asking …")
    try:
        return runner.ask(copy, sql, tell)
    except Unanswered as why:
        return why
    finally:
        place.empty()


def _result(found: Answer | Unanswered) -> None:
    if isinstance(found, Unanswered):
        told = f"<p>{safe(found.told, 800)}</p>" if found.told else ""
        where = f'<pre class="rt-where">{safe(found.where, 800)}</pre>' if found.where else ""
        st.html(
            f'<div class="rt-refused" role="alert"><p><b>{safe(found.words, 600)}</b></p>{told}{where}</div>'
        )
        return
    rows, columns = found.table.num_rows, found.table.num_columns
    table, shown = _table(found, min(rows, ROWS, max(1, CELLS // max(1, columns))))
    could = chart.axes(found)
    st.html(f'<div class="rt-section"><h2>{_count(found, shown)}</h2></div>')
    view = "Table"
    if could.along:
        view = (
            st.segmented_control(
                "Show as",
                ["Table", "Chart"],
                default="Table",
                required=True,
                key="ask_as",
                bind="query-params",
                label_visibility="collapsed",
            )
            or "Table"
        )
    if view == "Chart":
        _chart(found, could)
    else:
        st.html(table)
    if rows:
        with st.container(horizontal=True, gap="small"):
            for form, (name, mime) in _DOWNLOADS.items():
                st.download_button(
                    name,
                    partial(_file, found, form),
                    file_name=f"answer.{form}",
                    mime=mime,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"ask_{form}",
                )


def _count(found: Answer, shown: int) -> str:
    rows = found.table.num_rows
    took = f'<span class="rt-soft rt-small"> in {max(found.seconds, 0.01):.2f} s</span>'
    if not rows:
        return f"No row answers this{took}"
    if rows == shown and not found.more:
        return pieces.plural(rows, "row") + took
    of = f"more than {rows:,}" if found.more else f"{rows:,}"
    held = f"the first {rows:,}" if found.more else "all of them"
    return (
        f'First {shown:,} of {of} rows{took}<span class="rt-soft rt-small">; a download holds {held}</span>'
    )


def _chart(found: Answer, could: chart.Axes) -> None:
    names = found.table.column_names
    left, right = st.columns(2)
    label = lambda place: words(names[place], 60) or f"column {place + 1}"  # noqa: E731
    along = left.selectbox("Along", could.along, format_func=label, key="ask_x")
    up = right.selectbox("Measure", could.up, format_func=label, key="ask_y")
    title, picture = chart.chart(found, along, up, dark=st.context.theme.type == "dark")
    st.html(f"<h3>{safe(title, 300)}</h3>")
    embed.put(picture)


def _file(found: Answer, form: Format) -> bytes:
    stream = io.BytesIO()
    write(found.table.to_reader(), stream, form)
    return stream.getvalue()


def _table(found: Answer, most: int) -> tuple[str, int]:
    """The first rows as a table of our own, and how many; Streamlit's would write its own CSV, with cells that a
    spreadsheet runs."""
    table = found.table.slice(0, most)
    numeric = [kind in _NUMERIC or kind.startswith("DECIMAL") for kind in found.types]
    right = [' class="rt-r"' if number else "" for number in numeric]
    head = "".join(
        f'<th scope="col"{side}>{safe(name, 80)}<small>{safe(_type(kind), 40)}</small></th>'
        for name, kind, side in list(zip(table.column_names, found.types, right, strict=True))[:COLUMNS]
    )
    columns = list(zip(table.column_names, table.columns, right, strict=True))[:COLUMNS]
    rows: list[str] = []
    size = len(head)
    for place in range(table.num_rows):
        cells, row = [], 0
        for name, column, side in columns:
            # One character can become forty. Where the first row alone is too large, its last cells are left out.
            full = size + row > HTML
            cells.append("<td>…</td>" if full else f"<td{side}>{_cell(name, column[place])}</td>")
            row += len(cells[-1])
            if full and rows:
                break
        if rows and size + row > HTML:
            break
        rows.append(f"<tr>{''.join(cells)}</tr>")
        size += len(rows[-1])
    body = "".join(rows)
    left = (
        f'<p class="rt-soft rt-small">The first {COLUMNS:,} of {table.num_columns:,} columns</p>'
        if table.num_columns > COLUMNS
        else ""
    )
    html = (
        f'{left}<div class="rt-answer" tabindex="0" role="region" aria-label="The answer as a table">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return html, len(rows)


_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
_NUMERIC = {"FLOAT", "DOUBLE", *_WHOLE, *(f"U{kind}" for kind in _WHOLE)}


def _type(kind: str) -> str:
    """A column's type; the copy's times are UTC and say so."""
    return {"TIMESTAMP": "time, UTC", "DATE": "day, UTC", "VARCHAR": "text", "DOUBLE": "number"}.get(
        kind, kind.lower()
    )


def _cell(name: str, scalar: pa.Scalar) -> str:
    if pa.types.is_nested(scalar.type) and scalar.is_valid:
        told = json.dumps(_start(scalar, [_TEXT]), ensure_ascii=False, default=plain_value)
        return safe(told) if len(told) <= _TEXT else f"{safe(told[: _TEXT - 1])}…"
    value = scalar.as_py()
    if value is None:
        return '<span class="rt-unknown">null</span>'
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" + (f".{value.microsecond:06}" if value.microsecond else "")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    if name == "claim_id" and isinstance(value, str) and value:
        return pieces.claim_link(value, value)
    if isinstance(value, bytes):
        return safe(value.hex(), 80)
    return safe(value, _TEXT)


def _start(scalar: pa.Scalar, left: list[int], deep: int = 0) -> Any:
    """What a cell can show of a value that holds others: `left` says how many more, whatever they are."""
    left[0] -= 1
    if not scalar.is_valid:
        return None
    if deep > _DEEP:
        return "…"
    if isinstance(scalar, pa.UnionScalar):
        return _start(scalar.value, left, deep + 1)
    if isinstance(scalar, pa.StructScalar):
        struct = {}
        for place, field in enumerate(scalar.type):
            if left[0] <= 0:
                break
            struct[field.name[:_TEXT]] = _start(scalar[place], left, deep + 1)
        return struct
    if isinstance(scalar, pa.ListScalar):
        parts: list[Any] = []
        for part in scalar.values:
            if left[0] <= 0:
                break
            if isinstance(scalar, pa.MapScalar):
                parts.append([_start(part[0], left, deep + 1), _start(part[1], left, deep + 1)])
            else:
                parts.append(_start(part, left, deep + 1))
        return parts
    value = scalar.as_py()
    return value[:_TEXT] if isinstance(value, (str, bytes)) else value


def _schema(copy: Copy) -> None:
    types = {
        (column.view, column.name): column.type for column in queries.read(copy, Column, "ask", "columns")
    }
    told = "".join(
        f'<details><summary><code>{view.name}</code> <span class="rt-soft">{escape(view.words)}</span></summary><dl>'
        + "".join(
            f"<dt>{', '.join(_column(name, types.get((view.name, name), '')) for name in names)}</dt><dd>{escape(what)}</dd>"
            for names, what in view.columns
        )
        + "</dl></details>"
        for view in sql_reference.views()
    )
    st.html(
        f'<section class="rt-schema">{pieces.section("Tables", "Times are UTC. Offsets count characters from 0.")}{told}</section>'
    )


def _column(name: str, kind: str) -> str:
    return f"<code>{name}</code>" + (f" <small>{escape(_type(kind))}</small>" if kind else "")
