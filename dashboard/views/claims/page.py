"""The claims list: search, filters, views, order and page, all of them held by the address."""

from __future__ import annotations

import streamlit as st

from dashboard.components import filters as pickers
from dashboard.components import html
from dashboard.components.times import date_words, when
from dashboard.data import claims as rows
from dashboard.data import queries
from dashboard.data.queries import PAGE, Copy
from dashboard.data.runs import Run, RunMove
from dashboard.views.claims import filters, search
from dashboard.views.claims import filters as claim_list
from dashboard.views.claims.filters import DEFAULTS, PAGE_KEY, Chosen
from dashboard.views.claims.search import Load
from pipeline.text.sanitize import line

CHECKWORTHY = (
    "First what most deserves a check: it can be checked, is contested, matters, or spreads. "
    "That says nothing of whether it is true."
)

COPY_LINK = (
    '<button type="button" class="rt-copy" title="The address holds the words, filters and order: '
    'keep it as a bookmark, or send it.">Copy link to this view</button>'
)


def show(copy: Copy, load: Load | None = None) -> None:
    """Draw the page; `load` gives the model that search by meaning asks."""
    st.set_page_config(page_title="Claims · Rumortrail")
    if not queries.totals(copy).claims:
        st.html(
            html.empty(
                "No claims yet",
                "A night was published, and no claim was found in what it collected.",
                "rumortrail status",
            )
        )
        return
    _heading(copy)
    chosen = filters.pick(copy)
    page = pickers.number(PAGE_KEY)
    listed = _listed(copy, chosen, load, page)
    if not listed and page > 1:
        page, listed = 1, _listed(copy, chosen, load, 1)
    found = search.found(copy, chosen.search, load) if search.terms(chosen.search) else None
    _told(listed, chosen, page, found)
    if not listed:
        return
    explained = chosen.sort == "checkworthy" or (chosen.sort == "best" and not found)
    st.html(f'<div class="rt-list">{"".join(_row(claim, explained) for claim in listed)}</div>')
    pickers.turn(listed[0].total, page=PAGE_KEY)


def _listed(copy: Copy, chosen: Chosen, load: Load | None, page: int) -> list[rows.ListedClaim]:
    return claim_list.claims(
        copy, chosen.filters, search=chosen.search, load=load, sort=chosen.sort, page=page
    )


def _heading(copy: Copy) -> None:
    runs = queries.read(copy, Run, "runs", "runs", limit=1)
    moved = new = 0
    if runs:
        moved, new = (
            _total(
                queries.read(copy, RunMove, "runs", "moves", run_id=runs[0].run_id, new=fresh, limit=1)
            )
            for fresh in (False, True)
        )
    total = queries.totals(copy).claims
    lead = (
        f"{html.plural(total, 'claim')} about AI models, followed from who said it "
        "first to where it stands now."
    )
    fresh = f"{new:,} {'was' if new == 1 else 'were'} new" if new else "none was new"
    told = f'Last night <a class="rt-in" href="runs">{moved:,} moved and {fresh}</a>.'
    night = f" {told}" if moved or new else ""
    st.html(f'<h1>Claims</h1><p class="rt-lead">{lead}{night}</p>')


def _total(moves: list[RunMove]) -> int:
    return moves[0].total if moves else 0


def _told(
    listed: list[rows.ListedClaim], chosen: Chosen, page: int, found: search.Found | None
) -> None:
    """How many claims pass which filters, what the search asked, and what to do with the view."""
    total = listed[0].total if listed else 0
    start = (page - 1) * PAGE + 1
    span = f"{start:,} to {start + len(listed) - 1:,} of " if total > PAGE else ""
    parts = [f"<b>{span}{html.plural(total, 'claim')}</b>", *filters.told(chosen)]
    note = _asked(found) if found else CHECKWORTHY if listed and chosen.sort in ("best", "checkworthy") else ""
    below = f'<p class="rt-soft rt-small">{note}</p>' if note else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="rt-view" role="status">{" · ".join(parts)}</p>{below}', width="stretch")
        if chosen.narrowed:
            pickers.clear(DEFAULTS)
        st.html(COPY_LINK, width="content")
    if not listed:
        st.html(
            html.empty(
                "No claim passes all filters",
                "Try fewer words, or another status. A word finds what begins "
                "with it; “words in quotation marks” stand together.",
            )
        )


