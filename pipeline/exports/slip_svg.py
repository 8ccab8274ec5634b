"""The slip chart as an SVG picture: the day a date was said across, the day that was promised up.

From outside: `picture` draws one `Slip` (of `pipeline.published.slips`), `STYLE` and `DARK` are the CSS of
its classes, for a page that draws it inline and keeps styles in its own sheet; `csv_of` gives its data.

    slips = slips_of(connection, "model", "Aster 5", seconds=10)  # or slips_for(connection, claim_ids, ...)
    picture(slips[0], until=published_at, width=720, scheme="auto")  # a file: it carries its own style
    picture(slips[0], until=published_at, width=720)  # inline: the page has STYLE, and DARK where it is dark
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import atan2, degrees
from typing import Literal

from markupsafe import Markup

from pipeline.core.times import words_of
from pipeline.exports.slip_marks import Box, Placed, Scale, free_side, mark, ticks
from pipeline.exports.tables import write_csv
from pipeline.exports.templates import text_of
from pipeline.published.slips import Promise, Slip
from pipeline.text.sanitize import plain

STYLE = text_of("slip.css")
DARK = text_of("slip_dark.css")
AUTO = f"{STYLE}@media (prefers-color-scheme: dark) {{{DARK}}}"
"""The style of a chart that follows the reader's light or dark setting."""
LEGEND = (
    "Each numbered mark is a day that somebody promised: the further right, the later it was said, and the "
    "further up, the later the promised day; a line that climbs is a release that slips, and on the diagonal "
    "the promised day has come."
)
"""What a person reads who never saw such a chart."""
STATE_WORDS = {
    "met": "kept", "missed": "missed", "open": "not due, or not settled yet", "void": "cannot be checked",
}
COLUMNS = (
    "number", "model", "organisation", "said_at", "said_is_known", "said_precision", "promised_from",
    "promised_until", "promised_precision", "speaker", "quote", "url", "state", "claim_id", "evidence_id",
    "released_at", "released_at_is_known", "release_url",
)
Scheme = Literal["light", "dark", "auto"]

_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 16, 26, 42
_NARROW = 500


def picture(slip: Slip, *, until: datetime, width: int, scheme: Scheme | None = None) -> Markup:
    """Return the chart, `width` units wide, as an SVG element; what it cannot show is left to `csv_of`.

    `until` is the instant up to which things are known (UTC without a zone). With a `scheme` the element
    carries its own style, of these colours or of those that the reader's system asks for; without one the
    page around it has `STYLE`. A mark says on hover who promised what, in which words.
    """
    height = width if width < _NARROW else round(width * 0.62)
    scale = _scale(slip, until, width, height)
    style = Markup("<style>{}</style>").format(Markup(_style(scheme))) if scheme else Markup("")
    parts = [Markup("<title>{}</title>").format(plain(slip.finding, 300)), style]
    parts += _frame(scale, until, width, height)
    parts += _steps(slip, scale, until)
    places = [Placed(number, scale.x(promise.at), scale.y(promise.deadline), promise)
              for number, promise in enumerate(slip.promises, 1)]
    parts += [part for placed in places for part in _span(placed, scale)]
    parts += _release(slip, scale)
    parts += [_promise(placed) for placed in places]
    parts += _labels(slip, scale, places, narrow=width < _NARROW)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="slip" viewBox="0 0 {} {}" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(width, height, plain(slip.finding, 300), Markup("").join(parts))


def spots(slip: Slip, *, until: datetime, width: int) -> list[tuple[float, float, str, str]]:
    """Return for each promise where its mark stands in `picture`, and what it says.

    Place from the left and from the top in shares of the picture (0 to 1), the words, the claim's id: for a
    page that shows the picture as a file, where nothing in it answers to a pointer.
    """
    height = width if width < _NARROW else round(width * 0.62)
    scale = _scale(slip, until, width, height)
    return [(scale.x(promise.at) / width, scale.y(promise.deadline) / height, promise_in_words(promise),
             promise.claim_id) for promise in slip.promises]


def csv_of(slips: Sequence[Slip]) -> str:
    """Return the charts' data as CSV, a row for each promise; times are UTC, in ISO 8601."""
    out = io.StringIO(newline="")
    write_csv(COLUMNS, [row for slip in slips for row in _rows(slip)], out)
    return out.getvalue()


