"""Compare two sentences by the words that carry meaning and by their figures."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.text.figures import figures, unmatched
from pipeline.text.names import name_key

SAID = 0.8  # share of a claim's words in a passage that says the same
SHARED = 0.6  # share of the longer sentence's words in two that differ only in a figure or a date
CUT = 5  # letters: "trained" meets "training"
_PLAIN = frozenset(
    """a an and are as at be by did do does for from has have in is it its no not now of on or our s t that
    the their they this to was we were will with""".split()  # noqa: SIM905  # a list of words reads as words
)


_GLUED = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")


@lru_cache(maxsize=65536)
def words(text: str) -> frozenset[str]:
    """Return the words of a text that say something, cut to a few letters; "Aster4" is "Aster 4"."""
    apart = _GLUED.sub(" ", name_key(text))
    return frozenset(word[:CUT] for word in apart.split() if word not in _PLAIN)


def says(told: str, claim: str) -> bool:
    """Return whether a text has most of a claim's words, and each of its figures."""
    claim_words, told_words = words(claim), words(told)
    return len(claim_words & told_words) >= SAID * len(claim_words) and _figures(claim_words) <= told_words


def share_said(told: str, claim: str) -> float:
    """Return which share of a claim's words a text has; 0 where it has none that say something."""
    claim_words = words(claim)
    return len(claim_words & words(told)) / len(claim_words) if claim_words else 0.0


def has_figures(claim: str, told: str) -> bool:
    """Return whether a text has each amount that a claim tells: a price, a share, a number of things."""
    amounts = [figure for figure in figures(claim.lower()) if figure.amount and figure.of]
    return not unmatched(amounts, figures(told.lower()))


def of_one_thing(claim: str, rival: str) -> bool:
    """Return whether two claims are the same beside their figures: most words of each stand in the other."""
    claim_words, rival_words = ({word for word in words(text) if not _is_figure(word)}
                                for text in (claim, rival))
    return len(claim_words & rival_words) >= SHARED * max(len(claim_words), len(rival_words))


def _figures(sentence_words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in sentence_words if _is_figure(word))


def _is_figure(word: str) -> bool:
    return any(character.isdigit() for character in word)
