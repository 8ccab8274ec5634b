"""What an edit changed: two wordings of one document compared by sentence, in bounded time.

Where two sequences of sentences differ: patience anchors first, difflib between them, in bounded work.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.core.records import Change
from pipeline.text.boilerplate import Piece, fold, is_note, pieces

EFFORT = 10_000_000
"""Steps that aligning two texts may take: a second or two. Beyond it the rest is compared as two heaps of
sentences: those that only one has are told; where both have the same ones in another order, all are."""
SHOWN = 2000
"""Characters of removed and of added text that an Edit holds; the versions keep all of it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A version's headline and text."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Sentences that stand in the place of others, in reading order; either may be empty."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What changed. `noted`: the page itself says that it was corrected or updated, in a new sentence.

    `removed` and `added` have a line for each sentence, the headline first, and SHOWN characters at most. Of
    a trivial edit they hold the furniture and typography that changed, of any other the text alone.
    """

    change: Change
    noted: bool
    removed: str
    added: str


def compare(before: Wording, after: Wording) -> Edit:
    """What `after` changed of `before`: the same for the same two; for texts of 2 MB in seconds."""
    old, new = _text(before), _text(after)
    headline = fold(before.title or "") != fold(after.title or "")
    body = _joined(old) != _joined(new)
    found = _hunks(old, new, body=body) if body or not headline else []
    if before.title != after.title and (headline or not body):
        found.insert(0, Hunk(_given(before.title), _given(after.title)))
    known = {"", fold(before.title or ""), *(piece.key for piece in old)}
    said = (fold(after.title or ""), *(piece.key for piece in new))
    return Edit(
        change=_CHANGES[headline, body],
        noted=any(key not in known and is_note(key) for key in said),
        removed="\n".join(sentence for hunk in found for sentence in hunk.removed)[:SHOWN],
        added="\n".join(sentence for hunk in found for sentence in hunk.added)[:SHOWN],
    )


def hunks(before: Wording, after: Wording) -> list[Hunk]:
    """Where the texts differ, furniture and typography left out; empty where nothing else does."""
    old, new = _text(before), _text(after)
    return _hunks(old, new, body=True) if _joined(old) != _joined(new) else []


_CHANGES = {
    (False, False): Change.TRIVIAL,
    (True, False): Change.HEADLINE,
    (False, True): Change.BODY,
    (True, True): Change.HEADLINE_AND_BODY,
}


def _text(wording: Wording) -> list[Piece]:
    return list(pieces(wording.text))


def _given(title: str | None) -> tuple[str, ...]:
    return (title,) if title else ()


def _joined(text: Sequence[Piece]) -> str:
    """All that is compared; where a line or a sentence ends does not count."""
    return " ".join(piece.key for piece in text if piece.key)


def _hunks(old: list[Piece], new: list[Piece], *, body: bool) -> list[Hunk]:
    """The changed sentences of a body, or else what changed besides."""
    if body:
        old, new = [p for p in old if p.key], [p for p in new if p.key]
    else:
        old, new = [Piece(p.text, p.text) for p in old], [Piece(p.text, p.text) for p in new]
    found = regions([p.key for p in old], [p.key for p in new], EFFORT)
    return [hunk for region in found if (hunk := _hunk(old, new, region))]


def _hunk(old: list[Piece], new: list[Piece], region: Region) -> Hunk | None:
    gone, come = old[region.start : region.stop], new[region.new_start : region.new_stop]
    if _joined(gone) == _joined(come):
        return None  # broken into sentences otherwise, and nothing else
    if not region.aligned:
        left, fresh = _without(gone, come), _without(come, gone)
        gone, come = (left, fresh) if left or fresh else (gone, come)
    return Hunk(tuple(p.text for p in gone), tuple(p.text for p in come))


def _without(some: list[Piece], others: list[Piece]) -> list[Piece]:
    """The pieces of `some` that `others` lacks, counting repetitions."""
    spare = Counter(piece.key for piece in others)
    found = []
    for piece in some:
        if spare[piece.key] > 0:
            spare[piece.key] -= 1
        else:
            found.append(piece)
    return found


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
