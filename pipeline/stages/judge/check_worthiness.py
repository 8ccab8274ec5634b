"""Check-worthiness: how much a claim deserves a check, from readable signs. It says nothing of whether the
claim is true.

The parts are what fact-checkers choose by: can it be checked, is it contested, does it matter, does it spread
(Konstantinovskiy et al. 2021, "Toward Automated Factchecking"; Nakov et al. 2022, the CheckThat! lab). Words
are English.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipeline.core.vocabulary import Certainty, Kind, Stance
from pipeline.stages.judge.case import Subject
from pipeline.stages.judge.evidence import Item

VERSION = "checkworthy-1"

# Log-odds: a point multiplies the odds of "a desk should check this" by 2.7. The base is fitted on the tuning
# half of benchmarks/quality/checkworthy_labels.jsonl. All signs weigh the same: in cross-validation on that
# half no fitted weights ordered better (docs/benchmarks.md), as Dawes 1979 ("The robust beauty of improper
# linear models") found for few cases.
BASE = -2.75
WEIGHTS = {
    "figure": 1.0,  # a number with its unit can be looked up
    "measured": 1.0,  # benchmark results and sizes are facts of record
    "comparison": 1.0,  # who leads and what beats what is what gets printed, and vendors say it of themselves
    "taste": -1.0,  # nobody can check what should be, or what is impressive
    "disputed": 1.0,  # somebody denies or doubts it
    "hedged": 1.0,  # who passes it on does not stand behind it
    "matter": 1.0,  # kinds of claim that name a culprit, a risk, a right or a price paid
    "gravity": 1.0,  # words of law, security, money, work and honesty
    "announcement": -1.0,  # who announces it has shown it, and it is there to be seen
    "spread": 1.0,  # what many pass on does more harm where it is wrong
}
PARTS = {
    "checkable": ("figure", "measured", "comparison"),
    "contested": ("disputed", "hedged"),
    "consequential": ("matter", "gravity"),
    "spreading": ("spread",),
    "only taste": ("taste",),
    "only announced": ("announcement",),
}

TOGETHER = timedelta(hours=48)  # documents within this time are a burst
WIDEST = 8  # doublings of sources, and platforms beyond the first, that make a spread of 1

MEASURED = frozenset({Kind.BENCHMARK_RESULT, Kind.BENCHMARK_GAMING, Kind.SIZE})
MATTERS = frozenset({Kind.BENCHMARK_GAMING, Kind.SAFETY, Kind.LICENCE, Kind.PEOPLE, Kind.DEAL, Kind.DELAY})
OPPOSED = {Stance.DENIES: "denied", Stance.QUESTIONS: "questioned"}
UNSURE = frozenset({Certainty.HEDGED, Certainty.REPORTED, Certainty.QUESTIONED})


def _words(*stems: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(stems)})", re.IGNORECASE)


COMPARISON = _words(
    r"#\s?1\b|no\. ?1\b|top(?:s|ped)\b|leads\b|leading\b|rank(?:s|ed)\b|beat(?:s|en)?\b|outperform\w*"
    r"|outscor\w*|surpass\w*",
    r"(?!rather|other)\w+er than\b|\d+(?:\.\d+)?(?:x\b|×|-fold\b| times\b)|on par\b|record\b"
    r"|state[- ]of[- ]the[- ]art\b|sota\b",
    r"(?-i:[A-Z])[\w.-]*\d[\w.-]*[- ]level\b",
)
TASTE = _words(
    r"should\b|ought\b|prefer\w*|impressive\w*|amazing\w*|exciting\w*|incredibl\w*|awesome\b|great\b"
    r"|elegan\w*|creativ\w*",
    r"versatil\w*|effective\w*|better suited\b|useful\b|overpriced\b|powerful\b|intuitive\b|ideal\w*"
    r"|practical\w*|easy\b|simple\b",
    r"feels?\b|signals?\b|goals? (?:is|are)\b|commitment\b",
)
CONTESTED = _words(
    r"s[ck]eptic\w*|doubt\w*|debat\w*|disput\w*|controvers\w*|suspect\w*|suspicio\w*|alleg\w*|accus\w*"
    r"|claim(?:s|ed|ing)?\b",
    r"supposed\w*|reportedly\b|rumou?r\w*|speculat\w*|den(?:y|ies|ied|ying|ial)\b|truly\b",
)
GRAVE = _words(
    r"su(?:ed|es|ing)\b|lawsuit\w*|courts?\b|illegal\w*|violat\w*|copyright\w*|pirat\w*|st(?:ole|olen|eal"
    r"|ealing)\b|theft\b|plagiari\w*",
    r"leak\w*|hack(?:s|ed|ers?|ing)?\b|breach\w*|vulnerab\w*|malware\b|backdoor\w*|privacy\b|(?:user|personal"
    r"|private) data\b|surveil\w*|spy\w*",
    r"censor\w*|bann?(?:ed|s)?\b|sanction\w*|export control\w*|regulat\w*|government\w*|administration\b"
    r"|congress\b|military\b|weapon\w*",
    r"fired\b|la(?:id|y) ?-?offs?\b|resign\w*|oust\w*|(?:stop|freez\w+|halt\w*) hiring\b|jobs\b"
    r"|billions?\b(?![- ](?:param|token))|acqui(?:re|res|red|sition)\b",
    r"valu(?:ation|ed at)\b|monopol\w*|fraud\w*|fak(?:e|ed|ing)\b|mislead\w*|cheat\w*|rigg\w*|manipulat\w*"
    r"|deceiv\w*|decepti\w*|sabotag\w*",
    r"test sets?\b|contaminat\w*|danger\w*|harm\w*|unsafe\b|jailbr\w*|bias\w*|underperform\w*",
)
ANNOUNCEMENT = _words(
    r"announc\w*|introduc\w*|unveil\w*|present(?:s|ed)\b|showcas\w*|launch\w*|guides?\b|tutorial\w*"
    r"|courses?\b|webinar\w*|events?\b|meetup\w*",
    r"workshop\w*|hackathon\w*|hiring an?\b|integrat\w*|support for\b|blog\b|cookbook\w*|demos?\b"
    r"|collaborat\w*|upgrades?\b",
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign that a claim shows: how strongly, above 0 up to 1, and the words that show it."""

    strength: float
    words: str


