"""Dated claims: how each will be resolved, written when it is first seen, and how it came out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.core.vocabulary import Kind, Precision, Status
from pipeline.stages.judge.announcements import told_elsewhere, told_in_time
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Artefact
from pipeline.stages.judge.foretold import foretold
from pipeline.stages.judge.history import Step
from pipeline.stages.judge.reasons import release_page
from pipeline.stages.judge.releases import HIDDEN, may_fulfil, page_decides, page_stage, shows
from pipeline.stages.judge.resolution_text import AFTER_A_DELAY, resolution_text
from pipeline.stages.judge.rules import VERSION

# Words for a time that may not be fixed: "soon" names none, "in the coming weeks" names one that nobody can
# check.
_TIME = re.compile(
    r"\b(?:soon|shortly|imminent(?:ly)?|in (?:the )?(?:coming |next |a few |few |couple of |\w+ )?(?:days"
    r"|weeks|months)|(?:this|next|later this|early next|end of)"
    r" (?:the )?(?:week|month|quarter|year|spring|summer|autumn|fall|winter)|(?:by|in|before"
    r"|until) (?:the )?(?:end of|early|mid|late|spring|summer|autumn|fall|winter)"
    r"|tomorrow|Q[1-4]|(?:in|by|on|until) (?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December|20\d\d))\b",
    re.IGNORECASE,
)


class Void(StrEnum):
    """Why a dated claim cannot be resolved."""

    NO_SUBJECT = "no_subject"
    NO_TIME = "no_time"
    UNKNOWN_PUBLICATION = "unknown_publication"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """How a dated claim came out."""

    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Resolution:
    """By when a dated claim will be resolved, as written at `seen_at`; `void` says why it cannot be."""

    claim_id: str
    seen_at: datetime
    deadline: datetime | None
    precision: Precision
    void: Void | None
    run_id: str


@dataclass(frozen=True, slots=True)
class Text:
    """The `number`-th resolution text of a claim, by which rules, and why it was written."""

    claim_id: str
    number: int
    written_at: datetime
    rules: str
    text: str
    why: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """By when a claim is resolved as it is read now; of one that is dated no more, what was written first."""

    claim_id: str
    deadline: datetime | None
    void: Void | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a dated claim came out, when (None where that is not known, or it is open), and why."""

    claim_id: str
    state: State
    resolved_at: datetime | None
    reason: str


def is_dated(case: Case) -> bool:
    """Return whether the claim foretells something for a time, fixed or not."""
    subject = case.subject
    if subject.kind is Kind.DELAY:
        return subject.deadline is not None and any(subject.before_its_time(item.at)
                                                    for item in case.carriers)
    timed = subject.event_at is not None or _TIME.search(subject.claim) is not None
    return bool(case.carriers) and timed and foretold(case)


def plan(case: Case, *, now: datetime, run_id: str) -> Resolution:
    """Return by when the claim will be resolved, to be written down and never changed."""
    subject = case.subject
    void = _void(case, of_release=subject.kind in (Kind.RELEASE, Kind.DELAY))
    return Resolution(subject.claim_id, now, subject.deadline, subject.event_precision, void, run_id)


def text_of(case: Case, last: Text | None, *, now: datetime, run_id: str) -> Text | None:
    """Return the resolution text of the claim that is to be written; None where `last` says the same.

    The first one stands for good. Others that later rules, or another reading of the claim, give stand beside
    it.
    """
    void = _void(case, of_release=case.kind in (Kind.RELEASE, Kind.DELAY))
    text = resolution_text(case) if void is None else f"{VOID_WORDS[void].capitalize()}."
    if last is None:
        return Text(case.subject.claim_id, 1, now, VERSION, text, "first seen", run_id)
    if last.text == text:
        return None
    why = "other rules" if last.rules != VERSION else "another reading of the claim"
    return Text(case.subject.claim_id, last.number + 1, now, VERSION, text, why, run_id)


