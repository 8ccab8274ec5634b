"""How well a claim is supported, as one explained figure."""

from __future__ import annotations

from pipeline.core.vocabulary import Stance, Status
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Item


def _denies_knowing(case: Case, item: Item) -> bool:
    return item.stance is Stance.DENIES and item.own_words and case.can_know(item)


def score(case: Case, status: Status) -> float:
    """How well the claim is supported, 0 to 1: (1 + for) / (3 + for + against) over independent voices.

    A voice counts 1 where it can know, else 0.25; hearsay counts 0.25 once; repetitions count nothing. What
    is settled lies above 0.95 or below 0.05, what is expired below 0.2.
    """
    speaking = {item.voice for item in case.accounts if item.evidence_id not in case.softened}
    carried = {item.voice for item in case.carriers} - speaking
    against = {item.voice for item in case.denials}
    knowing = {item.voice for item in case.matching(_denies_knowing)} & against
    support = len(speaking) + 0.25 * len(carried - against)
    denial = len(knowing) + 0.25 * len(against - knowing)
    value = (1 + support) / (3 + support + denial)
    if status is Status.SUBSTANTIATED:
        return round(0.95 + 0.05 * value, 3)
    if status in (Status.CONTRADICTED, Status.RETRACTED):
        return round(0.05 * value, 3)
    return round(min(value, 0.2) if status is Status.EXPIRED else value, 3)
