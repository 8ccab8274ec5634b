"""Decide which of the machine's joins hold: those that no editor's decision speaks against."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from pipeline.core.context import RunContext
from pipeline.decisions.bonds import Bonds
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "joins")

Pair = tuple[str, str]


def settle_joins(
    store: Store, run: RunContext, merges: Sequence[Pair], apart: Sequence[Pair], resting: Container[str]
) -> list[Pair]:
    """Return the joins (claim, claim that took it over) that hold, oldest first.

    Joins of `resting` claims do not. Writes since when the others do not hold. Call it inside a transaction.
    """
    rows = store.execute(SQL["joins"])
    active = [(claim, into) for claim, into, rests in rows
             if not (rests or claim in resting or into in resting)]
    holding = compatible_joins(active, merges, apart)
    parted = sorted({(claim, into) for claim, into, _ in rows} - set(holding))
    store.execute(
        SQL["part"],
        {"claims": [claim for claim, _ in parted], "others": [into for _, into in parted], "now": run.now},
    )
    return holding


def compatible_joins(joins: Iterable[Pair], merges: Iterable[Pair], apart: Sequence[Pair]) -> list[Pair]:
    """Return the `joins` that bring no two claims of a pair in `apart` together, taken in their order.

    What editors merged is one group beforehand.
    """
    bonds = Bonds()
    for pair in merges:
        bonds.join(*pair)
    for pair in apart:
        bonds.part(*pair)
    return [pair for pair in joins if bonds.join(*pair)]
