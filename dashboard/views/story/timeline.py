"""The claims of a story on one time axis, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st
from markupsafe import Markup

from dashboard.components import filters, html
from dashboard.components import stories as parts
from dashboard.components.charts import claims as axis
from dashboard.components.charts import embed
from dashboard.components.charts.claims import LineEvent
from dashboard.components.times import zone_name
from dashboard.data.models import Step, SubjectClaim
from dashboard.data.queries import Copy
from dashboard.views.story import downloads
from pipeline.core.text import counted, enumerated
from pipeline.published import stories
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import ClaimMove, Mark, StoryClaim

_html = html.Template("views/story/timeline.html", parts=parts)


def show(copy: Copy, story: StoryFile, until: datetime, day: date | None) -> None:
    """Draw the chart of the story up to `until`, its key, what a reader takes from it, and its table.

    The address has which `part` of the time axis it is, where there are several.
    """
    part_asked = filters.number("part")
    part = part_asked if part_asked <= story.parts else 1
    shown_claims = story.on_axis(part)
    ids = {claim.claim_id for claim in shown_claims}
    events = marks(story, ids)
    hollow = any(not claim.first_is_said for claim in shown_claims) or not all(mark.said for mark in events)
    title = finding(story)
    steps = [_step(move) for move in story.moves if move.claim_id in ids]
    end = ends(shown_claims, [step.since for step in steps] + [mark.at for mark in events], until)
    notes = _html.notes(
        hollow, len(shown_claims), len(story.claims), end if end < until else None, zone_name()
    )
    st.html(_html.head(title, _key(story, events), notes))
    chart = axis.chart(
        [_claim(claim, len(shown_claims)) for claim in shown_claims],
        steps,
        events=events,
        until=end,
        dark=st.context.theme.type == "dark",
        published=end == until,
    )
    embed.put(chart, f"Time axis. {title}. The same stands below as a table.")
    filters.turn(len(story.claims), page="part", rows=stories.ON_AXIS)
    downloads.of_timeline(copy, story, day, part, title)
    st.html(_html.table([(claim, _bands(story, claim), _of(story, claim)) for claim in story.claims]))


def ends(claims: Sequence[StoryClaim], times: Sequence[datetime], until: datetime) -> datetime:
    """Return where the chart ends: not long after the last thing that happened, at `until` at the latest.

    The last night may be long after a story ended; the story would then fill only a corner.
    """
    times = [*times, *(claim.first_at or claim.first_seen_at for claim in claims)]
    first, last = min(times), max(times)
    return max(last, min(until, last + max((last - first) / 4, timedelta(hours=6))))


def finding(story: StoryFile) -> str:
    """Return the title of the chart: how many claims stand where, and how many voices speak to them."""
    status_counts = [f"{state.claims:,} {state.status}" for state in story.states]
    voices = counted(story.voices, "independent voice") if story.voices else "no independent voice"
    return f"Of {counted(len(story.claims), 'claim')}, {enumerated(status_counts)}; {voices}"


def marks(story: StoryFile, ids: set[str]) -> list[LineEvent]:
    """Return what falls on the lines of the claims `ids`: the origin, denials and artefacts."""
    events = [
        LineEvent(
            words.claim_id, "origin", words.said_at or words.seen_at, words.said_at is not None,
            words.said_precision, words.name, words.quote,
        )
        for words in story.first
    ] + [
        LineEvent(
            mark.claim_id, mark.what, mark.said_at or mark.seen_at, mark.said_at is not None,
            mark.said_precision, mark.speaker, mark.quote,
        )
        for mark in story.marks
    ]  # fmt: skip
    return [mark for mark in events if mark.claim_id in ids]


def _key(story: StoryFile, events: Sequence[LineEvent]) -> Markup:
    kinds = {mark.what for mark in events}
    shapes = {"origin": ("⚑", "said first"), "denial": ("▼", "denial"), "artefact": ("■", "primary document")}
    words = [shapes[kind] for kind in shapes if kind in kinds]
    if any(claim.event_at for claim in story.claims):
        words.append(("┅┃", "up to the date in the claim"))
    key: Markup = _html.key(parts.key(story.states), words)
    return key


def _bands(story: StoryFile, claim: StoryClaim) -> list[ClaimMove]:
    return [move for move in story.moves if move.claim_id == claim.claim_id]


def _of(story: StoryFile, claim: StoryClaim) -> list[Mark]:
    return [mark for mark in story.marks if mark.claim_id == claim.claim_id]


def _claim(claim: StoryClaim, total: int) -> SubjectClaim:
    return SubjectClaim(
        claim.claim_id, claim.claim, claim.kind, total, claim.status, claim.voices, claim.mentions,
        claim.first_at if claim.first_is_said else None, claim.first_precision, claim.first_seen_at, None,
        claim.event_at, claim.event_precision, total,
    )  # fmt: skip


def _step(move: ClaimMove) -> Step:
    return Step(move.claim_id, move.at, move.at_is_said, move.status, move.reason)
