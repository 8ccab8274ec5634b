"""One model or organisation: the claims about it on one time axis with its releases, and as a list."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby, zip_longest

import streamlit as st
from markupsafe import Markup

from dashboard.components import entities, filters, handout, html, rivals, slip
from dashboard.components.charts import claims as axis
from dashboard.components.charts import embed
from dashboard.components.filters import PAGE
from dashboard.data import models as rows
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.core.text import utf8
from pipeline.core.vocabulary import Stance, Status
from pipeline.exports.citation import cited_chart
from pipeline.exports.tables import write_csv
from pipeline.published.slips import slips_of
from pipeline.text.sanitize import plain

ON_AXIS, STAGES, PAIRS, POSTS, OWN = 20, 12, 24, 60, 8
AXIS = 880
"""The width of the time axis as a file, in units."""
_html = html.Template("views/entities/entity.html", entities=entities)


def draw(copy: Copy, subject: rows.Subject, models: Sequence[rows.Subject]) -> None:
    """Draw the page of `subject`; `models` are those of an organisation."""
    st.html(_html.head(subject))
    _axis(copy, subject)
    _rivals(copy, subject)
    _deadlines(copy, subject)
    if models:
        st.html(_html.models(models, PAGE))
    if subject.type == "organisation":
        _own(copy, subject)
    _claims(copy, subject)


def _axis(copy: Copy, subject: rows.Subject) -> None:
    parameters = {"type": subject.type, "subject": subject.subject, "limit": STAGES}
    stages = queries.read(copy, rows.Rung, "models", "rungs", **parameters)
    claims = _read(copy, subject, limit=ON_AXIS)
    steps = queries.read(copy, rows.Step, "models", "steps", claim_ids=[claim.claim_id for claim in claims])
    title = entities.finding(subject, stages)
    hollow = any(not claim.first_said_at for claim in claims) or not all(step.since_is_said for step in steps)
    notes = ["A line runs from the first words to the status now, a dashed one to the date a claim names."]
    if hollow:
        notes.append("A hollow mark with a “?” has no known time and stands where we saw it.")
    if subject.claims > ON_AXIS:
        notes.append(f"The {ON_AXIS} most talked about are shown; the list below has all {subject.claims:,}.")
    if stages and stages[0].total > STAGES:
        notes.append(f"Of {stages[0].total:,} release stages the last {STAGES} are shown.")
    st.html(_html.axis(title, entities.key(steps), notes))
    dark = st.context.theme.type == "dark"
    until = queries.published_at(copy) or max(claim.first_seen_at for claim in claims)
    embed.put(axis.chart(claims, steps, stages, until=until, dark=dark), f"Time axis. {title}")
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in subject.subject.lower())
    handout.put(copy, title, f"claims-{name[:60]}", csv=lambda: axis_csv(claims, steps, stages),
                svg=lambda: axis_svg(copy, title, claims, steps, stages))
    if stages:
        st.html(_html.releases(stages))


def axis_svg(
    copy: Copy,
    title: str,
    claims: Sequence[rows.SubjectClaim],
    steps: Sequence[rows.Step],
    stages: Sequence[rows.Rung],
) -> bytes:
    """Return what the time axis shows as an SVG file: the release stages, then the claims, each in time."""
    # Imported where a file is made: the page does not wait for what it needs.
    from pipeline.pages.framed_picture import framed
    from pipeline.pages.story_picture import Band, Line, LineMark, lines_picture

    lines = [
        Line(f"{stage.model}: {entities.stage_words(stage.rung)}{'' if stage.at_is_said else ' (seen)'}",
             _utc(stage.reached_at), marks=[LineMark(_utc(stage.reached_at), Stance.SUPPORTS, True)])
        for stage in stages
    ]
    for claim in sorted(claims, key=lambda c: (c.first_said_at or c.first_seen_at, c.claim_id)):
        own = [step for step in steps if step.claim_id == claim.claim_id]
        ends = [_utc(step.since) for step in own[1:]]
        bands = [Band(Status(step.status), _utc(step.since), end) for step, end in zip_longest(own, ends)]
        event = _utc(claim.event_at) if claim.event_at else None
        lines.append(Line(claim.claim, _utc(claim.first_said_at or claim.first_seen_at), bands, event))
    published = queries.published_at(copy)
    until = _utc(published) if published else max(line.first for line in lines)
    svg = framed(lines_picture(lines, until=until, width=AXIS, words=title), title=plain(title, 110),
                  source=cited_chart(title, published))
    return utf8(svg)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


def axis_csv(
    claims: Sequence[rows.SubjectClaim], steps: Sequence[rows.Step], stages: Sequence[rows.Rung]
) -> bytes:
    """Return what the time axis shows as CSV: a row for each first word, status and release stage."""
    words = {claim.claim_id: claim.claim for claim in claims}
    table: list[tuple[object, ...]] = [
        ("first word", claim.first_said_at or claim.first_seen_at, claim.first_said_at is not None,
         claim.claim_id, claim.claim, "") for claim in claims
    ]
    table += [("status", step.since, step.since_is_said, step.claim_id, words.get(step.claim_id, ""),
               step.status) for step in steps]
    table += [("release stage", stage.reached_at, stage.at_is_said, stage.claim_id, stage.words, stage.rung)
              for stage in stages]
    out = io.StringIO(newline="")
    columns = ["what", "at", "at_is_said", "claim_id", "words", "status_or_stage"]
    write_csv(columns, [[row[0], f"{row[1]:%Y-%m-%dT%H:%M:%SZ}", *row[2:]] for row in table], out)
    return utf8(out.getvalue())


def _rivals(copy: Copy, subject: rows.Subject) -> None:
    parameters = {"type": subject.type, "subject": subject.subject, "limit": PAIRS}
    pairs = queries.read(copy, rows.Pair, "models", "rivals", **parameters)
    if pairs:
        ids = sorted({claim_id for pair in pairs for claim_id in (pair.claim_id, pair.rival_id)})
        sides = queries.read(copy, rows.Side, "models", "sides", claim_ids=ids)
        st.html(rivals.section(rivals.contests(pairs, sides), pairs[0].total, PAIRS))


def _deadlines(copy: Copy, subject: rows.Subject) -> None:
    """Draw the days that were promised for its releases, and those that cannot be fixed."""
    with queries.cursor(copy) as cursor:
        slips = slips_of(cursor, subject.type, subject.subject, seconds=copy.bounds.seconds)
    slip.show(copy, slips)
    parameters = {"type": subject.type, "subject": subject.subject, "limit": POSTS}
    undated = queries.read(copy, rows.Goalpost, "models", "undated", **parameters)
    if undated:
        st.html(_html.undated(undated, undated[0].total))


def _own(copy: Copy, subject: rows.Subject) -> None:
    parameters = {"who_id": subject.who_id, "limit": OWN}
    admitted = queries.read(copy, rows.OwnWords, "models", "own", **parameters, admitted=True)
    own = queries.read(copy, rows.OwnWords, "models", "own", **parameters, admitted=False)
    if admitted:
        lead = "A denial by the accused is shown as a denial, never as a refutation."
        st.html(_html.own_words("Denied by it, and substantiated since", lead, admitted))
    if own:
        link = entities.record_link(subject, own[0].total) if own[0].total > OWN and subject.who_id else ""
        lead = Markup("What it says about itself, the latest first. {}").format(link)
        st.html(_html.own_words("What its own people and channels said", lead, own))


def _claims(copy: Copy, subject: rows.Subject) -> None:
    st.html(html.section("All claims, by kind", "Within each kind, those most talked about come first."))
    kinds = filters.pick_several("kind", "Kind", html.KINDS, html.spaced, page="page")
    claims = filters.paged(
        "page", lambda page: _read(copy, subject, kinds=kinds, grouped=True, limit=PAGE, page=page)
    )
    if not claims:
        st.html(html.empty("No claim of this kind", "None of the claims about it is of this kind."))
        return
    groups = groupby(claims, key=lambda claim: (claim.kind, claim.of_kind))
    st.html(_html.claims([(kind, number, list(group)) for (kind, number), group in groups]))
    filters.turn(claims[0].total, page="page")


def _read(
    copy: Copy,
    subject: rows.Subject,
    *,
    kinds: Sequence[str] = (),
    grouped: bool = False,
    limit: int,
    page: int = 1,
) -> list[rows.SubjectClaim]:
    parameters = {"type": subject.type, "subject": subject.subject, "kinds": list(kinds), "grouped": grouped}
    return queries.read(
        copy, rows.SubjectClaim, "models", "claims", **parameters, limit=limit, offset=(page - 1) * limit
    )
