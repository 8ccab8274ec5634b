"""Test that readers of the published copy read a night of a lake as they read the file, and no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest

from dashboard.data import queries
from pipeline.core.config import AskConfig, Config, DashboardConfig, PublishConfig
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.lake.address import SCHEME, Lake, read_address
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.connection import attach_to_write, load_extensions
from pipeline.lake.night import write_night
from pipeline.lake.nights import newest
from pipeline.lake.rows import Rows
from pipeline.published import sandbox, sandbox_worker
from pipeline.published.claim_filter import ClaimFilter, from_query
from pipeline.published.claim_list import claims as list_claims
from pipeline.published.database import open_published, query
from pipeline.published.open_copy import Opener
from pipeline.published.place import LakeNight, copy_of, identity
from pipeline.published.question import check
from pipeline.published.sandbox import Unanswered
from pipeline.published.search import find
from tests.conftest import Command
from tests_cluster.lake.conftest import Read
from tests_cluster.lake.world import PublishedNight, hashes, of_file
from tests_cluster.servers import PASSWORD, Postgres

ASK = AskConfig()


@pytest.fixture
def config(address: str) -> Config:
    """Return settings by which the lake is read."""
    return Config(
        publish=PublishConfig(lake=address, read="lake"), dashboard=DashboardConfig(ask_seconds=300.0)
    )


def settings(home: Home, address: str, read: str = "lake") -> None:
    home.config_file.write_text(f'[publish]\nlake = "{address}"\nread = "{read}"\n', "utf-8")


def test_a_reader_beside_a_night_sees_one_whole_night_or_the_other(
    home: Home, config: Config, lake: Lake, storage: str, little: list[PublishedNight], read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write_night(lake, little[0].file, storage)
    earlier = open_published(copy_of(home, config), ASK)
    seen_hashes: list[dict[str, str]] = []
    for name in ("_write", "check"):
        real: Callable[..., None] = getattr(Rows, name)

        def looking(self: Rows, *given: Any, real: Callable[..., None] = real) -> None:
            seen_hashes.append(read())
            real(self, *given)
            seen_hashes.append(hashes(earlier, "published"))

        monkeypatch.setattr(Rows, name, looking)
    write_night(lake, little[1].file, storage)
    assert len(seen_hashes) > 8 and all(seen_hash == of_file(little[0]) for seen_hash in seen_hashes)
    assert hashes(earlier, "published") == of_file(little[0])
    assert read() == of_file(little[1])


def test_the_dashboard_opens_another_copy_when_there_is_a_new_night(
    home: Home, config: Config, lake: Lake, storage: str, little: list[PublishedNight]
) -> None:
    first = write_night(lake, little[0].file, storage)
    opener = Opener(home, config)
    before = opener.current()
    assert opener.current() is before
    assert before.identity[0] == first.snapshot
    second = write_night(lake, little[1].file, storage)
    after = opener.current()
    assert after.identity[0] == second.snapshot
    assert before.meta()["run_id"] == little[0].run_id and after.meta()["run_id"] == little[1].run_id
    assert queries.current(home, config).identity == identity(copy_of(home, config))


def test_as_known_on_a_day(
    home: Home, address: str, lake: Lake, storage: str, little: list[PublishedNight], command: Command
) -> None:
    settings(home, address, "file")
    for night in little:
        write_night(lake, night.file, storage)

    def asked(day: str) -> tuple[int, str, str]:
        return command("ask", "FROM meta WHERE key = 'run_id'", "--csv", "--as-of", day, "--home", home.path)

    for day, night in (("2026-03-01", 0), ("2026-03-02", 1), ("2026-03-03", 2), ("2026-09-01", 2)):
        code, output, _ = asked(day)
        assert code == 0 and output.splitlines()[1] == f"run_id,{little[night].run_id}"
    code, _, output = asked("2026-02-28")
    assert code == 2 and "nothing was published by 2026-02-28: the first night" in output
    assert "2026-03-01 03:00 UTC" in output and PASSWORD not in output
    code, _, output = asked("yesterday")
    assert code == 2 and "'yesterday' is not a day" in output


def test_without_a_lake_there_is_no_earlier_day(home: Home, command: Command) -> None:
    code, _, output = command("ask", "FROM meta", "--as-of", "2026-03-01", "--home", home.path)
    assert code == 2 and "only a lake keeps the copy of each day" in " ".join(output.split())


def test_commands_read_the_lake_of_a_home_without_a_file(
    home: Home, address: str, lake: Lake, storage: str, nights: list[PublishedNight], command: Command,
    config: Config, tmp_path: Path,
) -> None:  # fmt: skip
    settings(home, address)
    code, _, output = command("ask", "FROM claims", "--home", home.path)
    assert code == 2 and "holds no night yet" in " ".join(output.split()) and PASSWORD not in output
    write_night(lake, nights[1].file, storage)
    code, output, _ = command("ask", "SELECT count(*) AS n FROM claims", "--json", "--home", home.path)
    assert code == 0 and json.loads(output) == [{"n": 42}]
    out_file = tmp_path / "claims.jsonl"
    code, _, _ = command("export", "claims", "--out", out_file, "--home", home.path)
    assert code == 0 and len(out_file.read_text("utf-8").splitlines()) == 42
    code, output, _ = command("why", "c0-0", "--home", home.path)
    assert code == 0 and "Aster 0 has 0 billion parameters" in " ".join(output.split())
    code, output, _ = command("status", "--home", home.path)
    assert code == 0 and f"of run {nights[1].run_id}" in " ".join(output.split()) and PASSWORD not in output
    copy = Opener(home, config).current()
    hits = find(copy, "Aster 7 has 0 billion")
    claims = list_claims(copy, from_query("") or ClaimFilter(), now=None, found=hits, limit=5)
    assert claims[0].claim == "Aster 7 has 0 billion parameters"


HOSTILE = [
    "FROM postgres_query('__ducklake_metadata_published', 'SELECT 1')",
    "FROM postgres_execute('__ducklake_metadata_published', 'DROP TABLE ducklake_snapshot')",
    "FROM postgres_scan('host=127.0.0.1 dbname=postgres', 'public', 'x')",
    "FROM postgres_attach('host=127.0.0.1')",
    "FROM __ducklake_metadata_published.public.ducklake_data_file",
    "FROM __ducklake_metadata_published.ducklake_data_file",
    "SELECT (SELECT count(*) FROM __ducklake_metadata_published.public.ducklake_snapshot)",
    "WITH a AS (FROM ducklake_cleanup_old_files('published', cleanup_all => true)) FROM a",
    "FROM ducklake_cleanup_old_files('published', cleanup_all => true)",
    "FROM ducklake_delete_orphaned_files('published', cleanup_all => true)",
    "FROM published.snapshots()",
    "FROM ducklake_list_files('published', 'claims')",
    "FROM ducklake_table_changes('published', 'main', 'claims', 0, 100)",
    "FROM claims AT (VERSION => 1)",
    "SELECT * FROM (FROM claims AT (VERSION => 1)) AS c JOIN meta ON true",
    "EXPLAIN ANALYZE FROM postgres_query('__ducklake_metadata_published', 'SELECT 1')",
    "DESCRIBE __ducklake_metadata_published.public.ducklake_data_file",
    "SUMMARIZE __ducklake_metadata_published.public.ducklake_data_file",
    "SELECT * FROM query('FROM postgres_query(''__ducklake_metadata_published'', ''SELECT 1'')')",
    "FROM query_table(['claims'])",
    "FROM duckdb_secrets()",
    "FROM duckdb_databases()",
    "FROM duckdb_databases",
    "FROM which_secret('s3://x', 's3')",
    "SELECT * FROM glob('{storage}/**')",
    "FROM '{storage}/published/main/claims/x.parquet'",
    "FROM read_parquet('{storage}/published/main/claims/*.parquet')",
    "FROM read_text('/etc/passwd')",
    "FROM read_parquet('https://127.0.0.1/x.parquet')",
    "CALL ducklake_cleanup_old_files('published', cleanup_all => true)",
    "PIVOT (FROM duckdb_secrets()) ON name IN ('a') USING count(*)",
    "INSERT INTO claims SELECT * FROM claims",
    "DELETE FROM claims",
    "CREATE TABLE published.x AS SELECT 1",
    "ATTACH 'ducklake:x.db'",
    "SET enable_external_access = true",
    "CREATE SECRET (TYPE s3)",
    "SELECT getenv('PGPASSWORD')",
]
READING = [
    "FROM claims", "FROM published.claims LIMIT 1", "FROM published.main.claims LIMIT 1", "DESCRIBE claims",
    "SUMMARIZE claims", "SHOW TABLES", "EXPLAIN FROM claims", "EXPLAIN ANALYZE SELECT count(*) FROM claims",
    "WITH a AS (FROM claims) SELECT unnest(numbers) FROM a", "FROM range(3)", "FROM duckdb_tables()",
    "FROM information_schema.tables", "SELECT * FROM claims JOIN names ON true, unnest([1, 2]) AS t(x)",
    "PIVOT claims ON voices IN (1, 2) USING count(*)", "VALUES (1)", "FROM search.passages",
    "SELECT claim_id, row_number() OVER (ORDER BY claim_id) FROM claims QUALIFY row_number() OVER () = 1",
]  # fmt: skip


@pytest.fixture(scope="module")
def one_night(
    postgres: Postgres, little: list[PublishedNight], tmp_path_factory: pytest.TempPathFactory
) -> tuple[LakeNight, str, str]:
    """A night that many questions are asked, its storage, and the database of its catalogue."""
    database = postgres.database()
    address, storage = f"{SCHEME}{database} password={PASSWORD}", str(tmp_path_factory.mktemp("one"))
    lake = read_address(address)
    write_night(lake, little[0].file, storage)
    write_night(lake, little[1].file, storage)
    return LakeNight(address, newest(lake).snapshot, 0), storage, database


@pytest.fixture(scope="module")
def answered(one_night: tuple[LakeNight, str, str]) -> Callable[[str], pa.Table]:
    """Answer as the process of a question does, but in this process."""
    connection = open_published(one_night[0], ASK, threads=1)

    def answer(sql: str) -> pa.Table:
        check(connection, sql)
        return sandbox_worker.read(connection, sql, 1000)[0]

    return answer


@pytest.mark.parametrize("sql", READING)
def test_what_reads_the_night_is_answered(answered: Callable[[str], pa.Table], sql: str) -> None:
    assert answered(sql).num_rows > 0


@pytest.mark.parametrize("sql", HOSTILE)
def test_nothing_but_the_night_is_reached(
    answered: Callable[[str], pa.Table], one_night: tuple[LakeNight, str, str], sql: str
) -> None:
    _, storage, database = one_night
    files = {file for file in Path(storage).rglob("*") if file.is_file()}
    with pytest.raises((duckdb.Error, DataError)) as caught:
        answered(sql.replace("{storage}", storage))
    assert PASSWORD not in str(caught.value)
    assert {file for file in Path(storage).rglob("*") if file.is_file()} == files
    with psycopg.connect(database, password=PASSWORD) as connection:
        assert connection.execute("SELECT count(*) FROM rumortrail_nights").fetchone() == (2,)


def test_a_question_in_its_own_process(one_night: tuple[LakeNight, str, str]) -> None:
    night, storage, _ = one_night
    bounds = DashboardConfig(ask_seconds=300.0)
    answer = sandbox.ask(night, bounds, "SELECT count(*) AS n FROM claims", lambda _: None)
    assert answer.table.to_pylist() == [{"n": 1000}]
    for sql in (HOSTILE[0], f"FROM glob('{storage}/*')"):
        with pytest.raises(Unanswered) as caught:
            sandbox.ask(night, bounds, sql, lambda _: None)
        assert "is not among what a question to a lake may call" in caught.value.words


def test_no_row_and_no_setting_holds_the_password(one_night: tuple[LakeNight, str, str]) -> None:
    connection = open_published(one_night[0], ASK)
    for sql in ("FROM duckdb_databases()", "FROM duckdb_secrets()", "FROM duckdb_settings()"):
        assert PASSWORD not in repr(connection.execute(sql).fetchall())
    with pytest.raises(DataError) as caught:
        query(connection, "FROM nowhere", seconds=60, of_user=True)
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(one_night[0])


def test_a_table_that_a_question_lays_out_beside_the_night(one_night: tuple[LakeNight, str, str]) -> None:
    connection = open_published(one_night[0], ASK)
    connection.register("found", pa.table({"claim_id": ["c5"]}))
    sql = "SELECT c.claim_id FROM claims AS c JOIN temp.found USING (claim_id)"
    assert query(connection, sql, seconds=60)[1] == [("c5",)]


def test_the_files_of_a_home_are_read_as_before(
    home: Home, address: str, little: list[PublishedNight], command: Command
) -> None:
    shutil.copy(little[0].file, home.published)
    settings(home, address, "file")
    code, output, _ = command("ask", "SELECT count(*) AS n FROM claims", "--csv", "--home", home.path)
    assert code == 0 and output.split() == ["n", "999"]


def test_a_reader_s_role_needs_no_more_than_to_select(
    postgres: Postgres, lake: Lake, address: str, storage: str, home: Home, little: list[PublishedNight]
) -> None:
    """The rights are those of docs/lake.md; roles belong to all databases, and another test uses `reader`."""
    write_night(lake, little[0].file, storage)
    with psycopg.connect(lake.database, password=PASSWORD, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'another'")
        connection.execute("GRANT USAGE ON SCHEMA public TO guest")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
        reading = address.replace("user=desk", "user=guest").replace(PASSWORD, "another")
        config = Config(publish=PublishConfig(lake=reading, read="lake"))
        with open_published(copy_of(home, config), ASK) as opened_lake:
            assert hashes(opened_lake, "published") == of_file(little[0])
        with pytest.raises(DataError, match="permission denied"):
            write_night(read_address(reading), little[1].file, storage)


def test_plain_duckdb_reads_it(lake: Lake, storage: str, little: list[PublishedNight]) -> None:
    """Run the lines of docs/lake.md, except those that install extensions."""
    for night in little[:2]:
        write_night(lake, night.file, storage)
    with duckdb.connect(":memory:") as connection:
        load_extensions(connection)
        connection.execute(f"ATTACH '{lake} password={PASSWORD}' AS rumours (READ_ONLY)")
        snapshots = connection.execute(
            "SELECT snapshot_id, commit_message FROM rumours.snapshots()"
            " WHERE author = 'Rumortrail' ORDER BY 1"
        ).fetchall()
        assert [message for _, message in snapshots] == [f"night {night.run_id}" for night in little[:2]]
        for (snapshot, _), night in zip(snapshots, little, strict=False):
            sql = f"FROM rumours.meta AT (VERSION => {snapshot}) WHERE key = 'run_id'"
            assert connection.execute(sql).fetchall() == [("run_id", night.run_id)]


def test_a_night_that_was_expired_is_not_offered(
    home: Home, address: str, lake: Lake, storage: str, little: list[PublishedNight], read: Read
) -> None:
    """Erase a night as docs/lake.md describes."""
    first = write_night(lake, little[0].file, storage)
    write_night(lake, little[1].file, storage)
    with duckdb.connect(":memory:") as connection, Catalogue.open(lake) as catalogue:
        load_extensions(connection)
        attach_to_write(connection, lake, "lake", catalogue.data_path(), "")
        connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => [{first.snapshot}])")
        connection.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
    with pytest.raises(DataError, match="nothing was published by 2026-03-01: the first night"):
        read("2026-03-01")
    assert read() == read("2026-03-02") == of_file(little[1])
