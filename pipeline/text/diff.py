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
    headline = any(fold(old_title) != fold(new_title) for old_title, new_title in _titles(before, after))
    body = _joined(old) != _joined(new)
    changed_hunks = _hunks(old, new, body=body) if body or not headline else []
    if headline or not body:
        changed_hunks[:0] = titles(before, after)
    old_keys = {"", *map(fold, before.titles), *(piece.key for piece in old)}
    new_keys = (*map(fold, after.titles), *(piece.key for piece in new))
    return Edit(
        change=_CHANGES[headline, body],
        noted=any(key not in old_keys and is_note(key) for key in new_keys),
        removed="\n".join(sentence for hunk in changed_hunks for sentence in hunk.removed)[:SHOWN],
        added="\n".join(sentence for hunk in changed_hunks for sentence in hunk.added)[:SHOWN],
    )


def changed(before: Wording, after: Wording) -> Edit:
    """Return which parts differ at all, of texts that cannot be compared sentence by sentence."""
    return Edit(_CHANGES[bool(titles(before, after)), before.text != after.text], False, "", "")


def titles(before: Wording, after: Wording) -> list[Hunk]:
    """Return how the headlines differ, typography included: that for machines, then the one that is shown."""
    pairs = dict.fromkeys(pair for pair in _titles(before, after) if pair[0] != pair[1])
    return [Hunk(_given(old_title), _given(new_title)) for old_title, new_title in pairs]


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
    """Return both headlines, each before and after; a page shows its title where no other is known."""
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
        removed, added = _without(gone, come), _without(come, gone)
        gone, come = (removed, added) if removed or added else (gone, come)
    return Hunk(tuple(p.text for p in gone), tuple(p.text for p in come))


def _without(own_pieces: list[Piece], other_pieces: list[Piece]) -> list[Piece]:
    """Return the pieces of `some` that `others` lacks, counting repetitions."""
    spare = Counter(piece.key for piece in other_pieces)
    remaining = []
    for piece in own_pieces:
        if spare[piece.key] > 0:
            spare[piece.key] -= 1
        else:
            remaining.append(piece)
    return remaining


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
    first, last, new_first, new_last = 0, len(old), 0, len(new)
    while first < last and new_first < new_last and old[first] == new[new_first]:
        first, new_first = first + 1, new_first + 1
    while first < last and new_first < new_last and old[last - 1] == new[new_last - 1]:
        last, new_last = last - 1, new_last - 1
    numbers: dict[str, int] = {}
    gone, come = (
        [numbers.setdefault(item, len(numbers)) for item in part]
        for part in (old[first:last], new[new_first:new_last])
    )
    aligned = len(gone) * len(come) <= effort
    blocks = Indel.opcodes(gone, come).as_matching_blocks() if aligned else []
    position, new_position = first, new_first
    for start, new_start, size in [
        *((first + block.a, new_first + block.b, block.size) for block in blocks),
        (last, new_last, 0),
    ]:
        if position < start or new_position < new_start:
            yield Region(position, start, new_position, new_start, aligned)
        position, new_position = start + size, new_start + size
