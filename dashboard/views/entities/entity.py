"""One model or organisation: all that is claimed about it on one time axis with its releases, and the list of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from dashboard.components import entities, filters, html
from dashboard.components.charts import embed
from dashboard.components.times import by_day, when
from dashboard.data import models as rows
from dashboard.data import queries
from dashboard.data.queries import PAGE, Copy
from dashboard.views.entities import chart as subject_chart
from dashboard.views.entities import rivals
from pipeline.text.sanitize import link, safe

ON_AXIS, RUNGS, PAIRS, POSTS, OWN = 20, 12, 24, 60, 8
STATE_WORDS = {"met": "ok", "missed": "failed", "open": "running", "void": "off"}


def draw(copy: Copy, subject: rows.Subject, models: Sequence[rows.Subject]) -> None:
    """Draw the page of `subject`; `models` are those of an organisation."""
    _head(subject)
    asked = {"type": subject.type, "subject": subject.subject}
    rungs = queries.read(copy, rows.Rung, "models", "rungs", **asked, limit=RUNGS)
    _axis(copy, subject, rungs)
    _rivals(copy, subject)
    _goalposts(copy, subject)
    if subject.type == "organisation":
        _models(subject, models)
        _own(copy, subject)
    _claims(copy, subject)


def _head(subject: rows.Subject) -> None:
    model = subject.type == "model"
    by = (
        f'<span class="rt-small">by {entities.link("organisation", subject.owner)}</span>'
        if subject.owner
        else ""
    )
    due = (
        f'<p class="rt-small">Next of these due: {when(subject.next_at, by_day(subject.next_precision))}</p>'
        if subject.next_at
        else ""
    )
    ladder = entities.ladder(subject.rungs) if model else ""
    st.html(
        '<div class="rt-head"><div class="rt-row rt-tight rt-small"><a class="rt-in rt-soft" href="models">'
        f"All models and organisations</a>{html.tag(subject.type)}{by}</div>"
        f"<h1>{html.text(subject.subject, 200)}</h1>"
        f'<div class="rt-standings">{entities.statuses(subject)}{ladder}{due}</div></div>'
    )


def _axis(copy: Copy, subject: rows.Subject, rungs: Sequence[rows.Rung]) -> None:
    claims = _read(copy, subject, limit=ON_AXIS)
    steps = queries.read(copy, rows.Step, "models", "steps", claim_ids=[claim.claim_id for claim in claims])
    title = entities.finding(subject, rungs)
    hollow = any(not claim.first_said_at for claim in claims) or not all(step.since_is_said for step in steps)
    notes = [
        "From the first word to where it stands; a dashed line leads to the time that a claim names.",
        "A hollow mark with a “?” has no known time and stands where we saw it." if hollow else "",
        f"The {ON_AXIS} claims most talked about, of {subject.claims:,}: the list below has all."
        if subject.claims > ON_AXIS
        else "",
        f"The last {RUNGS} of {rungs[0].total:,} rungs." if rungs and rungs[0].total > RUNGS else "",
    ]
    st.html(html.section(safe(title), f"{entities.key(steps)} {' '.join(filter(None, notes))}"))
    dark = st.context.theme.type == "dark"
    until = queries.published_at(copy) or max(claim.first_seen_at for claim in claims)
    chart = subject_chart.chart(claims, steps, rungs, until=until, dark=dark)
    embed.put(chart, f"Time axis. {title}")
    if rungs:
        st.html(f'<ul class="rt-plain rt-trail">{"".join(map(_rung, rungs))}</ul>')


def _rung(item: rows.Rung) -> str:
    seen = "" if item.at_is_said else "seen "
    return (
        f"<li><b>{entities.rung_words(item.rung)}</b> {entities.link('model', item.model)} · {seen}{when(item.reached_at)} · "
        f"{link(item.url)}<br>{html.claim_link(item.claim_id, item.words)}</li>"
    )


def _rivals(copy: Copy, subject: rows.Subject) -> None:
    pairs = queries.read(
        copy, rows.Pair, "models", "rivals", type=subject.type, subject=subject.subject, limit=PAIRS
    )
    if not pairs:
        return
    ids = sorted({claim_id for pair in pairs for claim_id in (pair.claim_id, pair.rival_id)})
    sides = queries.read(copy, rows.Side, "models", "sides", claim_ids=ids)
    cut = (
        f" Made of the {PAIRS} pairs most talked about, of {pairs[0].total:,}."
        if pairs[0].total > PAIRS
        else ""
    )
    lead = f"Claims that look alike and differ in one thing, kept apart. Who repeats a voice adds none.{cut}"
    st.html(
        html.section("Rival claims, side by side", lead)
        + "".join(map(rivals.html, rivals.contests(pairs, sides)))
    )


def _goalposts(copy: Copy, subject: rows.Subject) -> None:
    found = queries.read(
        copy, rows.Goalpost, "models", "goalposts", type=subject.type, subject=subject.subject, limit=POSTS
    )
    if not found:
        return
    cut = f" The first {POSTS} of {found[0].total:,} are shown." if found[0].total > POSTS else ""
    lead = f"Each time that was named for a release, in the order in which they were said, and how it ended.{cut}"
    tables = "".join(
        f"<h3>{html.text(ledger(list(posts)), 200)}</h3>{_posts(posts)}"
        for posts in (list(group) for _, group in groupby(found, key=lambda post: (post.model, post.named)))
    )
    st.html(html.section("Goalposts", lead) + f'<div class="rt-goalposts">{tables}</div>')


def ledger(posts: Sequence[rows.Goalpost]) -> str:
    """The finding on one model's release times: how many were named, by how much they moved, and how many were met."""
    model, named = posts[0].model, posts[0].named
    ends = {state: sum(post.state == state for post in posts) for state in ("met", "missed", "open", "void")}
    how = [f"{count} {state}" for state, count in ends.items() if count]
    if named == 1:
        return f"{model}: one time was named, {how[0].removeprefix('1 ')}"
    moved = sum(post.moved_days or 0 for post in posts)
    days = f", moved by {html.plural(abs(moved), 'day')}{' ahead' if moved < 0 else ''}" if moved else ""
    shown = "" if len(posts) == named else f"of the first {len(posts)}: "
    return f"{model}: {named} times were named{days}; {shown}{', '.join(how)}"


