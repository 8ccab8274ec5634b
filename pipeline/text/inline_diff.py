"""A hunk of an edit for readers: which sentence was reworded, and in it which words went and which came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.text.boilerplate import fold
from pipeline.text.diff import Hunk, regions

ALIKE = 0.5
"""Two sentences that share so much of their words are shown as one reworded; only the layout rests on it."""
EFFORT = 10_000_000
"""Pairs of words that are compared in two sentences; where there are more, what differs is shown whole."""
PAIRED = 2000
"""Pairs of sentences that are tried in a hunk; where there are more, each sentence is shown whole."""


class Fate(StrEnum):
    """The fate of some words in an edit."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one sentence with one fate."""

    fate: Fate
    text: str


def sentences(hunk: Hunk) -> Iterator[list[Words]]:
    """Yield the parts of each sentence of a hunk: one that was reworded, removed, or added."""
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
    parts, kept = [], 0
    for region in regions([*map(fold, old)], [*map(fold, new)], EFFORT):
        words = {
            Fate.KEPT: new[kept : region.new_start],
            Fate.REMOVED: old[region.start : region.stop],
            Fate.ADDED: new[region.new_start : region.new_stop],
        }
        parts += [Words(fate, " ".join(some)) for fate, some in words.items() if some]
        kept = region.new_stop
    return parts + ([Words(Fate.KEPT, " ".join(new[kept:]))] if new[kept:] else [])


def _alike(old: str, new: str) -> bool:
    one, other = Counter(old.split()), Counter(new.split())
    return 2 * (one & other).total() >= ALIKE * (one.total() + other.total())
