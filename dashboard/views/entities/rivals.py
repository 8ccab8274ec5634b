"""Rivals side by side: claims that look alike and differ in one thing, as one contest with a finding for a title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.components import html as pieces
from dashboard.data.models import Pair, Side
from pipeline.text.sanitize import plain

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_NOUNS = {"number": "figure", "date": "date"}
# What stands best comes first.
_ORDER = ("substantiated", "corroborated", "disputed", "unverified", "contradicted", "retracted", "expired")
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Contest:
    """Claims that differ in `slot`, each with what it says there; `benchmark` is what they were measured by."""

    slot: str
    benchmark: str | None
    sides: tuple[tuple[str, Side], ...]

    @property
    def title(self) -> str:
        """The finding: what is told, and how each of it stands."""
        told = dict.fromkeys(value for value, _ in self.sides if value)
        noun = _NOUNS.get(self.slot)
        if not noun or len(told) < 2:
            return f"{_counted(len(self.sides))} claims that differ in {plain(pieces.spaced(self.slot), 60)}"
        unit = _unit(list(told)) if self.slot == "number" else ""
        of = f" for {plain(self.benchmark)}" if self.benchmark else f" in {plain(unit)}" if unit else ""
        shown = [
            f"{plain(value.removesuffix(unit).strip(), 40)} ({self._standing(value)})"
            for value in list(told)[:_NAMED]
        ]
        more = len(told) - len(shown)
        last = f"{more} more" if more else shown.pop()
        return f"{_counted(len(told))} {noun}s{of}: {', '.join(shown)} and {last}"

    def _standing(self, value: str) -> str:
        return ", ".join(dict.fromkeys(side.status for told, side in self.sides if told == value))


def contests(pairs: Sequence[Pair], sides: Iterable[Side]) -> list[Contest]:
    """The pairs put together: two claims that have a rival in common stand in one contest; the first pair's comes first."""
    by_id = {side.claim_id: side for side in sides}
    groups: list[tuple[str, dict[str, str], list[Pair]]] = []
    for pair in pairs:
        if pair.claim_id not in by_id or pair.rival_id not in by_id:
            continue
        left, parted, right = pair.words.partition(" / ")
        values = {pair.claim_id: left if parted else "", pair.rival_id: right}
        joined = [group for group in groups if group[0] == pair.slot and group[1].keys() & values.keys()]
        if not joined:
            groups.append((pair.slot, values, [pair]))
            continue
        home = joined[0]
        for claim_id, value in values.items():
            home[1].setdefault(claim_id, value)
        home[2].append(pair)
        for other in joined[1:]:
            for claim_id, value in other[1].items():
                home[1].setdefault(claim_id, value)
            home[2].extend(other[2])
            groups.remove(other)
    return [
        Contest(
            slot, next((pair.benchmark for pair in found if pair.benchmark), None), _ordered(values, by_id)
        )
        for slot, values, found in groups
    ]


def html(contest: Contest) -> str:
    """A contest: its title, and its sides beside each other with their status and their voices."""
    sides = "".join(_side(value, side) for value, side in contest.sides)
    return f'<section class="rt-contest"><h3>{pieces.text(contest.title)}</h3><div class="rt-sides">{sides}</div></section>'


def _side(value: str, side: Side) -> str:
    figure = f'<p class="rt-figure">{pieces.text(value, 60)}</p>' if value else ""
    spoken = "".join(
        f'<p class="rt-small"><span class="rt-soft">{verb} by</span> {" · ".join(pieces.text(name, 80) for name in names)}</p>'
        for verb, names in (("carried", side.carried_by), ("denied", side.denied_by))
        if names
    )
    reason = f'<p class="rt-small rt-soft">{pieces.reason(side.reason, 300)}</p>' if side.reason else ""
    return (
        f'<article class="rt-side {pieces.state(side.status)}">{figure}{pieces.chip(side.status)}'
        f'<p class="rt-claim-text">{pieces.claim_link(side.claim_id, side.claim)}</p>'
        f'<p class="rt-small"><b>{pieces.voices(side.voices)}</b> <span class="rt-soft">in '
        f"{pieces.plural(side.mentions, 'mention')}</span></p>{spoken}{reason}</article>"
    )


def _ordered(values: dict[str, str], by_id: dict[str, Side]) -> tuple[tuple[str, Side], ...]:
    found = [(value, by_id[claim_id]) for claim_id, value in values.items()]
    rank = {status: number for number, status in enumerate(_ORDER)}
    return tuple(
        sorted(
            found, key=lambda item: (rank.get(item[1].status, len(rank)), -item[1].voices, item[1].claim_id)
        )
    )


def _unit(values: list[str]) -> str:
    """The words after the number that all values end in: "parameters" of "70b parameters"."""
    units = {value.partition(" ")[2] for value in values}
    return units.pop() if len(units) == 1 else ""


def _counted(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
