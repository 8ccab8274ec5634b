"""Sections around a claim: its rivals and joins, sources that could not be read, and editors' decisions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import streamlit as st

from dashboard.components import html
from dashboard.components.filters import LISTED
from dashboard.components.times import when
from dashboard.views.claim.as_of import Known
from pipeline.published.claim import OUTAGES
from pipeline.published.claim_rows import Claim, Decision, Joined, Outage, Rival


def rivals(known: Known, claim: Claim) -> None:
    """Draw the claims that look alike and differ in a slot, side by side with this one."""
    rival_rows = known.read(Rival, "rivals")
    if not rival_rows:
        return
    own = _rival("This claim", html.text(claim.claim, 300), claim)
    # In the order of the statement: a rival's slots are neighbours there.
    groups = [list(group) for _, group in groupby(rival_rows, lambda rival: rival.rival_id)]
    others = "".join(
        _rival("Rival", known.link(group[0].rival_id, group[0].claim), group[0], "".join(map(_slot, group)))
        for group in groups
    )
    lead = "They look alike but name something different, so they are kept apart."
    st.html(f'{html.section("Rival claims", lead)}<ul class="rt-plain rt-rivals">{own}{others}</ul>')


def outages(known: Known) -> None:
    """Draw the sources that bear on the claim and could not be read while it moved."""
    lead = "Sources relevant to this claim that failed while it moved. What they said may be missing here."
    _listed("What we could not read", lead, map(_outage, known.read(Outage, "outages")))


def decisions(known: Known) -> None:
    """Draw the decisions of editors that hold, each with what the machine says of the same."""
    lead = "An editor’s decision stands beside the machine’s reading, and both stay visible."
    holding = [decision for decision in known.decisions() if not decision.undone_at]
    _listed("What editors decided", lead, map(_decision, holding[:LISTED]))


def joins(known: Known) -> None:
    """Draw the claims that the machine joined to this one."""
    lead = "A model found that each sentence implies the other. An editor can take them apart."
    _listed("Joined by the machine", lead, map(_join, known.read(Joined, "joins")[:LISTED]))


def _listed(title: str, lead: str, items: Iterable[str]) -> None:
    if listed := "".join(f"<li>{item}</li>" for item in items):
        st.html(f'{html.section(title, lead)}<ul class="rt-plain rt-trail">{listed}</ul>')


def _rival(label: str, words: str, claim: Claim | Rival, slots: str = "") -> str:
    return (
        f'<li{"" if slots else " class=rt-own"}><p class="rt-label">{label}</p>'
        f'<p class="rt-rival">{words}</p>'
        f'<div class="rt-row rt-tight">{html.chip(claim.status)}'
        f'<span class="rt-small">{html.voices(claim.voices)}</span></div>{slots}</li>'
    )


def _slot(rival: Rival) -> str:
    slot = html.text(html.spaced(rival.slot), 60)
    words = html.text(rival.words, 300)
    return f'<p class="rt-small"><span class="rt-soft">differs in {slot}:</span> {words}</p>'


def _outage(outage: Outage) -> str:
    since = when(outage.since)
    lasted = f"from {since} to {when(outage.until)}" if outage.until else f"since {since}, and still"
    return (
        f"<b>{html.source_link(outage.feed, outage.source)}</b> {html.tag(outage.bears_as)} "
        f"{OUTAGES.get(outage.kind) or html.text(html.spaced(outage.kind), 40)}"
        f"{f': {html.text(outage.message, 200)}' if outage.message else ''}<br>"
        f'<span class="rt-soft rt-small">{lasted}</span>'
    )


def _join(join: Joined) -> str:
    certainty = min(join.forward, join.backward)
    return (
        f"<q>{html.text(join.claim, 300)}</q> <code>{html.text(join.joined_id, 40)}</code><br>"
        f'<span class="rt-soft rt-small">joined {when(join.joined_at)}; probability {certainty:.2f}, '
        f"by {html.text(join.model, 80)}</span>"
    )


def _decision(decision: Decision) -> str:
    value = f" {html.text(html.spaced(decision.value), 80)}" if decision.value else ""
    machine = html.text(html.spaced(decision.machine), 40) if decision.machine else ""
    beside = f"; the machine says “{machine}”" if machine else ""
    quote = f"<br><q>{html.text(decision.quote, 240)}</q>" if decision.quote else ""
    return (
        f"{html.tag(decision.kind)}{value} by <b>{html.text(decision.editor, 80)}</b>{beside}: "
        f"{html.text(decision.reason, 600)} "
        f'<span class="rt-soft rt-small">{when(decision.decided_at)}</span>{quote}'
    )
