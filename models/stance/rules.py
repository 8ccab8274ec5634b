"""A readable stance model: speech cues in the quote, and the wording of claim and proposition side by side.

The cues that extract found (negated, certainty, speech verb) decide first; words in the quote decide where
there are none. Confidences are rough: the shares of right answers of each rule on hand-labelled posts, raised
where extract found the cue.
"""

from __future__ import annotations

import re

from models.lexicon import cues
from models.protocols.stance import StanceOpinion, StancePair
from models.stance.cues import ADMISSION, DENIAL, DOUBT, HEARSAY, NEGATION, NO_SIDE
from models.stance.features import cue_words, overlap

DENYING_VERBS, ADMITTING_VERBS = cues().verbs["deny_flatly"], cues().verbs["admit"]
# The claim says one, the proposition the other: one of them is denied.
OPPOSITES = tuple(
    (re.compile(rf"\b(?:{a})\b", re.IGNORECASE), re.compile(rf"\b(?:{b})\b", re.IGNORECASE))
    for a, b in (
        (r"delay\w*|postpone\w*|slip(?:s|ped)?", r"on (?:track|schedule|time)|as planned"),
        (r"open[- ]source\w*|open[- ]weights?", r"closed[- ]source\w*|closed|proprietary"),
    )
)


def opinion(pair: StancePair) -> StanceOpinion:
    """Return the opinion of the first rule that applies: a stance, how sure, and the words that gave it away.
    """
    turned = _turned(pair)
    # Before the negation: "did not say whether it is so" says nothing against it.
    flatly = (pair.speech_verb or "").lower() in DENYING_VERBS
    if not flatly and (words := _found(NO_SIDE, pair)):
        return StanceOpinion("reports", 0.8, words)
    if pair.negated or flatly:
        words = (_found(DENIAL, pair) or _negations(pair.quote) or (pair.speech_verb or "negated",)) + turned
        # To deny a proposition that says the claim's opposite is to say what the claim says.
        return StanceOpinion("supports" if turned else "denies", 0.75 if turned else 0.9, words)
    if (
        (pair.speech_verb or "").lower() in ADMITTING_VERBS and not turned
        and pair.certainty not in ("reported", "questioned")
    ):
        return StanceOpinion("supports", 0.9, _found(ADMISSION, pair) or (pair.speech_verb or "",))
    # In reported speech the words of a denial are those of the person reported on: it stays a report.
    if pair.certainty not in ("reported", "questioned") and (words := _found(DENIAL, pair)):
        return StanceOpinion("denies", 0.6 if overlap(pair.claim, pair.quote) >= 0.3 else 0.5, words)
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
        # One of four stances at a quarter says nothing: other words are no hearsay.
        return StanceOpinion("reports", 0.25, ("little in common with the claim",))
    if pair.certainty == "hedged":
        return StanceOpinion("supports", 0.6, ("hedged",))
    if pair.certainty == "predicted":
        return StanceOpinion("supports", 0.8, ("predicted",))
    return StanceOpinion("supports", 0.8, ("asserted",))


def _turned(pair: StancePair) -> tuple[str, ...]:
    """Return the words by which the proposition's own wording says the claim's opposite; none where it does
    not.
    """
    if overlap(pair.claim, pair.proposition) >= 0.5:
        claim_negations, negations = _negations(pair.claim), _negations(pair.proposition)
        if bool(claim_negations) != bool(negations):
            return (negations or claim_negations)[:1]
    for first, second in OPPOSITES:
        for claimed, opposite in ((first, second), (second, first)):
            word = opposite.search(pair.proposition)
            if (
                word and claimed.search(pair.claim) and not opposite.search(pair.claim)
                and not claimed.search(pair.proposition)
            ):
                return (word.group().lower(),)
    return ()


def _found(pattern: re.Pattern[str], pair: StancePair) -> tuple[str, ...]:
    return cue_words(pattern, pair.quote, pair.claim)


def _negations(text: str) -> tuple[str, ...]:
    return tuple(match.group().lower() for match in NEGATION.finditer(text))