def _posts(posts: Sequence[rows.Goalpost]) -> str:
    head = [("Named", False), ("For", False), ("Moved", True), ("Ended", False), ("How", False)]
    body = (
        (
            f"{html.text(post.speaker, 80)}, {when(post.said_at, clock=False) if post.said_at else f'seen {when(post.seen_at, clock=False)}'}"
            f"<br>{html.claim_link(post.claim_id, post.claim)}",
            when(post.deadline, by_day(post.precision)) if post.deadline else "no time that can be fixed",
            ""
            if post.moved_days is None
            else f"{post.moved_days:+,} {'day' if abs(post.moved_days) == 1 else 'days'}",
            f'<span class="rt-chip {html.state(STATE_WORDS.get(post.state, ""))}"><i></i>{html.text(post.state, 20)}</span>',
            html.text(post.reason, 240),
        )
        for post in posts
    )
    return html.table(head, body)


def _models(subject: rows.Subject, models: Sequence[rows.Subject]) -> None:
    if not models:
        return
    cut = f" The first {PAGE} of {models[0].total:,} are shown." if models[0].total > PAGE else ""
    items = "".join(
        f"<li><b>{entities.link('model', item.subject)}</b>{entities.statuses(item)}{entities.ladder(item.rungs)}</li>"
        for item in models
    )
    st.html(
        html.section("Its models", f"Those that a claim is about.{cut}")
        + f'<ul class="rt-plain rt-models">{items}</ul>'
    )


