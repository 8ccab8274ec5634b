"""Tell which rows came to a table and which are gone, by a hash of each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Execute(Protocol):
    """What runs a statement, as a connection of DuckDB does."""

    def __call__(self, sql: str, /) -> Any:
        """Run one statement."""


@dataclass(frozen=True, slots=True)
class Laid:
    """How many rows there are, came, and are gone; the ids of the latter two lie in `temp.came_NAME` and
    `temp.gone_NAME`, if there are any.

    `mixed` where these do not tell all: a row stands more often than before, or less often.
    """

    rows: int
    came: int
    gone: int
    mixed: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    """The number of rows, and the sum of their hashes."""

    rows: int
    hashes: int

    def __sub__(self, other: _Sum) -> _Sum:
        return _Sum(self.rows - other.rows, self.hashes - other.hashes)


def lay_moved(execute: Execute, here: str, held: str, name: str = "") -> Laid:
    """Lay out the ids of rows that are `here` and were not `held`, and the other way round.

    Both are what follows FROM in a statement, in which the row is called `one`. Rows are told apart by a hash
    of 64 bits; a sum over them tells whether all are the same.
    """
    rows = "SELECT one.rowid AS id, hash(one) AS row FROM {}"
    new, old = _lay(execute, "here", rows.format(here)), _lay(execute, "held", rows.format(held))
    came = gone = _Sum(0, 0)
    if new != old:
        came = _lay(execute, f"came_{name}", "FROM temp.here ANTI JOIN temp.held USING (row)")
    if new - came != old:
        gone = _lay(execute, f"gone_{name}", "FROM temp.held ANTI JOIN temp.here USING (row)")
    execute("DROP TABLE temp.here; DROP TABLE temp.held")
    return Laid(new.rows, came.rows, gone.rows, new - came != old - gone)


def forget_moved(execute: Execute, name: str = "") -> None:
    """Drop what `lay_moved` laid out."""
    execute(f'DROP TABLE IF EXISTS temp."came_{name}"; DROP TABLE IF EXISTS temp."gone_{name}"')


def _lay(execute: Execute, name: str, sql: str) -> _Sum:
    """Lay out rows with their hashes as a temporary table; return what they sum up to."""
    execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')
    row_count, hashes = execute(f'SELECT count(*), sum(row::HUGEINT) FROM temp."{name}"').fetchall()[0]
    return _Sum(row_count, hashes or 0)
