"""The dialogs in which an editor decides about a claim or a mention, and the decisions that wait."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components import html
from dashboard.data import queries
from dashboard.data.editing import Named, NamedMention, NearClaim
from dashboard.data.queries import Copy
from dashboard.editing.service import Desk, id_named
from pipeline.core.errors import DataError, RumortrailError
from pipeline.core.records import Decision
from pipeline.core.vocabulary import DecisionKind, Stance
from pipeline.text.sanitize import plain

ADDRESS = "decide"  # the parameter of the address that names the mention in question
_html = html.Template("editing/dialogs.html")

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
    DecisionKind.FOLLOW: "Followed",
    DecisionKind.STORY_MERGE: "Story merged",
    DecisionKind.STORY_SPLIT: "Split off",
    DecisionKind.STORY_TITLE: "Renamed",
}
OF_MENTIONS = (DecisionKind.STANCE, DecisionKind.MOVE, DecisionKind.SPLIT)
OF_CLAIMS = tuple(kind for kind in KIND_WORDS if kind not in OF_MENTIONS)


def decide_claim(copy: Copy, desk: Desk, claim_id: str, claim: str) -> None:
    """Open the dialog about a claim."""
    _about_claim(copy, desk, claim_id, claim, _near(copy, claim_id))


def decide_mention(copy: Copy, desk: Desk, mention_id: str) -> None:
    """Open the dialog about a mention, if it is there."""
    for mention in queries.read(copy, NamedMention, "editing", "mention", mention_id=mention_id):
        _about_mention(copy, desk, mention.mention_id, mention.quote, _near(copy, mention.claim_id or ""))


def follow_claim(copy: Copy, desk: Desk) -> None:
    """Draw the button that opens the dialog in which a sentence is followed as a claim."""
    if st.button("Follow a claim …", key="follow-claim", shortcut="f", icon=":material/add:"):
        _follow(copy, desk)


def follow_sentence(copy: Copy, desk: Desk, sentence: str) -> None:
    """Open the dialog in which a sentence of a text is followed as a claim, in these words or others."""
    _follow(copy, desk, sentence)


@st.dialog("Follow a claim", width="medium")
def _follow(copy: Copy, desk: Desk, words: str = "") -> None:
    """Ask for the sentence that is to be followed; `words` are put before the editor."""
    st.html(_html.following())
    example = "Meta trained Llama 4 on test sets."
    sentence = st.text_area("The claim", value=words[:400], placeholder=example, max_chars=400, height=96)
    reason = st.text_area(
        "Why", placeholder="Everybody can read this beside the claim", max_chars=2_000, height=68
    )
    ready = bool(sentence.strip()) and _told_of(sentence, copy, desk)
    if st.button("Follow it", type="primary", disabled=not (ready and reason.strip())):
        try:
            decision, is_new = desk.follow(sentence, reason)
        except DataError as error:
            refused(error)
            return
        if is_new:
            tell("Followed. The next run makes it a claim and gathers the evidence on it.", decision)
        else:
            tell(f"It is followed already, by {decision.editor}.")
        st.rerun()


def _told_of(sentence: str, copy: Copy, desk: Desk) -> bool:
    """Show what becomes of a sentence that is followed; return False where it cannot be followed."""
    try:
        lines = desk.foretell_follow(copy, sentence)
    except DataError as error:
        refused(error)
        return False
    st.html(_html.foretold(lines[1:]))
    return True


def _near(copy: Copy, claim_id: str) -> dict[str, str]:
    claims = queries.read(copy, NearClaim, "editing", "near", claim_id=claim_id)
    return {claim.claim_id: claim.claim for claim in claims}


@st.dialog("Decide about this claim", width="medium")
def _about_claim(copy: Copy, desk: Desk, claim_id: str, claim: str, near: dict[str, str]) -> None:
    """Ask what is to be decided about a claim; `near` has the words of claims that are like it, by id."""
    st.html(_html.claim(claim))
    _form(copy, desk, claim_id, OF_CLAIMS, near)


@st.dialog("Decide about this mention", width="medium", on_dismiss=lambda: _close())
def _about_mention(copy: Copy, desk: Desk, mention_id: str, quote: str, near: dict[str, str]) -> None:
    """Ask what is to be decided about a mention."""
    st.html(_html.quote_of(quote))
    _form(copy, desk, mention_id, OF_MENTIONS, near)


def _form(copy: Copy, desk: Desk, target: str, kinds: Sequence[DecisionKind], near: dict[str, str]) -> None:
    kind = st.radio(
        "Decision", kinds, format_func=KIND_WORDS.__getitem__, horizontal=True, label_visibility="collapsed"
    )
    needs_value = kind not in (DecisionKind.NOTE, DecisionKind.HIDE, DecisionKind.SPLIT)
    sign(copy, desk, kind, target, _value(kind, near), needs_value=needs_value)


def sign(
    copy: Copy, desk: Desk, kind: DecisionKind, target: str, value: str | None, *, needs_value: bool
) -> None:
    """Ask for the reason, say what will change, and write the decision where it can be made."""
    reason = st.text_area(
        "Why", placeholder="Everybody can read this beside the decision", max_chars=2_000, height=96
    )
    ready = value is not None or not needs_value
    if ready and not _foretold(copy, desk, kind, target, value):
        ready = False
    if st.button("Write it into the journal", type="primary", disabled=not (ready and reason.strip())):
        try:
            decision = desk.decide(copy, kind, target, value, reason)
        except DataError as error:
            refused(error)
            return
        tell(f"{DONE_WORDS[kind]}. The next run carries it out.", decision)
        _close()
        st.rerun()


def _value(kind: DecisionKind, near: dict[str, str]) -> str | None:
    if kind is DecisionKind.STATUS:
        return st.selectbox("Status", html.STATUSES, index=None, placeholder="Which status")
    if kind is DecisionKind.STANCE:
        return st.segmented_control("Stance", [str(stance) for stance in Stance], required=False)
    if kind not in (DecisionKind.MERGE, DecisionKind.APART, DecisionKind.MOVE):
        return None
    chosen = st.selectbox(
        "Which claim",
        list(near),
        index=None,
        format_func=lambda claim_id: plain(near.get(claim_id, claim_id), 160),
        placeholder="A similar claim, or the address of any claim",
        accept_new_options=True,
    )
    return id_named(chosen) if chosen else None


def _foretold(copy: Copy, desk: Desk, kind: DecisionKind, target: str, value: str | None) -> bool:
    """Show what the decision will change; return False where it cannot be made."""
    try:
        lines = desk.foretell(copy, kind, target, value)
    except DataError as error:
        refused(error)
        return False
    st.html(_html.foretold(lines[1:] or lines))
    return True


def refused(error: RumortrailError) -> None:
    """Draw why a decision cannot be made."""
    st.html(_html.refused(str(error)))


def _close() -> None:
    st.query_params.pop(ADDRESS, None)


def tell(words: str, made: Decision | None = None) -> None:
    """Say on the next page that something was written; `made` may be taken back there."""
    st.session_state["told"] = (words, made.decision_id if made else None)


def told(desk: Desk) -> None:
    """Draw what was written last, with a button that takes it back."""
    if not (stored := st.session_state.get("told")):
        return
    words, decision_id = stored
    with st.container(horizontal=True, vertical_alignment="center", key="told"):
        st.html(_html.told(words), width="content")
        if decision_id and _undo_button("undo-told", shortcut="u"):
            undo(desk, decision_id)
        if st.button("Dismiss", key="dismiss-told", type="tertiary"):
            st.session_state.pop("told")
            st.rerun()


def _undo_button(key: str, shortcut: str | None = None) -> bool:
    return st.button("Undo", key=key, shortcut=shortcut, type="tertiary", icon=":material/undo:")


def undo(desk: Desk, decision_id: str) -> None:
    """Take a decision back and say so."""
    desk.undo(decision_id)
    tell("Taken back.")
    st.rerun()


def waiting_for(copy: Copy, desk: Desk, claim_id: str) -> None:
    """Draw the decisions that wait for the next run and concern a claim or one of its mentions."""
    entries = desk.waiting(copy)
    parameters = {"claim_id": claim_id, "mentions": [entry.target for entry in entries]}
    mentions = queries.read(copy, NamedMention, "editing", "among", **parameters)
    targets = {claim_id, *(mention.mention_id for mention in mentions)}
    waiting(copy, desk, [entry for entry in entries if targets & {entry.target, entry.value}])


def waiting(copy: Copy, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Draw decisions that no run has carried out yet, each with a button that takes it back."""
    named_ids = {name for entry in decisions for name in (entry.target, *(entry.value or "").split())}
    named_rows = queries.read(copy, Named, "editing", "named", ids=sorted(named_ids)) if named_ids else []
    words = {entry.target: entry.words for entry in named_rows}
    for entry in decisions:
        if entry.kind is DecisionKind.STORY_SPLIT and entry.value:
            words[entry.value] = "”, “".join(words.get(name, name) for name in entry.value.split())
    for entry in decisions:
        with st.container(horizontal=True, vertical_alignment="center"):
            done_words = DONE_WORDS.get(entry.kind, str(entry.kind))
            st.html(_html.entry(entry, done_words, words), width="stretch")
            if _undo_button(f"undo-{entry.decision_id}"):
                undo(desk, entry.decision_id)
