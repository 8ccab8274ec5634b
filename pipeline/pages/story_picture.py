"""Claims on one time axis, as SVG: a band of statuses each, with denials and artefacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from pipeline.core.text import one_line
from pipeline.core.vocabulary import Stance, Status
from pipeline.exports.timeline_svg import Scale, ruled, ticks, worded
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import StoryClaim
from pipeline.text.sanitize import plain

_ROW, _TOP, _AXIS, _BAND = 50, 6, 26, 14
_LEFT, _RIGHT = 14, 12


@dataclass(frozen=True, slots=True)
class Band:
    """A status over a time; `until` is None for the one that still holds."""

    status: Status
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LineMark:
    """What fell on a line: a square for an artefact, a triangle for all else, in the colour of `stance`."""

    at: datetime
    stance: Stance
    artefact: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a picture from `first` on; a dashed rule stands at `event_at`, the date that it names."""

    words: str
    first: datetime
    bands: Sequence[Band] = ()
    event_at: datetime | None = None
    marks: Sequence[LineMark] = ()


def last_word(told: StoryFile) -> datetime | None:
    """Return when the last of what a picture of the story shows was said or moved."""
    times = [move.at for move in told.moves] + [mark.said_at or mark.seen_at for mark in told.marks]
    times += [mention.said_at or mention.seen_at for mention in told.spread]
    return max(times, default=None)


def began(told: StoryFile) -> datetime | None:
    """Return when the first of its claims was first spoken of."""
    return min((claim.first_at or claim.first_seen_at for claim in told.claims), default=None)


def story_picture(
    told: StoryFile, claims: Sequence[StoryClaim], *, until: datetime, width: int, words: str
) -> Markup:
    """Return the bands of `claims`, `width` units wide, time running right from the story's beginning to
    `until`.

    `words` tell the same to those who do not see it. Denials are triangles and artefacts squares below their
    band; a dashed line stands where a claim names a date.
    """
    lines = [_line(told, claim) for claim in claims]
    return lines_picture(lines, since=began(told), until=until, width=width, words=words)


def lines_picture(
    lines: Sequence[Line], *, since: datetime | None = None, until: datetime, width: int, words: str
) -> Markup:
    """Return the bands of `lines`, `width` units wide, time running right to `until`; times have a zone.

    It begins with the first of them, or at `since` where that is sooner. `words` tell the same to those who
    do not see it.
    """
    bottom = _TOP + _ROW * len(lines)
    starts = [line.first for line in lines] + [band.at for line in lines for band in line.bands]
    first = min([*starts, *([since] if since else [])], default=until)
    last = max(until, first + timedelta(hours=1))
    pad = (last - first) / 40
    scale = Scale(first - pad, last + pad, _LEFT, width - _RIGHT)
    parts = [Markup("<title>{}</title>").format(words), *ticks(scale, bottom, width)]
    for row, line in enumerate(lines):
        parts += _row(line, scale, _TOP + row * _ROW, width)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(width, bottom + _AXIS, words, Markup("").join(parts))


def _line(file: StoryFile, claim: StoryClaim) -> Line:
    moves = [move for move in file.moves if move.claim_id == claim.claim_id]
    marks = [mark for mark in file.marks if mark.claim_id == claim.claim_id]
    return Line(
        claim.claim,
        claim.first_at or claim.first_seen_at,
        [Band(move.status, move.at, move.until) for move in moves],
        claim.event_at,
        [LineMark(mark.said_at or mark.seen_at, mark.stance, mark.what == "artefact") for mark in marks],
    )


def _row(line: Line, scale: Scale, top: int, width: int) -> list[Markup]:
    # A reader's serif may be a wide one: what is not cut here is cut at the edge, without a sign.
    label = one_line(plain(line.words, 200), (width - 30) // 8)
    band_top = top + 20
    parts = [worded("claim", _LEFT, top + 14, label)]
    begins = min((band.at for band in line.bands), default=scale.end)
    if line.first < begins:  # said, and judged only from where it was seen
        middle = band_top + _BAND / 2
        parts.append(ruled("rule", scale(line.first), middle, scale(begins), middle))
    for band in line.bands:
        x = scale(band.at)
        right = scale(band.until) if band.until else scale(scale.end)
        parts.append(
            Markup('<rect class="fill-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                band.status, x, band_top, round(max(right - x, 1), 1), _BAND
            )
        )
        if right - x > 7.2 * len(band.status) + 10:
            parts.append(worded("band", x + 6, band_top + 11, band.status))
    if line.event_at and scale.start <= line.event_at <= scale.end:
        x = scale(line.event_at)
        parts.append(ruled("deadline", x, band_top - 4, x, band_top + _BAND + 8))
    taken_places: list[float] = []
    for mark in line.marks:
        x = scale(mark.at)
        if all(abs(x - other) >= 6 for other in taken_places):
            taken_places.append(x)
            parts.append(_shape(mark, x, band_top + _BAND + 6))
    return parts


def _shape(mark: LineMark, x: float, y: float) -> Markup:
    if mark.artefact and mark.stance is not Stance.DENIES:
        return Markup('<rect class="fill-{}" x="{:.1f}" y="{}" width="8" height="8"/>').format(
            mark.stance, x - 4, y - 4
        )
    points = f"{x:.1f},{y + 5} {x + 5:.1f},{y - 4} {x - 5:.1f},{y - 4}"
    return Markup('<polygon class="fill-{}" points="{}"/>').format(mark.stance, points)
