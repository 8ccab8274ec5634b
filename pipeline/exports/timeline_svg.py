"""The timeline of a claim as an SVG picture that needs nothing around it but the colours of a style sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from pipeline.core.vocabulary import Stance
from pipeline.exports.templates import text_of
from pipeline.published.claim_rows import Evidence, Move

MOST = 240
"""Statements that have a mark of their own; of more, first words keep theirs and the others are counted."""
_LANE, _BAND, _AXIS, _TOP = 50, 24, 26, 8
_MIDDLE = 30  # from the top of a lane to its line: above are a row of marks and their numbers
_ROWS = (0, 12, -12)  # where marks stand that would hide one another on the line
_DIGIT = 6.8  # the width of a digit of a number, in the widest of the usual fonts
_HEAPS = 48  # stretches of time in which the rest is counted
_STEPS = [timedelta(hours=h) for h in (1, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 8760, 17520)]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a statement stands in the picture; `number` is shown beside a voice's first
    word where there is room.
    """

    at: datetime
    stance: Stance
    number: int
    large: bool
    hollow: bool


def marks(statements: Sequence[Evidence]) -> list[Mark]:
    """Return a mark for each statement, numbered from 1: large: a voice's own first word; hollow: time
    unknown.
    """
    voices_heard: set[tuple[str, Stance]] = set()
    all_marks = []
    for number, statement in enumerate(statements, 1):
        key = (statement.voice_key, statement.stance)
        large = statement.independent and statement.is_voice and key not in voices_heard
        if large:
            voices_heard.add(key)
        all_marks.append(Mark(statement.said_at or statement.seen_at, statement.stance, number, large,
                              statement.said_at is None))
    return all_marks


