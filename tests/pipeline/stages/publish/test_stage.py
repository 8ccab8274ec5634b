"""The published copy: every public view as a table, read-only, and replaced in one step."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.core.config import AskConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.published.database import open_published, query
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW, InboxWriter, document, fill_inbox
from tests.worlds.laid import EmptyStore
from tests.worlds.newsroom import fill

pytestmark = pytest.mark.slow  # a store for each test

ASK = AskConfig(seconds=20.0)


@pytest.fixture
def copy(store: Store, run: RunContext, write_inbox: InboxWriter) -> Path:
    write_inbox([document()])
    ingest(store, run)
    publish(store, run)
    return run.home.published


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for all tests that only read it."""
    store = EmptyStore()
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("kept")), Config())
    fill_inbox(run.home, [document()])
    ingest(store, run)
    publish(store, run)
    store.close()
    return run.home.published


def test_every_public_view_is_a_table_with_the_same_columns(kept: Path, store: Store) -> None:
    connection = open_published(kept, ASK)
    sql = ("SELECT table_name, column_name, data_type FROM information_schema.columns "
           "WHERE table_schema = 'main' AND table_catalog = {} ORDER BY ALL")
    views = query(store.connection, sql.format("current_database()") , seconds=5)[1]
    tables = query(connection, sql.format("'published'"), seconds=5)[1]
    assert {v for v in views if v[0] != "migrations"} == {t for t in tables if t[0] != "meta"}
    assert {name for name, _, _ in tables} >= {"claims", "timeline", "evidence", "mentions", "documents",
                                               "sources", "provenance", "runs", "issues"}


def test_a_view_is_written_after_those_that_it_reads_also_when_the_work_file_is_opened_again(
    run: RunContext,
) -> None:
    first_store = Store.open(":memory:")
    laid_views = [name for (name,) in first_store.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY view_oid")]
    first_store.close()
    Store.open(run.home.work).close()
    store = Store.open(run.home.work)
    written_views: list[str] = []

    def look(*_: object) -> None:
        tables_there = store.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'fresh'")
        written_views.extend({name for (name,) in tables_there}.difference(written_views))

    publish(store, dataclasses.replace(run, progress=look))
    store.close()
    assert written_views == laid_views[:-1], "the last is written after the last look"


def test_the_copy_says_when_it_was_made_and_by_which_run(kept: Path, run: RunContext) -> None:
    meta = dict(query(open_published(kept, ASK), "SELECT key, value FROM meta", seconds=5)[1])
    assert meta["published_at"] == run.now.isoformat()
    assert meta["run_id"] == run.run_id


def test_the_copy_says_when_each_sources_address_was_verified(store: Store, run: RunContext) -> None:
    publish(store, run, {"one": "2026-10", "two": "unverified"})
    meta_sql = "SELECT value FROM meta WHERE key = 'verified'"
    ((verified,),) = query(open_published(run.home.published, ASK), meta_sql, seconds=5)[1]
    assert json.loads(verified) == {"one": "2026-10", "two": "unverified"}


def test_nothing_but_the_copy_is_left_behind(kept: Path) -> None:
    assert sorted(file.name for file in kept.parent.iterdir() if file.is_file()) == ["published.duckdb"]


def test_what_a_killed_publish_left_is_taken_away(copy: Path, store: Store, run: RunContext) -> None:
    copy.with_suffix(".publishing").write_bytes(b"half a file")
    Path(f"{copy.with_suffix('.publishing')}.wal").write_bytes(b"half a log")
    publish(store, run)
    assert sorted(file.name for file in copy.parent.iterdir() if file.is_file()) == ["published.duckdb"]


def test_an_open_reader_keeps_its_night_and_a_new_one_sees_the_new(copy: Path, store: Store,
                                                                   run: RunContext) -> None:
    old_copy = open_published(copy, ASK)
    later_run = dataclasses.replace(run, run_id="later", now=run.now + timedelta(days=1))
    publish(store, later_run)
    new_copy = open_published(copy, ASK)
    run_id_sql = "SELECT value FROM meta WHERE key = 'run_id'"
    assert query(old_copy, run_id_sql, seconds=5)[1] == [(run.run_id,)]
    assert query(new_copy, run_id_sql, seconds=5)[1] == [("later",)]


def test_no_copy_tells_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rumortrail nightly"):
        open_published(tmp_path / "published.duckdb", ASK)


def test_a_file_that_is_no_copy_is_named(tmp_path: Path) -> None:
    (tmp_path / "published.duckdb").write_text("not a database")
    with pytest.raises(DataError, match="not a published copy"):
        open_published(tmp_path / "published.duckdb", ASK)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO meta VALUES ('x', 'y')",
        "DELETE FROM documents",
        "CREATE TABLE published.main.mine AS SELECT 1",
        "DROP TABLE documents",
        "COPY documents TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('/etc/hosts')",
        "SELECT * FROM read_text('/etc/hosts')",
        "SELECT * FROM '/etc/hosts'",
        "ATTACH '{folder}/other.duckdb'",
        "EXPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "RESET memory_limit",
        "PRAGMA temp_directory = '{folder}'",
    ],
)
def test_a_question_can_do_nothing_but_read(kept: Path, tmp_path: Path, sql: str) -> None:
    connection = open_published(kept, ASK)
    files_before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DataError):
        query(connection, sql.format(folder=tmp_path), seconds=5)
    assert sorted(tmp_path.rglob("*")) == files_before
    assert query(connection, "SELECT count(*) FROM documents", seconds=5)[1] == [(1,)]


