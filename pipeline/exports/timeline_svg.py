"""The timeline of a claim as an SVG picture that needs nothing around it but the colours of a style sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from markupsafe import Markup, escape

from pipeline.core.vocabulary import Stance
from pipeline.exports.templates import text_of
from pipeline.published.claim_rows import Evidence, Move

MOST = 240
"""So many statements have a mark of their own; of more, first words keep theirs and the rest is counted."""
_LANE, _BAND, _AXIS, _TOP = 42, 24, 26, 8
_HEAPS = 48  # stretches of time in which the rest is counted
_STEPS = [timedelta(hours=h) for h in (1, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 8760, 17520)]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a statement stands in the picture; `number` is shown beside a voice's first word."""

    at: datetime
    stance: Stance
    number: int
    large: bool
    hollow: bool


def marks(statements: Sequence[Evidence]) -> list[Mark]:
    """Return a mark for each statement, numbered from 1: large: a voice's own first word; hollow: time
    unknown.
    """
    seen: set[tuple[str, Stance]] = set()
    found = []
    for number, one in enumerate(statements, 1):
        key = (one.voice_key, one.stance)
        large = one.independent and one.is_voice and key not in seen
        if large:
            seen.add(key)
        found.append(Mark(one.said_at or one.seen_at, one.stance, number, large, one.said_at is None))
    return found


