"""One claim, as known on any day: its status and why, who said it first, how it moved, its evidence."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard.components import html, layout
from dashboard.data import queries
from dashboard.data.claim import Day
from dashboard.data.queries import Copy
from dashboard.editing import dialogs
from dashboard.editing.service import Desk
from dashboard.views.claim import (
    as_of,
    context,
    downloads,
    edits,
    evidence,
    header,
    provenance,
    releases,
    resolution,
    timeline,
)
from pipeline.published.claim_rows import About, Claim, InStory
from pipeline.text.sanitize import words


def show(copy: Copy, desk: Desk | None = None) -> None:
    """Draw the page of the claim that the address names by `id`, as of the day that it names by `asof`.

    An editor at `desk` may decide, as of now.
    """
    claim_id = st.query_params.get("id", "")
    claim = queries.claim(copy, claim_id) if claim_id else None
    if claim is None:
        st.set_page_config(page_title="Claim · Rumortrail")
        _absent(copy, claim_id)
        return
    st.set_page_config(page_title=f"{words(claim.claim, 80)} · Rumortrail")
    days = queries.read(copy, Day, "claim", "days", claim_id=claim_id)
    top = st.container()
    known = as_of.picker(copy, claim_id, days)
    known_claim = known.claim()
    story = next(iter(known.read(InStory, "story")), None)
    about = known.read(About, "about")
    top.html(header.title(claim, about, story) + as_of.banner(known, claim.mentions, known_claim))
    if not known_claim.mentions and not known_claim.followed_by:
        return
    moves = known.moves()
    st.html(header.why(known, known_claim, moves))
    if desk and known.day is None:
        _decide(copy, desk, claim)
    if not known_claim.mentions:
        context.decisions(known)
        downloads.show(known)
        return
    timeline.show(known, known_claim, moves)
    context.decisions(known)
    context.joins(known)
    context.rivals(known, known_claim)
    resolution.show(known)
    releases.show(known, known_claim)
    evidence.show(known, editor=bool(desk) and known.day is None)
    provenance.show(known)
    edits.show(known)
    context.outages(known)
    downloads.show(known)


def _decide(copy: Copy, desk: Desk, claim: Claim) -> None:
    dialogs.told(desk)
    with st.container(horizontal=True):
        if st.button("Decide about this claim …", key="decide-claim", shortcut="e", icon=":material/edit:"):
            dialogs.decide_claim(copy, desk, claim.claim_id, claim.claim)
    if mention := st.query_params.get(dialogs.ADDRESS):
        dialogs.decide_mention(copy, desk, mention)
    dialogs.waiting_for(copy, desk, claim.claim_id)


def _absent(copy: Copy, claim_id: str) -> None:
    heir_id = queries.merged_into(copy, claim_id) if claim_id else None
    target = queries.claim(copy, heir_id) if heir_id else None
    if target:
        by_machine = queries.joined(copy, claim_id)
        joining, joiner = ("joined to", "A model") if by_machine else ("merged into", "An editor")
        st.html(
            html.empty(
                f"This claim was {joining} another",
                Markup("{} found that both say the same: {}").format(
                    joiner, html.claim_link(target.claim_id, target.claim)
                ),
            )
        )
        st.html('<p><a class="rt-in" href="claims">All claims</a></p>')
    else:
        layout.unknown("claim", claim_id, "claims", "All claims")
