"""One claim: where it stands and why, who said it first, how it moved, and every piece of evidence."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import cards, charts, editing, frame, pieces, queries
from dashboard.clock import date_words, when
from dashboard.desk import Desk
from dashboard.queries import LISTED, POINTS, REPEATS, VOICES, Copy
from dashboard.rows import claim as rows
from pipeline.harmless import safe, words


def show(copy: Copy, desk: Desk | None = None) -> None:
    """Draw the page of the claim that the address names by `id`; an editor at `desk` may decide."""
    claim_id = st.query_params.get("id", "")
    claim = queries.claim(copy, claim_id) if claim_id else None
    if claim is None:
        st.set_page_config(page_title="Claim · Rumortrail")
        _absent(copy, claim_id)
        return
    st.set_page_config(page_title=f"{words(claim.claim, 80)} · Rumortrail")
    moves = queries.read(copy, rows.Move, "claim", "moves", claim_id=claim_id)
    first = queries.read(copy, rows.FirstWords, "claim", "first", claim_id=claim_id)
    st.html(_head(claim) + _why(claim, moves, first))
    if desk:
        _decide(copy, desk, claim)
    _chart(copy, claim, moves)
    _decisions(copy, claim_id)
    _rivals(copy, claim_id)
    _evidence(copy, claim)
    _provenance(copy, claim_id)
    _history(copy, claim_id)


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


def _head(claim: rows.Claim) -> str:
    about = dict.fromkeys([pieces.spaced(claim.kind), *claim.organisations[:4], *claim.entities[:6]])
    up = '<a class="rt-in rt-soft" href="claims">All claims</a>'
    return (
        '<div class="rt-head"><div class="rt-row rt-tight rt-small">'
        f"{up}{''.join(map(pieces.tag, about))}</div>"
        f"<h1>{pieces.text(claim.claim, 1_000)}</h1></div>"
    )


def _why(claim: rows.Claim, moves: list[rows.Move], first: list[rows.FirstWords]) -> str:
    reason = pieces.paragraph(claim.reason) if claim.reason else "It has not been judged yet."
    change = (
        '<p class="rt-label" style="margin-top:1.1rem">What would change it</p><p>'
        f"{pieces.paragraph(claim.would_change)}</p>"
        if claim.would_change
        else ""
    )
    moved = f'<span class="rt-soft rt-small">since {_since(moves[-1])}</span>' if moves else ""
    return (
        f'<div class="rt-why {pieces.state(claim.status)}"><div><div '
        f'class="rt-row">{pieces.chip(claim.status, big=True)}{moved}</div>'
        f'<p class="rt-reason">{reason}</p>{change}{_facts(claim)}</div>'
        f"{''.join(map(cards.first, first))}</div>"
    )


def _facts(claim: rows.Claim) -> str:
    score = (
        ""
        if claim.score is None
        else (
            f'<div class="rt-fact"><span class="rt-label">Support</span><b>{claim.score:.2f}</b>'
            '<span class="rt-meter" aria-hidden="true"><span style="width: '
            f'{claim.score:.0%}"></span></span><span class="rt-soft rt-small">0 to '
            "1, from voices for and against</span></div>"
        )
    )
    numbers = (claim.supports, claim.denies, claim.questions, claim.reports)
    mentions = pieces.plural(claim.mentions, "mention")
    heard = (
        "carries it, however often repeated"
        if claim.voices == 1 < claim.mentions
        else f"carry it, in {mentions}"
    )
    date = ""
    if claim.event_at and claim.event_precision != "unknown":
        shown = date_words(
            claim.event_at, "day" if claim.event_precision == "second" else claim.event_precision
        )
        date = f'<div class="rt-fact"><span class="rt-label">It speaks of</span><b>{shown}</b></div>'
    return (
        '<div class="rt-facts"><div class="rt-fact"><span class="rt-label">'
        f'Independent voices</span><b>{claim.voices:,}</b><span class="rt-soft '
        f'rt-small">{heard}</span></div>'
        f'{score}<div class="rt-fact"><span class="rt-label">Mentions</span>'
        f"{pieces.bar(*numbers)}{pieces.counts(*numbers)}</div>{date}</div>"
    )


def _chart(copy: Copy, claim: rows.Claim, moves: list[rows.Move]) -> None:
    points = queries.read(copy, rows.Point, "claim", "points", claim_id=claim.claim_id, limit=POINTS)
    title = charts.finding(claim, moves, points)
    cut = f" Of {claim.mentions:,} mentions the chart shows {POINTS:,}." if claim.mentions > POINTS else ""
    st.html(pieces.section(safe(title), _key(points) + cut))
    until = _published(copy) or claim.last_seen_at
    chart = charts.timeline(claim, moves, points, until=until, dark=st.context.theme.type == "dark")
    st.altair_chart(chart, theme=None, alt=f"Timeline. {title}")
    if moves:
        st.html(f'<ul class="rt-plain rt-moves">{"".join(map(_move, reversed(moves)))}</ul>')


def _key(points: list[rows.Point]) -> str:
    lanes = "".join(
        pieces.stance(lane) for lane in charts.LANES if any(point.stance == lane for point in points)
    )
    hollow = (
        ", hollow: time unknown, placed where we saw it"
        if any(point.said_at is None for point in points)
        else ""
    )
    return (
        f'<span class="rt-row">{lanes}<span class="rt-small">large: a voice’s first '
        f"word, small: a repetition{hollow}</span></span>"
    )


def _since(move: rows.Move) -> str:
    return when(move.at) if move.at_is_said else f"an unknown time; judged so {when(move.at)}"


def _move(move: rows.Move) -> str:
    return (
        f'<li><div class="rt-row rt-tight">{pieces.chip(move.status)}<span '
        f'class="rt-soft rt-small">since {_since(move)}</span></div><p>'
        f"{pieces.paragraph(move.reason)}</p></li>"
    )


def _published(copy: Copy) -> datetime | None:
    try:
        return datetime.fromisoformat(queries.meta(copy).get("published_at", "")).replace(tzinfo=None)
    except ValueError:
        return None


def _decisions(copy: Copy, claim_id: str) -> None:
    found = queries.read(copy, rows.EditorSaid, "claim", "decisions", claim_id=claim_id)
    if found:
        items = "".join(
            f"<li>{pieces.tag(item.kind)} "
            f"{pieces.text(item.value, 80) if item.value else ''} by <b>"
            f"{pieces.text(item.editor, 80)}</b>: {pieces.text(item.reason, 600)} "
            f'<span class="rt-soft rt-small">{when(item.decided_at)}</span></li>'
            for item in found
        )
        st.html(
            pieces.section(
                "What editors decided", "A person’s word stands beside the machine’s, and both stay visible."
            )
            + f'<ul class="rt-plain rt-trail">{items}</ul>'
        )


def _rivals(copy: Copy, claim_id: str) -> None:
    found = queries.read(copy, rows.Rival, "claim", "rivals", claim_id=claim_id)
    if found:
        items = "".join(
            f'<li><div class="rt-row rt-tight">{pieces.chip(item.status)}<b>'
            f"{pieces.claim_link(item.rival_id, item.claim)}</b>"
            f'<span class="rt-soft rt-small">{pieces.voices(item.voices)}</span>'
            '</div><span class="rt-soft">Differs in '
            f"{pieces.text(pieces.spaced(item.slot), 60)}: "
            f"{pieces.text(item.words, 300)}</span></li>"
            for item in found
        )
        st.html(
            pieces.section(
                "Rival claims", "They look alike, differ in what stands below, and are kept apart."
            )
            + f'<ul class="rt-plain rt-trail">{items}</ul>'
        )


def _evidence(copy: Copy, claim: rows.Claim) -> None:
    st.html(
        pieces.section(
            "Evidence, by voice",
            "Who repeats a voice adds none: repetitions are folded under the voice that they repeat.",
        )
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        stances = st.pills(
            "Stance",
            pieces.STANCES,
            selection_mode="multi",
            key="stance",
            bind="query-params",
            label_visibility="collapsed",
            on_change=_first_page,
        )
        newest = st.toggle("Newest first", key="newest", bind="query-params", on_change=_first_page)
    page = max(1, int(st.session_state.get("v") or 1))
    asked = {"claim_id": claim.claim_id, "stances": stances}
    heads = queries.read(
        copy, rows.Voice, "claim", "voices", **asked, newest=newest, limit=VOICES, offset=(page - 1) * VOICES
    )
    found = queries.read(
        copy, rows.Card, "claim", "evidence", **asked, voices=[head.voice_key for head in heads], each=REPEATS
    )
    st.html(
        "".join(
            cards.voice(head, [card for card in found if card.voice_key == head.voice_key]) for head in heads
        )
        or pieces.empty(
            "No such evidence",
            "Nothing that is stored takes this stance, or the page lies behind the last one.",
        )
    )
    pages = -(-heads[0].total // VOICES) if heads else page
    if pages > 1:
        st.pagination(pages, key="v", bind="query-params")


def _first_page() -> None:
    st.session_state["v"] = 1


def _provenance(copy: Copy, claim_id: str) -> None:
    found = queries.read(copy, rows.Taken, "claim", "provenance", claim_id=claim_id, limit=LISTED)
    if found:
        total = found[0].total
        cut = f" The first {LISTED:,} of {total:,} are shown." if total > LISTED else ""
        lead = (
            f"{pieces.plural(total, 'sign')} that one document follows another, and "
            f"the words that show it.{cut}"
        )
        st.html(
            pieces.section("Who took it from whom", lead)
            + f'<ul class="rt-plain rt-trail">{"".join(map(cards.taken, found))}</ul>'
        )


def _history(copy: Copy, claim_id: str) -> None:
    found = queries.read(copy, rows.Change, "claim", "history", claim_id=claim_id)
    if found:
        st.html(
            pieces.section(
                "Edited and deleted",
                "What became of the documents behind this claim since we first saw them.",
            )
            + f'<ul class="rt-plain rt-trail">{"".join(map(cards.change, found))}</ul>'
        )
