"""The list of stories as a table, and the same as a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from dashboard.components import html
from dashboard.components import stories as parts
from dashboard.components.charts import sparkline
from pipeline.core.rows import aware
from pipeline.core.text import utf8
from pipeline.exports.tables import write_csv
from pipeline.published.story_rows import CONTESTED_FIRST, StoryLine

_html = html.Template("views/stories/page.html", parts=parts, spark=sparkline.documents)
head = _html.head


def table(stories: Sequence[StoryLine], first: date | None, last: date) -> Markup:
    """Return the stories as rows, with sparklines from `first` to `last` on one scale."""
    days = [story.days for story in stories]
    begins = first or min((day.day for story_days in days for day in story_days), default=last)
    scale = sparkline.scale(days, begins, last)
    used = [state for story in stories for state in story.states]
    most = max(sum(state.claims for state in story.states) for story in stories)
    return _html.table(stories, scale, most, parts.key(used))


def as_csv(stories: Sequence[StoryLine]) -> bytes:
    """Return the stories as CSV, a row each; days stand as "2026-03-01:4 2026-03-02:1"."""
    columns = [
        "story_id", "title", *(str(status) for status in CONTESTED_FIRST), "voices", "documents", "mentions",
        "first_said_at", "first_said_precision", "first_said_by", "first_said_in", "others_as_early",
        "moved_at", "moved_claim_id", "moved_claim", "status_before", "status", "reason", "documents_by_day",
    ]  # fmt: skip
    out = io.StringIO(newline="")
    write_csv(columns, [_row(story) for story in stories], out)
    return utf8(out.getvalue())


def _row(story: StoryLine) -> list[Any]:
    counts = {state.status: state.claims for state in story.states}
    first, moved = story.first, story.moved
    first_said: list[Any] = (
        [aware(first.said_at), first.said_precision, first.speaker, first.source, first.total - 1]
        if first else [None] * 5
    )
    move: list[Any] = (
        [aware(moved.at), moved.claim_id, moved.claim, moved.before, moved.status, moved.reason]
        if moved else [None] * 6
    )
    days = " ".join(f"{day.day:%Y-%m-%d}:{day.documents}" for day in story.days)
    numbers = [counts.get(status, 0) for status in CONTESTED_FIRST]
    numbers += [story.voices, story.documents, story.mentions]
    return [story.story_id, story.title, *numbers, *first_said, *move, days]
