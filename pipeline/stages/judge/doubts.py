"""Who denies or questions a claim so that it counts: voices, posts without a name against what nobody stands
behind, experts, the subject, and many where anybody can look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from pipeline.core.vocabulary import HEARSAY, Role, Stance, VoiceKey
from pipeline.stages.judge.case import OPEN, Case
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.reasons import names, sources

ENOUGH = 2  # independent voices that question what anybody can look at
_PEOPLE = (
    r"users|commenters|comments|critics|researchers|developers|engineers|experts|analysts|observers|readers"
    r"|testers|members|people|"
    r"participants|customers|practitioners|many|several|others|(?:the|this) (?:\w+ )?community"
)
_DOUBT = (r"s[ck]eptic\w*|doubt\w*|question(?:s|ed|ing)?|critici[sz]\w+|disbelief|distrust|mistrust"
          r"|disput\w+|disagree\w*")
# "Users question", "Ann and Ben question", "some users express deep skepticism", "doubts among commenters",
# "there is widespread doubt", "discussions highlight skepticism".
_SEVERAL = re.compile(
    rf"\b(?:{_PEOPLE}|discussions?|conversations?|threads?) (?:[\w,]+ ){{0,4}}?(?:{_DOUBT})\b"
    rf"|\b(?:{_DOUBT}) (?:\w+ ){{0,3}}?(?:among|from|by) (?:\w+ ){{0,2}}?(?:{_PEOPLE})\b"
    r"|\b\w+ and \w+ (?:question|doubt|dispute|deny|criticize|disagree)\b"
    rf"|\bthere(?: is| are| was| were| has been| have been|['’]s) (?:\w+ ){{0,2}}?(?:{_DOUBT})\b",
    re.IGNORECASE,
)
_DEBATED = re.compile(
    r"\b(?:debat(?:e[sd]?|ing)|disagree\w*|argu(?:es?|ed|ing)|contention) (?:\w+ ){0,2}?(?:whether|if)\b"
    r"|\b(?:is|are|was|were|remains?) (?:\w+ )?(?:debated|contested|disputed)\b",
    re.IGNORECASE,
)
# Whoever doubts "X's claimed superiority" tells that it is claimed.
_CLAIMED = re.compile(r"\b(?:claim(?:s|ed)?|alleg\w+|reported(?:ly)?|purported(?:ly)?|touted|supposed(?:ly)?"
                      r"|advertised|hyped?)\b", re.IGNORECASE)


def denials(case: Case) -> list[Item]:
    """Return the items that deny the claim, where they weigh enough to dispute it; otherwise none.

    Denials by voices weigh enough. A post by an unknown author does where it speaks for itself and nobody who
    can know carries the claim.
    """
    if case.denials or case.matching(knows):
        return case.denials
    return case.matching(nameless)


def doubts(case: Case) -> list[Item]:
    """Return the items that question the claim, where they weigh enough to dispute it; otherwise none.

    A question by an expert or the subject does. Other people's questions do on what anybody can look at, if
    at least ENOUGH independent voices ask, or one text tells of several who doubt.
    """
    questions = case.matching(asks)
    if case.kind in OPEN and (any(tells_of_many(case, item) for item in questions)
                              or len({item.voice for item in questions}) >= ENOUGH):
        return questions
    return [item for item in questions if weighs(case, item)]


def carriers(case: Case, against: Sequence[Item]) -> list[Item]:
    """Return the items that carry the claim, hearsay among them, beside those `against` it."""
    standing = {item.voice for item in case.supports}
    carried = [item for item in case.carriers if item.voice == HEARSAY or item.stance is Stance.REPORTS
               or item.voice in standing]
    voices = {item.voice for item in against}
    # One forum may do both in two texts, and so may the nameless.
    texts: defaultdict[VoiceKey, set[str]] = defaultdict(set)
    for item in against:
        if tells_of_many(case, item) or nameless(case, item):
            texts[item.voice].add(item.document_id)
    return [item for item in carried if len(voices) > (item.voice in voices)
            or len(texts[item.voice]) > (item.document_id in texts[item.voice])]


def doubters(case: Case, against: Sequence[Item]) -> str:
    """Name those `against` it in plain words; the many that a text tells of are not its own voice."""
    crowd: list[Item] = []
    unknown: list[Item] = []
    voiced: list[Item] = []
    for item in against:
        (crowd if tells_of_many(case, item) else unknown if nameless(case, item) else voiced).append(item)
    groups = [names(voiced)] if voiced else []
    posts = "a post" if len(unknown) == 1 else "posts"
    groups += [f"{posts} without a known author (in {sources(unknown)})"] if unknown else []
    groups += [f"several people (as told in {sources(crowd)})"] if crowd else []
    return " and ".join(groups)


def tells_of_the_claim(items: Sequence[Item]) -> bool:
    """Return whether those who question it tell that it is claimed ("X's claimed lead") or debated."""
    return any(_CLAIMED.search(item.quote) or debated(item.quote) for item in items)


def knows(case: Case, item: Item) -> bool:
    """Return whether it carries the claim in the words of a voice that can know it."""
    return item.carries and item.voice != HEARSAY and case.can_know(item)


def nameless(_: Case, item: Item) -> bool:
    """Return whether it is a post of somebody whose name is not known, who denies the claim plainly."""
    post = item.by_author and item.role is item.source_role is Role.COMMUNITY
    return item.stance is Stance.DENIES and item.voice == HEARSAY and post and item.plain


def asks(case: Case, item: Item) -> bool:
    """Return whether it questions the claim; hearsay does where it tells of several who do."""
    return _asks(item) and (item.voice != HEARSAY or tells_of_many(case, item))


def weighs(case: Case, item: Item) -> bool:
    """Return whether one question is enough, an expert's or the subject's."""
    return item.role is Role.EXPERT or case.by_the_subject(item)


def _asks(item: Item) -> bool:
    if item.stance is Stance.REPORTS:
        return debated(item.quote)
    # A denial by hearsay is nobody's; if the text tells of several who doubt, it is their doubt.
    return item.stance is Stance.QUESTIONS or (item.stance is Stance.DENIES and item.voice == HEARSAY
                                               and several(item.quote))


def tells_of_many(case: Case, item: Item) -> bool:
    """Return whether it tells of several who question what anybody can look at."""
    return case.kind in OPEN and _asks(item) and (several(item.quote) or debated(item.quote))


@lru_cache(maxsize=65536)
def several(quote: str) -> bool:
    """Return whether the words speak of more than one person who doubts."""
    return _SEVERAL.search(quote) is not None


@lru_cache(maxsize=65536)
def debated(quote: str) -> bool:
    """Return whether the words tell that people argue whether it is so."""
    return _DEBATED.search(quote) is not None
