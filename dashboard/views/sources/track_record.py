"""How a track record is shown: as an interval with the count behind it, and few cases as few."""

from __future__ import annotations

from typing import Protocol

from dashboard.components import html


class Record(Protocol):
    """What a record holds; `rate`, `low` and `high` are shares from 0 to 1, None where nothing is settled."""

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


def outcome(record: Record) -> str:
    """How many of the settled claims held; a strip shows what that says, where they are not too few."""
    if record.settled == 0:
        return '<span class="rt-soft rt-small">none settled</span>'
    if record.few or record.low is None or record.high is None:
        words = f"{record.settled:,} settled, {record.held:,} held: too few to say"
        return f'<span class="rt-soft rt-small">{words}</span>'
    words = f"{record.held:,} of {record.settled:,} held · {span(record)}"
    return f'<span class="rt-small rt-num">{words}</span>{strip(record)}'


def strip(record: Record) -> str:
    """The interval on a line from 0 to 100 %, with the rate as a mark; decoration beside the words."""
    low, rate, high = (100 * (share or 0) for share in (record.low, record.rate, record.high))
    return (
        '<span class="rt-strip" aria-hidden="true">'
        f'<span style="left: {low:.0f}%; width: {high - low:.0f}%"></span><i style="left: {rate:.0f}%"></i></span>'
    )


def span(record: Record) -> str:
    """The interval in words."""
    return f"{100 * (record.low or 0):.0f} to {100 * (record.high or 0):.0f}\u00a0%"


def early(days: float | None, claims: int) -> str:
    """How early, as a median of so many claims."""
    if days is None or not claims:
        return ""
    return f'{lead(days)} <span class="rt-soft rt-small">({html.plural(claims, "claim")})</span>'


def lead(days: float) -> str:
    """A lead in hours below two days, else in days."""
    return html.plural(round(24 * days), "hour") if days < 2 else f"{days:,.0f} days"