def thinned(all_marks: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Return the marks that are drawn, and those that are only counted: repetitions first."""
    if len(all_marks) <= MOST:
        return list(all_marks), []
    large = [mark for mark in all_marks if mark.large][:MOST]
    large_numbers = {mark.number for mark in large}
    return large, [mark for mark in all_marks if mark.number not in large_numbers]


def drawn_until(all_marks: Sequence[Mark], moves: Sequence[Move], until: datetime) -> datetime:
    """Return where the picture ends: at `until`, or some way after the last word where it is quiet since."""
    times = [mark.at for mark in all_marks] + [move.at for move in moves]
    if not times:
        return until
    first, last = min(times), max(times)
    return min(until, last + max((last - first) / 3, timedelta(hours=12)))


def picture(
    all_marks: Sequence[Mark],
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
    lanes = [stance for stance in Stance if any(mark.stance is stance for mark in all_marks)]
    head = 0 if left > 20 else 16  # the word of a lane stands beside it, or above it
    lane = _LANE + head
    bottom = _TOP + _BAND + lane * len(lanes)
    first = min([mark.at for mark in all_marks] + [move.at for move in moves] or [until])
    last = max([until, first + timedelta(hours=1), *(mark.at for mark in all_marks)])
    pad = (last - first) / 40
    scale = Scale(first - pad, last + pad, left, width - 12)
    named_deadline = deadline is not None and scale.start <= deadline <= scale.end
    bottom += 12 * named_deadline  # for its word
    shown, heaped = thinned(all_marks)
    tallest = max(Counter((mark.stance, scale.stretch(mark.at)) for mark in heaped).values(), default=1)
    parts = [Markup(f"<title>{escape(words)}</title>")]
    parts += ticks(scale, bottom, width)
    parts += _bands(scale, moves)
    for row, stance in enumerate(lanes):
        middle = _TOP + _BAND + row * lane + head + _MIDDLE
        parts.append(ruled("rule", left, middle, width - 12, middle))
        label = (8, middle + 4) if left > 20 else (left, middle - _MIDDLE - 4)
        parts.append(worded(f"label ink-{stance}", label[0], label[1], stance))
        parts += _heaps(scale, [mark for mark in heaped if mark.stance is stance], middle, tallest)
        parts += _lane(scale, [mark for mark in shown if mark.stance is stance], middle)
    if deadline and named_deadline:
        x = scale(deadline)
        parts += [
            ruled("deadline", x, _TOP + _BAND, x, bottom),
            worded("tick end", x - 4, bottom - 2, "deadline"),
        ]
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + _AXIS}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def as_file(drawn: Markup) -> str:
    """Return a `picture` as an SVG file that carries its own style."""
    head, end, body = str(drawn).partition(">")
    return f"{head}{end}<style>:root {{ font-family: sans-serif }}\n{text_of('dossier.css')}</style>{body}"


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
        (length for length in _STEPS if (scale.end - scale.start) / length <= most),
        (scale.end - scale.start) / most
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
    parts, day = [], None
    year = None  # told where it begins
    while at <= scale.end:
        if at >= scale.start:
            x = scale(at)
            label = form.format(at)
            if step < timedelta(days=1) and at.date() != day:
                date = f"{at.day} {at:%b}" if at.year == year else f"{at.day} {at:%b %Y}"
                label, day = date if at.hour == 0 else f"{date}, {label}", at.date()
            elif timedelta(days=1) <= step < timedelta(days=300) and at.year != year:
                label = f"{label} {at.year}"
            year = at.year
            anchor = "start" if x < scale.left + 30 else "end" if x > width - 40 else "middle"
            parts += [ruled("grid", x, _TOP, x, bottom), worded(f"tick {anchor}", x, bottom + 16, label)]
        at += step
    return parts


def _bands(scale: Scale, moves: Sequence[Move]) -> list[Markup]:
    bands = []
    ordered = sorted(moves, key=lambda move: move.at)
    ends = [*(move.at for move in ordered[1:]), scale.end]
    for move, end in zip(ordered, ends, strict=False):
        x, right = scale(move.at), scale(end)
        bands.append(
            Markup(
                f'<rect class="fill-{move.status}" x="{x}" y="{_TOP}" '
                f'width="{round(max(right - x, 1), 1)}" height="16"/>'
            )
        )
        if right - x > 7.2 * len(move.status) + 10:
            bands.append(worded("band", x + 6, _TOP + 12, move.status))
    return bands


def _heaps(scale: Scale, lane_marks: Sequence[Mark], middle: int, tallest: int) -> list[Markup]:
    """Return bars below the line of a lane, as long as the number of marks in that stretch of time."""
    width = (scale.right - scale.left) / _HEAPS
    counts = Counter(scale.stretch(mark.at) for mark in lane_marks)
    return [
        Markup(
            f'<rect class="heap fill-{lane_marks[0].stance}" x="{round(scale.left + nth * width + 0.5, 1)}" '
            f'y="{middle + 1}" width="{round(width - 1, 1)}" height="{round(18 * count / tallest, 2)}"/>'
        )
        for nth, count in sorted(counts.items())
    ]


def _lane(scale: Scale, lane_marks: Sequence[Mark], middle: int) -> list[Markup]:
    """Return a lane's marks in up to three rows, and the numbers that have room beside them."""
    rights = [-99.0] * len(_ROWS)
    placed: list[tuple[Mark, float, int]] = []
    for mark in sorted(lane_marks, key=lambda mark: mark.at):
        x, half = scale(mark.at), _half(mark)
        free = (row for row, right in enumerate(rights) if x - half > right)
        row = next(free, min(range(len(_ROWS)), key=rights.__getitem__))
        rights[row] = x + half
        placed.append((mark, x, middle + _ROWS[row]))
    halves = [(_half(mark), x, y) for mark, x, y in placed]
    taken = [_Box(x - half, y - half, x + half, y + half) for half, x, y in halves]
    parts = [_shape(mark, x, y) for mark, x, y in placed]
    for mark, x, y in placed:
        for anchor, base, box in _number_places(mark, x, y, middle) if mark.large else ():
            inside = scale.left <= box.left and box.right <= scale.right + 10
            if inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                at = {"middle": x, "start": box.left, "end": box.right}[anchor]
                parts.append(worded(f"number {anchor}", at, base, str(mark.number)))
                break
    return parts


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def _half(mark: Mark) -> float:
    """Return half the size of a mark."""
    return 6.5 if mark.large else 3.5


def _number_places(mark: Mark, x: float, y: float, middle: int) -> Iterator[tuple[str, float, _Box]]:
    """Yield where the number of a mark may stand, the best first: its anchor, base line and box."""
    width, near = _DIGIT * len(str(mark.number)), _half(mark) + 2
    if y <= middle:  # above a mark of the lowest row it would be read as that of another
        yield "middle", round(y - near - 1, 1), _Box(x - width / 2, y - near - 10, x + width / 2, y - near)
    for anchor, left in (("start", x + near), ("end", x - near - width)):
        yield anchor, round(y + 4, 1), _Box(round(left, 1), y - 5, round(left + width, 1), y + 5)


def _shape(mark: Mark, x: float, y: float) -> Markup:
    size = _half(mark)
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