def promise_in_words(promise: Promise) -> str:
    """Return who promised what and when, with the words, on one line."""
    when = (f"said {day(promise.said_at, promise.said_precision)}" if promise.said_at
            else f"seen {day(promise.seen_at)}")
    return (f"{plain(promise.speaker or 'somebody', 80)}, {when}: by {promised(promise)} "
            f"({STATE_WORDS.get(promise.state, promise.state)}). "
            f"“{plain(promise.quote or promise.claim, 240)}”")


def promised(promise: Promise) -> str:
    """Return the promised time in words, as exactly as it was named."""
    # A deadline that stands at midnight is the end of the day before.
    return day(promise.deadline - timedelta(seconds=1), promise.precision)


def day(at: datetime, precision: str = "day") -> str:
    """Return a day, or the month, quarter or year that it stands for, in words."""
    return words_of(at, precision) if precision in ("year", "quarter", "month") else f"{at.day} {at:%b %Y}"


def _rows(slip: Slip) -> Iterator[list[object]]:
    released = slip.released
    for number, promise in enumerate(slip.promises, 1):
        yield [
            number, promise.model, promise.organisation, _stamp(promise.at), promise.said_at is not None,
            promise.said_precision if promise.said_at else "unknown", _stamp(promise.earliest),
            _stamp(promise.deadline), promise.precision, promise.speaker, promise.quote, promise.url,
            promise.state, promise.claim_id, promise.evidence_id,
            _stamp(released.reached_at) if released else None, released.at_is_said if released else None,
            released.url if released else None,
        ]


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _style(scheme: Scheme) -> str:
    return {"light": STYLE, "dark": STYLE + DARK, "auto": AUTO}[scheme]


def _scale(slip: Slip, until: datetime, width: int, height: int) -> Scale:
    """Return a scale with the same days on both axes: on the diagonal, a promised day has come."""
    times = [promise.at for promise in slip.promises] + [promise.deadline for promise in slip.promises]
    times += [slip.released.reached_at] if slip.released else []
    start, end = min(times), max(times)
    if start < until < end + (end - start) / 2:
        end = max(end, until)
    pad = max((end - start) * 0.06, timedelta(days=1))
    return Scale(start - pad, end + pad, (_LEFT, width - _RIGHT), (height - _BOTTOM, _TOP))


