"""Choose among possible names: the longest wins; a short name is taken only in the sense of its context."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.gazetteer.compile import Meaning, Names, Values
from models.gazetteer.matcher import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text with its meaning; `ambiguous` where its context decided."""

    start: int
    end: int
    meaning: Meaning
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Something known around a short name. Lower `distance` is nearer; preceding text is nearest of all."""

    distance: tuple[int, int]
    found: Found


class _Around:
    """What is known in a text and before it, by the names that short names need."""

    # Whoever writes a text decides how many names it holds: only the nearest of each kind are weighed.
    nearest = 8

    def __init__(self, names: Names, context: Sequence[Found]) -> None:
        self._names = names
        self._text: dict[str, list[Found]] = {}
        self._before: dict[str, list[tuple[int, Found]]] = {}
        for age, found in enumerate(reversed(context)):
            for key in found.meaning.keys:
                self._before.setdefault(key, []).append((age, found))

    def add(self, found: Found) -> None:
        """Know one more name of the text."""
        for key in found.meaning.keys:
            insort(self._text.setdefault(key, []), found, key=_start)

    def anchors(self, hit: Hit) -> list[_Anchor]:
        """Return what the short name needs and is known, nearest first."""
        needs = list(hit.rule.needs)
        if self._names.entries[hit.rule.entry].kind == "person":
            # A model tells whose people are meant, but not which other model of its maker.
            needs += [f"maker of {need}" for need in needs]
        found: list[_Anchor] = []
        for need in needs:
            text = self._text.get(need, [])
            at = bisect_left(text, hit.start, key=_start)
            for other in text[max(0, at - self.nearest) : at]:
                if other.end <= hit.start:
                    found.append(_Anchor((0, hit.start - other.end), other))
            for other in text[at : at + self.nearest]:
                if other.start >= hit.end:
                    found.append(_Anchor((1, other.start - hit.end), other))
            found += [_Anchor((2, age), other) for age, other in self._before.get(need, [])[: self.nearest]]
        found.sort(key=_distance)
        return found


def decide(names: Names, hits: Sequence[Hit], context: Sequence[Found]) -> list[Found]:
    """Return the names of a text in reading order, none overlapping; `context` are the names known before it.
    """
    firm = longest(_firm(names, hits))
    starts = [found.start for found in firm]
    short = [hit for hit in hits if not hit.rule.firm and not _inside(hit, firm, starts)]
    if not short:
        return firm
    around = _Around(names, context)
    for found in firm:
        around.add(found)
    accepted = list(firm)
    for (start, end), group in groupby(sorted(short, key=_span), key=_span):
        resolved = _short(names, list(group), around)
        if resolved:
            accepted.append(resolved)
            at = bisect_left(starts, end)
            if at == 0 or firm[at - 1].end <= start:
                around.add(resolved)
    return longest(accepted)


def _inside(hit: Hit, firm: Sequence[Found], starts: Sequence[int]) -> bool:
    """Return whether a firm name already holds the short one ("Maverick" in "Llama 4 Maverick")."""
    at = bisect_right(starts, hit.start)
    return at > 0 and firm[at - 1].end >= hit.end


def _span(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end


def _start(found: Found) -> int:
    return found.start


def _distance(anchor: _Anchor) -> tuple[int, int]:
    return anchor.distance


def longest(found: Iterable[Found]) -> list[Found]:
    """Keep names that do not overlap: the leftmost, then longest, then firm and declared ones go first."""
    kept: list[Found] = []
    for item in sorted(
        found, key=lambda f: (f.start, -f.end, f.ambiguous, not f.meaning.declared, f.meaning.name)
    ):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _firm(names: Names, hits: Iterable[Hit]) -> Iterator[Found]:
    for hit in hits:
        if hit.rule.firm:
            meaning = names.meaning(hit.rule, hit.values)
            if meaning:
                yield Found(hit.start, hit.end, meaning, False)


def _short(names: Names, group: Sequence[Hit], around: _Around) -> Found | None:
    """Return what a short name stands for; None where its context does not say, or says two things equally.
    """
    ranked: dict[str, list[tuple[int, tuple[int, int], Found]]] = {}
    for hit in group:
        anchors = around.anchors(hit)
        if not anchors or not names.credible(hit.rule.entry, dict(hit.values)):
            continue
        values, filled = _filled(names, hit, anchors)
        if "size" in values and not filled and hit.rule.name is None:
            continue  # "the 70B" of an unknown version names nothing
        meaning = names.meaning(hit.rule, tuple(values.items()))
        if meaning:
            # Named in full before, or with a version that context gives, goes before any other reading.
            named = any(anchor.found.meaning.name == meaning.name for anchor in anchors)
            rank = 0 if filled or named else (1 if hit.rule.name is not None else 2)
            found = Found(hit.start, hit.end, meaning, True)
            ranked.setdefault(meaning.family_name or meaning.kind, []).append(
                (rank, anchors[0].distance, found)
            )
    if any(len({found.meaning.name for rank, _, found in same if rank == 0}) > 1 for same in ranked.values()):
        return None  # two people of one surname are both known
    best = [min(same, key=lambda item: item[:2]) for same in ranked.values()]
    nearest = min((distance for _, distance, _ in best), default=None)
    least = min((rank for rank, distance, _ in best if distance == nearest), default=0)
    choices = {
        found.meaning.name: found
        for same in ranked.values()
        for rank, distance, found in same
        if (rank, distance) == (least, nearest)
    }
    return next(iter(choices.values())) if len(choices) == 1 else None


def _filled(names: Names, hit: Hit, anchors: Sequence[_Anchor]) -> tuple[Values, bool]:
    """Return the slots with the number that context gives, and whether the number is known."""
    values = dict(hit.values)
    family = hit.rule.entry
    if hit.rule.name is not None or not names.lacks_number(family, values):
        return values, hit.rule.name is None
    alike: list[_Anchor] = []
    others: list[_Anchor] = []
    for anchor in anchors:
        other = anchor.found.meaning.values
        if anchor.found.meaning.family != family or "n" not in other:
            continue
        clash = any(other.get(slot, value) != value for slot, value in values.items())
        if names.plausible(family, {**values, "n": other["n"]}):
            (others if clash else alike).append(anchor)
    for candidates in (alike, others):
        numbers = [anchor.found.meaning.values["n"] for anchor in candidates]
        if candidates and (candidates[0].distance[0] == 0 or len(set(numbers)) == 1):
            return {**values, "n": numbers[0]}, True
        if candidates:
            break
    return values, False
