"""One claim: where it stands and why, who said it first, how it moved, and every piece of evidence, as known on any day."""

from __future__ import annotations

import streamlit as st

from dashboard import editing, frame, pieces, queries
from dashboard.claim import around, asof, edits, evidence, handout, head, picture, release, trail
from dashboard.desk import Desk
from dashboard.queries import Copy
from dashboard.rows import claim as rows
from pipeline.harmless import words


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
    days = queries.read(copy, rows.Day, "claim", "days", claim_id=claim_id)
    top = st.container()
    known = asof.picker(copy, claim_id, days)
    tally = known.read(rows.Tally, "tally")[0]
    then = asof.claim_then(claim, known, tally)
    top.html(head.title(claim) + asof.banner(known, claim.mentions, then))
    if not then.mentions:
        return
    moves = known.read(rows.Move, "moves")
    st.html(head.why(known, then, moves))
    if desk and known.day is None:
        _decide(copy, desk, claim)
    picture.show(known, then, moves, tally)
    around.decisions(known)
    around.rivals(known, then)
    release.show(known, then)
    evidence.show(known, editor=bool(desk) and known.day is None)
    trail.show(known)
    edits.show(known)
    around.blind_spots(known)
    handout.show(known)


def _decide(copy: Copy, desk: Desk, claim: rows.Claim) -> None:
    editing.told(desk)
    with st.container(horizontal=True):
        if st.button("Decide about this claim …", key="decide-claim", shortcut="e", icon=":material/edit:"):
            editing.decide_claim(copy, desk, claim.claim_id, claim.claim)
    if mention := st.query_params.get(editing.ADDRESS):
        editing.decide_mention(copy, desk, mention)
    editing.waiting_for(copy, desk, claim.claim_id)


def _absent(copy: Copy, claim_id: str) -> None:
    into = queries.merged_into(copy, claim_id) if claim_id else None
    target = queries.claim(copy, into) if into else None
    if target:
        st.html(
            pieces.empty(
                "This claim was merged into another",
                f"An editor found that both say the same: {pieces.claim_link(target.claim_id, target.claim)}",
            )
        )
    else:
        frame.unknown("claim", claim_id)
    st.html('<p><a class="rt-in" href="claims">All claims</a></p>')
