"""The dialog in which an editor merges, splits or renames a story, and what was decided about it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.components import html
from dashboard.data import queries
from dashboard.data.editing import AboutStory, NearStory
from dashboard.data.queries import Copy
from dashboard.editing import dialogs
from dashboard.editing.service import Desk, id_named
from pipeline.core.vocabulary import OF_STORIES, DecisionKind
from pipeline.decisions.journal import LONGEST_TITLE
from pipeline.text.sanitize import plain, words

_html = html.Template("editing/dialogs.html")

FEW = 6  # claims that are listed without a bar to scroll
KIND_WORDS = {
    DecisionKind.STORY_MERGE: "Merge it into another",
    DecisionKind.STORY_SPLIT: "Split claims off",
    DecisionKind.STORY_TITLE: "Rename it",
}


def decide_story(copy: Copy, desk: Desk, story_id: str, title: str, claims: Mapping[str, str]) -> None:
    """Draw the button that opens the dialog about a story, and the decisions on it that wait.

    `claims` are the words of its claims, by their ids.
    """
    dialogs.told(desk)
    if st.button("Decide about this story …", key="decide-story", shortcut="e", icon=":material/edit:"):
        _about_story(copy, desk, story_id, title, dict(claims))
    targets = {story_id, *claims}
    dialogs.waiting(copy, desk, [entry for entry in desk.waiting(copy) if entry.kind in OF_STORIES
                                 and targets & {entry.target, *(entry.value or "").split()}])


def decided(copy: Copy, story_id: str) -> None:
    """Draw what editors decided about a story and did not take back, the newest first."""
    rows = queries.read(copy, AboutStory, "editing", "about_story", story_id=story_id)
    if rows:
        lead = "An editor's decision overrides the machine, and applies to the claims for which it was made."
        st.html(_html.about_story(rows, lead, dialogs.DONE_WORDS))


@st.dialog("Decide about this story", width="medium")
def _about_story(copy: Copy, desk: Desk, story_id: str, title: str, claims: dict[str, str]) -> None:
    """Ask what is to be decided about a story."""
    st.html(_html.claim(title))
    kind = st.radio(
        "Decision", list(KIND_WORDS), format_func=KIND_WORDS.__getitem__, horizontal=True,
        label_visibility="collapsed",
    )
    dialogs.sign(copy, desk, kind, story_id, _value(copy, kind, story_id, title, claims), needs_value=True)


def _value(copy: Copy, kind: DecisionKind, story_id: str, title: str, claims: dict[str, str]) -> str | None:
    if kind is DecisionKind.STORY_TITLE:
        new_title = st.text_input("Its title", value=plain(title, LONGEST_TITLE), max_chars=LONGEST_TITLE)
        return new_title.strip() if new_title.strip() and new_title.strip() != title else None
    if kind is DecisionKind.STORY_SPLIT:
        st.html(_html.leaving())
        with st.container(height=240 if len(claims) > FEW else "content"):
            leaving_ids = [claim_id for claim_id, claim in claims.items()
                      if st.checkbox(words(claim, 160), key=f"leaves-{claim_id}")]
        return " ".join(leaving_ids) or None
    near = {row.story_id: row.title
            for row in queries.read(copy, NearStory, "editing", "near_stories", story_id=story_id)}
    target = st.selectbox(
        "Merge it into which story?", list(near), index=None, accept_new_options=True,
        format_func=lambda other: plain(near.get(other, other), 160),
        placeholder="A story with the same names and days, or the address of any story",
    )
    return id_named(target) if target else None
