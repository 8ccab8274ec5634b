"""The head of a story's page, denials and artefacts, rivals, what is open, and the stories around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard.components import evidence_card, html, rivals
from dashboard.components import stories as parts
from dashboard.components.charts import sparkline
from dashboard.components.resolution import lines
from dashboard.data import models as rows
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.published.marked_sentences import by_sentence
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import OpenQuestion, RivalPair

PAIRS = 50
CONTESTS, MARKS, OPEN = 3, 12, 6
"""Rivals, denials and documents, and open claims that wait for the same, which stand there unfolded."""
_html = html.Template(
    "views/story/sections.html", parts=parts, said_by=evidence_card.said_by, lines=lines,
    spark=sparkline.documents, MARKS=MARKS, SHOWN=OPEN,
)  # fmt: skip


def head(story: StoryFile, day: date | None, last: date) -> str:
    """Return title, state of the claims, voices, first words and last move; it says of which `day`."""
    days = [count.day for count in story.days] or [last]
    # Like the chart below, the sparkline ends soon after the story does.
    last_shown = max(days) + max((max(days) - min(days)) / 4, timedelta(days=1))
    scale = sparkline.scale([story.days], min(days), max(min(last, last_shown), max(days)))
    last_move = max(story.moves, key=lambda move: (move.before is not None, move.at), default=None)
    by_id = {claim.claim_id: claim.claim for claim in story.claims}
    return str(_html.head(story, scale, last_move, by_id, day, len(story.claims)))


def fell(story: StoryFile) -> None:
    """Draw denials and artefacts in order of time, each sentence once, with its claims."""
    if story.marks:
        st.html(_html.fell(by_sentence(story.marks), {claim.claim_id: claim.claim for claim in story.claims}))


def rival(copy: Copy, story: StoryFile, day: date | None) -> None:
    """Draw claims that differ in one thing, side by side."""
    if not story.rivals:
        return
    pairs = [rows.Pair(pair.claim_id, pair.rival_id, pair.slot, pair.words, None, len(story.rivals))
             for pair in story.rivals]
    contests = rivals.contests(pairs, _sides(copy, story.rivals, day))
    st.html(rivals.section(contests, len(pairs), PAIRS, CONTESTS))


def open_questions(story: StoryFile) -> None:
    """Draw what is still open, and what would settle it; claims that wait for the same stand together."""
    groups: dict[tuple[str, str | None], list[OpenQuestion]] = {}
    for question in story.open_questions:
        groups.setdefault((question.claim.status, question.would_change), []).append(question)
    entries = [(status, change, members) for (status, change), members in groups.items()]
    st.html(_html.open(entries, len(story.open_questions), len(story.claims)))


def around(story: StoryFile) -> None:
    """Draw where the story comes from, what it took over, and what was joined in it."""
    if story.kin or story.joins or story.subject.split_from:
        st.html(_html.around(story))


def _sides(copy: Copy, pairs: Sequence[RivalPair], day: date | None) -> list[rows.Side]:
    """Return the claims of the pairs; for an earlier day without what is known only for now."""
    ids = sorted({claim_id for pair in pairs for claim_id in (pair.claim_id, pair.rival_id)})
    if day is None:
        return queries.read(copy, rows.Side, "models", "sides", claim_ids=ids)
    facts = {pair.claim_id: (pair.claim, pair.status, pair.voices) for pair in pairs}
    facts |= {pair.rival_id: (pair.rival, pair.rival_status, pair.rival_voices) for pair in pairs}
    return [rows.Side(claim_id, *facts[claim_id], 0, None, [], []) for claim_id in ids]