def test_an_endless_question_is_stopped(kept: Path) -> None:
    connection = open_published(kept, ASK)
    with pytest.raises(DataError, match="stopped after"):
        query(connection, "SELECT count(*) FROM range(1000000) a, range(1000000) b "
                          "WHERE a.range + b.range = -1", seconds=0.3)


def test_a_greedy_question_is_refused(kept: Path) -> None:
    connection = open_published(kept, dataclasses.replace(ASK, memory="50MB"))
    with pytest.raises(DataError, match=r"(?i)memory"):
        query(connection, "SELECT list(range) FROM range(100000000)", seconds=20)


@pytest.mark.parametrize("sql", ["", "-- only a comment", "  ;"])
def test_a_question_without_a_statement_is_refused_in_plain_words(sql: str) -> None:
    with pytest.raises(DataError, match="There is no question in this"):
        query(duckdb.connect(), sql, seconds=5)


def test_the_copy_holds_what_the_views_hold(store: Store, run: RunContext) -> None:
    fill(store, run)
    publish(store, run)
    copy = open_published(run.home.published, ASK)
    for name in ("evidence", "claims", "carriers", "timeline", "sources", "status_history", "track_records",
                 "blind_spots"):
        sql = f"SELECT * FROM {name} ORDER BY ALL"
        assert query(copy, sql, seconds=20) == query(store.connection, sql, seconds=20), name
    # Each source of a claim is counted once as its carrier.
    carriers_told = store.connection.execute(
        "SELECT claim_id, source_id, source, count(*), min(said_at), min(seen_at) FROM evidence GROUP BY ALL "
        "ORDER BY ALL"
    ).fetchall()
    carriers = ("SELECT claim_id, source_id, source, mentions, first_said_at, first_seen_at FROM carriers "
                "ORDER BY ALL")
    assert store.connection.execute(carriers).fetchall() == carriers_told
    assert any(mentions > 1 for _, _, _, mentions, _, _ in carriers_told)


def test_a_publish_that_breaks_leaves_the_views_as_they_were(
    store: Store, run: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, run)
    monkeypatch.setattr("pipeline.stages.publish.whole.SORTED", {"timeline": "no_such_column"})
    with pytest.raises(duckdb.Error, match="no_such_column"):
        publish(store, run)
    monkeypatch.undo()
    store.connection.execute("DELETE FROM store.claims WHERE claim_id = 'c-90'")
    assert store.connection.execute("SELECT count(*) FROM evidence "
                                    "WHERE claim_id = 'c-90'").fetchall() == [(0,)]
    publish(store, run)
    assert query(open_published(run.home.published, ASK),
                 "SELECT count(*) FROM claims WHERE claim_id = 'c-90'", seconds=20)[1] == [(0,)]