NOT_YET = "Its deadline has not passed."
VOID_WORDS = {
    Void.NO_SUBJECT: "cannot be resolved: it names no model or no organisation whose release could be looked "
                     "for",
    Void.NO_TIME: "cannot be resolved: the time that it names cannot be fixed",
    Void.UNKNOWN_PUBLICATION: "cannot be resolved: when it was said is not known, and no time can be "
                              "reckoned from it",
    Void.WITHDRAWN: "who said it took it back before its time",
}


def _void(case: Case, *, of_release: bool) -> Void | None:
    subject = case.subject
    timed = any(item.said for item in case.carriers)
    if subject.deadline is None:
        return Void.NO_TIME if timed else Void.UNKNOWN_PUBLICATION
    # What we saw before its time was said before it, whenever that was; so was what is dated to before it.
    if not timed and all(item.said_by >= subject.deadline for item in case.carriers):
        return Void.UNKNOWN_PUBLICATION
    return Void.NO_SUBJECT if not subject.organisations or (of_release and not subject.specific) else None


def outcome(case: Case, steps: Sequence[Step], written: Plan) -> Outcome:
    """Return how the claim came out by the case's time, and by the plan of its newest resolution text."""
    identity = (case.subject.claim_id,)
    if written.void is not None or written.deadline is None:
        return Outcome(*identity, State.VOID, None, VOID_WORDS[written.void or Void.NO_TIME])
    if not case.items:  # one that an editor follows, left by all that spoke to it
        return Outcome(*identity, State.OPEN, None, "Nothing speaks to it.")
    last = steps[-1]
    at = last.at if last.said else None
    if last.assessment.status is Status.RETRACTED:
        return Outcome(*identity, State.VOID, at, VOID_WORDS[Void.WITHDRAWN])
    if case.kind is Kind.DELAY:
        return _delayed(case, written.deadline)
    if last.assessment.status is Status.SUBSTANTIATED:
        return Outcome(*identity, State.MET, at, last.reason)
    if last.assessment.status in (Status.EXPIRED, Status.CONTRADICTED):
        return Outcome(*identity, State.MISSED, at, last.reason)
    page = next((page for page in case.artefacts if may_fulfil(case, page)), None)
    if page is not None:
        return Outcome(*identity, State.OPEN, None, _perhaps(case, page))
    if case.at < written.deadline:
        return Outcome(*identity, State.OPEN, None, NOT_YET)
    told, elsewhere = told_in_time(case), told_elsewhere(case)
    who = told.voice_name if told is not None else elsewhere.source if elsewhere is not None else None
    return Outcome(*identity, State.OPEN, None,
                   "Nothing settles it." if who is None
                   else f"{who} told in time that it is there, which settles nothing.")


def _perhaps(case: Case, page: Artefact) -> str:
    unknown = ("whether it was there in time is not known" if page_decides(case.subject.claim)
               else "it does not tell for whom or where")
    return (
        f"{release_page(page)} It was first seen on {page.at:%Y-%m-%d}, and {unknown}."
    )


def _delayed(case: Case, deadline: datetime) -> Outcome:
    """Resolve a new date by what comes until then; that the old one is off says nothing of it."""
    claim_id, first = case.subject.claim_id, (case.carriers or case.items)[0].at
    pages = [page for page in case.artefacts
             if first <= page.at and (page.earliest is None or page.earliest >= first - HIDDEN)
             and shows(page_stage(page, case.subject.models), AFTER_A_DELAY)]
    page = next((page for page in pages if page.at < deadline), None)
    if page is not None:
        return Outcome(claim_id, State.MET, page.at if page.said else None,
                       release_page(page))
    possible = next((page for page in pages if page.may_have_met(deadline)), None)
    if possible is not None:
        return Outcome(claim_id, State.OPEN, None, _perhaps(case, possible))
    if case.at >= deadline:
        return Outcome(claim_id, State.MISSED, deadline,
                       "The time it names is over, and no release page is there.")
    return Outcome(claim_id, State.OPEN, None, NOT_YET)
