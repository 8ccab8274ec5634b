"""Choose the sentences of a long text that speak to a claim, so that a small model reads what matters."""

from __future__ import annotations

import re
from collections import Counter
from math import log

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=[\s”\"'’)]|$)|\n|$)|[.!?]+")
_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_STOP = frozenset(
    "a an and are as at be been but by for from had has have he her his i in is it its of on or our she that the their"
    " they this to was we were which who will with would you your not no".split()
)


def sentences(text: str) -> list[str]:
    """The text's sentences in order, by punctuation and line breaks alone."""
    return [found for match in _SENTENCE.finditer(text) if (found := match.group().strip()) and any(map(str.isalnum, found))]


def words(text: str) -> list[str]:
    """Lower-case words without the commonest ones; plural and verbal endings cut roughly."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


def focus(claim: str, text: str, *, limit: int = 400) -> str:
    """The sentences of `text` that share most with `claim`, in their order, up to `limit` characters.

    The first sentence always stays: news text says there what it is about. Shared words count by their rarity in the
    text (inverse sentence frequency).
    """
    found = sentences(text)
    if sum(map(len, found)) <= limit:
        return " ".join(found)
    bags = [set(words(sentence)) for sentence in found]
    frequency = Counter(word for bag in bags for word in bag)
    asked = set(words(claim))
    weight = {word: log(1 + len(found) / frequency[word]) for word in asked if word in frequency}
    ranked = sorted(range(len(found)), key=lambda n: (n != 0, -sum(weight[w] for w in bags[n] & weight.keys()), n))
    chosen, used = [], 0
    for n in ranked:
        if used and used + len(found[n]) > limit:
            continue
        chosen.append(n)
        used += len(found[n])
    return " ".join(found[n] for n in sorted(chosen))


def _stem(word: str) -> str:
    for ending in ("'s", "’s", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)]
    return word
