"""How much was said of each claim, day by day, as a row of small bars.

They are grey, since repetition speaks neither for nor against a claim.

The bars are HTML, made on the server: Streamlit takes SVG out of what it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from markupsafe import Markup

from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.today import DayCount
from pipeline.core.text import counted
from pipeline.published.story_rows import DayDocuments

DAYS = 14
BINS = 45
"""Bars of a sparkline at most: of a longer time one bar counts several days."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The days of several sparklines, from `first` on: `bins` bars of `days` days, `most` is full height."""

    first: date
    days: int
    bins: int
    most: int

    @property
    def unit(self) -> str:
        """Return what one bar counts: "a day", "in 3 days"."""
        return "a day" if self.days == 1 else f"in {self.days:,} days"

    def binned(self, days: Iterable[DayDocuments]) -> dict[int, int]:
        """Return how many documents each bar counts, of those that count any."""
        counts: Counter[int] = Counter()
        for day in days:
            index = (day.day - self.first).days // self.days
            if 0 <= index < self.bins:
                counts[index] += day.documents
        return counts


def scale(stories: Sequence[Sequence[DayDocuments]], first: date, last: date) -> Scale:
    """Return one scale for the days of several stories from `first` to `last`, both counted."""
    span = max(1, (last - first).days + 1)
    width = -(-span // BINS)
    bare = Scale(first, width, -(-span // width), 0)
    most = max((count for days in stories for count in bare.binned(days).values()), default=0)
    return replace(bare, most=most)


def documents(days: Sequence[DayDocuments], on: Scale) -> Markup:
    """Return the documents of one story day by day as bars, in proportion on the scale of all."""
    by_bin = on.binned(days)
    bars = Markup().join(_proportional(by_bin.get(index, 0), on.most) for index in range(on.bins))
    total = sum(by_bin.values())
    if not total:
        words = "no document in this time"
    else:
        busiest = min(by_bin, key=lambda index: (-by_bin[index], index))
        day = on.first + timedelta(days=busiest * on.days)
        words = f"{counted(total, 'document')} in this time, most ({by_bin[busiest]:,}) "
        words += f"{'on' if on.days == 1 else f'in the {on.days} days from'} {day.day} {day:%b %Y}"
    span = Markup('<span class="rt-spark" role="img" aria-label="{0}" title="{0}">{1}</span>')
    return span.format(words, bars)


def _proportional(count: int, most: int) -> Markup:
    if not count:
        return Markup("<i></i>")
    return Markup('<i style="height: {}%"></i>').format(f"{100 * count / most:.1f}")


def sparklines(copy: Copy, claims: Sequence[str], until: datetime) -> dict[str, Markup]:
    """Return a sparkline for each of `claims` over the days up to that of `until`, from one query."""
    if not claims:
        return {}
    claim_ids = sorted(set(claims))
    days = queries.read(copy, DayCount, "today", "days", claims=claim_ids, until=until, days=DAYS)
    counts: dict[str, list[DayCount]] = {claim_id: [] for claim_id in claim_ids}
    for day in days:
        counts[day.claim_id].append(day)
    return {claim_id: sparkline(claim_days, until) for claim_id, claim_days in counts.items()}


def sparkline(days: Sequence[DayCount], until: datetime) -> Markup:
    """Return one claim's days as bars, relative to the busiest, with words that say what they show; nothing
    for a claim of which nobody spoke in these days.
    """
    by_day = {day.back: day.mentions for day in days if 0 <= day.back < DAYS}
    if not any(by_day.values()):
        return Markup()
    most = max(by_day.values())
    bars = Markup().join(_proportional(by_day.get(back, 0), most) for back in reversed(range(DAYS)))
    words = _words(by_day, sum(day.undated for day in days if day.back in by_day), until)
    span = Markup('<span class="rt-spark" role="img" aria-label="{0}" title="{0}">{1}</span>')
    return span.format(words, bars)


def _words(by_day: dict[int, int], undated: int, until: datetime) -> str:
    total = sum(by_day.values())
    busiest = min(by_day, key=lambda back: (-by_day[back], back))
    day = until - timedelta(days=busiest)
    most = f", {'most' if len(by_day) > 1 else 'all'} on {day.day} {day:%b %Y} (UTC)"
    unknown = (
        f"; {undated:,} with no known date, on the day we saw {'it' if undated == 1 else 'them'}"
        if undated
        else ""
    )
    return f"{counted(total, 'mention')} in {DAYS} days{most}{unknown}"
