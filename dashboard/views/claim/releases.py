"""How far the models that a claim names have come, and how often the time of their release was moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import streamlit as st

from dashboard.components import html
from dashboard.components.times import by_day, date_words, when
from dashboard.data import claim as rows
from dashboard.views.claim.as_of import Known
from pipeline.published.claim_rows import Claim
from pipeline.text.sanitize import link

RUNGS = {
    "string_found": "name found",
    "announced": "announced",
    "preview": "preview",
    "api": "API",
    "open_weights": "open weights",
}
STATES = {"open": "its time is not over", "met": "met", "missed": "missed", "void": "void"}
VOIDS = {
    "no_subject": "it names no model that can be told apart",
    "no_time": "it names no time that ends",
    "unknown_publication": "nobody knows when it was said",
    "withdrawn": "it was taken back in time",
}


def show(known: Known, claim: Claim) -> None:
    """Draw the rungs and the goalposts; nothing where the claim names no model with either."""
    about = {"entities": claim.entities, "organisations": claim.organisations}
    rungs = known.read(rows.Rung, "rungs", **about)
    posts = known.read(rows.Goalpost, "goalposts", **about)
    if rungs:
        ladders = "".join(_ladder(list(steps)) for _, steps in groupby(rungs, lambda r: (r.organisation, r.model)))
        lead = "The stages that were reached, by the earliest evidence of each."
        st.html(f'{html.section("How far the release has come", lead)}{ladders}')
    if posts:
        moved = "".join(_posts(list(alike)) for _, alike in groupby(posts, lambda p: p.model))
        lead = "Each date that was named for this release, in the order in which they were named, and how it ended."
        st.html(f'{html.section("Release dates and how they moved", lead)}{moved}')


def _ladder(steps: Sequence[rows.Rung]) -> str:
    reached = {step.rung: step for step in steps}
    items = "".join(
        f'<li class="rt-reached"><b>{words}</b><span class="rt-small">{when(step.reached_at)}'
        f"{'' if step.at_is_said else ' (seen)'}</span>"
        f'<span class="rt-small rt-soft">{html.text(step.words, 140) if step.words else ""} {link(step.url)}</span></li>'
        if (step := reached.get(rung))
        else f'<li><b>{words}</b><span class="rt-small rt-soft">not seen</span></li>'
        for rung, words in RUNGS.items()
    )
    return f'<h3 class="rt-sub">{html.text(steps[0].model, 120)}</h3><ol class="rt-plain rt-reaches">{items}</ol>'


def _posts(posts: Sequence[rows.Goalpost]) -> str:
    items = "".join(_post(known_before, post) for known_before, post in pairwise([None, *posts]) if post)
    return f'<h3 class="rt-sub">{html.text(posts[0].model, 120)}</h3><ol class="rt-plain rt-trail">{items}</ol>'


def _post(before: rows.Goalpost | None, post: rows.Goalpost) -> str:
    by = f"by {date_words(post.deadline, by_day(post.precision))}" if post.deadline else "by no fixed time"
    moved = ""
    if before and before.deadline and post.deadline:
        days = (post.deadline - before.deadline).days
        moved = f"{html.plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'} than before" if days else "the same time again"
    state = STATES.get(post.state or "", "")
    if post.void:
        state += f": {VOIDS.get(post.void) or html.spaced(post.void)}"
    elif post.reason and post.state not in (None, "open"):
        state += f": {html.text(post.reason, 300)}"
    who = html.text(post.speaker, 120) if post.speaker else "somebody"
    return (
        f'<li><div class="rt-row rt-tight"><b>{by}</b>{html.tag(moved) if moved else ""}{html.chip(post.status)}</div>'
        f"<p>{html.claim_link(post.claim_id, post.claim)}</p>"
        f'<p class="rt-small">said first by {who}, {when(post.said_at)}{f" · {state}" if state else ""}</p>'
        f'<p class="rt-small rt-soft">Resolved {html.text(post.how, 300)}</p></li>'
    )
