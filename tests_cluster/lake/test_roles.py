"""The roles of deploy/cluster/roles.sql: one writes the lake, the other only reads it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests_cluster.servers import PASSWORD, USER, Postgres

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "cluster" / "roles.sql"


def test_the_reader_reads_and_nothing_else(postgres: Postgres, tmp_path: Path) -> None:
    for name in ("writer", "reader"):
        (tmp_path / f"postgres_{name}").write_text(f"{name}'s", "utf-8")
    script = tmp_path / "roles.sql"
    script.write_text(ROLES.read_text("utf-8").replace("/run/secrets", str(tmp_path)), "utf-8")
    server = f"host=127.0.0.1 port={postgres.port}"
    subprocess.run(
        [postgres.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script,
         f"{server} dbname=postgres user={USER}"],
        env=os.environ | {"PGPASSWORD": PASSWORD}, check=True, timeout=60, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    lake = f"{server} dbname=rumortrail"
    with psycopg.connect(f"{lake} user=writer", password="writer's", autocommit=True) as writer:
        writer.execute("CREATE TABLE nights (night INT)")
        writer.execute("INSERT INTO nights VALUES (1)")
        writer.execute("CREATE SCHEMA rumortrail_home")
        writer.execute("CREATE TABLE rumortrail_home.kept (file TEXT)")
        assert writer.execute("SELECT pg_try_advisory_lock(1, 2)").fetchone() == (True,)
    with psycopg.connect(f"{lake} user=reader", password="reader's", autocommit=True) as reader:
        assert reader.execute("SELECT * FROM nights").fetchall() == [(1,)]
        for statement in (
            "INSERT INTO nights VALUES (2)", "DELETE FROM nights", "DROP TABLE nights",
            "CREATE TABLE mine (x INT)", "CREATE TEMPORARY TABLE mine (x INT)", "CREATE SCHEMA mine",
            "SELECT * FROM rumortrail_home.kept", "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_try_advisory_lock(1, 2)", "SELECT pg_advisory_lock_shared(1)",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(statement)
