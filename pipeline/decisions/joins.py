"""Decide which of the machine's joins hold: those that no editor's decision speaks against."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from pipeline.core.context import RunContext
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "joins")

Pair = tuple[str, str]


def hold(
    store: Store, run: RunContext, merges: Sequence[Pair], apart: Sequence[Pair], resting: Container[str]
) -> list[Pair]:
    """Return the joins (claim, claim that took it over) that hold, oldest first.

    Joins of `resting` claims do not. Writes since when the others do not hold. Call it inside a transaction.
    """
    rows = store.execute(SQL["joins"])
    active = [(claim, into) for claim, into, rests in rows
             if not (rests or claim in resting or into in resting)]
    holding = standing(active, merges, apart)
    parted = sorted({(claim, into) for claim, into, _ in rows} - set(holding))
    store.execute(
        SQL["part"],
        {"claims": [claim for claim, _ in parted], "others": [into for _, into in parted], "now": run.now},
    )
    return holding


def standing(joins: Iterable[Pair], merges: Iterable[Pair], apart: Sequence[Pair]) -> list[Pair]:
    """Return the `joins` that bring no two claims of a pair in `apart` together, taken in their order.

    What editors merged is one group beforehand.
    """
    groups: dict[str, set[str]] = {}
    for pair in merges:
        _unite(groups, pair)
    holding = []
    for claim, into in joins:
        ours, theirs = groups.get(claim, {claim}), groups.get(into, {into})
        if ours is not theirs and any(
            (a in ours and b in theirs) or (b in ours and a in theirs) for a, b in apart
        ):
            continue
        _unite(groups, (claim, into))
        holding.append((claim, into))
    return holding


def _unite(groups: dict[str, set[str]], pair: Pair) -> None:
    joined = groups.get(pair[0], {pair[0]}) | groups.get(pair[1], {pair[1]})
    groups.update(dict.fromkeys(joined, joined))
