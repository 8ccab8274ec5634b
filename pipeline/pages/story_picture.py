"""The claims of a story on one time axis, as SVG: a band of statuses each, with denials and artefacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from pipeline.core.records import Stance
from pipeline.core.text import one_line
from pipeline.exports.timeline_svg import Scale, ruled, ticks, worded
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import Mark, StoryClaim
from pipeline.text.sanitize import plain

_ROW, _TOP, _AXIS, _BAND = 50, 6, 26, 14
_LEFT, _RIGHT = 14, 12


def last_word(told: StoryFile) -> datetime | None:
    """Return when the last of what a picture of the story shows was said or moved."""
    times = [move.at for move in told.moves] + [mark.said_at or mark.seen_at for mark in told.marks]
    times += [one.said_at or one.seen_at for one in told.spread]
    return max(times, default=None)


def began(told: StoryFile) -> datetime | None:
    """Return when the first of its claims was first spoken of."""
    return min((claim.first_at or claim.first_seen_at for claim in told.claims), default=None)


def story_picture(
    told: StoryFile, claims: Sequence[StoryClaim], *, until: datetime, width: int, words: str
) -> Markup:
    """Return the bands of `claims`, `width` units wide, time running right to `until`.

    `words` tell the same to those who do not see it. Denials are triangles and artefacts squares below their
    band; a dashed line stands where a claim names a date.
    """
    bottom = _TOP + _ROW * len(claims)
    named = {claim.claim_id for claim in claims}
    times = [move.at for move in told.moves if move.claim_id in named]
    times += [claim.first_at or claim.first_seen_at for claim in claims]
    first = min(times, default=until)
    last = max(until, first + timedelta(hours=1))
    pad = (last - first) / 40
    scale = Scale(first - pad, last + pad, _LEFT, width - _RIGHT)
    parts = [Markup("<title>{}</title>").format(words), *ticks(scale, bottom, width)]
    for row, claim in enumerate(claims):
        parts += _row(told, claim, scale, _TOP + row * _ROW, width)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(width, bottom + _AXIS, words, Markup("").join(parts))


def _row(told: StoryFile, claim: StoryClaim, scale: Scale, top: int, width: int) -> list[Markup]:
    label = one_line(plain(claim.claim, 200), (width - 30) // 7)
    band = top + 20
    parts = [worded("claim", _LEFT, top + 14, label)]
    for move in (one for one in told.moves if one.claim_id == claim.claim_id):
        x = scale(move.at)
        right = scale(move.until) if move.until else scale(scale.end)
        parts.append(
            Markup('<rect class="fill-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                move.status, x, band, round(max(right - x, 1), 1), _BAND
            )
        )
        if right - x > 7.2 * len(move.status) + 10:
            parts.append(worded("band", x + 6, band + 11, move.status))
    if claim.event_at and scale.start <= claim.event_at <= scale.end:
        x = scale(claim.event_at)
        parts.append(ruled("deadline", x, band - 4, x, band + _BAND + 8))
    taken: list[float] = []
    for mark in (one for one in told.marks if one.claim_id == claim.claim_id):
        x = scale(mark.said_at or mark.seen_at)
        if all(abs(x - other) >= 6 for other in taken):
            taken.append(x)
            parts.append(_shape(mark, x, band + _BAND + 6))
    return parts


def _shape(mark: Mark, x: float, y: float) -> Markup:
    if mark.what == "artefact" and mark.stance is not Stance.DENIES:
        return Markup('<rect class="fill-{}" x="{:.1f}" y="{}" width="8" height="8"/>').format(
            mark.stance, x - 4, y - 4
        )
    points = f"{x:.1f},{y + 5} {x + 5:.1f},{y - 4} {x - 5:.1f},{y - 4}"
    return Markup('<polygon class="fill-{}" points="{}"/>').format(mark.stance, points)
