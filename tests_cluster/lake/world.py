"""Three nights of a small newsroom as published files: a claim comes in each night, and an old one moves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import Status
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.worlds.builder import World, hours

DAYS = tuple(datetime(2026, 3, day, 3, 0, tzinfo=UTC) for day in (1, 2, 3))


@dataclass(frozen=True)
class PublishedNight:
    """The file of a night, the run that published it, and when."""

    file: Path
    run_id: str
    at: datetime


def three_nights(folder: Path) -> list[PublishedNight]:
    """Publish three nights; each has its own folder."""
    store = Store.open(folder / "work.duckdb")
    world = World(store)
    world.source("The Lantern")
    nights = []
    for number, night in enumerate(DAYS):
        world.run(night, timedelta(minutes=5))
        for claim in range(40 if number == 0 else 2):
            claim_id = world.claim(f"c{number}-{claim}", f"Aster {claim} has {number} billion parameters")
            world.say(claim_id, "the-lantern", hours(number * 24 + claim))
            world.judge(claim_id, night, [(night, Status.UNVERIFIED, 0.5, "One voice carries it.")], 1)
        world.judge("c0-0", night, [(night, Status.DISPUTED, 0.5 + number / 10, "It is denied.")], number + 1)
        nights.append(publish_night(store, folder / f"night-{number}", night))
    store.close()
    return nights


def publish_night(store: Store, folder: Path, at: datetime) -> PublishedNight:
    """Publish what a store holds into a folder."""
    folder.mkdir(parents=True)
    run = RunContext(f"{at:%Y%m%dT%H%M%SZ}", at, Home(folder))
    publish(store, run)
    return PublishedNight(run.home.published, run.run_id, at)


def little_nights(folder: Path) -> list[PublishedNight]:
    """Write three small files, one a night, which are quick to bring to a lake."""
    nights = []
    for number, night in enumerate(DAYS):
        run_id, file = f"{night:%Y%m%dT%H%M%SZ}", folder / f"little-{number}.duckdb"
        with duckdb.connect(str(file)) as connection:
            run = connection.execute
            run("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
            run("INSERT INTO meta VALUES ('run_id', ?), ('published_at', ?)", [run_id, night.isoformat()])
            run("CREATE TABLE claims AS SELECT 'c' || range AS claim_id, range % 7 AS voices,"
                " [range] AS numbers, TIMESTAMP '2026-03-01' AS seen_at FROM range(1000)")
            # Each night one claim moves, one goes and one comes.
            run("UPDATE claims SET voices = 100 WHERE claim_id = 'c' || ?", [number])
            run("DELETE FROM claims WHERE claim_id = 'c' || ?", [900 + number])
            run("INSERT INTO claims SELECT 'n' || range, 1, [], NULL FROM range(?)", [number])
            run("CREATE TABLE names AS SELECT 'Aster' AS name")
            run("CREATE SCHEMA search")
            run("CREATE TABLE search.passages AS SELECT claim_id, row_number() OVER () AS place FROM claims")
        nights.append(PublishedNight(file, run_id, night))
    return nights


def tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """Return the tables of a database that a lake has too, with their schemas."""
    sql = "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ? " \
            "AND schema_name <> 'kept' ORDER BY 1"
    return [name for (name,) in connection.execute(sql, [database]).fetchall()]


def hashes(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """Return a hash over the sorted rows of each table of a database that is attached."""
    hash_of = {}
    for table in tables(connection, database):
        rows = connection.execute(f"FROM {database}.{table}").fetchall()
        hash_of[table] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
    return hash_of


def of_file(night: PublishedNight) -> dict[str, str]:
    """Return the hashes of the tables of a published file."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{night.file}' AS published (READ_ONLY)")
        return hashes(connection, "published")


