"""Time the writing of nights into a lake: `python -m benchmarks.speed.lake HOME ADDRESS STORAGE`.

HOME holds a published copy (`python -m benchmarks.speed.sql_scale FOLDER --mentions 200000` makes one, in
FOLDER/mentions-200000). ADDRESS is that of an empty database, STORAGE a folder or s3://bucket/prefix. Written
are the copy, a night after it with one mention in a thousand new (made from rows of the copy), and that night
once more; then a reader opens it. Told are seconds by the clock and of this process's processor time (without
PostgreSQL's), rows that moved, and in a folder the bytes of Parquet that came. `--json` prints all as one
object.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.harness import argument_parser, peak_gb, timed
from pipeline.core.config import AskConfig
from pipeline.lake.address import read_address
from pipeline.lake.night import Written, write_night
from pipeline.lake.nights import newest
from pipeline.published.database import open_published, query
from pipeline.published.place import LakeNight

OF_MENTIONS = ("mentions", "evidence")
OF_DOCUMENTS = ("documents", "versions", "provenance", "links", "addresses")
IDS = ("mention_id", "evidence_id", "version_id", "document_id")
PART = 1000
NEXT = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)


def next_night(copy: Path, target: Path) -> None:
    """Write a copy with one new row in a thousand in each table that grows by night, and one claim in a
    thousand moved.
    """
    shutil.copy(copy, target)
    with duckdb.connect(str(target)) as connection:
        run = connection.execute
        keyed = [(table, "claim_id") for table in OF_MENTIONS]
        for table, key in [*keyed, *((table, "document_id") for table in OF_DOCUMENTS)]:
            columns = run("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
            ids = [name for (name,) in columns if name in IDS]
            new = ", ".join(f"{name} || '-new' AS {name}" for name in ids)
            replaced = f"REPLACE ({new})" if new else ""
            run(f"INSERT INTO {table} SELECT * {replaced} FROM {table} WHERE hash({key}) % {PART} = 0")
        run(f"UPDATE claims SET mentions = mentions + 1 WHERE hash(claim_id) % {PART} = 0")
        run("INSERT INTO search.postings SELECT word, passage + 100000000, position FROM search.postings"
            f" WHERE passage % {PART} = 0")
        run("UPDATE meta SET value = ? WHERE key = 'published_at'", [NEXT.isoformat()])
        run("UPDATE meta SET value = '20260303T030000Z' WHERE key = 'run_id'")


def main() -> int:
    """Write the nights and print what they took."""
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("address")
    parser.add_argument("storage")
    given = parser.parse_args()
    lake, copy = read_address(given.address), given.home / "published.duckdb"
    second = given.home / "published-next.duckdb"
    next_night(copy, second)

    def kept() -> int:
        return sum(file.stat().st_size for file in Path(given.storage).rglob("*.parquet"))

    took: dict[str, Any] = {"copy_mb": round(copy.stat().st_size / 1e6, 1)}
    written: list[Written] = []

    def write(file: Path) -> Callable[[], None]:
        return lambda: written.append(write_night(lake, file, given.storage))

    for name, file in (("first", copy), ("next", second), ("again", second)):
        before = kept()
        wall, busy = timed(write(file))
        moved = written[-1].moved
        took[name] = {
            "wall_s": wall, "processor_s": busy, "mb": round((kept() - before) / 1e6, 2),
            "tables": len(moved), "came": sum(change.came for change in moved),
            "gone": sum(change.gone for change in moved),
            "whole": [change.table[1] for change in moved if change.whole],
        }  # fmt: skip
    took["peak_gb"] = round(peak_gb(), 2)
    night = LakeNight(given.address, newest(lake).snapshot, 0)
    opened: list[duckdb.DuckDBPyConnection] = []
    wall, busy = timed(lambda: opened.append(open_published(night, AskConfig())))
    took["open"] = {"wall_s": wall, "processor_s": busy}
    count_sql = "SELECT status, count(*) FROM claims GROUP BY status"
    wall, busy = timed(lambda: query(opened[0], count_sql, seconds=60))
    took["question"] = {"wall_s": wall, "processor_s": busy}
    print(json.dumps(took) if given.json else "\n".join(f"{name}: {value}" for name, value in took.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
