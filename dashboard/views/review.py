"""Review: the questions to editors, one at a time, each decided with one key."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.auth import identity
from dashboard.components import evidence_card, filters, html
from dashboard.components.filters import PAGE
from dashboard.data import queries
from dashboard.data import review as rows
from dashboard.data.queries import Copy
from dashboard.editing import dialogs
from dashboard.editing.service import Desk
from pipeline.core.errors import DataError
from pipeline.core.text import counted
from pipeline.core.vocabulary import DecisionKind, Stance

UNSURE = 0.7  # the model's calibrated probability below which a stance is asked about
QUEUES = {"pairs": "Nearly the same claim", "stances": "Unsure stances", "turning": "About to change"}
READ = "read in context on the page Review"
AROUND = 280  # characters of the text before and after a quote

_STANCE_KEYS = {Stance.SUPPORTS: "s", Stance.DENIES: "d", Stance.QUESTIONS: "q", Stance.REPORTS: "p"}
_html = html.Template("views/review.html", said_by=evidence_card.said_by, second=evidence_card.second)


def show(copy: Copy, desk: Desk | None) -> None:
    """Draw the page for the editor of `desk`; a reader is shown where to sign in."""
    st.set_page_config(page_title="Review · Rumortrail")
    st.html(_html.heading())
    if desk is None:
        st.html(_html.readers())
        identity.offer_provider()
        return
    dialogs.told(desk)
    waiting = desk.waiting(copy)
    decided = {
        "pairs": [
            " ".join(sorted((entry.target, entry.value)))
            for entry in waiting
            if entry.kind in (DecisionKind.MERGE, DecisionKind.APART) and entry.value
        ],
        "mentions": [entry.target for entry in waiting if entry.kind is DecisionKind.STANCE],
    }
    skipped = st.session_state.setdefault("later", {"pairs": 0, "stances": 0, "turning": 0})
    now = queries.published_at(copy) or datetime(1970, 1, 1)  # noqa: DTZ001  # the copy holds UTC without a zone
    bounds = {"now": now, "voices": desk.config.judge.corroborating_voices}
    sizes = queries.read(copy, rows.Sizes, "review", "sizes", **decided, unsure=UNSURE, **bounds)[0]
    queue = filters.pick_one("queue", "Queue", QUEUES, page="p")
    counts = " · ".join(f"{getattr(sizes, name):,} {words.lower()}" for name, words in QUEUES.items())
    st.html(_html.waiting(counts))
    queue_size = getattr(sizes, queue)
    offset = min(skipped[queue], max(queue_size - 1, 0))
    if not queue_size:
        st.html(html.empty("Nothing is waiting here", "What the next night leaves open will be listed here."))
    elif queue == "pairs":
        parameters = {"pairs": decided["pairs"], "limit": 1, "offset": offset}
        _pair(copy, desk, queries.read(copy, rows.GreyPair, "review", "pairs", **parameters)[0])
    elif queue == "stances":
        parameters = {"mentions": decided["mentions"], "unsure": UNSURE, "limit": 1, "offset": offset}
        _stance(copy, desk, queries.read(copy, rows.UnsureStance, "review", "stances", **parameters)[0])
    else:
        page = filters.number("p")
        page_parameters = {**bounds, "limit": PAGE, "offset": (page - 1) * PAGE}
        for claim in queries.read(copy, rows.Turning, "review", "turning", **page_parameters):
            _turning(copy, desk, claim)
        filters.turn(sizes.turning, page="p")
    if st.user.get("is_logged_in"):
        st.button("Sign out of your organisation", on_click=st.logout, type="tertiary")
    if waiting:
        title = f"{counted(len(waiting), 'decision')} waiting"
        st.html(html.section(title, "The next run carries them out."))
        dialogs.waiting(copy, desk, waiting)


def _later(queue: str) -> None:
    st.session_state["later"][queue] += 1


def _later_button(queue: str) -> None:
    st.button("Later", key=f"later-{queue}", shortcut="l", type="tertiary", on_click=_later, args=(queue,))


def _pair(copy: Copy, desk: Desk, pair: rows.GreyPair) -> None:
    sides = [
        (pair.claim_id, pair.claim, pair.status, pair.voices, pair.mentions),
        (pair.other_id, pair.other, pair.other_status, pair.other_voices, pair.other_mentions),
    ]
    words = queries.read(copy, rows.Words, "review", "words", claims=[side[0] for side in sides])
    quoted = [(*side, [quote for quote in words if quote.claim_id == side[0]]) for side in sides]
    st.html(_html.pair(f"{pair.score:.0%}", f"{desk.config.cluster.same:.0%}", quoted))
    why = _why()
    with st.container(horizontal=True):
        if st.button("One claim: merge", key="merge", shortcut="m"):
            _write(copy, desk, DecisionKind.MERGE, pair.other_id, pair.claim_id, why)
        if st.button("Two claims: keep apart", key="apart", shortcut="a"):
            target, other = sorted((pair.claim_id, pair.other_id))
            _write(copy, desk, DecisionKind.APART, target, other, why)
        _later_button("pairs")
    st.html(_html.merged())


def _stance(copy: Copy, desk: Desk, item: rows.UnsureStance) -> None:
    before = item.whole[max(0, item.start_char - AROUND) : item.start_char]
    after = item.whole[item.end_char : item.end_char + AROUND]
    st.html(_html.stance_of(item, before, after, AROUND))
    why = _why()
    with st.container(horizontal=True):
        for stance, key in _STANCE_KEYS.items():
            agrees = stance == item.machine_stance
            if st.button(
                str(stance).capitalize(),
                key=f"stance-{stance}",
                shortcut=key,
                type="primary" if agrees else "secondary",
            ):
                _write(copy, desk, DecisionKind.STANCE, item.mention_id, str(stance), why)
        _later_button("stances")


def _turning(copy: Copy, desk: Desk, claim: rows.Turning) -> None:
    st.html(_html.turning(claim))
    if st.button("Decide …", key=f"decide-{claim.claim_id}", type="tertiary", icon=":material/edit:"):
        dialogs.decide_claim(copy, desk, claim.claim_id, claim.claim)


def _why() -> str:
    return st.text_input("Why (optional)", key="why", placeholder=READ, max_chars=500).strip() or READ


def _write(copy: Copy, desk: Desk, kind: DecisionKind, target: str, value: str, why: str) -> None:
    try:
        decision = desk.decide(copy, kind, target, value, why)
    except DataError as error:
        dialogs.refused(error)
        return
    st.session_state.pop("why", None)
    dialogs.tell(f"{dialogs.DONE_WORDS[kind]}.", decision)
    st.rerun()