def _frame(scale: Scale, until: datetime, width: int, height: int) -> Iterator[Markup]:
    left, right = scale.across
    bottom, top = scale.up
    yield Markup('<polygon class="slip-past" points="{},{} {},{} {},{}"/>').format(
        left, bottom, right, bottom, right, top)
    for at, words in ticks(scale, most=max(2, (width - _LEFT) // 90)):
        x, y = scale.x(at), scale.y(at)
        yield _line("slip-grid", x, top, x, bottom)
        yield _line("slip-grid", left, y, right, y)
        if left + 12 < x < right - 8:
            yield _words("slip-tick", x, bottom + 15, words, "middle")
        if y < bottom - 6:
            yield _words("slip-tick", left - 6, y + 4, words, "end")
    yield _line("slip-done", left, bottom, right, top)
    turn = -degrees(atan2(bottom - top, right - left))
    x, y = left + (right - left) * 0.5, bottom - (bottom - top) * 0.5
    yield Markup('<text class="slip-moved" x="{0}" y="{1}" transform="rotate({2} {0} {1})" dy="14">{3}</text>'
                 ).format(round(x, 1), round(y, 1), round(turn, 1), "done: the promised day has come")
    years = _years(scale)
    yield _words("slip-axis", (left + right) / 2, height - 6, f"the day it was said{years} →", "middle")
    yield _words("slip-axis", 4, 14, f"↑ the day that was promised{years}", "start")
    if scale.start < until < scale.end:
        x = scale.x(until)
        yield _line("slip-now", x, top, x, bottom)
        anchor = "end" if x > (left + right) / 2 else "start"
        # Below the diagonal there is no promise: the words have room there.
        yield _words("slip-tick", x - 5 if anchor == "end" else x + 5, bottom - 10,
                     f"known up to {day(until)}", anchor)


def _years(scale: Scale) -> str:
    """Return the years of both axes, for which ticks of days have no room."""
    begin, end = scale.start.year, scale.end.year
    return f", {begin}" if begin == end else f", {begin} to {end}"


def _steps(slip: Slip, scale: Scale, until: datetime) -> Iterator[Markup]:
    """Return the line from promise to promise, and on to the day on which the last one is over."""
    first, last = slip.promises[0], slip.promises[-1]
    path = [f"M{scale.x(first.at)},{scale.y(first.deadline)}"]
    for _, later in pairwise(slip.promises):
        path.append(f"H{scale.x(later.at)}V{scale.y(later.deadline)}")
    if len(path) > 1:
        yield Markup('<path class="slip-step" d="{}"/>').format("".join(path))
    ends = min(last.deadline, max(until, last.at))
    if ends > last.at:
        yield Markup('<path class="slip-rest" d="M{},{}H{}"/>').format(
            scale.x(last.at), scale.y(last.deadline), scale.x(ends))


def _span(placed: Placed, scale: Scale) -> Iterator[Markup]:
    """Return the time within which a promised month or quarter lies, as a bar under its mark."""
    low = scale.y(max(placed.promise.earliest, placed.promise.at))  # what was already over is not promised
    if placed.promise.precision in ("month", "quarter", "year") and low - placed.y > 3:
        yield _line("slip-span", placed.x, placed.y, placed.x, low)


def _promise(placed: Placed) -> Markup:
    unknown = Markup('<circle class="slip-unknown" cx="{}" cy="{}" r="10"/>').format(placed.x, placed.y)
    hollow = "" if placed.promise.said_at else unknown
    return Markup("<g><title>{}</title>{}{}</g>").format(
        f"{placed.number}. {promise_in_words(placed.promise)}", hollow,
        mark(placed.promise.state, placed.x, placed.y))


def _release(slip: Slip, scale: Scale) -> Iterator[Markup]:
    if slip.released is None:
        return
    at = slip.released.reached_at
    x, y = scale.x(at), scale.y(at)
    yield Markup('<g><title>{}</title><polygon class="{}" points="{},{} {},{} {},{} {},{}"/></g>').format(
        f"{slip.released.how} {day(at)}: {plain(slip.released.words, 200)}",
        "slip-out" if slip.released.at_is_said else "slip-out-seen",
        x, y - 8, x + 8, y, x, y + 8, x - 8, y)


def _labels(slip: Slip, scale: Scale, places: Sequence[Placed], *, narrow: bool) -> Iterator[Markup]:
    """Return the words beside the marks, where there is room; the table of the page has all of them."""
    taken = [Box(placed.x - 8, placed.y - 8, placed.x + 8, placed.y + 8) for placed in places]
    if slip.released:
        x, y = scale.x(slip.released.reached_at), scale.y(slip.released.reached_at)
        taken.append(Box(x - 9, y - 9, x + 9, y + 9))
        at = day(slip.released.reached_at)
        words, short = f"{slip.released.how} {at}", f"out {at}"
        yield from _label(words, x, y, taken, scale, "slip-number", short=short, below=True, must=True)
    for placed in places:
        speaker = f" {plain(placed.promise.speaker, 22)}" if placed.promise.speaker and not narrow else ""
        text = f"{placed.number}{speaker}: {promised(placed.promise)}" if not narrow else str(placed.number)
        yield from _label(text, placed.x, placed.y, taken, scale, "slip-number", short=str(placed.number),
                          must=True)
    for before, after in pairwise(places):
        days = (after.promise.deadline - before.promise.deadline).days
        inside = after.promise.earliest >= before.promise.earliest and days <= 0
        if days and not inside and abs(after.y - before.y) > 26:
            words = f"{days:+,} days" if abs(days) != 1 else f"{days:+} day"
            yield from _label(words, after.x, (before.y + after.y) / 2, taken, scale, "slip-moved")


def _label(text: str, x: float, y: float, taken: list[Box], scale: Scale, name: str, *, short: str = "",
           below: bool = False, must: bool = False) -> Iterator[Markup]:
    for words in dict.fromkeys((text, short or text)):
        if side := free_side(words, x, y, taken, scale, below=below):
            taken.append(side.box)
            yield _words(f"{name} slip-halo", side.x, side.y, words, side.anchor)
            return
    if must:
        yield _words(f"{name} slip-halo", x + 11, y - 9, short or text, "start")


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, x1, y1, x2, y2)


def _words(name: str, x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        name, round(x, 1), round(y, 1), anchor, words)
