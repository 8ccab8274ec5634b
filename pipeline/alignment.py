"""Where two sequences of sentences differ: patience anchors first, difflib between them, in bounded work."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Region:
    """`old[start:stop]` gave way to `new[new_start:new_stop]`; not `aligned` where the bound was reached."""

    start: int
    stop: int
    new_start: int
    new_stop: int
    aligned: bool = True


def regions(old: Sequence[str], new: Sequence[str], effort: int) -> Iterator[Region]:
    """The places where the two differ, in order, found in at most about `effort` steps.

    A sentence that stands once in both is an anchor; between anchors difflib, which alone takes cubic time at
    worst, aligns what it can within the steps that are left. What lies beyond is one region, not aligned.
    """
    todo = [(0, len(old), 0, len(new))]
    while todo:
        a, b, c, d = todo.pop()
        while a < b and c < d and old[a] == new[c]:
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
        if a == b or c == d:
            if a < b or c < d:
                yield Region(a, b, c, d)
            continue
        effort -= b - a + d - c
        anchors = _anchors(old, new, (a, b, c, d)) if effort > 0 else []
        if anchors:
            starts = [(a, c), *((i + 1, j + 1) for i, j in anchors)]
            stops = [*anchors, (b, d)]
            todo += reversed([(i, k, j, m) for (i, j), (k, m) in zip(starts, stops, strict=True)])
            continue
        cost = (b - a) * (d - c) * min(b - a, d - c)
        if cost > effort:
            yield Region(a, b, c, d, aligned=False)
            continue
        effort -= cost
        for tag, i, k, j, m in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes():
            if tag != "equal":
                yield Region(a + i, a + k, c + j, c + m)


def _anchors(
    old: Sequence[str], new: Sequence[str], where: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """The longest run, in the order of both, of sentences that stand once in each."""
    a, b, c, d = where
    once = {key for key, times in Counter(new[c:d]).items() if times == 1}
    twice = {key for key, times in Counter(old[a:b]).items() if times > 1}
    place = {key: j for j, key in enumerate(new[c:d], c) if key in once and key not in twice}
    pairs = [(i, place[key]) for i, key in enumerate(old[a:b], a) if key in place]
    ends: list[int] = []  # the smallest end of an increasing run of each length, and which pair it is
    which: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(which[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        which[length : length + 1] = [number]
    run = []
    number = which[-1] if which else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]
