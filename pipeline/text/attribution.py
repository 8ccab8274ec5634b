"""How texts name the voice behind them: names, descriptions, and words of first-hand knowledge.

Users who tell of their own use are together one voice of a claim, on what anybody can try.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

# "We tested it", "in my own tests", "I work at", "has learned": the speaker knows it without another voice.
FIRST_HAND = re.compile(
    r"\b(?:I|we)\b(?:['’](?:ve|d))?(?: \w+){0,3}? (?:test(?:ed)?|ran|rerun|reran|re-ran|measured|benchmarked"
    r"|tried|reproduced|replicated|"
    r"verified|confirmed|confirm|saw|seen|watched|counted|timed|obtained|reviewed|inspected|checked|built"
    r"|trained|work(?:ed)? (?:at|on|for))\b"
    r"|\b(?:my|our) (?:own )?(?:\w+ )?(?:tests?|testing|evals?|evaluations?|benchmarks?|measurements?|runs?"
    r"|reporting|reruns?)\b"
    r"|\bhas (?:independently )?(?:confirmed|verified|learned|obtained|reviewed|seen|measured|reproduced"
    r"|tested)\b|\btold us\b",
    re.IGNORECASE,
)
# No one voice: whoever is meant cannot be told from others that are meant by the same words.
_CROWD = re.compile(
    r"\b(?:sources?|people|persons?|insiders?|reports?|rumou?rs?|leaks?|leakers|users|researchers|observers"
    r"|commenters|posters|fans|"
    r"some|many|several|others|critics|analysts|experts|developers|employees|officials|everyone|media|press"
    r"|internet|speculation)\b",
    re.IGNORECASE,
)
# Written for both Python and RE2. The cue, and the words in which a name may stand.
CITES = (
    r"(?i)\b((?:as )?(?:first |originally |earlier )?(?:reported|broken|spotted|published) by|according to"
    r"|citing|told|hat tip to|h/t|"
    r"via|source:)\s+([^\n]{3,60})"
)
# A voice that the sentence itself names or describes: "according to a post on a forum", "The Lantern writes
# that".
TOLD = re.compile(
    r"\baccording to (?P<after>[^,.;:]{3,80})|^(?P<before>[^,.;:]{3,60}?) (?:claims?|says?|said|alleges?"
    r"|writes?|wrote|reports?|reported) that\b",
    re.IGNORECASE,
)
# A source that a sentence credits, whatever it tells: "first reported by The Lantern", "(via Courier)",
# "according to a new report in the Daily Quill". Only what begins with a capital is a name here, and what
# goes on in small letters ("according to Irish officials") is none.
CREDIT = re.compile(
    r"(?:\b(?:reported|broken|spotted|obtained|seen|viewed|reviewed|surfaced) by |[(\[][Vv]ia "
    r"|\b[Aa]ccording to (?:an? (?:[\w-]+ ){1,3}(?:from|in|by|at) |(?:data|figures) (?:from|by) )?)"
    r"(?P<name>(?:[Tt]he )?(?:[A-Z]|\d\w*[A-Z])[\w&'’-]*(?:\.\w+)*"
    r"(?: (?:[A-Z][\w&'’-]*(?:\.\w+)*|of|&)){0,6})"
    r"(?= *(?:$|[^\w ]| (?:and|as|claims?|earlier|in|last|on|says?|shows?|states?|suggests?|that|this"
    r"|which)\b))"
)
NO_SPEAKER = re.compile(
    r"(?:the |some |several |unnamed |anonymous )?(?:rumou?rs?|reports?|sources?|leaks?|leakers?|insiders?"
    r"|people|speculation|media|press|gossip)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")  # an outlet may be named by it
_ONE = "a|an|one|the|this|that|another|anonymous|unnamed|unidentified|former"
ONE = re.compile(rf"^(?:{_ONE})\b", re.IGNORECASE)


class Naming(StrEnum):
    """Words for a voice: a NAME, a DESCRIPTION of one unnamed voice, or NOBODY in particular."""

    NAME = "name"
    DESCRIPTION = "description"
    NOBODY = "nobody"


def naming(words: str) -> Naming:
    """Return the kind of `words` ("The Lantern", "a post on a social site", "people familiar with it")."""
    bare = re.sub(r"^(?:the|The)\s+", "", words.strip())
    if bare[:1].isupper() and not _CROWD.match(bare) and not ONE.match(bare):
        return Naming.NAME
    if bare.startswith(("@", "u/", "r/")) or _HOST.fullmatch(bare):
        return Naming.NAME
    # "a post by a user": the first words say what kind of voice it is, later ones only more about it.
    head = " ".join(words.split()[:3])
    return Naming.DESCRIPTION if ONE.match(words.strip()) and not _CROWD.search(head) else Naming.NOBODY


def cited(phrase: str) -> tuple[str, str]:
    """Return a stretch of text found by CITES as the cue and the words after it."""
    match = re.match(CITES, phrase)
    return (match[1], match[2]) if match else ("", phrase)


def credits_in(text: str) -> list[tuple[int, str]]:
    """Return where in the text somebody is credited as the source of what stands there, and by which name."""
    return [(match.start(), re.sub(r"(?:['’]s?|\.)$", "", match["name"]))
            for match in CREDIT.finditer(text)]


def told_by(quote: str) -> str | None:
    """Return the words for the voice that the sentence itself names as its source."""
    match = TOLD.search(quote)
    return (match["after"] or match["before"]).strip() if match else None


def is_speaker(name: str) -> bool:
    """Return whether the words can be a speaker; "rumour says" has a grammatical subject and no speaker."""
    return NO_SPEAKER.fullmatch(name.strip()) is None


@lru_cache(maxsize=65536)
def first_hand(quote: str) -> bool:
    """Return whether the words claim first-hand knowledge: a test, a document in hand, a place at work."""
    return FIRST_HAND.search(quote) is not None


_USERS = (
    r"users|commenters|developers|testers|customers|members|people|participants|reviewers|redditors"
    r"|many|several|some|others"
)
_TROUBLE = (
    r"issues?|problems?|bugs?|errors?|failures?|limitations?|improvements?|degradation|regressions?"
    r"|slowdowns?"
)
# "Users report", "several commenters highlight issues with", "some share their experiences with": not "users
# claim", "think", "predict".
_EXPERIENCE = re.compile(
    rf"\b(?:{_USERS}) (?:\w+ ){{0,4}}?(?:report(?:ed|ing)?|experienc(?:e|ed|ing)|encounter(?:ed|ing)?"
    rf"|notic(?:e|ed|ing)|observ(?:e|ed|ing)|found|complain(?:ed|ing)?"
    rf"|(?:highlight|note|describe|face|mention)(?:d|ed|ing)? (?:\w+ ){{0,2}}?(?:{_TROUBLE})"
    r"|(?:shar|discuss|describ|recount)(?:e|ed|ing)? (?:\w+ ){0,2}?experiences?)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def own_use(quote: str) -> bool:
    """Return whether the words tell what more than one user met with in their own use."""
    return _EXPERIENCE.search(quote) is not None
