"""What docs/year.md and deploy/ promise: a backup that can be restored, and an image without secrets."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.published.claim_filter import ClaimFilter
from pipeline.run.nightly import process
from pipeline.watches.records import WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, InboxWriter, document, query_published
from tests.fakes import FakeModels

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
OF_A_RUN = {"kept.about", "main.meta", "main.runs", "main.stages"}
"""These tell of the run that publishes again, too."""


def commands(heading: str) -> str:
    """Return the shell block under a heading of docs/year.md."""
    section = (ROOT / "docs" / "year.md").read_text("utf-8").split(f"\n## {heading}\n")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block
    return block[1]


def shell(script: str, **variables: Path) -> str:
    """Run documented commands; any that fails fails the test."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path} | {name: str(value) for name, value in variables.items()}
    completed = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], env=environment, capture_output=True, text=True
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def contents(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of the copy, except those of the tables about a run."""
    tables = query_published(home, "SELECT schema_name || '.' || table_name FROM duckdb_tables()")
    table_names = [name for (name,) in tables if name not in OF_A_RUN]
    return {name: query_published(home, f"SELECT * FROM {name} ORDER BY ALL") for name in table_names}


def test_a_backup_is_restored_into_a_new_folder_and_publishes_the_same(
    home: Home, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    denial = "Model Aster does not have 70b parameters."
    write_inbox([document(), document("https://other.example/1", text=denial, title=None)])
    Journal(home.journal).decide(
        DecisionKind.NOTE, "c1", None, reason="see the filing", editor="ada", now=NOW
    )
    watch = WatchStore(home.watches).add(WatchDraft("Desk", "ada", ClaimFilter(), True), now=NOW)
    process(home, Config(), now=NOW, models=FakeModels())
    before = contents(home)
    assert before["main.claims"] and before["main.decisions"]
    shell(commands("Backup"), RUMORTRAIL_HOME=home.path, BACKUPS=tmp_path / "backups")
    (backup,) = (tmp_path / "backups").iterdir()
    other_home = Home(tmp_path / "restored")
    output = shell(commands("Restore"), RUMORTRAIL_HOME=other_home.path, backup=backup)
    assert "2 documents" in output
    assert contents(other_home) == before
    assert Journal(other_home.journal).read() == Journal(home.journal).read()
    assert WatchStore(other_home.watches).all() == [watch]


def test_the_growth_of_the_disk_is_measured(home: Home, write_inbox: InboxWriter) -> None:
    write_inbox([document()])
    home.archive.mkdir()
    (home.archive / "r1.warc.gz").write_bytes(bytes(14_000_000))
    assert "1.0 MB a night, 0.4 GB a year" in shell(
        commands("Disk growth"), RUMORTRAIL_HOME=home.path, LC_ALL=Path("C")
    )


def test_the_image_has_no_root_and_no_secret() -> None:
    lines = [line.split() for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines() if line.split()]
    assert [line[1:] for line in lines if line[0] == "USER"] == [["10001"]]
    assert [line[1:] for line in lines if line[0] == "VOLUME"] == [["/var/lib/rumortrail"]]
    assert [line[1:] for line in lines if line[0] in ("ARG", "ADD")] == [["REQUIREMENTS=requirements.txt"]]
    copied_names = {name for line in lines if line[0] == "COPY" for name in line[1:-1]} - {"${REQUIREMENTS}"}
    copied_names |= {"requirements.txt", "requirements-cluster.txt"}
    assert all((ROOT / name).exists() for name in copied_names)
    allowed_lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in allowed_lines
    assert {line[1:] for line in allowed_lines if line.startswith("!")} == copied_names
