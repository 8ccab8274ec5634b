"""The claims list: search, filters, order and page, all of them held by the address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import streamlit as st

from dashboard import pickers, pieces, queries
from dashboard.clock import date_words, when
from dashboard.queries import PAGE, Copy
from dashboard.rows import claims as rows
from dashboard.rows.runs import Run, RunMove
from pipeline.harmless import line, plain

SORTS = {
    "checkworthy": "Most worth a check",
    "moved": "What moved last",
    "first": "What was said first most lately",
    "voices": "Most independent voices",
    "denied": "Most denied",
    "repeated": "Most repeated",
}

CHECKWORTHY = (
    "First what most deserves a check: it can be checked, is contested, matters, or spreads. "
    "That says nothing of whether it is true."
)

# A widget at its default leaves the address clean.
_DEFAULTS: dict[str, object] = {
    "q": "",
    "status": [],
    "kind": [],
    "org": [],
    "since": None,
    "until": None,
    "single": False,
    "p": 1,
}


def show(copy: Copy) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Claims · Rumortrail")
    if not queries.totals(copy).claims:
        st.html(
            pieces.empty(
                "No claims yet",
                "A night was published, and no claim was found in what it collected.",
                "rumortrail status",
            )
        )
        return
    _heading(copy)
    search = pickers.search(
        "q",
        "Search claims, quotes, speakers and outlets",
        'Search claims, quotes, speakers, outlets: weights "test set"',
        longest=300,
        page="p",
    )
    statuses = st.pills(
        "Status",
        pieces.STATUSES,
        selection_mode="multi",
        key="status",
        bind="query-params",
        label_visibility="collapsed",
        on_change=pickers.first,
        args=("p",),
    )
    kinds, organisations, since, until, single, sort = _filters(copy)
    page = pickers.number("p")
    filters = {
        "search": search,
        "statuses": statuses,
        "kinds": kinds,
        "organisations": organisations,
        "since": since,
        "until": until,
        "single": single,
        "sort": sort,
    }
    found = queries.claims(copy, **filters, page=page)  # type: ignore[arg-type]
    if not found and page > 1:
        page, found = 1, queries.claims(copy, **filters)  # type: ignore[arg-type]
    filtered = bool(search or statuses or kinds or organisations or since or until or single)
    explained = sort == "checkworthy"
    _told(found, filtered, page, explained)
    if not found:
        return
    st.html(f'<div class="rt-list">{"".join(_row(claim, explained) for claim in found)}</div>')
    pickers.turn(found[0].total, page="p")


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
        f"{pieces.plural(total, 'claim')} about AI models, followed from who said it "
        "first to where it stands now."
    )
    fresh = f"{new:,} {'was' if new == 1 else 'were'} new" if new else "none was new"
    told = f'Last night <a class="rt-in" href="runs">{moved:,} moved and {fresh}</a>.'
    night = f" {told}" if moved or new else ""
    st.html(f'<h1>Claims</h1><p class="rt-lead">{lead}{night}</p>')


def _total(moves: list[RunMove]) -> int:
    return moves[0].total if moves else 0


def _filters(copy: Copy) -> tuple[list[str], list[str], datetime | None, datetime | None, bool, str]:
    with st.sidebar:
        st.html('<p class="rt-label">Order and filters</p>')
        sort = pickers.order("sort", SORTS, page="p")
        kind = pickers.several("kind", "Kind", pieces.KINDS, pieces.spaced, page="p")
        organisation = pickers.several("org", "Organisation", queries.organisations(copy), plain, page="p")
        since = _day("since", "Moved from")
        until = _day("until", "Moved until")
        single = st.toggle(
            "Single voice only",
            key="single",
            bind="query-params",
            help="Claims that rest on one independent voice or none, however often they are repeated.",
            on_change=pickers.first,
            args=("p",),
        )
    return kind, organisation, _midnight(since), _midnight(until, 1), single, sort


def _day(key: str, label: str) -> object:
    return st.date_input(
        label, None, key=key, bind="query-params", format="YYYY-MM-DD", on_change=pickers.first, args=("p",)
    )


def _midnight(day: object, plus: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=plus), time()) if isinstance(day, date) else None


def _told(found: list[rows.ListedClaim], filtered: bool, page: int, explained: bool) -> None:
    if not found:
        st.html(
            pieces.empty(
                "No claim passes all filters",
                "Try fewer words, or another status. A word finds what begins "
                "with it; “words in quotation marks” stand together.",
            )
        )
    else:
        first = (page - 1) * PAGE + 1
        span = f"{first:,} to {first + len(found) - 1:,} of " if found[0].total > PAGE else ""
        count = f"{span}{pieces.plural(found[0].total, 'claim')}. " if filtered or span else ""
        if told := count + CHECKWORTHY * explained:
            st.html(f'<p class="rt-soft rt-small" role="status">{told}</p>')
    if filtered:
        pickers.clear(_DEFAULTS)


def _row(claim: rows.ListedClaim, explained: bool) -> str:
    tags = pieces.tag(pieces.spaced(claim.kind)) + "".join(
        pieces.tag(name) for name in claim.organisations[:3]
    )
    moved = f'<span class="rt-soft rt-small">{_since(claim)}</span>'
    first = (
        "First said "
        f"{when(claim.first_said_at, claim.first_precision or 'unknown', clock=False)} "
        f"by {_who(claim)}"
    )
    numbers = (claim.supports, claim.denies, claim.questions, claim.reports)
    mentions = f'<span class="rt-soft rt-small">in {pieces.plural(claim.mentions, "mention")}</span>'
    weight = f'<span class="rt-voices">{pieces.voices(claim.voices)}</span> {mentions}'
    return (
        f'<article class="rt-claim"><div><div class="rt-row rt-tight">{pieces.chip(claim.status)}{moved}</div>'
        f'<p class="rt-claim-text">{pieces.claim_link(claim.claim_id, claim.claim)}</p>'
        f'<p class="rt-soft rt-small">{first}</p>{_worth(claim) if explained else ""}'
        f'<div class="rt-row rt-tight rt-tags">{tags}</div></div>'
        f'<div class="rt-balance"><div>{weight}</div>'
        f"{pieces.bar(*numbers)}{pieces.counts(*numbers)}</div></article>"
    )


def _worth(claim: rows.ListedClaim) -> str:
    """The signs that put the claim where it stands in the order of check-worthiness."""
    parts = (why.partition(": ") for why in claim.checkworthy_why or ())
    told = "&nbsp;· ".join(f"{line(part, 40)} ({pieces.text(words, 120)})" for part, _, words in parts)
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
    speaker = pieces.text(claim.first_speaker, 80) if claim.first_speaker else "nobody named"
    if not claim.first_source or claim.first_source == claim.first_speaker:
        return speaker
    return f"{speaker}, in {line(claim.first_source, 80)}"
