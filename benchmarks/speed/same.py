"""Dumps what a published copy tells, so that two versions of Rumortrail can be compared on the same input.

    python -m benchmarks.speed.same HOME OUT

Writes `OUT/<view>.jsonl` for every table of `HOME/published.duckdb`: one JSON object a row, keys and rows
sorted. Run ids, durations and clock times are left out, and one SHA-256 over all files is printed. The same
input at the same `--now` gives the same dump as long as nothing that a reader sees has changed:
`diff -r OUT_BEFORE OUT_AFTER`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

CLOCK = {"run_id", "seconds", "started_at", "finished_at", "last_crawl_at", "last_ok_at", "warc"}
"""Columns that differ between two runs over the same input: clock times and random record ids."""

OF_A_CRAWL = {"silences": {"since", "until"}, "blind_spots": {"since", "until"}}
"""Columns of one table that hold the time of a crawl."""

OF_RUNS = {"runs", "issues", "stages", "meta"}
"""Views that tell of the runs themselves: a run that was ended and one that goes on are two."""


def dump(home: Path, out: Path) -> str:
    """Write a file per table of the copy in `home` to the folder `out`; return the SHA-256 over all."""
    with duckdb.connect(str(home / "published.duckdb"), read_only=True) as connection:
        return dump_copy(connection, home, out)


def dump_copy(connection: duckdb.DuckDBPyConnection, home: Path, out: Path) -> str:
    """Write a file per table of the copy that a connection uses, as `dump` does; its run was in `home`."""
    tables_sql = ("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
                  " AND database_name = current_database() ORDER BY 1")
    tables = [name for (name,) in connection.execute(tables_sql).fetchall()]
    out.mkdir(parents=True, exist_ok=True)
    total = hashlib.sha256()
    for table in tables:
        result = connection.execute(f'FROM "{table}"')
        columns = [column[0] for column in result.description or ()]
        left_out = CLOCK | OF_A_CRAWL.get(table, set())
        rows = sorted(_line(columns, row, left_out, home) for row in result.fetchall())
        text = "".join(f"{row}\n" for row in rows)
        (out / f"{table}.jsonl").write_text(text, "utf-8")
        total.update(f"{table}\n{text}".encode())
    return total.hexdigest()


def _line(columns: list[str], row: tuple[Any, ...], left_out: set[str], home: Path) -> str:
    values = {name: value for name, value in zip(columns, row, strict=True) if name not in left_out}
    if values.get("key") in ("run_id", "published_at"):
        values["value"] = None
    line = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return line.replace(str(home), "HOME")


def main() -> None:
    """Dump the copy named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    print(dump(args.home.resolve(), args.out))


if __name__ == "__main__":
    main()