def _own(copy: Copy, subject: rows.Subject) -> None:
    asked = {"who_id": subject.who_id, "limit": OWN}
    admitted = queries.read(copy, rows.OwnWords, "models", "own", **asked, admitted=True)
    own = queries.read(copy, rows.OwnWords, "models", "own", **asked, admitted=False)
    if admitted:
        st.html(
            html.section(
                "What it denied, and is substantiated",
                "A denial by the accused is shown as a denial, never as a refutation.",
            )
            + f'<ul class="rt-plain rt-moves">{"".join(map(_words, admitted))}</ul>'
        )
    if own:
        more = entities.record_link(subject, own[0].total) if own[0].total > OWN and subject.who_id else ""
        st.html(
            html.section(
                "What its own people and channels said",
                f"First-party words about itself, the latest first. {more}",
            )
            + f'<ul class="rt-plain rt-moves">{"".join(map(_words, own))}</ul>'
        )


def _words(item: rows.OwnWords) -> str:
    speaker = f"{html.text(item.speaker, 80)} in " if item.speaker and item.speaker != item.source else ""
    reason = f'<p class="rt-small">{html.text(item.reason, 300)}</p>' if item.reason else ""
    return (
        f'<li><div class="rt-row rt-tight">{html.stance(item.stance)}<span class="rt-soft rt-small">'
        f"{when(item.said_at, item.said_precision)}</span></div>"
        f'<p class="rt-claim-text">{html.claim_link(item.claim_id, item.claim)} {html.chip(item.status)}</p>'
        f'<blockquote class="rt-quote rt-soft" dir="auto">{safe(item.quote, 600)}</blockquote>'
        f'<p class="rt-small rt-soft">{speaker}{html.source_link(item.source_id, item.source)} · {link(item.url)}</p>{reason}</li>'
    )


def _claims(copy: Copy, subject: rows.Subject) -> None:
    st.html(html.section("All claims, by kind", "Of each kind those most talked about first."))
    kinds = filters.several("kind", "Kind", html.KINDS, html.spaced, page="page")
    page = filters.number("page")
    found = _read(copy, subject, kinds=kinds, grouped=True, limit=PAGE, page=page)
    if not found and page > 1:
        found = _read(copy, subject, kinds=kinds, grouped=True, limit=PAGE)
    if not found:
        st.html(html.empty("No claim of this kind", "Nothing that is stored about it is of this kind."))
        return
    groups = "".join(
        f'<h3 class="rt-kind">{html.spaced(kind).capitalize()} <span class="rt-soft rt-small">{html.plural(number, "claim")}</span></h3>'
        f'<ul class="rt-plain rt-moves">{"".join(map(_claim, claims))}</ul>'
        for (kind, number), claims in groupby(found, key=lambda claim: (claim.kind, claim.of_kind))
    )
    st.html(groups)
    filters.turn(found[0].total, page="page")


def _claim(item: rows.SubjectClaim) -> str:
    first = (
        f"first said {when(item.first_said_at, item.said_precision)}"
        if item.first_said_at
        else f"time unknown, first seen {when(item.first_seen_at)}"
    )
    due = f" · speaks of {when(item.event_at, by_day(item.event_precision))}" if item.event_at else ""
    return (
        f'<li><p class="rt-claim-text">{html.claim_link(item.claim_id, item.claim)} {html.chip(item.status)}</p>'
        f'<p class="rt-small"><b>{html.voices(item.voices)}</b> <span class="rt-soft">in '
        f"{html.plural(item.mentions, 'mention')} · {first}{due}</span></p></li>"
    )


def _read(
    copy: Copy,
    subject: rows.Subject,
    *,
    kinds: Sequence[str] = (),
    grouped: bool = False,
    limit: int,
    page: int = 1,
) -> list[rows.SubjectClaim]:
    asked = {"type": subject.type, "subject": subject.subject, "kinds": list(kinds), "grouped": grouped}
    return queries.read(
        copy, rows.SubjectClaim, "models", "claims", **asked, limit=limit, offset=(page - 1) * limit
    )
