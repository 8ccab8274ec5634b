"""What stands against a claim on its page and changes nothing, in plain words for the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from pipeline.core.text import counted, enumerated
from pipeline.core.vocabulary import HEARSAY, Stance, Status, VoiceKey
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.doubts import doubts
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.rules import Assessment


class Aside(StrEnum):
    """Why what stands against a claim changes nothing; what comes nearer to a dispute stands later."""

    OTHER_TIME = "other_time"
    UNSURE = "unsure"
    ASKS = "asks"
    TAKEN_BACK = "taken_back"
    SAYS_BOTH = "says_both"
    LIGHTER = "lighter"
    IN_LINE = "in_line"


# Of one voice, and of several.
_WHY = {
    Aside.OTHER_TIME: ("tells of another time", "tell of another time"),
    Aside.UNSURE: ("is not read surely enough", "are not read surely enough"),
    Aside.ASKS: ("only asks, and need not know", "only ask, and need not know"),
    Aside.TAKEN_BACK: ("has taken that back", "have taken that back"),
    Aside.SAYS_BOTH: ("carries it as well", "carry it as well"),
    Aside.LIGHTER: ("weighs less than what decides here", "weigh less than what decides here"),
    Aside.IN_LINE: ("is in line with that", "are in line with that"),
}
_FALLEN = frozenset({Status.CONTRADICTED, Status.RETRACTED, Status.EXPIRED, Status.DISPUTED})
_OPEN = frozenset({Status.CORROBORATED, Status.UNVERIFIED})
_VERBS = {
    frozenset({Stance.DENIES}): ("denies", "deny"),
    frozenset({Stance.QUESTIONS}): ("questions", "question"),
    frozenset({Stance.DENIES, Stance.QUESTIONS}): ("denies or questions", "deny or question"),
}


def set_aside(case: Case, assessment: Assessment) -> str:
    """Say how much denies or questions the claim beside what its finding tells of, and why that changes
    nothing; "" where nothing does.
    """
    told_ids = set(assessment.finding.cites)
    against = [item for item in _against(case) if item.evidence_id not in told_ids]
    if not against:
        return ""
    voices = _by_reason(case, against, assessment.status)
    several = len(against) > 1
    verb = _VERBS[frozenset(item.stance for item in against)][several]
    nameless = sum(item.voice == HEARSAY for item in against)
    alike = len(voices) == 1 and not nameless
    why = [f"{_who(voices[aside], alike)} {_WHY[aside][voices[aside] > 1]}"
           for aside in Aside if voices[aside]]
    if nameless:
        why.append(f"{counted(nameless, 'passage')} {'name' if nameless > 1 else 'names'} nobody behind it")
    among = f" of {counted(voices.total(), 'voice')}" if voices else ""
    return f" {counted(len(against), 'passage')}{among} {verb} it, which changes nothing: {enumerated(why)}."


def _who(voices: int, alike: bool) -> str:
    """Name the voices that share a reason: by number, or as all of them where all share it (`alike`)."""
    return str(voices) if not alike else "that voice" if voices == 1 else "they"


def _against(case: Case) -> Iterator[Item]:
    yield from case.idle
    yield from case.matching(lambda _, item: item.stance.against)


def _by_reason(case: Case, against: Sequence[Item], status: Status) -> Counter[Aside]:
    """Count voices by reason; for several items of one voice the reason of the nearest counts."""
    idle = {item.evidence_id for item in case.idle}
    asking = {item.evidence_id for item in case.once(doubts)}
    nearest: dict[VoiceKey, Aside] = {}
    order = list(Aside)
    for item in against:
        if item.voice == HEARSAY:
            continue
        if item.evidence_id in idle:
            aside = Aside.UNSURE if item.weak else Aside.OTHER_TIME
        elif item.stance is Stance.QUESTIONS and item.evidence_id not in asking:
            aside = Aside.ASKS
        elif item.stance is Stance.DENIES and case.turn(item.voice, Stance.SUPPORTS) is not None:
            aside = Aside.TAKEN_BACK
        elif status in _FALLEN:
            aside = Aside.IN_LINE
        else:
            aside = Aside.SAYS_BOTH if status in _OPEN else Aside.LIGHTER
        nearest[item.voice] = max(aside, nearest.get(item.voice, aside), key=order.index)
    return Counter(nearest.values())
