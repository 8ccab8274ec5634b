"""Shapes, ticks and free places of the slip chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from pipeline.published.slips import Promise

_LETTER = 6.6  # units that a letter of 12 units takes, at most


@dataclass(frozen=True, slots=True)
class Scale:
    """The same days on both axes; `across` and `up` are where these begin and end in the picture."""

    start: datetime
    end: datetime
    across: tuple[float, float]
    up: tuple[float, float]

    def _share(self, at: datetime) -> float:
        return (at - self.start) / (self.end - self.start)

    def x(self, at: datetime) -> float:
        """Return how far from the left the day stands on which something was said."""
        return round(self.across[0] + self._share(at) * (self.across[1] - self.across[0]), 1)

    def y(self, at: datetime) -> float:
        """Return how far from the top a promised day stands."""
        return round(self.up[0] + self._share(max(at, self.start)) * (self.up[1] - self.up[0]), 1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A promise with its number and its place."""

    number: int
    x: float
    y: float
    promise: Promise


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles have something in common."""
        return (self.left < other.right and other.left < self.right
                and self.top < other.bottom and other.top < self.bottom)


@dataclass(frozen=True, slots=True)
class Side:
    """Where words have room beside a mark."""

    x: float
    y: float
    anchor: str
    box: Box


def free_side(words: str, x: float, y: float, taken: Sequence[Box], scale: Scale, *,
              below: bool = False) -> Side | None:
    """Return where beside (x, y) `words` have room, or None; `below` is looked at first or last."""
    width = len(words) * _LETTER
    over = [(x + 7, y - 12, "start"), (x - 7, y - 12, "end"), (x - 12, y + 4, "end"),
            (x + 12, y + 4, "start")]
    under = [(x + 8, y + 20, "start"), (x - 8, y + 20, "end")]
    for left, base, anchor in (*under, *over) if below else (*over, *under):
        start = left - width if anchor == "end" else left
        box = Box(start - 2, base - 11, start + width + 2, base + 3)
        inside = box.left > scale.across[0] - 4 and box.right < scale.across[1] + 14
        inside = inside and box.top > scale.up[1] - 12 and box.bottom < scale.up[0] - 1
        if inside and not any(box.meets(other) for other in taken):
            return Side(left, base, anchor, box)
    return None


def mark(state: str, x: float, y: float) -> Markup:
    """Return the mark of a promise: a full disc was kept, a cross was missed, a ring is open."""
    if state == "missed":
        return Markup('<path class="slip-missed" d="M{},{}l10,10M{},{}l10,-10"/>').format(
            round(x - 5, 1), round(y - 5, 1), round(x - 5, 1), round(y + 5, 1))
    name = state if state in ("met", "void") else "open"
    return Markup('<circle class="slip-{}" cx="{}" cy="{}" r="{}"/>').format(
        name, x, y, 6.5 if name == "met" else 5.5)


def ticks(scale: Scale, most: int) -> Iterator[tuple[datetime, str]]:
    """Yield at most about `most` days with the words for them: first days of months where these fit."""
    days = (scale.end - scale.start).days
    if days <= 7 * most:
        step = max(1, -(-days // most))
        at = scale.start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        while at < scale.end:
            yield at, f"{at.day} {at:%b}"
            at += timedelta(days=step)
        return
    months = next((count for count in (1, 2, 3, 6, 12, 24, 60, 120) if days / (30.4 * count) <= most), 240)
    month = scale.start.year * 12 + scale.start.month  # the month after the first
    month += -month % months
    while (at := datetime(month // 12, month % 12 + 1, 1, tzinfo=scale.start.tzinfo)) < scale.end:
        yield at, str(at.year) if months >= 12 else f"{at:%b %Y}"
        month += months
