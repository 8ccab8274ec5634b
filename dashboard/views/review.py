"""Review: what editors are asked, one thing at a time, each decided with one key."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.auth import identity
from dashboard.components import evidence_card, filters, html
from dashboard.components.times import by_day, date_words, when
from dashboard.data import queries
from dashboard.data import review as rows
from dashboard.data.queries import PAGE, Copy
from dashboard.editing import dialogs
from dashboard.editing.service import Desk
from pipeline.core.errors import DataError
from pipeline.core.records import DecisionKind, Stance
from pipeline.text.sanitize import link, marked, safe

UNSURE = 0.7  # the model's certainty below which a stance is asked about; a share of its calibrated probability
QUEUES = {"pairs": "Nearly one claim", "stances": "Unsure stances", "turning": "About to change"}
READ = "read in context on the page Review"
AROUND = 280  # characters of the text before and after a quote

_STANCE_KEYS = {Stance.SUPPORTS: "s", Stance.DENIES: "d", Stance.QUESTIONS: "q", Stance.REPORTS: "p"}


def show(copy: Copy, desk: Desk | None) -> None:
    """Draw the page for the editor at `desk`; a reader is shown where to sign in."""
    st.set_page_config(page_title="Review · Rumortrail")
    st.html(
        '<h1>Review</h1><p class="rt-lead">What the machine could not tell. Each decision goes into the journal under '
        "your name; the next run obeys it, and the machine’s own view stays beside it.</p>"
    )
    if desk is None:
        words = 'Reading needs no account; deciding does. <a href="sign-in?next=review" target="_self">Sign in as an editor</a>'
        st.html(html.empty("This page is for editors", words))
        if identity.has_provider():
            st.button("Sign in with your organisation", on_click=st.login, type="primary")
        return
    dialogs.told(desk)
    waiting = desk.waiting(copy)
    done = {
        "pairs": [
            " ".join(sorted((one.target, one.value)))
            for one in waiting
            if one.kind in (DecisionKind.MERGE, DecisionKind.APART) and one.value
        ],
        "mentions": [one.target for one in waiting if one.kind is DecisionKind.STANCE],
    }
    later = st.session_state.setdefault("later", {"pairs": 0, "stances": 0, "turning": 0})
    bounds = {"now": queries.published_at(copy) or datetime(1970, 1, 1), "voices": desk.config.judge.corroborating_voices}  # noqa: DTZ001  # the copy holds UTC without a zone
    sizes = queries.read(copy, rows.Sizes, "review", "sizes", **done, unsure=UNSURE, **bounds)[0]
    queue = filters.one("queue", "Queue", QUEUES, page="p")
    counts = " · ".join(f"{getattr(sizes, name):,} {words.lower()}" for name, words in QUEUES.items())
    st.html(f'<p class="rt-soft rt-small" role="status">Waiting: {counts}</p>')
    left = getattr(sizes, queue)
    offset = min(later[queue], max(left - 1, 0))
    if not left:
        st.html(html.empty("Nothing is waiting here", "What comes up in the next night is put here."))
    elif queue == "pairs":
        _pair(copy, desk, queries.read(copy, rows.GreyPair, "review", "pairs", pairs=done["pairs"], limit=1, offset=offset)[0])
    elif queue == "stances":
        asked = {"mentions": done["mentions"], "unsure": UNSURE, "limit": 1, "offset": offset}
        _stance(copy, desk, queries.read(copy, rows.UnsureStance, "review", "stances", **asked)[0])
    else:
        page = filters.number("p")
        asked = {**bounds, "limit": PAGE, "offset": (page - 1) * PAGE}
        for claim in queries.read(copy, rows.Turning, "review", "turning", **asked):
            _turning(copy, desk, claim)
        filters.turn(sizes.turning, page="p")
    if st.user.get("is_logged_in"):
        st.button("Sign out of your organisation", on_click=st.logout, type="tertiary")
    if waiting:
        st.html(html.section(f"{html.plural(len(waiting), 'decision')} not obeyed yet", "The next run obeys what stands here."))
        dialogs.waiting(copy, desk, waiting)


def _later(queue: str) -> None:
    st.session_state["later"][queue] += 1


def _pair(copy: Copy, desk: Desk, pair: rows.GreyPair) -> None:
    sides = [
        (pair.claim_id, pair.claim, pair.status, pair.voices, pair.mentions),
        (pair.other_id, pair.other, pair.other_status, pair.other_voices, pair.other_mentions),
    ]
    words = queries.read(copy, rows.Words, "review", "words", claims=[side[0] for side in sides])
    shown = "".join(_side(*side, [one for one in words if one.claim_id == side[0]]) for side in sides)
    st.html(
        '<h2>Are these one claim?</h2><p class="rt-soft rt-small">'
        f"The pair model says {pair.score:.0%}; {desk.config.cluster.same:.0%} would have joined them.</p>"
        f'<div class="rt-pair">{shown}</div>'
    )
    why = _why()
    with st.container(horizontal=True):
        if st.button("One claim: merge", key="merge", shortcut="m"):
            _write(copy, desk, DecisionKind.MERGE, pair.other_id, pair.claim_id, why)
        if st.button("Two claims: keep apart", key="apart", shortcut="a"):
            one, other = sorted((pair.claim_id, pair.other_id))
            _write(copy, desk, DecisionKind.APART, one, other, why)
        st.button("Later", key="later-pair", shortcut="l", type="tertiary", on_click=_later, args=("pairs",))
    st.html('<p class="rt-soft rt-small">Merged, the first stands for both. <kbd>u</kbd> takes the last decision back.</p>')


def _side(claim_id: str, claim: str, status: str, voices: int, mentions: int, words: list[rows.Words]) -> str:
    quotes = "".join(
        f'<li><div class="rt-row rt-tight">{html.stance(one.stance)}<span class="rt-soft rt-small">'
        f"{when(one.said_at, one.said_precision)}</span></div>"
        f'<blockquote class="rt-quote" dir="auto">{safe(one.quote, 500)}</blockquote>'
        f'<p class="rt-small">{evidence_card.said_by(one.speaker, one.speaker_role, one.speaker_organisation)}'
        f" in {html.source_link(one.source_id, one.source)}</p></li>"
        for one in words
    )
    return (
        f'<section><div class="rt-row rt-tight">{html.chip(status)}<span class="rt-soft rt-small">'
        f"{html.voices(voices)}, {html.plural(mentions, 'mention')}</span></div>"
        f'<p class="rt-claim-text">{html.claim_link(claim_id, claim)}</p><ul class="rt-plain">{quotes}</ul></section>'
    )


def _stance(copy: Copy, desk: Desk, item: rows.UnsureStance) -> None:
    before = item.whole[max(0, item.start_char - AROUND) : item.start_char]
    after = item.whole[item.end_char : item.end_char + AROUND]
    st.html(
        "<h2>Where does this stand?</h2>"
        f'<p class="rt-soft rt-small">The model reads “{html.text(item.machine_stance, 40)}”, {item.confidence:.0%} sure.</p>'
        f'<div class="rt-row rt-tight">{html.chip(item.status)}</div>'
        f'<p class="rt-claim-text">{html.claim_link(item.claim_id, item.claim)}</p>'
        f'<blockquote class="rt-quote rt-around" dir="auto"><span>{safe(before, AROUND)}</span>'
        f"<b>{marked(item.quote, item.cues)}</b><span>{safe(after, AROUND)}</span></blockquote>"
        f'<p class="rt-small">{evidence_card.said_by(item.speaker, item.speaker_role, item.speaker_organisation)} in '
        f"{html.source_link(item.source_id, item.source)}, {when(item.said_at, item.said_precision)} · {link(item.url)}</p>"
    )
    why = _why()
    with st.container(horizontal=True):
        for stance, key in _STANCE_KEYS.items():
            agrees = stance == item.machine_stance
            if st.button(str(stance).capitalize(), key=f"stance-{stance}", shortcut=key, type="primary" if agrees else "secondary"):
                _write(copy, desk, DecisionKind.STANCE, item.mention_id, str(stance), why)
        st.button("Later", key="later-stance", shortcut="l", type="tertiary", on_click=_later, args=("stances",))


def _turning(copy: Copy, desk: Desk, claim: rows.Turning) -> None:
    if claim.why == "deadline" and claim.event_at:
        why = f"The time it speaks of is near: {date_words(claim.event_at, by_day(claim.event_precision))}."
    else:
        why = "One more independent voice would corroborate it."
    st.html(
        f'<div class="rt-row rt-tight">{html.chip(claim.status)}<span class="rt-soft rt-small">{html.voices(claim.voices)}, '
        f"{html.plural(claim.mentions, 'mention')}</span></div>"
        f'<p class="rt-claim-text">{html.claim_link(claim.claim_id, claim.claim)}</p>'
        f'<p class="rt-small">{why} <span class="rt-soft">{html.paragraph(claim.would_change or "", 400)}</span></p>'
    )
    if st.button("Decide …", key=f"decide-{claim.claim_id}", type="tertiary", icon=":material/edit:"):
        dialogs.decide_claim(copy, desk, claim.claim_id, claim.claim)


def _why() -> str:
    return st.text_input("Why (optional)", key="why", placeholder=READ, max_chars=500).strip() or READ


def _write(copy: Copy, desk: Desk, kind: DecisionKind, target: str, value: str, why: str) -> None:
    try:
        made = desk.decide(copy, kind, target, value, why)
    except DataError as error:
        dialogs.refused(error)
        return
    st.session_state.pop("why", None)
    dialogs.tell(f"{dialogs.DONE_WORDS[kind]}.", made)
    st.rerun()