def _asked(found: search.Found) -> str:
    """What was found by words and what by meaning, and quietly why not by meaning."""
    if found.silent:
        return f"Searched by words alone: {line(found.silent, 200)}."
    if not found.by_words and not found.by_meaning:
        return "No claim holds these words, and none means something close."
    few = {0: "none", 1: "one"}
    words = f"{few.get(found.by_words, f'{found.by_words:,}')} {'hold' if found.by_words > 1 else 'holds'}"
    close = f"{few.get(found.by_meaning, f'{found.by_meaning:,}')} more {'mean' if found.by_meaning > 1 else 'means'}"
    return f"Of all claims, {words} the words; {close} something close."


def _row(claim: rows.ListedClaim, explained: bool) -> str:
    tags = html.tag(html.spaced(claim.kind)) + "".join(
        html.tag(name) for name in claim.organisations[:3]
    )
    moved = f'<span class="rt-soft rt-small">{_since(claim)}</span>{_match(claim)}'
    first = (
        "First said "
        f"{when(claim.first_said_at, claim.first_precision or 'unknown', clock=False)} "
        f"by {_who(claim)}"
    )
    numbers = (claim.supports, claim.denies, claim.questions, claim.reports)
    mentions = f'<span class="rt-soft rt-small">· {html.plural(claim.mentions, "mention")}</span>'
    weight = f'<span class="rt-voices">{html.voices(claim.voices)}</span> {mentions}'
    return (
        f'<article class="rt-claim"><div><div class="rt-row rt-tight">{html.chip(claim.status)}{moved}</div>'
        f'<p class="rt-claim-text">{html.claim_link(claim.claim_id, claim.claim)}</p>'
        f'<p class="rt-soft rt-small">{first}</p>{_worth(claim) if explained else ""}'
        f'<div class="rt-row rt-tight rt-tags">{tags}</div></div>'
        f'<div class="rt-balance"><div>{weight}</div>'
        f"{html.bar(*numbers)}{html.counts(*numbers)}</div></article>"
    )


def _match(claim: rows.ListedClaim) -> str:
    """Why a search shows the claim."""
    if claim.by_words is None:
        return ""
    words = "holds the words" if claim.by_words else "means something close"
    return f'<span class="rt-match{"" if claim.by_words else " rt-close"}">{words}</span>'


def _worth(claim: rows.ListedClaim) -> str:
    """The signs that put the claim where it stands in the order of check-worthiness."""
    parts = (why.partition(": ") for why in claim.checkworthy_why or ())
    told = "&nbsp;· ".join(f"{line(part, 40)} ({html.text(words, 120)})" for part, _, words in parts)
    return f'<p class="rt-soft rt-small">Worth a check? {told}</p>' if told else ""


def _since(claim: rows.ListedClaim) -> str:
    moved = (
        f"{'moved' if claim.moved_is_said else 'judged'} {when(claim.last_moved_at, clock=False)}"
        if claim.last_moved_at
        else ""
    )
    if claim.event_at and claim.event_precision != "unknown":
        moved += f" · speaks of {date_words(claim.event_at, 'day' if claim.event_precision == 'second' else claim.event_precision)}"
    return moved


def _who(claim: rows.ListedClaim) -> str:
    speaker = html.text(claim.first_speaker, 80) if claim.first_speaker else "nobody named"
    if not claim.first_source or claim.first_source == claim.first_speaker:
        return speaker
    return f"{speaker}, in {line(claim.first_source, 80)}"
