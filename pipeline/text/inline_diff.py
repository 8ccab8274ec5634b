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
    waiting = list(hunk.added)
    pairing = len(hunk.removed) * len(hunk.added) <= PAIRED
    for old in hunk.removed:
        place = next((at for at, new in enumerate(waiting) if _alike(old, new)), None) if pairing else None
        if place is None:
            yield [Words(Fate.REMOVED, old)]
            continue
        yield from ([Words(Fate.ADDED, new)] for new in waiting[:place])
        yield _reworded(old.split(), waiting[place].split())
        del waiting[: place + 1]
    yield from ([Words(Fate.ADDED, new)] for new in waiting)


def _reworded(old: list[str], new: list[str]) -> list[Words]:
    parts, position = [], 0
    for region in regions([*map(fold, old)], [*map(fold, new)], EFFORT):
        words = {
            Fate.KEPT: new[position : region.new_start],
            Fate.REMOVED: old[region.start : region.stop],
            Fate.ADDED: new[region.new_start : region.new_stop],
        }
        parts += [Words(fate, " ".join(region_words)) for fate, region_words in words.items() if region_words]
        position = region.new_stop
    return parts + ([Words(Fate.KEPT, " ".join(new[position:]))] if new[position:] else [])


def _alike(old: str, new: str) -> bool:
    old_words, new_words = Counter(old.split()), Counter(new.split())
    return 2 * (old_words & new_words).total() >= ALIKE * (old_words.total() + new_words.total())
