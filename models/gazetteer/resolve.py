"""Chooses among possible names: the longest wins, and a short name is taken only in the sense its context gives."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.gazetteer.compile import Names, Values
from models.gazetteer.matcher import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text, decided: what it names, and the slots of its family's names that it fills."""

    start: int
    end: int
    name: str
    entry: int
    family: int | None
    values: Values
    ambiguous: bool
    declared: bool


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Something that is known around a short name. Lower `distance` is nearer; preceding text is nearest of all."""

    distance: tuple[int, int]
    found: Found


class _Around:
    """What is known in a text and before it, by the names that short names need."""

    # Whoever writes a text decides how many names it holds: only the nearest of each kind are weighed.
    nearest = 16

    def __init__(self, names: Names, context: Sequence[Found]) -> None:
        self._names = names
        self._text: dict[str, list[Found]] = {}
        self._before: dict[str, list[tuple[int, Found]]] = {}
        for age, found in enumerate(reversed(context)):
            for key in self._keys(found):
                self._before.setdefault(key, []).append((age, found))

    def add(self, found: Found) -> None:
        """Know one more name of the text."""
        for key in self._keys(found):
            insort(self._text.setdefault(key, []), found, key=lambda other: other.start)

    def anchors(self, hit: Hit) -> list[_Anchor]:
        """What the short name needs and is known, nearest first."""
        needs = list(hit.rule.needs)
        if self._names.entries[hit.rule.entry].kind == "person":
            # A model tells whose people are meant, but not which other model of its maker.
            needs += [f"maker of {need}" for need in needs]
        found: list[_Anchor] = []
        for need in needs:
            text = self._text.get(need, [])
            at = bisect_left(text, hit.start, key=lambda other: other.start)
            for other in text[max(0, at - self.nearest) : at]:
                if other.end <= hit.start:
                    found.append(_Anchor((0, hit.start - other.end), other))
            for other in text[at : at + self.nearest]:
                if other.start >= hit.end:
                    found.append(_Anchor((1, other.start - hit.end), other))
            found += [_Anchor((2, age), other) for age, other in self._before.get(need, [])[: self.nearest]]
        return sorted(found, key=lambda anchor: anchor.distance)

    def _keys(self, found: Found) -> set[str]:
        entry = self._names.entries[found.entry]
        family = None if found.family is None else self._names.entries[found.family]
        owner = entry.owner or (family.owner if family else None)
        version = None if found.family is None else self._names.version(found.family, found.values)
        keys = {found.name, entry.name, f"maker of {owner}"}
        if family:
            keys |= {family.name, f"{family.name} {version}"}
        return keys


def decide(names: Names, hits: Sequence[Hit], context: Sequence[Found]) -> list[Found]:
    """The names of a text in reading order, none overlapping; `context` are those known before it."""
    firm = longest(_firm(names, hits))
    short = [hit for hit in hits if not hit.rule.firm]
    if not short:
        return firm
    around = _Around(names, context)
    for found in firm:
        around.add(found)
    accepted = list(firm)
    starts = [found.start for found in firm]
    for (start, end), group in groupby(sorted(short, key=_span), key=_span):
        resolved = _short(names, list(group), around)
        if resolved:
            accepted.append(resolved)
            at = bisect_left(starts, end)
            if at == 0 or firm[at - 1].end <= start:
                around.add(resolved)
    return longest(accepted)


def _span(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end


def longest(found: Iterable[Found]) -> list[Found]:
    """Leftmost first, then longest, then firm before ambiguous and declared before generalised."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (f.start, -f.end, f.ambiguous, not f.declared, f.name)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _firm(names: Names, hits: Iterable[Hit]) -> Iterator[Found]:
    for hit in hits:
        if hit.rule.firm:
            found = _found(names, hit, dict(hit.values))
            if found:
                yield found


def _found(names: Names, hit: Hit, values: Values) -> Found | None:
    index, name = hit.rule.entry, hit.rule.name
    if name is not None:
        family, values = names.slots.get(name, (_family(names, index), {}))
        return Found(hit.start, hit.end, name, index, family, values, not hit.rule.firm, True)
    written = names.written(index, values)
    if written is None:
        return None
    family = _family(names, index)
    declared = (index, frozenset(values.items())) in names.members
    return Found(hit.start, hit.end, written[1], written[0], family, values, not hit.rule.firm, declared)


def _family(names: Names, index: int) -> int | None:
    entry = names.entries[index]
    return index if entry.kind == "family" else names.families.get(entry.family or "")


def _short(names: Names, group: Sequence[Hit], around: _Around) -> Found | None:
    """What a short name stands for; None where its context does not say, or says two things equally."""
    ranked: list[tuple[tuple[tuple[int, int], int], Found]] = []
    for hit in group:
        anchors = around.anchors(hit)
        if not anchors or not names.credible(hit.rule.entry, dict(hit.values)):
            continue
        values, filled = _filled(names, hit, anchors)
        if "size" in values and not filled and hit.rule.name is None:
            continue  # "the 70B" of an unknown version names nothing
        found = _found(names, hit, values)
        if found:
            rank = 1 if hit.rule.name is not None else (0 if filled else 2)
            ranked.append(((anchors[0].distance, rank), found))
    if not ranked:
        return None
    best = min(rank for rank, _ in ranked)
    choices = {found.name: found for rank, found in ranked if rank == best}
    return next(iter(choices.values())) if len(choices) == 1 else None


def _filled(names: Names, hit: Hit, anchors: Sequence[_Anchor]) -> tuple[Values, bool]:
    """The slots with the number that context gives, and whether the number is known."""
    values = dict(hit.values)
    family = hit.rule.entry
    if hit.rule.name is not None or not names.lacks_number(family, values):
        return values, hit.rule.name is None
    alike: list[_Anchor] = []
    others: list[_Anchor] = []
    for anchor in anchors:
        other = anchor.found.values
        if anchor.found.family != family or "n" not in other:
            continue
        clash = any(other.get(slot, value) != value for slot, value in values.items())
        if names.plausible(family, {**values, "n": other["n"]}):
            (others if clash else alike).append(anchor)
    for candidates in (alike, others):
        numbers = [anchor.found.values["n"] for anchor in candidates]
        if candidates and (candidates[0].distance[0] == 0 or len(set(numbers)) == 1):
            return {**values, "n": numbers[0]}, True
        if candidates:
            break
    return values, False
