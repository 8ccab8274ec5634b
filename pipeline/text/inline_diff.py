"""A hunk of an edit for readers: which sentence was reworded, and in it which words went and which came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from pipeline.text.boilerplate import fold
from pipeline.text.diff import Hunk

ALIKE = 0.5
"""Two sentences that share so much of their words are shown as one reworded; only the layout rests on it."""
EFFORT = 2_000_000
"""Steps that aligning the words of two sentences may take; beyond it they are shown whole."""
PAIRED = 2000
"""Pairs of sentences that are tried in a hunk; where there are more, each sentence is shown whole."""


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one sentence with one fate."""

    fate: Fate
    text: str


def sentences(hunk: Hunk) -> Iterator[list[Words]]:
    """The parts of each sentence of a hunk: one that was reworded, removed, or added."""
    left = list(hunk.added)
    pairing = len(hunk.removed) * len(hunk.added) <= PAIRED
    for old in hunk.removed:
        place = next((i for i, new in enumerate(left) if _alike(old, new)), None) if pairing else None
        if place is None:
            yield [Words(Fate.REMOVED, old)]
            continue
        yield from ([Words(Fate.ADDED, new)] for new in left[:place])
        yield _reworded(old.split(), left[place].split())
        del left[: place + 1]
    yield from ([Words(Fate.ADDED, new)] for new in left)


def _reworded(old: list[str], new: list[str]) -> list[Words]:
    if len(old) * len(new) * min(len(old), len(new)) > EFFORT:
        return [Words(Fate.REMOVED, " ".join(old)), Words(Fate.ADDED, " ".join(new))]
    parts = []
    matcher = SequenceMatcher(None, [*map(fold, old)], [*map(fold, new)], autojunk=False)
    for tag, i, k, j, m in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Words(Fate.KEPT, " ".join(new[j:m])))
            continue
        parts += [Words(Fate.REMOVED, " ".join(old[i:k]))] if k > i else []
        parts += [Words(Fate.ADDED, " ".join(new[j:m]))] if m > j else []
    return parts


def _alike(old: str, new: str) -> bool:
    one, other = Counter(old.split()), Counter(new.split())
    return 2 * (one & other).total() >= ALIKE * (one.total() + other.total())
