"""The timeline of a claim as an SVG picture that needs nothing around it but the colours of `dossier.css`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from markupsafe import Markup

from pipeline.core.records import Stance
from pipeline.exports.templates import text_of
from pipeline.published.claim_rows import Evidence, Move

_LANE, _BAND, _AXIS, _TOP = 42, 24, 26, 8
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
    """A mark for each statement, numbered from 1: large: a voice's own first word; hollow: time unknown."""
    seen: set[tuple[str, Stance]] = set()
    found = []
    for number, one in enumerate(statements, 1):
        key = (one.voice_key, one.stance)
        large = one.independent and one.is_voice and key not in seen
        if large:
            seen.add(key)
        found.append(Mark(one.said_at or one.seen_at, one.stance, number, large, one.said_at is None))
    return found


def picture(
    found: Sequence[Mark],
    moves: Sequence[Move],
    *,
    until: datetime,
    deadline: datetime | None,
    width: int,
    words: str,
) -> Markup:
    """The picture, `width` units wide: statuses above, a lane for each stance, time running right to `until`.

    `words` tell the same to those who do not see it. What it draws is numbers and words of our own.
    """
    left = 86 if width > 500 else 14
    lanes = [stance for stance in Stance if any(mark.stance is stance for mark in found)]
    lane = _LANE if left > 20 else _LANE + 18
    bottom = _TOP + _BAND + lane * len(lanes)
    first = min([mark.at for mark in found] + [move.at for move in moves] or [until])
    last = max([until, first + timedelta(hours=1), *(mark.at for mark in found)])
    pad = (last - first) / 40
    scale = _Scale(first - pad, last + pad, left, width - 12)
    parts = [Markup("<title>{}</title>").format(words)]
    parts += _ticks(scale, bottom, width)
    parts += _bands(scale, moves, last)
    for row, stance in enumerate(lanes):
        middle = _TOP + _BAND + row * lane + lane // 2 + (0 if left > 20 else 11)
        parts.append(_line("rule", left, middle, width - 12, middle))
        label = (8, middle + 4) if left > 20 else (left, middle - 25)
        parts.append(_words(f"label ink-{stance}", label[0], label[1], stance))
        parts += _lane(scale, [mark for mark in found if mark.stance is stance], middle)
    if deadline and scale.start <= deadline <= scale.end:
        x = scale(deadline)
        parts += [
            _line("deadline", x, _TOP + _BAND, x, bottom),
            _words("tick end", x - 4, bottom - 4, "deadline"),
        ]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(width, bottom + _AXIS, words, Markup("").join(parts))


def as_file(drawn: Markup) -> str:
    """Return a `picture` as an SVG file that carries its own style."""
    head, end, rest = str(drawn).partition(">")
    return f"{head}{end}<style>:root {{ font-family: sans-serif }}\n{text_of('dossier.css')}</style>{rest}"


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime
    left: int
    right: int

    def __call__(self, at: datetime) -> float:
        share = (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)
        return round(self.left + share * (self.right - self.left), 1)


def _ticks(scale: _Scale, bottom: int, width: int) -> list[Markup]:
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
            found += [_line("grid", x, _TOP, x, bottom), _words(f"tick {anchor}", x, bottom + 16, told)]
        at += step
    return found


def _bands(scale: _Scale, moves: Sequence[Move], last: datetime) -> list[Markup]:
    found = []
    ordered = sorted(moves, key=lambda move: move.at)
    for move, end in pairwise([*((m, m.at) for m in ordered), (None, last)]):
        if move[0] is None:
            continue
        x, right = scale(move[1]), scale(end[1])
        if end[0] is None:
            right = scale(scale.end)
        found.append(
            Markup('<rect class="fill-{}" x="{}" y="{}" width="{}" height="16"/>').format(
                move[0].status, x, _TOP, round(max(right - x, 1), 1)
            )
        )
        if right - x > 7.2 * len(move[0].status) + 10:
            found.append(_words("band", x + 6, _TOP + 12, move[0].status))
    return found


def _lane(scale: _Scale, found: Sequence[Mark], middle: int) -> list[Markup]:
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
            parts.append(_words("number middle", x, middle - 12 if row != 2 else y - 9, str(mark.number)))
    return parts


def _shape(mark: Mark, x: float, y: float) -> Markup:
    size = 6.5 if mark.large else 3.5
    name = f"{'line' if mark.hollow else 'fill'}-{mark.stance}"
    if mark.stance is Stance.REPORTS:
        return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(name, x, y, size - 0.5)
    corners = {
        Stance.SUPPORTS: ((0, -size), (size, size * 0.8), (-size, size * 0.8)),
        Stance.DENIES: ((0, size), (size, -size * 0.8), (-size, -size * 0.8)),
        Stance.QUESTIONS: ((0, -size), (size, 0), (0, size), (-size, 0)),
    }[mark.stance]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return Markup('<polygon class="{}" points="{}"/>').format(name, points)


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, x1, y1, x2, y2)


def _words(name: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(name, x, y, words)
