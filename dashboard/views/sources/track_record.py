"""Track records as intervals with the counts behind them; few cases are called few."""

from __future__ import annotations

from typing import Protocol

from markupsafe import Markup

from pipeline.core.text import counted


class Record(Protocol):
    """A track record; `rate`, `low` and `high` are shares from 0 to 1, None where nothing is settled."""

    @property
    def settled(self) -> int: ...
    @property
    def held(self) -> int: ...
    @property
    def rate(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def few(self) -> bool: ...


def outcome(record: Record) -> Markup:
    """Return how many of the settled claims held; a strip shows what that says, unless they are too few."""
    if record.settled == 0:
        return Markup('<span class="rt-soft rt-small">none settled</span>')
    held = f"{record.held:,} of {record.settled:,} held"
    if record.few or record.low is None or record.high is None:
        return Markup('<span class="rt-soft rt-small">{}: too few to say</span>').format(held)
    return Markup('<span class="rt-small rt-num">{} · {}</span>{}').format(held, span(record), strip(record))


def strip(record: Record) -> Markup:
    """Return the interval on a line from 0 to 100 %, with the rate as a mark; decoration beside the words."""
    low, rate, high = (100 * (share or 0) for share in (record.low, record.rate, record.high))
    return Markup(
        '<span class="rt-strip" aria-hidden="true">'
        '<span style="left: {:.0f}%; width: {:.0f}%"></span><i style="left: {:.0f}%"></i></span>'
    ).format(low, high - low, rate)


def span(record: Record) -> str:
    """Return the interval in words."""
    return f"{100 * (record.low or 0):.0f} to {100 * (record.high or 0):.0f}\u00a0%"


def early(days: float | None, claims: int) -> Markup:
    """Return how early it was, as the median of `claims`; "" where that is not known."""
    if days is None or not claims:
        return Markup()
    count = counted(claims, "claim")
    return Markup('{} <span class="rt-soft rt-small">({})</span>').format(lead(days), count)


def lead(days: float) -> str:
    """Return a lead in hours below two days, else in days."""
    return counted(round(24 * days), "hour") if days < 2 else f"{days:,.0f} days"
