"""The dialogs in which an editor decides about a claim or a mention, and what waits for the next run."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components import html
from dashboard.components.times import when
from dashboard.data import queries
from dashboard.data.editing import Named, NamedMention, NearClaim
from dashboard.data.queries import Copy
from dashboard.editing.service import Desk, claim_named
from pipeline.core.errors import DataError
from pipeline.core.records import Decision, DecisionKind, Stance, Status
from pipeline.text.sanitize import line, plain, safe

ADDRESS = "decide"  # the parameter of the address that names the mention in question

KIND_WORDS = {
    DecisionKind.STATUS: "Set its status",
    DecisionKind.MERGE: "Merge it into another",
    DecisionKind.APART: "Keep it apart from another",
    DecisionKind.NOTE: "Add a note",
    DecisionKind.HIDE: "Hide it",
    DecisionKind.STANCE: "Set its stance",
    DecisionKind.MOVE: "Move it to another claim",
    DecisionKind.SPLIT: "Make it a claim of its own",
}
DONE_WORDS = {
    DecisionKind.STATUS: "Status set",
    DecisionKind.MERGE: "Merged",
    DecisionKind.APART: "Kept apart",
    DecisionKind.NOTE: "Noted",
    DecisionKind.HIDE: "Hidden",
    DecisionKind.STANCE: "Stance set",
    DecisionKind.MOVE: "Moved",
    DecisionKind.SPLIT: "Split off",
}
OF_CLAIMS = (DecisionKind.STATUS, DecisionKind.MERGE, DecisionKind.APART, DecisionKind.NOTE, DecisionKind.HIDE)
OF_MENTIONS = (DecisionKind.STANCE, DecisionKind.MOVE, DecisionKind.SPLIT)


def decide_claim(copy: Copy, desk: Desk, claim_id: str, claim: str) -> None:
    """Open the dialog about a claim."""
    _about_claim(copy, desk, claim_id, claim, _near(copy, claim_id))


def decide_mention(copy: Copy, desk: Desk, mention_id: str) -> None:
    """Open the dialog about a mention, if it is there."""
    for one in queries.read(copy, NamedMention, "editing", "mention", mention_id=mention_id):
        _about_mention(copy, desk, one.mention_id, one.quote, _near(copy, one.claim_id or ""))


def _near(copy: Copy, claim_id: str) -> dict[str, str]:
    return {one.claim_id: one.claim for one in queries.read(copy, NearClaim, "editing", "near", claim_id=claim_id)}


@st.dialog("Decide about this claim", width="medium")
def _about_claim(copy: Copy, desk: Desk, claim_id: str, claim: str, near: dict[str, str]) -> None:
    """Ask what is to be decided about a claim; `near` gives the words of claims that are like it, by id."""
    st.html(f'<p class="rt-claim-text">{html.text(claim, 600)}</p>')
    _form(copy, desk, claim_id, OF_CLAIMS, near)


@st.dialog("Decide about this mention", width="medium", on_dismiss=lambda: _close())
def _about_mention(copy: Copy, desk: Desk, mention_id: str, quote: str, near: dict[str, str]) -> None:
    """Ask what is to be decided about a mention."""
    st.html(f'<blockquote class="rt-quote" dir="auto">{safe(quote, 1_200)}</blockquote>')
    _form(copy, desk, mention_id, OF_MENTIONS, near)


def _form(copy: Copy, desk: Desk, target: str, kinds: Sequence[DecisionKind], near: dict[str, str]) -> None:
    kind = st.radio("Decision", kinds, format_func=KIND_WORDS.__getitem__, horizontal=True, label_visibility="collapsed")
    value = _value(kind, near)
    reason = st.text_area(
        "Why", placeholder="Stands beside the decision, for everybody", max_chars=2_000, height=96
    )
    ready = value is not None or kind in (DecisionKind.NOTE, DecisionKind.HIDE, DecisionKind.SPLIT)
    if ready and not _foretold(copy, desk, kind, target, value):
        ready = False
    if st.button("Write it into the journal", type="primary", disabled=not (ready and reason.strip())):
        try:
            made = desk.decide(copy, kind, target, value, reason)
        except DataError as error:
            refused(error)
            return
        tell(f"{DONE_WORDS[kind]}. The next run obeys it.", made)
        _close()
        st.rerun()


def _value(kind: DecisionKind, near: dict[str, str]) -> str | None:
    if kind is DecisionKind.STATUS:
        return st.selectbox("Status", [str(status) for status in Status], index=None, placeholder="Where it stands")
    if kind is DecisionKind.STANCE:
        stances = [str(stance) for stance in Stance]
        return st.segmented_control("Stance", stances, required=False)
    if kind not in (DecisionKind.MERGE, DecisionKind.APART, DecisionKind.MOVE):
        return None
    chosen = st.selectbox(
        "Which claim",
        list(near),
        index=None,
        format_func=lambda claim_id: plain(near.get(claim_id, claim_id), 160),
        placeholder="One that is like it, or the address of any other",
        accept_new_options=True,
    )
    return claim_named(chosen) if chosen else None


def _foretold(copy: Copy, desk: Desk, kind: DecisionKind, target: str, value: str | None) -> bool:
    """Show what the decision will change; False where it cannot be made."""
    try:
        told = desk.foretell(copy, kind, target, value)
    except DataError as error:
        refused(error)
        return False
    lines = "".join(f"<li>{line(one, 400)}</li>" for one in told[1:] or told)
    st.html(f'<div class="rt-foretold"><p class="rt-label">What changes with the next run</p><ul>{lines}</ul></div>')
    return True


def refused(error: DataError) -> None:
    """Say why a decision cannot be made."""
    st.html(f'<p class="rt-refused" role="alert">{line(str(error), 400)}</p>')


def _close() -> None:
    st.query_params.pop(ADDRESS, None)


def tell(words: str, made: Decision | None = None) -> None:
    """Say on the next page that something was written; `made` may be taken back there."""
    st.session_state["told"] = (words, made.decision_id if made else None)


def told(desk: Desk) -> None:
    """What was written last, with a button that takes it back."""
    if not (said := st.session_state.get("told")):
        return
    words, decision_id = said
    with st.container(horizontal=True, vertical_alignment="center", key="told"):
        st.html(f'<p class="rt-told" role="status">{line(words, 200)}</p>', width="content")
        if decision_id and st.button("Undo", key="undo-told", shortcut="u", type="tertiary", icon=":material/undo:"):
            undo(desk, decision_id)
        if st.button("Dismiss", key="dismiss-told", type="tertiary"):
            st.session_state.pop("told")
            st.rerun()


def undo(desk: Desk, decision_id: str) -> None:
    """Take a decision back and say so."""
    desk.undo(decision_id)
    tell("Taken back.")
    st.rerun()


def waiting_for(copy: Copy, desk: Desk, claim_id: str) -> None:
    """What waits for the next run and bears on a claim or on one of its mentions."""
    entries = desk.waiting(copy)
    named = [one.target for one in entries]
    mine = {claim_id}
    mine |= {one.mention_id for one in queries.read(copy, NamedMention, "editing", "among", claim_id=claim_id, mentions=named)}
    waiting(copy, desk, [one for one in entries if mine & {one.target, one.value}])


def waiting(copy: Copy, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Decisions that no run has obeyed yet, each with a button that takes it back."""
    ids = sorted({name for entry in decisions for name in (entry.target, entry.value) if name})
    names = {one.target: one.words for one in queries.read(copy, Named, "editing", "named", ids=ids)} if ids else {}
    for entry in decisions:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(_entry(entry, names), width="stretch")
            if st.button("Undo", key=f"undo-{entry.decision_id}", type="tertiary", icon=":material/undo:"):
                undo(desk, entry.decision_id)


def _entry(entry: Decision, names: dict[str, str]) -> str:
    words = DONE_WORDS.get(entry.kind, str(entry.kind))
    sides = [f"“{html.text(names.get(side, side), 160)}”" if side in names else html.text(side, 80) for side in (entry.target, entry.value) if side]
    value = " · ".join(sides)
    at = when(entry.decided_at.replace(tzinfo=None))
    return (
        f'<div class="rt-waiting">{html.tag("waits for the next run")} <b>{words}</b>: {value}<br>'
        f'<span class="rt-soft rt-small">by {html.text(entry.editor, 80)}, {at}: </span><span class="rt-small">{html.text(entry.reason, 600)}</span></div>'
    )
