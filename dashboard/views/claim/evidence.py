"""The evidence of a claim by voice, filtered and paged by the address."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import streamlit as st

from dashboard.components import evidence_card, html
from dashboard.data import claim as rows
from dashboard.editing import dialogs
from dashboard.views.claim.as_of import Known
from pipeline.published.claim_rows import Evidence

VOICES, REPEATS = 12, 15  # voices of one stance, and mentions of one voice, that are shown


def show(known: Known, *, editor: bool = False) -> None:
    """Draw one page of the voices; an editor may decide about each mention."""
    st.html(
        html.section(
            "Evidence, by voice",
            "A repetition adds no voice: it is folded under the voice that it repeats.",
        )
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        stances = st.pills(
            "Stance",
            html.STANCES,
            selection_mode="multi",
            key="stance",
            bind="query-params",
            label_visibility="collapsed",
            on_change=_first_page,
        )
        newest = st.toggle("Newest first", key="newest", bind="query-params", on_change=_first_page)
    page = max(1, int(st.session_state.get("v") or 1))
    heads = known.read(
        rows.Voice, "voices", stances=stances, newest=newest, limit=VOICES, offset=(page - 1) * VOICES
    )
    evidence_cards = read(known, [head.voice_key for head in heads], stances)
    desk = f"claim?id={quote(known.claim_id, safe='')}&{dialogs.ADDRESS}=" if editor else ""
    st.html(
        "".join(
            evidence_card.voice(
                head, [card for card in evidence_cards if card.voice_key == head.voice_key], desk
            )
            for head in heads
        )
        or html.empty(
            "No such evidence",
            "Nothing that is stored takes this stance, or the number of the page is too high.",
        )
    )
    pages = -(-heads[0].total // VOICES) if heads else page
    if pages > 1:
        st.pagination(pages, key="v", bind="query-params")


def read(known: Known, voices: list[str], stances: list[str], each: int = REPEATS) -> list[Evidence]:
    """Return the cards of some voices, at most `each` of one, in the order in which each voice's stand."""
    placed = {
        mention.mention_id: mention
        for mention in known.read(rows.Placed, "placed", stances=stances, voices=voices, each=each)
    }
    cards = known.read(
        Evidence,
        "evidence",
        mentions=sorted(placed),
        documents=sorted({mention.document_id for mention in placed.values()}),
        around=evidence_card.AROUND,
    )
    cards.sort(key=lambda card: placed[card.mention_id].place)
    return [replace(card, independent=placed[card.mention_id].speaks) for card in cards]


def _first_page() -> None:
    st.session_state["v"] = 1
