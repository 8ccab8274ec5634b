"""Time publishing of what moved:
`python -m benchmarks.speed.publish_moved FOLDER [--mentions N] [--nights N]`.

FOLDER holds, or gets, the store of sql_scale.py. After a copy of it that is written whole, each of `--nights`
nights adds one mention in a thousand and what goes with it (publish_moved.sql), and is published in a process
of its own, of which processor time and peak memory are told. `--check` compares the last copy, row for row,
with one that is written whole. `--json` prints all as one object.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.harness import argument_parser, peak_gb, processor_seconds, run_apart
from benchmarks.speed.sql_scale import build
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.publish.stage import publish
from pipeline.stages.track import track
from pipeline.store.store import Store, public_views

HERE = Path(__file__).resolve().parent
FIRST = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def add_night(store: Store, night: int) -> None:
    """Add the rows of night number `night`."""
    at = (FIRST + timedelta(days=night)).replace(tzinfo=None)
    run = store.connection.execute
    run(f"SET VARIABLE night = {night}")
    run(f"SET VARIABLE seen = TIMESTAMP '{at}'")
    run(f"SET VARIABLE run = '{at:%Y%m%dT030000Z}'")
    with store.transaction():
        for statement in store.connection.extract_statements((HERE / "publish_moved.sql").read_text("utf-8")):
            run(statement)


def published(home: Path, night: int) -> dict[str, float]:
    """Publish in this process; return its seconds by the clock and of the processor, and its peak memory."""
    at = FIRST + timedelta(days=night)
    store = Store.open(home / "work.duckdb")
    start, busy_before = time.monotonic(), processor_seconds()
    publish(store, RunContext(f"{at:%Y%m%dT030000Z}", at, Home(home), Config()))
    store.close()
    return {
        "wall_s": round(time.monotonic() - start, 1),
        "processor_s": round(processor_seconds() - busy_before, 1),
        "process_s": round(processor_seconds(), 1),
        "peak_gb": round(peak_gb(), 2),
        "copy_mb": (home / "published.duckdb").stat().st_size >> 20,
    }


def differing(one: Path, other: Path) -> list[str]:
    """Return the public tables that differ between two copies."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{one}' AS one (READ_ONLY); ATTACH '{other}' AS other (READ_ONLY)")
        rows = "(SELECT count(*), sum(hash(r)::HUGEINT) FROM {}.\"{}\" AS r)"
        return [
            name for name in public_views()
            if connection.execute(f"FROM {rows.format('one', name)}").fetchall()
            != connection.execute(f"FROM {rows.format('other', name)}").fetchall()
        ]  # fmt: skip


def main() -> int:
    """Make what is missing, publish the nights, print what each took; return 1 where copies differ."""
    parser = argument_parser(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--nights", type=int, default=2)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--publish", type=int, metavar="NIGHT", help="publish the home FOLDER, and no more")
    args = parser.parse_args()
    if args.publish is not None:
        print(json.dumps(published(args.folder, args.publish)))
        return 0
    built, home = args.folder / f"mentions-{args.mentions}", args.folder / f"moved-{args.mentions}"
    if not (built / "made.json").exists():
        built.mkdir(parents=True, exist_ok=True)
        seconds = round(build(built, args.mentions), 1)
        (built / "made.json").write_text(json.dumps({"built_s": seconds}), "utf-8")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    shutil.copy(built / "work.duckdb", home)
    before = Store.open(home / "work.duckdb")
    before.execute("INSERT INTO store.sightings BY NAME "
                   "SELECT document_id, seen_at AS last_seen_at FROM store.documents")
    track(before, RunContext("20260302T030000Z", FIRST, Home(home), Config()))
    before.close()
    took: dict[str, Any] = {"whole": run_apart(__spec__.name, home, "--publish", 0)}
    for night in range(1, args.nights + 1):
        store = Store.open(home / "work.duckdb")
        add_night(store, night)
        store.close()
        took[f"night {night}"] = run_apart(__spec__.name, home, "--publish", night)
    different: list[str] = []
    if args.check:
        moved = home / "moved.duckdb"
        (home / "published.duckdb").rename(moved)
        took["whole again"] = run_apart(__spec__.name, home, "--publish", args.nights)
        different = differing(moved, home / "published.duckdb")
        took["differing"] = different
    print(json.dumps(took) if args.json else "\n".join(f"{name}: {value}" for name, value in took.items()))
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
