"""Check a text: a form, the marked text with an answer beside each statement, and what an editor may do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import html
from dashboard.data.queries import Copy
from dashboard.editing import dialogs
from dashboard.editing.service import Desk
from dashboard.views.check.segments import Segment, segments
from pipeline.check.records import Bearing, Checked, CheckedStatement
from pipeline.core.config import Config
from pipeline.core.errors import RumortrailError
from pipeline.core.home import Home
from pipeline.core.page import Fetch
from pipeline.core.vocabulary import DecisionKind

if TYPE_CHECKING:
    from pipeline.check.checker import Checker

VERBS = {
    Bearing.REPEATS: "Repeats",
    Bearing.DENIES: "Denies",
    Bearing.QUESTIONS: "Questions",
    Bearing.RIVALS: "Rivals",
}
LARGEST = 1_000_000  # characters that may be pasted; the beginning is read
TEXT, ANSWER = "check-text", "check-answer"
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_html = html.Template("views/check/page.html")


@dataclass(frozen=True, slots=True)
class Tools:
    """How a checker is made from a home and its settings, and what fetches a page by the settings."""

    checker: Callable[[Home, Config], Checker]
    fetch: Callable[[Config], Fetch]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a text: the answer, or in plain words why there is none."""

    checked: Checked | None
    why: str = ""


def show(copy: Copy, tools: Tools | None, home: Home, config: Config, desk: Desk | None) -> None:
    """Draw the page; an editor at `desk` may keep the text, or follow one of its statements."""
    st.set_page_config(page_title="Check · Rumortrail")
    st.html(_html.heading())
    if desk:
        dialogs.told(desk)
    if tools is None:
        st.html(html.empty("No text can be checked here", "This dashboard was started without its models."))
        return
    with st.form("check", border=False):
        text = st.text_area("Text or link", key=TEXT, height=180, max_chars=LARGEST,
                             placeholder="Basalt 4 has 95 billion parameters, two people told the Courier.")
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.form_submit_button("Check", type="primary")
            st.html(_html.hint(), width="stretch")
    if pressed and text.strip():
        with st.spinner("Fetching and reading …" if _is_link(text) else "Reading …", show_time=True):
            st.session_state[ANSWER] = _checked(tools, home, config, text)
    elif pressed:
        st.session_state.pop(ANSWER, None)
    outcome: _Outcome | None = st.session_state.get(ANSWER)
    if outcome is None:
        return
    if outcome.checked is None:
        st.html(_html.unable(outcome.why))
        return
    _answer(copy, outcome.checked, desk)


def _is_link(given: str) -> bool:
    return _URL.fullmatch(given.strip()) is not None


def _checked(tools: Tools, home: Home, config: Config, given: str) -> _Outcome:
    """Return the outcome for a text or a link; only the reader's session keeps it."""
    try:
        checker = tools.checker(home, config)
        if _is_link(given):
            return _Outcome(checker.check_link(given.strip(), tools.fetch(config)))
        return _Outcome(checker.check(given))
    except RumortrailError as error:
        return _Outcome(None, str(error))


def _answer(copy: Copy, checked: Checked, desk: Desk | None) -> None:
    """Draw the text, and beside each of its statements what is known of it."""
    if not checked.statements:
        st.html(_html.nothing())
        for note in checked.notes:
            st.html(_html.note(note))
        return
    known_count = sum(1 for statement in checked.statements if statement.known)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(_html.summary(checked, known_count), width="stretch")
        if desk:
            _keep(desk, checked)
    if desk:
        waiting = [entry for entry in desk.waiting(copy) if entry.kind is DecisionKind.FOLLOW]
        dialogs.waiting(copy, desk, waiting)
    number = 0
    for segment in segments(checked):
        number += segment.statement is not None
        _row(copy, segment, number, desk)


def _row(copy: Copy, segment: Segment, number: int, desk: Desk | None) -> None:
    with st.container(key=f"check-row-{number}" if segment.statement else "check-rest"):
        words, answer = st.columns([7, 6], gap="large")
        words.html(_html.words(segment, number))
        if segment.statement is None:
            return
        answer.html(_html.answer(segment.statement, number, VERBS))
        if desk and answer.button("Follow this claim …", key=f"follow-{number}", type="tertiary",
                                  icon=":material/add:"):
            dialogs.follow_sentence(copy, desk, _sentence(segment.statement))


def _sentence(statement: CheckedStatement) -> str:
    """Return the words in which a statement is offered to be followed; the editor may change them."""
    words = statement.claim or statement.quote
    return words if words.endswith((".", "。")) else f"{words}."


def _keep(desk: Desk, checked: Checked) -> None:
    """Draw the button that writes the text into the inbox."""
    if st.button("Keep this text", key="keep", help="The next run reads it as any other document, with your"
                 " name as its finder. Everybody can read it then."):
        try:
            desk.keep(checked)
        except RumortrailError as error:
            dialogs.refused(error)
            return
        dialogs.tell("Kept. The next run reads it as any other document.")
        st.rerun()
