"""The day as of which the page shows what was known; nothing that was learned later is shown.

It is a day of UTC, held by the address: one that is sent to a colleague shows the same page there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import streamlit as st

from dashboard.components import html
from dashboard.components.day_picker import day_marks, pick_day
from dashboard.data import claim as rows
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.core.text import counted
from pipeline.exports.overtaken import judged_since, steps_since
from pipeline.published.claim import LATEST, AsOf
from pipeline.published.claim_rows import Claim, Decision, Move

Row = TypeVar("Row")

_TOLD = 8
"""Up to this many days are listed with what each brought."""


@dataclass(frozen=True, slots=True)
class Known:
    """Reads what was known of a claim at the end of a day of UTC; `day` is None for now."""

    copy: Copy
    claim_id: str
    day: date | None = None

    @property
    def cutoff(self) -> datetime:
        """Return the first instant of which nothing is shown."""
        return datetime.combine(self.day + timedelta(days=1), datetime.min.time()) if self.day else LATEST

    def read(self, record: type[Row], statement: str, **parameters: Any) -> list[Row]:
        """Return the rows of a statement of `claim.sql` as of that day."""
        return queries.read(self.copy, record, "claim", statement, **self.values(statement, **parameters))

    def claim(self) -> Claim:
        """Return the claim; as of now with why it stands where it does as the journal has it."""
        published = self.read(Claim, "claim")[0]
        if self.day:
            return published
        return judged_since(published, queries.since(self.copy), queries.meta(self.copy))

    def moves(self) -> list[Move]:
        """Return the moves of the claim by time, the last for the reason that `claim` has."""
        return steps_since(
            self.read(Move, "moves"), self.read(Claim, "claim")[0].reason, self.claim().reason
        )

    def decisions(self) -> list[Decision]:
        """Return what editors decided about the claim; as of now, what was taken back since is marked."""
        undone = {} if self.day else queries.since(self.copy).undone
        return [replace(decision, undone_at=decision.undone_at or undone.get(decision.decision_id))
                for decision in self.read(Decision, "decisions")]

    def values(self, statement: str, **parameters: Any) -> dict[str, Any]:
        """Return the parameters of a statement of `claim.sql` as of that day."""
        return AsOf(self.cutoff).values(statement, self.claim_id, **parameters)

    def address(self, claim_id: str | None = None) -> str:
        """Return the address of a claim's page as of the same day."""
        day = f"&amp;asof={self.day:%Y-%m-%d}" if self.day else ""
        return f"claim?id={quote(claim_id or self.claim_id, safe='')}{day}"

    def link(self, claim_id: str, claim: str, limit: int = 300) -> str:
        """Return a link to another claim as of the same day."""
        return f'<a class="rt-in" href="{self.address(claim_id)}">{html.text(claim, limit)}</a>'


def picker(copy: Copy, claim_id: str, days: Sequence[rows.Day]) -> Known:
    """Draw a slider over the days on which something was learned, and return the reader of the chosen one."""
    published = queries.published_at(copy)
    last = published.date() if published else max((learned_day.day for learned_day in days), default=None)
    marks = day_marks((learned_day.day for learned_day in days[:-1]), last)
    if not marks:
        return Known(copy, claim_id)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day = pick_day(
            marks,
            "Shows the page as of that day and leaves out what was learned later."
            " Between two marks nothing was learned.",
        )
        known = Known(copy, claim_id, day)
        if len(days) <= _TOLD:
            items = "".join(_mark(known, learned_day, last=learned_day is days[-1]) for learned_day in days)
            st.html(f'<ol class="rt-days" aria-label="What was learned on each day">{items}</ol>')
    return known


def banner(known: Known, total: int, claim: Claim) -> str:
    """Return which earlier day the page shows, how much was known then, and the way back; "" for now."""
    if not known.day:
        return ""
    if claim.mentions:
        words = (
            f"{claim.mentions:,} of {counted(total, 'mention')} "
            f"{'was' if claim.mentions == 1 else 'were'} known, status <b>{html.spaced(claim.status)}</b>."
        )
    elif claim.followed_by:
        words = "it was followed, and no evidence on it was known."
    else:
        words = "nothing was known of this claim."
    return (
        '<div class="rt-asof" role="status"><p><b>As known on '
        f"{html.day(known.day)}</b> (the end of the day, UTC): {words} "
        "Stances and voices are today’s reading.</p>"
        f'<a class="rt-in" href="{replace(known, day=None).address()}">Back to now</a></div>'
    )


def _mark(known: Known, day: rows.Day, *, last: bool) -> str:
    later = known.day is not None and day.day > known.day
    brought = [counted(day.mentions, "mention")] if day.mentions else []
    brought += [f"{counted(day.changes, 'change')} to texts"] if day.changes else []
    brought += [counted(day.decisions, "decision")] if day.decisions else []
    words = "later" if later else ", ".join(brought) or "judged anew"
    is_current = known.day == day.day if known.day else last
    target = replace(known, day=None if last else day.day).address()
    aria_current = ' aria-current="true"' if is_current else ""
    chip = html.chip(day.status) if day.status and not later else ""
    return (
        f'<li><a class="rt-in" href="{target}"{aria_current}>{html.day(day.day)}</a> '
        f'<span class="rt-soft rt-small">{words}</span> {chip}</li>'
    )
