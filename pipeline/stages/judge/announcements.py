"""What a maker's own word settles: what it decides by saying so, not what it says to its own credit."""

from __future__ import annotations

import re
from datetime import datetime

from pipeline.core.vocabulary import Kind
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Item, Telling
from pipeline.stages.judge.releases import release_told_at, tells_it_is_there, tells_of_its_release
from pipeline.stages.judge.to_come import TO_COME
from pipeline.text.names import begins_with

# Words that rank it among others: with them a claim praises, whatever it is taken for.
_RANK = re.compile(
    r"\b(?:out(?:perform|compet|pac|class|rank)\w*|beat(?:s|en|ing)?|surpass\w*|exceed(?:s|ed|ing)?"
    r"|rival(?:s|l?ed|l?ing)|better|best|faster|fastest|cheaper|cheapest|smarter|smartest|stronger|strongest"
    r"|comparable|on par|state[- ]of[- ]the[- ]art|sota|leading|superior|unprecedented|unmatched|competitive"
    r"|boost(?:s|ed|ing)?|biggest|in comparison"
    r"|the (?:world['’]s )?first(?! (?:day|week|month|quarter|half)\b))\b"
    r"|超越|超过(?!\s*\d)|领先|媲美|优于|胜过|最强|第一|达到.{0,16}(?:性能|水平)",
    re.IGNORECASE,
)
# Words of merit, which may stand beside the news of a release.
_MERIT = re.compile(
    r"\b(?:fast|easy|impressive|exceptional|excellent|outstanding|powerful|efficien\w+|scalab\w+|seamless\w*"
    r"|robust\w*|reliab\w+|optimal|user-friendly|improv(?:e[sd]?|ing|ements?)"
    r"|enhanc(?:e[sd]?|ing|ements?)|perform(?:s|ance)|accura\w+|(?:high|top)[- ]quality|t?flops|throughput"
    r"|latency|speed-?ups?|\d+(?:\.\d+)?x)\b|\btokens (?:per|a) second\b",
    re.IGNORECASE,
)
# What it cost to make is no price that a maker sets.
_COST = re.compile(
    r"\b(?:(?:to|for) (?:pre-?)?train\w*|train(?:ed|ing) (?:cost|run|for|on|with)|training costs?"
    r"|development costs?|(?:to|for) (?:develop|build)\w*)\b",
    re.IGNORECASE,
)
# Words by which something that was to come has come about: "has acquired", "as of today".
_CAME = re.compile(
    r"\b(?:has|have|had) (?:\w+ly |now |today |also )?(?:been )?\w+(?:ed|en|wn|ght|ut|id|ld)\b"
    r"|\b(?:is|are) now\b|\b(?:as of|effective) (?:today|now|immediately)\b",
    re.IGNORECASE,
)
# That a feature is there is a fact which its maker decides; that it does well is praise.
_OFFERED = re.compile(
    r"\b(?:add(?:s|ed|ing)?|gets?|getting|gain(?:s|ed)?|brings?|bringing|(?:gives?|gave|given) \w+ (?:\w+ )?"
    r"ability to|support for|integrat(?:es?|ed|ing)|roll(?:s|ed|ing)? out)\b"
    r"|\bnow (?:has|have|supports?|lets?|allows?)\b|\b(?:is|are) now able to\b"
    r"|\bnew (?:feature|tool|mode|option)s?\b",
    re.IGNORECASE,
)
# A model "introduces" a feature; only who makes it introduces the model.
_INTRODUCED = re.compile(r"\bintroduc(?:e[sd]?|ing)\b", re.IGNORECASE)


def decides(case: Case, item: Item) -> bool:
    """Return whether the maker decides what the claim says by saying so, or says it against itself.

    It decides only what `may_decide` allows; of training data, only what others held against the maker
    before, or what is another organisation's; of what is to come, only that it has come about.
    """
    if not may_decide(case):
        return False
    if case.kind is Kind.TRAINING_DATA:
        since = case.once(_held_since)
        return (since is not None and since < item.at) or len(case.subject.organisations) > 1
    to_come = case.kind is not Kind.RELEASE and TO_COME.search(case.subject.claim) is not None
    return not to_come or (TO_COME.search(item.quote) is None and _CAME.search(item.quote) is not None)


def offers(case: Case) -> bool:
    """Return whether a claim of what a model can do tells of a feature that is there since."""
    return case.kind is Kind.CAPABILITY and _OFFERED.search(case.subject.claim) is not None


def _held_since(case: Case) -> datetime | None:
    """Return since when others than the maker have carried the claim."""
    return min((item.at for item in case.carriers if not item.first_party), default=None)


def may_decide(case: Case) -> bool:
    """Return whether a maker can decide by its word what the claim says: nothing to its own credit.

    Of a release it must be the release that is claimed, whatever merit is told beside it.
    """
    return case.once(_may_decide)


def told_in_time(case: Case) -> Item | None:
    """Return what first tells in the claim's time that the release that it foretells is there; None where
    nothing does, or where no word can show what it claims.
    """
    if case.kind is not Kind.RELEASE or not may_decide(case):
        return None
    return next((item for item in case.carriers if tells_it_is_there(case, item)), None)


def told_elsewhere(case: Case) -> Telling | None:
    """Return what first tells in the claim's time, in words that belong to other claims, that the foretold
    release is there; None where nothing does, or no word can show what it claims.
    """
    if case.kind is not Kind.RELEASE or not may_decide(case):
        return None
    return next((telling for telling in case.tellings if tells_of_its_release(case, telling)), None)


def _may_decide(case: Case) -> bool:
    claim = _without_names(case)
    if _RANK.search(claim):
        return False
    merit = _MERIT.search(claim)
    if case.kind is Kind.RELEASE:
        release_at = _released(case)
        return release_at is not None and (merit is None or release_at < merit.start())
    return merit is None and not (case.kind is Kind.PRICE and _COST.search(claim))


def _without_names(case: Case) -> str:
    """Return the claim with its names blanked, each word where it stood: "Aster 4 Fast" praises nothing."""
    claim = case.subject.claim
    for name in sorted({*case.subject.entities, *case.subject.called}, key=len, reverse=True):
        claim = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda match: " " * len(match[0]), claim,
                       flags=re.IGNORECASE)
    return claim


def _released(case: Case) -> int | None:
    """Return where the claim tells of a release; None where it tells of none."""
    claim = case.subject.claim
    introduced = _INTRODUCED.search(claim)
    if introduced is not None and any(begins_with(claim, name) for name in case.subject.called):
        return introduced.start()
    return release_told_at(claim)