@dataclass(frozen=True, slots=True)
class Worth:
    """How much a claim deserves a check, 0 to 1, and why: "part: words, words" for each part."""

    claim_id: str
    checkworthy: float
    why: tuple[str, ...]


def assess(subject: Subject, items: Sequence[Item]) -> Worth:
    """Return how much the claim deserves a check, from its words, its kind and its evidence."""
    shown = signs(subject, items)
    odds = BASE + sum(WEIGHTS[name] * sign.strength for name, sign in shown.items())
    words = {part: dict.fromkeys(shown[name].words for name in names if name in shown)
             for part, names in PARTS.items()}
    return Worth(subject.claim_id, 1 / (1 + math.exp(-odds)),
                 tuple(f"{part}: {', '.join(phrases)}" for part, phrases in words.items() if phrases))


def signs(subject: Subject, items: Sequence[Item]) -> dict[str, Sign]:
    """Return the signs that the claim shows, by their names in `WEIGHTS`."""
    by_name = {
        "figure": _first(number for item in items for number in item.numbers),
        "measured": _first([subject.kind] if subject.kind in MEASURED else []),
        "comparison": _match(COMPARISON, [subject.claim]),
        "taste": _match(TASTE, [subject.claim]),
        "disputed": _first(label for stance, label in OPPOSED.items()
                           for item in items if item.stance is stance),
        "hedged": _first(item.certainty for item in items if item.certainty in UNSURE)
        or _match(CONTESTED, (item.quote for item in items)),
        "matter": _first([subject.kind] if subject.kind in MATTERS else []),
        "gravity": _match(GRAVE, [subject.claim]),
        "announcement": _match(ANNOUNCEMENT, [subject.claim]),
        "spread": _spread(items),
    }
    return {name: sign for name, sign in by_name.items() if sign is not None}


def _first(words: Iterable[str]) -> Sign | None:
    first = next(iter(words), None)
    return None if first is None else Sign(1.0, first.replace("_", " "))


def _match(pattern: re.Pattern[str], texts: Iterable[str]) -> Sign | None:
    return _first(match[0] for text in texts for match in pattern.finditer(text))


def _burst(items: Sequence[Item]) -> int:
    """Return how many sources at most speak within `TOGETHER`."""
    by_time = sorted(items, key=lambda item: item.at)
    speaking: Counter[str] = Counter()
    most = end = 0
    for item in by_time:
        while end < len(by_time) and by_time[end].at < item.at + TOGETHER:
            speaking[by_time[end].source] += 1
            end += 1
        most = max(most, len(speaking))
        speaking[item.source] -= 1
        if not speaking[item.source]:
            del speaking[item.source]
    return most


def _spread(items: Sequence[Item]) -> Sign | None:
    """Return the sign of spread; None where one source alone speaks of it.

    It grows with each doubling of the sources, again with each of those within `TOGETHER`, and with each
    platform. An account that repeats itself counts once.
    """
    sources = len({item.source for item in items})
    if sources < 2:
        return None
    burst = _burst(items)
    platforms = len({item.platform for item in items})
    strength = (math.log2(sources) + math.log2(burst) + platforms - 1) / WIDEST
    soon = "" if burst == 1 else " in two days" if burst == sources else f", {burst} in two days"
    return Sign(min(1.0, strength),
                f"{sources} sources{soon}" + (f", {platforms} platforms" if platforms > 1 else ""))
