"""Two wordings of one document compared by sentence, in bounded time and memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from pipeline.core.vocabulary import Change
from pipeline.text.boilerplate import Piece, fold, is_note, pieces

EFFORT = 1_000_000_000
"""Pairs of sentences that are compared: a second and 125 MB at most. Where there are more, only the sentences
that one of the texts lacks are given, or all where both have the same ones in another order."""
SHOWN = 2000
"""Characters of removed and of added text that an Edit holds; the versions keep all of it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A version's title and text, and the headline that its page shows where that is another."""

    title: str | None
    text: str
    headline: str | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """Return its headlines: the one that readers see last."""
        return tuple(filter(None, (self.title, self.headline)))


@dataclass(frozen=True, slots=True)
class Hunk:
    """Sentences that stand in the place of others, in reading order; either may be empty."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """The change between two versions. `noted`: a new sentence says that the page was corrected or updated.

    `removed` and `added` have a line for each sentence, the headline first, and SHOWN characters at most. Of
    a trivial edit they hold the boilerplate and typography that changed, of any other the text alone.
    """

    change: Change
    noted: bool
    removed: str
    added: str


def compare(before: Wording, after: Wording) -> Edit:
    """Return what `after` changed of `before`, for texts of 2 MB in seconds."""
    old, new = _text(before), _text(after)
    headline = any(fold(one) != fold(other) for one, other in _titles(before, after))
    body = _joined(old) != _joined(new)
    places = _hunks(old, new, body=body) if body or not headline else []
    if headline or not body:
        places[:0] = titles(before, after)
    known = {"", *map(fold, before.titles), *(piece.key for piece in old)}
    said = (*map(fold, after.titles), *(piece.key for piece in new))
    return Edit(
        change=_CHANGES[headline, body],
        noted=any(key not in known and is_note(key) for key in said),
        removed="\n".join(sentence for hunk in places for sentence in hunk.removed)[:SHOWN],
        added="\n".join(sentence for hunk in places for sentence in hunk.added)[:SHOWN],
    )


def changed(before: Wording, after: Wording) -> Edit:
    """Return which parts differ at all, of texts that cannot be compared sentence by sentence."""
    return Edit(_CHANGES[bool(titles(before, after)), before.text != after.text], False, "", "")


def titles(before: Wording, after: Wording) -> list[Hunk]:
    """Return how the headlines differ, typography included: that for machines, then the one that is shown."""
    pairs = dict.fromkeys(pair for pair in _titles(before, after) if pair[0] != pair[1])
    return [Hunk(_given(one), _given(other)) for one, other in pairs]


def hunks(before: Wording, after: Wording) -> list[Hunk]:
    """Return where the texts differ, but for boilerplate and typography."""
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


def _titles(before: Wording, after: Wording) -> tuple[tuple[str, str], ...]:
    """Both headlines before and after; what a page shows is its title where no other is known."""
    old, new = before.title or "", after.title or ""
    return (old, new), (before.headline or old, after.headline or new)


def _given(title: str) -> tuple[str, ...]:
    return (title,) if title else ()


def _joined(text: Sequence[Piece]) -> str:
    """Return all that is compared; where a line or a sentence ends does not count."""
    return " ".join(piece.key for piece in text if piece.key)


def _hunks(old: list[Piece], new: list[Piece], *, body: bool) -> list[Hunk]:
    """Return the changed sentences of a body, or else what changed besides."""
    if body:
        old, new = [p for p in old if p.key], [p for p in new if p.key]
    else:
        old, new = [Piece(p.text, p.text) for p in old], [Piece(p.text, p.text) for p in new]
    differing = regions([p.key for p in old], [p.key for p in new], EFFORT)
    return [hunk for region in differing if (hunk := _hunk(old, new, region))]


def _hunk(old: list[Piece], new: list[Piece], region: Region) -> Hunk | None:
    gone, come = old[region.start : region.stop], new[region.new_start : region.new_stop]
    if _joined(gone) == _joined(come):
        return None  # broken into sentences otherwise, and nothing else
    if not region.aligned:
        left, fresh = _without(gone, come), _without(come, gone)
        gone, come = (left, fresh) if left or fresh else (gone, come)
    return Hunk(tuple(p.text for p in gone), tuple(p.text for p in come))


def _without(some: list[Piece], others: list[Piece]) -> list[Piece]:
    """Return the pieces of `some` that `others` lacks, counting repetitions."""
    spare = Counter(piece.key for piece in others)
    left = []
    for piece in some:
        if spare[piece.key] > 0:
            spare[piece.key] -= 1
        else:
            left.append(piece)
    return left


@dataclass(frozen=True, slots=True)
class Region:
    """`old[start:stop]` gave way to `new[new_start:new_stop]`; not `aligned` where the bound was reached."""

    start: int
    stop: int
    new_start: int
    new_stop: int
    aligned: bool = True


def regions(old: Sequence[str], new: Sequence[str], effort: int) -> Iterator[Region]:
    """Yield the places where the two differ, in order: what is left beside a longest common subsequence.

    Where that takes more than `effort` pairs of items, all between the first and the last difference is one
    region.
    """
    a, b, c, d = 0, len(old), 0, len(new)
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    numbers: dict[str, int] = {}
    gone, come = ([numbers.setdefault(item, len(numbers)) for item in part] for part in (old[a:b], new[c:d]))
    aligned = len(gone) * len(come) <= effort
    blocks = Indel.opcodes(gone, come).as_matching_blocks() if aligned else []
    at, new_at = a, c
    for start, new_start, size in [*((a + block.a, c + block.b, block.size) for block in blocks), (b, d, 0)]:
        if at < start or new_at < new_start:
            yield Region(at, start, new_at, new_start, aligned)
        at, new_at = start + size, new_start + size
