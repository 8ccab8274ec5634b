"""Whether two sentences say the same: by the words that say something, and by their figures."""

from __future__ import annotations

from functools import lru_cache

from pipeline.text.names import name_key

SAID = 0.8  # share of a claim's words that a passage has which says the same
SHARED = 0.6  # share of the longer sentence's words that two have which differ in a figure or a date
CUT = 5  # letters: "trained" meets "training"
_PLAIN = frozenset(
    """a an and are as at be by did do does for from has have in is it its no not now of on or our s t that
    the their they this to was we were will with""".split()  # noqa: SIM905  # a list of words reads as words
)


@lru_cache(maxsize=65536)
def words(text: str) -> frozenset[str]:
    """Return the words of a text that say something, cut to a few letters."""
    return frozenset(word[:CUT] for word in name_key(text).split() if word not in _PLAIN)


def says(told: str, claim: str) -> bool:
    """Return whether a text has most of a claim's words, and each of its figures."""
    wanted, given = words(claim), words(told)
    return len(wanted & given) >= SAID * len(wanted) and _figures(wanted) <= given


def of_one_thing(claim: str, rival: str) -> bool:
    """Return whether two claims are the same beside their figures: most words of each stand in the other."""
    ours, theirs = ({word for word in words(text) if not _is_figure(word)} for text in (claim, rival))
    return len(ours & theirs) >= SHARED * max(len(ours), len(theirs))


def _figures(of: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in of if _is_figure(word))


def _is_figure(word: str) -> bool:
    return any(character.isdigit() for character in word)
