"""What is foretold for a time: whether a claim does so, what comes too late, and what lapses with it."""

from __future__ import annotations

import re

from pipeline.core.records import Certainty
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Item

# Present tense and future meaning: "we are going to launch", "coming soon".
TO_COME = re.compile(
    r"\b(?:will|going to|plan(?:s|ned|ning)? to|preparing|intends? to|aims? to|expects? to|soon|upcoming"
    r"|coming (?:to|in|this|next)|in the coming"
    r"|later this|next (?:week|month|quarter|year|spring|summer|autumn|fall|winter))\b|['’]ll\b",
    re.IGNORECASE,
)


def foretold(case: Case) -> bool:
    """Return whether the claim speaks of what is to come, or was said before the time that it names."""
    return TO_COME.search(case.subject.claim) is not None or any(
        item.certainty is Certainty.PREDICTED or case.subject.before_its_time(item.at)
        for item in case.carriers
    )


def is_late(case: Case, item: Item) -> bool:
    """Return whether it is said when the time that something was foretold for is over."""
    return not case.subject.in_time(item.said_by) and foretold(case)


def lapsing(case: Case) -> Item | None:
    """Return the first that foretold something for the claim's time, and is wrong once that is over."""
    to_come = TO_COME.search(case.subject.claim) is not None
    for item in case.carriers:
        unsure = to_come or item.certainty in (Certainty.PREDICTED, Certainty.HEDGED)
        if (unsure and case.subject.in_time(item.said_by)) or case.subject.before_its_time(item.at):
            return item
    return None
