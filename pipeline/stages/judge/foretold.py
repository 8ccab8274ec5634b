"""What is foretold for a time: whether a claim does so, what comes too late, and what lapses with it."""

from __future__ import annotations

from pipeline.core.vocabulary import Certainty, Precision
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.to_come import TO_COME


def foretold(case: Case) -> bool:
    """Return whether the claim speaks of what is to come, or was surely said before the time that it names.
    """
    return case.once(_foretold)


def _foretold(case: Case) -> bool:
    if is_to_come(case):
        return True
    return not _told_on_its_day(case) and any(foretells(case, item) for item in case.carriers)


def foretells(case: Case, item: Item) -> bool:
    """Return whether it is surely said, in words or by its time, of what is to come."""
    return item.sure and (item.certainty is Certainty.PREDICTED or case.subject.before_its_time(item.at))


def is_late(case: Case, item: Item) -> bool:
    """Return whether it is said when the time that something was foretold for is over."""
    return not case.subject.in_time(item.said_by) and foretold(case)


def lapsing(case: Case) -> Item | None:
    """Return the first that foretold something for the claim's time, and is wrong once that is over.

    Of a claim whose own words are not in the future only what is surely said of it foretells anything.
    """
    if not is_to_come(case) and _told_on_its_day(case):
        return None
    return next((item for item in case.carriers if may_lapse(case, item)), None)


def may_lapse(case: Case, item: Item) -> bool:
    """Return whether it foretells something for the claim's time."""
    to_come = is_to_come(case)
    unsure = to_come or item.certainty in (Certainty.PREDICTED, Certainty.HEDGED)
    ahead = (unsure and case.subject.in_time(item.said_by)) or case.subject.before_its_time(item.at)
    return ahead and (to_come or item.sure)


def is_to_come(case: Case) -> bool:
    """Return whether the claim's own words are in the future."""
    return case.once(_is_to_come)


def _is_to_come(case: Case) -> bool:
    return TO_COME.search(case.subject.claim) is not None


def _told_on_its_day(case: Case) -> bool:
    """Return whether it was surely told as done, on the very day that the claim names ("today")."""
    subject = case.subject
    return subject.event_precision is Precision.DAY and any(
        item.sure and item.certainty in (Certainty.ASSERTED, Certainty.REPORTED)
        and subject.in_time(item.at) and not subject.before_its_time(item.at)
        for item in case.carriers
    )
