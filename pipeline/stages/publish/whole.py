"""Write every public view as a table of a new file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.stages.publish.moved import lay_kept
from pipeline.stages.publish.search_index import index
from pipeline.stages.publish.tables import SORTED
from pipeline.store.store import STORAGE_VERSION, Store


def write_whole(store: Store, fresh: Path, names: Sequence[str], progress: Callable[[int], None]) -> None:
    """Attach a new file as the database `fresh`, and write every public view into it as a table, with the
    index for search and what the next publish goes on with.

    The views are written in the order in which they were laid (`names`), each after those that it reads. A
    temporary view of the same name stands before each that is written: what is laid on it reads the table,
    and is not worked out again.
    """
    execute = store.connection.execute
    quoted = str(fresh).replace("'", "''")
    execute(f"ATTACH '{quoted}' AS fresh (STORAGE_VERSION '{STORAGE_VERSION}')")
    for done, name in enumerate(names):
        progress(done)
        order = f" ORDER BY {SORTED[name]}" if name in SORTED else ""
        execute(f'CREATE TABLE fresh.main."{name}" AS SELECT * FROM main."{name}"{order}')
        execute(f'CREATE TEMP VIEW "{name}" AS FROM fresh.main."{name}"')
    index(store)
    execute("CREATE TABLE fresh.main.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    lay_kept(store)
