"""Choose among possible names: the longest wins; a short name is taken only in the sense of its context."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.gazetteer.compile import Meaning, Names, Values
from models.gazetteer.matcher import Hit


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """A name in a text with its meaning; `ambiguous` where its context decided."""

    start: int
    end: int
    meaning: Meaning
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Something known around a short name. Lower `distance` is nearer; preceding text is nearest of all."""

    distance: tuple[int, int]
    name: ResolvedName


class _Around:
    """What is known in a text and before it, by the names that short names need."""

    # Whoever writes a text decides how many names it holds: only the nearest of each kind are weighed.
    nearest = 8

    def __init__(self, names: Names, context: Sequence[ResolvedName]) -> None:
        self._names = names
        self._text: dict[str, list[ResolvedName]] = {}
        self._before: dict[str, list[tuple[int, ResolvedName]]] = {}
        for age, name in enumerate(reversed(context)):
            for key in name.meaning.keys:
                self._before.setdefault(key, []).append((age, name))

    def add(self, name: ResolvedName) -> None:
        """Know one more name of the text."""
        for key in name.meaning.keys:
            insort(self._text.setdefault(key, []), name, key=_start)

    def anchors(self, hit: Hit) -> list[_Anchor]:
        """Return what the short name needs and is known, nearest first."""
        needs = list(hit.rule.needs)
        if self._names.entries[hit.rule.entry].kind == "person":
            # A model tells whose people are meant, but not which other model of its maker.
            needs += [f"maker of {need}" for need in needs]
        anchors: list[_Anchor] = []
        for need in needs:
            in_text = self._text.get(need, [])
            index = bisect_left(in_text, hit.start, key=_start)
            for name in in_text[max(0, index - self.nearest) : index]:
                if name.end <= hit.start:
                    anchors.append(_Anchor((0, hit.start - name.end), name))
            for name in in_text[index : index + self.nearest]:
                if name.start >= hit.end:
                    anchors.append(_Anchor((1, name.start - hit.end), name))
            anchors += [_Anchor((2, age), name) for age, name in self._before.get(need, [])[: self.nearest]]
        anchors.sort(key=_distance)
        return anchors


def decide(names: Names, hits: Sequence[Hit], context: Sequence[ResolvedName]) -> list[ResolvedName]:
    """Return the names of a text in reading order, none overlapping; `context` are the names known before it.
    """
    firm = longest(_firm(names, hits))
    starts = [name.start for name in firm]
    short = [hit for hit in hits if not hit.rule.firm and not _inside(hit, firm, starts)]
    if not short:
        return firm
    around = _Around(names, context)
    for name in firm:
        around.add(name)
    accepted = list(firm)
    for (start, end), group in groupby(sorted(short, key=_span), key=_span):
        resolved = _short(names, list(group), around)
        if resolved:
            accepted.append(resolved)
            index = bisect_left(starts, end)
            if index == 0 or firm[index - 1].end <= start:
                around.add(resolved)
    return longest(accepted)


def _inside(hit: Hit, firm: Sequence[ResolvedName], starts: Sequence[int]) -> bool:
    """Return whether a firm name already holds the short one ("Maverick" in "Llama 4 Maverick")."""
    index = bisect_right(starts, hit.start)
    return index > 0 and firm[index - 1].end >= hit.end


def _span(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end


def _start(name: ResolvedName) -> int:
    return name.start


def _distance(anchor: _Anchor) -> tuple[int, int]:
    return anchor.distance


def longest(names: Iterable[ResolvedName]) -> list[ResolvedName]:
    """Keep names that do not overlap: the leftmost, then longest, then firm and declared ones go first."""
    chosen: list[ResolvedName] = []
    for name in sorted(
        names, key=lambda f: (f.start, -f.end, f.ambiguous, not f.meaning.declared, f.meaning.name)
    ):
        if not chosen or name.start >= chosen[-1].end:
            chosen.append(name)
    return chosen


def _firm(names: Names, hits: Iterable[Hit]) -> Iterator[ResolvedName]:
    for hit in hits:
        if hit.rule.firm:
            meaning = names.meaning(hit.rule, hit.values)
            if meaning:
                yield ResolvedName(hit.start, hit.end, meaning, False)


def _short(names: Names, group: Sequence[Hit], around: _Around) -> ResolvedName | None:
    """Return what a short name stands for; None where its context does not say, or says two things equally.
    """
    ranked: dict[str, list[tuple[int, tuple[int, int], ResolvedName]]] = {}
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
            named = any(anchor.name.meaning.name == meaning.name for anchor in anchors)
            rank = 0 if filled or named else (1 if hit.rule.name is not None else 2)
            name = ResolvedName(hit.start, hit.end, meaning, True)
            ranked.setdefault(meaning.family_name or meaning.kind, []).append(
                (rank, anchors[0].distance, name)
            )
    if any(len({name.meaning.name for rank, _, name in rows if rank == 0}) > 1 for rows in ranked.values()):
        return None  # two people of one surname are both known
    best = [min(rows, key=lambda item: item[:2]) for rows in ranked.values()]
    nearest = min((distance for _, distance, _ in best), default=None)
    best_rank = min((rank for rank, distance, _ in best if distance == nearest), default=0)
    choices = {
        name.meaning.name: name
        for rows in ranked.values()
        for rank, distance, name in rows
        if (rank, distance) == (best_rank, nearest)
    }
    return next(iter(choices.values())) if len(choices) == 1 else None


def _filled(names: Names, hit: Hit, anchors: Sequence[_Anchor]) -> tuple[Values, bool]:
    """Return the slots with the number that context gives, and whether the number is known."""
    values = dict(hit.values)
    family = hit.rule.entry
    if hit.rule.name is not None or not names.lacks_number(family, values):
        return values, hit.rule.name is None
    agreeing: list[_Anchor] = []
    clashing: list[_Anchor] = []
    for anchor in anchors:
        anchor_values = anchor.name.meaning.values
        if anchor.name.meaning.family != family or "n" not in anchor_values:
            continue
        clash = any(anchor_values.get(slot, value) != value for slot, value in values.items())
        if names.plausible(family, {**values, "n": anchor_values["n"]}):
            (clashing if clash else agreeing).append(anchor)
    for candidates in (agreeing, clashing):
        numbers = [anchor.name.meaning.values["n"] for anchor in candidates]
        if candidates and (candidates[0].distance[0] == 0 or len(set(numbers)) == 1):
            return {**values, "n": numbers[0]}, True
        if candidates:
            break
    return values, False
