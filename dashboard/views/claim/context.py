"""What stands around a claim: its rivals, the sources that could not be read while it moved, and what editors decided."""

from __future__ import annotations

import streamlit as st

from dashboard.components import html
from dashboard.components.filters import LISTED
from dashboard.components.times import when
from dashboard.views.claim.as_of import Known
from pipeline.published.claim import OUTAGES
from pipeline.published.claim_rows import Claim, Decision, Outage, Rival


def rivals(known: Known, claim: Claim) -> None:
    """Claims that look alike and differ in a slot, side by side with this one."""
    found = known.read(Rival, "rivals")
    if not found:
        return
    own = (
        f'<li class="rt-own"><p class="rt-label">This claim</p><p class="rt-rival">{html.text(claim.claim, 300)}</p>'
        f'<div class="rt-row rt-tight">{html.chip(claim.status)}<span class="rt-small">{html.voices(claim.voices)}</span></div></li>'
    )
    others: dict[str, list[Rival]] = {}
    for one in found:
        others.setdefault(one.rival_id, []).append(one)
    items = "".join(_rival(known, alike) for alike in others.values())
    heading = html.section("Rival claims", "They look alike, differ in what is named, and are kept apart.")
    st.html(f'{heading}<ul class="rt-plain rt-rivals">{own}{items}</ul>')


def blind_spots(known: Known) -> None:
    """Sources that bear on the claim and could not be read while it moved: silence that is ours."""
    found = known.read(Outage, "outages")
    if not found:
        return
    items = "".join(
        f"<li><b>{html.source_link(one.feed, one.source)}</b> {html.tag(one.bears_as)} "
        f"{OUTAGES.get(one.kind) or html.text(html.spaced(one.kind), 40)}"
        f"{f': {html.text(one.message, 200)}' if one.message else ''}<br>"
        f'<span class="rt-soft rt-small">from {when(one.since)} '
        f"{f'to {when(one.until)}' if one.until else 'on; it lasts'}</span></li>"
        for one in found
    )
    heading = html.section(
        "What we could not read",
        "Sources that bear on this claim and failed while it moved. What they published then may be missing here.",
    )
    st.html(f'{heading}<ul class="rt-plain rt-trail">{items}</ul>')


def decisions(known: Known) -> None:
    """What editors decided, each with what the machine says of the same."""
    found = [one for one in known.read(Decision, "decisions") if not one.undone_at][:LISTED]
    if not found:
        return
    heading = html.section("What editors decided", "Their decision stands beside the machine’s, and both stay visible.")
    st.html(f'{heading}<ul class="rt-plain rt-trail">{"".join(map(_decision, found))}</ul>')


def _rival(known: Known, alike: list[Rival]) -> str:
    one = alike[0]
    slots = "".join(
        f'<p class="rt-small"><span class="rt-soft">differs in {html.text(html.spaced(rival.slot), 60)}:</span> '
        f"{html.text(rival.words, 300)}</p>"
        for rival in alike
    )
    return (
        f'<li><p class="rt-label">Rival</p><p class="rt-rival">{known.link(one.rival_id, one.claim)}</p>'
        f'<div class="rt-row rt-tight">{html.chip(one.status)}<span class="rt-small">{html.voices(one.voices)}</span></div>{slots}</li>'
    )


def _decision(one: Decision) -> str:
    value = f" {html.text(html.spaced(one.value), 80)}" if one.value else ""
    beside = f'; the machine says “{html.text(html.spaced(one.machine), 40)}”' if one.machine else ""
    quote = f"<br><q>{html.text(one.quote, 240)}</q>" if one.quote else ""
    return (
        f"<li>{html.tag(one.kind)}{value} by <b>{html.text(one.editor, 80)}</b>{beside}: "
        f"{html.text(one.reason, 600)} "
        f'<span class="rt-soft rt-small">{when(one.decided_at)}</span>{quote}</li>'
    )
