"""A readable stance model: speech cues in the quote, and the wording of claim and proposition side by side.

What extract found (negated, certainty, speech verb) decides first; words in the quote decide where it found nothing.
Confidences are rough: the shares of right answers of each sign on hand-labelled posts, raised where extract itself found it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.protocols import StanceModel, StanceOpinion, StancePair

NAME = "speech-cues-1"

# Words by which a speaker rejects what is said, whatever the grammar around them.
DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|refut\w+|debunk\w*|rebut\w*|disput(?:e|es|ed|ing)|reject(?:s|ed|ing)?|dismiss\w*"
    r"|contradict\w*|disprov\w+|(?:not|n['’]t|isn['’]t|hardly|far from) (?:true|accurate|correct|the case)|untrue|false|no truth"
    r"|inaccurate|fabricated|hoax|baseless|unfounded|nonsense|misinformation|misunderst\w+|misconception|misleading"
    r"|exaggerat\w+|overstat\w+|fear-?monger\w*|correct(?:s|ed) (?:itself|himself|herself|themselves)"
    r"|i was wrong|we were wrong|retract\w*)\b",
    re.IGNORECASE,
)
# Words of doubt that ask for more without rejecting.
DOUBT = re.compile(
    r"\b(?:skeptic\w*|sceptic\w*|doubt\w*|question(?:s|ed|ing|able)?|dubious\w*|suspicio\w+|unconvinced|wonder(?:s|ed|ing)?"
    r"|unclear|uncertain\w*|unsure|concerns? (?:about|over)|is (?:it|this|that) (?:true|real)|really\?|source\?)",
    re.IGNORECASE,
)
# Words that tell of a claim as somebody else's.
HEARSAY = re.compile(
    r"\b(?:rumou?r(?:s|ed)?|reportedly|allegedly|alleged|purported(?:ly)?|supposedly|unconfirmed|unverified|unsubstantiated"
    r"|speculat\w+|leak(?:s|ed)?|word is|sources (?:say|said|claim)|is said to|are said to|claims? to)\b",
    re.IGNORECASE,
)
# Words by which a speaker stands behind it, even against their own interest.
ADMISSION = re.compile(
    r"\b(?:admit(?:s|ted|ting)?|acknowledg\w+|conced(?:e|es|ed|ing)|confirm(?:s|ed|ing)?|apologi[sz]\w+|own(?:s|ed) up)\b",
    re.IGNORECASE,
)
# Words by which somebody declines to take a side.
NO_SIDE = re.compile(
    r"\b(?:(?:can(?:not|['’]t)|could(?: not|n['’]t)|unable to|declin\w+ to|did(?: not|n['’]t) (?:immediately )?)\s*(?:yet |independently )?"
    r"(?:confirm|verify|comment|respond|be (?:confirmed|verified))|no comment)\b",
    re.IGNORECASE,
)
DENYING_VERBS = frozenset({"deny", "refute", "debunk", "rebut", "dispute", "reject", "dismiss", "contradict", "disprove"})
ADMITTING_VERBS = frozenset({"admit", "acknowledge", "concede", "confirm", "apologise", "apologize"})
NEGATION = re.compile(
    r"\b(?:not(?! (?:only|just|merely|least)\b)|never|no longer|nor|cannot|lacks?|fail(?:s|ed)? to|\w+n['’]t)\b|\bno(?= [a-z]+)", re.IGNORECASE
)
# The claim says one, the proposition the other: one of them is denied.
OPPOSITES = tuple(
    (re.compile(rf"\b(?:{a})\b", re.IGNORECASE), re.compile(rf"\b(?:{b})\b", re.IGNORECASE))
    for a, b in (
        (r"delay\w*|postpone\w*|slip(?:s|ped)?", r"on (?:track|schedule|time)|as planned"),
        (r"open[- ]source\w*|open[- ]weights?", r"closed[- ]source\w*|closed|proprietary"),
    )
)
WORD = re.compile(r"[a-z][a-z]+|\d+(?:[.,]\d+)*")
COMMON = frozenset(
    re.findall(
        r"\w+",
        "the a an of to in on at by for from with and or but that this these those it its is are was were be been being as than more most"
        " has have had will would can could may might their his her our your they he she we you who which what when about over into out"
        " up down all any some own only just so very also",
    )
)


@dataclass(frozen=True, slots=True)
class SpeechCueStance:
    """The rules below in order; the first that speaks wins."""

    name: str = NAME

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """One opinion for each pair, in order."""
        return [_opinion(pair) for pair in pairs]


def load() -> StanceModel:
    """The stance model that a run uses."""
    return SpeechCueStance()


def _opinion(pair: StancePair) -> StanceOpinion:
    turned = _turned(pair)
    if pair.negated or (pair.speech_verb or "").lower() in DENYING_VERBS:
        cues = (_found(DENIAL, pair) or _negations(pair.quote) or (pair.speech_verb or "negated",)) + turned
        # Who denies a proposition that says the claim's opposite says what the claim says.
        return StanceOpinion("supports" if turned else "denies", 0.75 if turned else 0.9, cues)
    if (pair.speech_verb or "").lower() in ADMITTING_VERBS and not turned and pair.certainty not in ("reported", "questioned"):
        return StanceOpinion("supports", 0.9, _found(ADMISSION, pair) or (pair.speech_verb or "",))
    if cues := _found(NO_SIDE, pair):
        return StanceOpinion("reports", 0.8, cues)
    # Told of others, a denial's words belong to whoever is told of: it stays a report.
    if pair.certainty not in ("reported", "questioned") and (cues := _found(DENIAL, pair)):
        return StanceOpinion("denies", 0.6 if overlap(pair.claim, pair.quote) >= 0.3 else 0.5, cues)
    if turned and pair.certainty != "questioned":
        return StanceOpinion("denies", 0.6 if overlap(pair.claim, pair.proposition) >= 0.7 else 0.5, turned)
    doubt = _found(DOUBT, pair)
    if pair.certainty == "questioned" or pair.quote.rstrip().endswith("?"):
        return StanceOpinion("questions", 0.85, doubt or ("a question",))
    if doubt:
        return StanceOpinion("questions", 0.6, doubt)
    admission = _found(ADMISSION, pair)
    if admission and pair.certainty != "reported":
        return StanceOpinion("supports", 0.9, admission)
    if pair.certainty == "reported":
        return StanceOpinion("reports", 0.85, _found(HEARSAY, pair) or ("told of others",))
    if hearsay := _found(HEARSAY, pair):
        return StanceOpinion("reports", 0.7, hearsay)
    if overlap(pair.claim, pair.proposition) < 0.2:
        return StanceOpinion("reports", 0.6, ("little in common with the claim",))
    if pair.certainty == "hedged":
        return StanceOpinion("supports", 0.6, ("hedged",))
    if pair.certainty == "predicted":
        return StanceOpinion("supports", 0.8, ("predicted",))
    return StanceOpinion("supports", 0.8, ("asserted",))


def _turned(pair: StancePair) -> tuple[str, ...]:
    """The words by which the proposition's own wording says the claim's opposite; none where it does not."""
    if overlap(pair.claim, pair.proposition) >= 0.5:
        claim, said = _negations(pair.claim), _negations(pair.proposition)
        if bool(claim) != bool(said):
            return (said or claim)[:1]
    for one, other in OPPOSITES:
        for here, there in ((one, other), (other, one)):
            word = there.search(pair.proposition)
            if word and here.search(pair.claim) and not there.search(pair.claim) and not here.search(pair.proposition):
                return (word.group().lower(),)
    return ()


def _found(cues: re.Pattern[str], pair: StancePair) -> tuple[str, ...]:
    """The cue words of the quote; one that the claim itself contains is its content, no sign of a stance."""
    claim = pair.claim.lower()
    words = dict.fromkeys(match.group().lower() for match in cues.finditer(pair.quote))
    return tuple(word for word in words if word not in claim)


def _negations(text: str) -> tuple[str, ...]:
    return tuple(match.group().lower() for match in NEGATION.finditer(text))


def overlap(claim: str, text: str) -> float:
    """The share of the claim's content words that the text repeats (0 to 1)."""
    wanted = _words(claim)
    return len(wanted & _words(text)) / len(wanted) if wanted else 0.0


def _words(text: str) -> set[str]:
    """Content words cut to six letters, so that "trained" meets "training"."""
    return {word[:6] for word in WORD.findall(text.lower()) if word not in COMMON}
