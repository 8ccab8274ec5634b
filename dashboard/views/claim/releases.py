"""Release stages that the models of a claim have reached, and how often the date of a release was moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import streamlit as st

from dashboard.components import html
from dashboard.components.resolution import lines
from dashboard.components.times import by_day, date_words, when
from dashboard.data import claim as rows
from dashboard.views.claim.as_of import Known
from pipeline.core.text import counted
from pipeline.exports.wording import STAGE_WORDS
from pipeline.published.claim_rows import Claim
from pipeline.text.sanitize import link

STATES = {"open": "not due yet", "met": "met", "missed": "missed", "void": "void"}
VOIDS = {
    "no_subject": "it names no particular model",
    "no_time": "it names no date",
    "unknown_publication": "it is not known when it was said",
    "withdrawn": "it was withdrawn before its date",
}


def show(known: Known, claim: Claim) -> None:
    """Draw release stages and deadline revisions; nothing where the claim names no model with either."""
    about = {"entities": claim.entities, "organisations": claim.organisations}
    rungs = known.read(rows.Rung, "rungs", **about)
    posts = known.read(rows.Goalpost, "goalposts", **about)
    if rungs:
        models = groupby(rungs, lambda rung: (rung.organisation, rung.model))
        stages = "".join(_stages(list(steps)) for _, steps in models)
        lead = "The stages that were reached, each with the earliest document that shows it."
        st.html(f'{html.section("How far the release has come", lead)}{stages}')
    if posts:
        moved = "".join(_posts(list(revisions)) for _, revisions in groupby(posts, lambda post: post.model))
        lead = "The dates named for one release, in the order they were named, each checked on its own."
        st.html(f'{html.section("Deadline revisions", lead)}{moved}')


def _stages(steps: Sequence[rows.Rung]) -> str:
    reached = {step.rung: step for step in steps}
    items = "".join(
        f'<li class="rt-reached"><b>{words}</b><span class="rt-small">{when(step.reached_at)}'
        f"{'' if step.at_is_said else ' (seen)'}</span>"
        f'<span class="rt-small rt-soft">{html.text(step.words, 140) if step.words else ""} {link(step.url)}'
        "</span></li>"
        if (step := reached.get(rung))
        else f'<li><b>{words}</b><span class="rt-small rt-soft">not seen</span></li>'
        for rung, words in STAGE_WORDS.items()
    )
    return _list(steps[0].model, "rt-reaches", items)


def _list(model: str, style: str, items: str) -> str:
    return f'<h3 class="rt-sub">{html.text(model, 120)}</h3><ol class="rt-plain {style}">{items}</ol>'


def _posts(posts: Sequence[rows.Goalpost]) -> str:
    items = "".join(_post(previous, post) for previous, post in pairwise([None, *posts]) if post)
    return _list(posts[0].model, "rt-trail", items)


def _post(before: rows.Goalpost | None, post: rows.Goalpost) -> str:
    date = date_words(post.deadline, by_day(post.precision)) if post.deadline else None
    due_text = f"by {date}" if date else "without a fixed date"
    moved = ""
    if before and before.deadline and post.deadline:
        days = (post.deadline - before.deadline).days
        moved = f"{counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'} than before"
        moved = moved if days else "the same date again"
    state = STATES.get(post.state or "", "")
    if post.void:
        state += f": {VOIDS.get(post.void) or html.spaced(post.void)}"
    elif post.reason and post.state not in (None, "open"):
        state += f": {html.text(post.reason, 300)}"
    speaker = html.text(post.speaker, 120) if post.speaker else "somebody"
    return (
        f'<li><div class="rt-row rt-tight"><b>{due_text}</b>{html.tag(moved) if moved else ""}'
        f"{html.chip(post.status)}</div><p>{html.claim_link(post.claim_id, post.claim)}</p>"
        f'<p class="rt-small">said by {speaker}, {when(post.said_at)}{f" · {state}" if state else ""}</p>'
        f'<details class="rt-small"><summary>How it will be resolved</summary>{lines(post.how)}'
        "</details></li>"
    )