def thinned(found: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Return the marks that are drawn, and those that are only counted: repetitions first."""
    if len(found) <= MOST:
        return list(found), []
    large = [mark for mark in found if mark.large][:MOST]
    kept = {mark.number for mark in large}
    return large, [mark for mark in found if mark.number not in kept]


def drawn_until(found: Sequence[Mark], moves: Sequence[Move], until: datetime) -> datetime:
    """Return where the picture ends: at `until`, or some way after the last word where it is quiet since."""
    times = [mark.at for mark in found] + [move.at for move in moves]
    if not times:
        return until
    first, last = min(times), max(times)
    return min(until, last + max((last - first) / 3, timedelta(hours=12)))


def picture(
    found: Sequence[Mark],
    moves: Sequence[Move],
    *,
    until: datetime,
    deadline: datetime | None,
    width: int,
    words: str,
) -> Markup:
    """Return the picture, `width` units wide: statuses above, a lane for each stance, time running right to
    `until`.

    `words` tell the same to those who do not see it. What it draws is numbers and words of our own. Of more
    than `MOST` marks, those that `thinned` leaves out are counted in bars: equal lengths, equal numbers.
    """
    left = 86 if width > 500 else 14
    lanes = [stance for stance in Stance if any(mark.stance is stance for mark in found)]
    lane = _LANE if left > 20 else _LANE + 18
    bottom = _TOP + _BAND + lane * len(lanes)
    first = min([mark.at for mark in found] + [move.at for move in moves] or [until])
    last = max([until, first + timedelta(hours=1), *(mark.at for mark in found)])
    pad = (last - first) / 40
    scale = Scale(first - pad, last + pad, left, width - 12)
    shown, rest = thinned(found)
    tallest = max(Counter((mark.stance, scale.stretch(mark.at)) for mark in rest).values(), default=1)
    parts = [Markup(f"<title>{escape(words)}</title>")]
    parts += ticks(scale, bottom, width)
    parts += _bands(scale, moves, last)
    for row, stance in enumerate(lanes):
        middle = _TOP + _BAND + row * lane + lane // 2 + (0 if left > 20 else 11)
        parts.append(ruled("rule", left, middle, width - 12, middle))
        label = (8, middle + 4) if left > 20 else (left, middle - 25)
        parts.append(worded(f"label ink-{stance}", label[0], label[1], stance))
        parts += _heaps(scale, [mark for mark in rest if mark.stance is stance], middle, tallest)
        parts += _lane(scale, [mark for mark in shown if mark.stance is stance], middle)
    if deadline and scale.start <= deadline <= scale.end:
        x = scale(deadline)
        parts += [
            ruled("deadline", x, _TOP + _BAND, x, bottom),
            worded("tick end", x - 4, bottom - 4, "deadline"),
        ]
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + _AXIS}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def as_file(drawn: Markup) -> str:
    """Return a `picture` as an SVG file that carries its own style."""
    head, end, rest = str(drawn).partition(">")
    return f"{head}{end}<style>:root {{ font-family: sans-serif }}\n{text_of('dossier.css')}</style>{rest}"


@dataclass(frozen=True, slots=True)
class Scale:
    """From times to places between `left` and `right`."""

    start: datetime
    end: datetime
    left: int
    right: int

    def __call__(self, at: datetime) -> float:
        share = (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)
        return round(self.left + share * (self.right - self.left), 1)

    def stretch(self, at: datetime) -> int:
        """Return in which of the stretches of time `at` falls."""
        share = (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)
        return min(int(share * _HEAPS), _HEAPS - 1)


def ticks(scale: Scale, bottom: int, width: int) -> list[Markup]:
    """Return the lines and words of a time axis at `bottom`, as many as `width` has room for."""
    most = max(2, (width - scale.left) // 95)
    step = next(
        (s for s in _STEPS if (scale.end - scale.start) / s <= most), (scale.end - scale.start) / most
    )
    epoch = datetime(2001, 1, 1, tzinfo=UTC)
    at = epoch + step * -((epoch - scale.start) // step)
    form = (
        "{:%H:%M}"
        if step < timedelta(days=1)
        else "{0.day} {0:%b}"
        if step < timedelta(days=300)
        else "{:%b %Y}"
    )
    found, day = [], None
    while at <= scale.end:
        if at >= scale.start:
            x = scale(at)
            told = form.format(at)
            if step < timedelta(days=1) and at.date() != day:
                told, day = f"{at.day} {at:%b}" if at.hour == 0 else f"{at.day} {at:%b}, {told}", at.date()
            anchor = "start" if x < scale.left + 30 else "end" if x > width - 40 else "middle"
            found += [ruled("grid", x, _TOP, x, bottom), worded(f"tick {anchor}", x, bottom + 16, told)]
        at += step
    return found


def _bands(scale: Scale, moves: Sequence[Move], last: datetime) -> list[Markup]:
    found = []
    ordered = sorted(moves, key=lambda move: move.at)
    for move, end in pairwise([*((m, m.at) for m in ordered), (None, last)]):
        if move[0] is None:
            continue
        x, right = scale(move[1]), scale(end[1])
        if end[0] is None:
            right = scale(scale.end)
        found.append(
            Markup(
                f'<rect class="fill-{move[0].status}" x="{x}" y="{_TOP}" '
                f'width="{round(max(right - x, 1), 1)}" height="16"/>'
            )
        )
        if right - x > 7.2 * len(move[0].status) + 10:
            found.append(worded("band", x + 6, _TOP + 12, move[0].status))
    return found


def _heaps(scale: Scale, found: Sequence[Mark], middle: int, tallest: int) -> list[Markup]:
    """Bars below the line of a lane, as long as the number of marks in that stretch of time."""
    wide = (scale.right - scale.left) / _HEAPS
    counts = Counter(scale.stretch(mark.at) for mark in found)
    return [
        Markup(
            f'<rect class="heap fill-{found[0].stance}" x="{round(scale.left + nth * wide + 0.5, 1)}" '
            f'y="{middle + 1}" width="{round(wide - 1, 1)}" height="{round(18 * count / tallest, 2)}"/>'
        )
        for nth, count in sorted(counts.items())
    ]


def _lane(scale: Scale, found: Sequence[Mark], middle: int) -> list[Markup]:
    """Marks that would hide one another stand in up to three rows; numbers that would are left out."""
    parts: list[Markup] = []
    rows = [-99.0, -99.0, -99.0]
    numbered = -99.0
    for mark in found:
        x = scale(mark.at)
        row = min(range(3), key=lambda r: (x - rows[r] < 9, r if x - rows[r] >= 9 else rows[r]))
        rows[row] = x
        y = middle + (0, 9, -9)[row]
        parts.append(_shape(mark, x, y))
        if mark.large and x - numbered > 16:
            numbered = x
            parts.append(worded("number middle", x, middle - 12 if row != 2 else y - 9, str(mark.number)))
    return parts


def _shape(mark: Mark, x: float, y: float) -> Markup:
    size = 6.5 if mark.large else 3.5
    name = f"{'line' if mark.hollow else 'fill'}-{mark.stance}"
    if mark.stance is Stance.REPORTS:
        return Markup(f'<circle class="{name}" cx="{x}" cy="{y}" r="{size - 0.5}"/>')
    corners = {
        Stance.SUPPORTS: ((0, -size), (size, size * 0.8), (-size, size * 0.8)),
        Stance.DENIES: ((0, size), (size, -size * 0.8), (-size, -size * 0.8)),
        Stance.QUESTIONS: ((0, -size), (size, 0), (0, size), (-size, 0)),
    }[mark.stance]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return Markup(f'<polygon class="{name}" points="{points}"/>')


def ruled(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Return a line of the class `name`, which is a word of our own."""
    return Markup(f'<line class="{name}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')


def worded(name: str, x: float, y: float, words: str) -> Markup:
    """Return words of the class `name`, which is a word of our own; the words may be anybody's."""
    return Markup(f'<text class="{name}" x="{x}" y="{y}">{escape(words)}</text>')
