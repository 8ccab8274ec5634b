"""Write a night: bring the lake to the rows of the file that a run published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.core.errors import DataError
from pipeline.core.text import one_line
from pipeline.lake.address import Lake
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.connection import attach_to_write, not_written, quoted, reading
from pipeline.lake.maintenance import maintain
from pipeline.lake.nights import newest_in
from pipeline.lake.rows import Moved, Rows

SCHEMAS = ("main", "search")
WAIT = 60.0
"""Seconds that a run waits for another that writes the lake."""


@dataclass(frozen=True, slots=True)
class Written:
    """The snapshot that is read from now on, and what moved: nothing where the lake held these rows already.
    """

    snapshot: int
    moved: tuple[Moved, ...]


def write_night(lake: Lake, published: Path, storage: str, *, wait: float = WAIT) -> Written:
    """Bring the lake to the rows of the published copy, as one snapshot, and let readers read it once its
    counts were checked.

    Where there is no lake yet, its files will lie in the folder `published` of `storage`. Killed at any
    moment, it leaves the last night; run again, it ends the same. Raises BusyError where another process
    writes the lake for longer than `wait` seconds, and DataError where the lake cannot be reached or does not
    hold what was written.
    """
    with (
        reading(published) as connection,
        Catalogue.open(lake, purpose=_run(connection)) as catalogue,
        catalogue.lock(wait),
    ):
        try:
            return _write(connection, lake, catalogue, f"{storage}/published/")
        except duckdb.Error as error:
            if catalogue.answers():
                raise not_written(lake, error) from error
            # What DuckDB says of a connection that broke off is of its own transaction.
            problem = "PostgreSQL broke off while the night was written. Start it if it is down"
            raise DataError(f"{lake}: {problem} ({one_line(error, 200)})") from error


def _write(
    connection: duckdb.DuckDBPyConnection, lake: Lake, catalogue: Catalogue, new_path: str
) -> Written:
    attach_to_write(connection, lake, "lake", catalogue.data_path(), new_path)
    catalogue.rows("lay_nights")
    rows = Rows(connection, "source", "lake")
    meta = dict(connection.execute("SELECT key, value FROM source.meta").fetchall())
    run_id, published_at = meta["run_id"], datetime.fromisoformat(meta["published_at"])
    info = quoted(json.dumps({"run_id": run_id, "published_at": meta["published_at"]}))
    message = f"CALL lake.set_commit_message('Rumortrail', {quoted(f'night {run_id}')}, extra_info => {info})"
    moved = rows.bring(SCHEMAS, message)
    last = newest_in(catalogue)
    # The table `meta` names the run: where nothing moved, an earlier writer of this run wrote it, and may
    # have been killed before it was checked.
    if not moved and last and last.run_id == run_id:
        return Written(last.snapshot, ())
    snapshot = catalogue.last_snapshot()
    rows.check(SCHEMAS)
    catalogue.rows("keep_night", snapshot=snapshot, run_id=run_id, published_at=published_at)
    try:
        if maintain(connection, catalogue, "lake"):
            rows.check(SCHEMAS)
    except duckdb.Error as error:
        problem = f"the night is in {lake}, but small files could not be joined: {one_line(error, 300)}"
        raise DataError(problem) from error
    return Written(snapshot, tuple(moved))


def _run(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("SELECT value FROM source.meta WHERE key = 'run_id'").fetchall()[0][0])
