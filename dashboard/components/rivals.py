"""Rival claims: those that look alike and differ in one thing, as one contest whose title is the finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.components.html import Template, spaced
from dashboard.data.models import Pair, Side
from pipeline.text.figures import figures
from pipeline.text.sanitize import plain

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_NOUNS = {"number": "figure"}  # a slot is named by itself otherwise
# What stands best comes first.
_ORDER = ("substantiated", "corroborated", "disputed", "unverified", "contradicted", "retracted", "expired")
_NAMED = 3
_html = Template("components/rivals.html")


@dataclass(frozen=True, slots=True)
class Contest:
    """Claims that differ in `slot`, each with its value there; `benchmark` is that of the first."""

    slot: str
    benchmark: str | None
    sides: tuple[tuple[str, Side], ...]

    @property
    def title(self) -> str:
        """Return the finding: what is claimed, and the status of each version."""
        values = dict.fromkeys(value for value, _ in self.sides if value)
        noun = _NOUNS.get(self.slot, spaced(self.slot))
        if len(values) < 2:
            return f"{_counted(len(self.sides))} claims that differ in {plain(spaced(self.slot), 60)}"
        unit = _unit(list(values)) if self.slot == "number" else ""
        topic = f" for {plain(self.benchmark)}" if self.benchmark else f" in {plain(unit)}" if unit else ""
        named_values = [
            f"{plain(value.removesuffix(unit).strip(), 40)} ({self._statuses(value)})"
            for value in list(values)[:_NAMED]
        ]
        more = len(values) - len(named_values)
        last = f"{more} more" if more else named_values.pop()
        return f"{_counted(len(values))} {plain(noun, 60)}s{topic}: {', '.join(named_values)} and {last}"

    def _statuses(self, value: str) -> str:
        return ", ".join(dict.fromkeys(side.status for side_value, side in self.sides if side_value == value))


def section(shown: Sequence[Contest], total: int, most: int, unfolded: int | None = None) -> Markup:
    """Return the contests, each with its claims side by side; they are made of `most` of `total` pairs.

    Those after the first `unfolded` are folded; None folds none.
    """
    return _html.section_of(shown, total, most, len(shown) if unfolded is None else unfolded)


def contests(pairs: Sequence[Pair], sides: Iterable[Side]) -> list[Contest]:
    """Return `pairs` as contests: claims with a common rival share one, if it has one value in both.

    The first pair's comes first.
    """
    by_id = {side.claim_id: side for side in sides}
    groups: list[tuple[str, dict[str, str], list[Pair]]] = []
    for pair in pairs:
        if pair.claim_id not in by_id or pair.rival_id not in by_id:
            continue
        left, parted, right = pair.words.partition(" / ")
        values = {pair.claim_id: left if parted else "", pair.rival_id: right}
        meeting = [group for group in groups if group[0] == pair.slot and _meet(pair.slot, group[1], values)]
        if not meeting:
            groups.append((pair.slot, values, [pair]))
            continue
        contest = meeting[0]
        for claim_id, value in values.items():
            contest[1].setdefault(claim_id, value)
        contest[2].append(pair)
        for other in meeting[1:]:
            for claim_id, value in other[1].items():
                contest[1].setdefault(claim_id, value)
            contest[2].extend(other[2])
            groups.remove(other)
    return [
        Contest(slot, next((p.benchmark for p in joined if p.benchmark), None), _ordered(values, by_id))
        for slot, values, joined in groups
    ]


def _meet(slot: str, values: dict[str, str], others: dict[str, str]) -> bool:
    """Return whether a claim has one value in both; a claim may have figures of several things."""
    common = values.keys() & others.keys()
    return any(slot != "number" or _one_figure(values[claim], others[claim]) for claim in common)


def _one_figure(value: str, other: str) -> bool:
    ours, theirs = figures(value.lower()), figures(other.lower())
    return value == other or bool(ours and theirs and ours[0].agrees(theirs[0]))


def _ordered(values: dict[str, str], by_id: dict[str, Side]) -> tuple[tuple[str, Side], ...]:
    def place(side: tuple[str, Side]) -> tuple[int, int, str]:
        status = side[1].status
        return _ORDER.index(status) if status in _ORDER else len(_ORDER), -side[1].voices, side[1].claim_id

    return tuple(sorted(((value, by_id[claim_id]) for claim_id, value in values.items()), key=place))


def _unit(values: list[str]) -> str:
    """Return the words after the number that all values end in: "parameters" of "70b parameters"."""
    units = {value.partition(" ")[2] for value in values}
    return units.pop() if len(units) == 1 else ""


def _counted(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
