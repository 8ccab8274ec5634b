"""A home goes into a lake and comes back whole, killed at any moment on both ways."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from benchmarks.speed.same import dump
from pipeline.core.context import silent
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.lake import move
from pipeline.lake.address import HOME, read_address
from pipeline.lake.back import move_back
from pipeline.lake.home_files import may_move
from pipeline.lake.move import move_to
from pipeline.store.store import Store
from tests.conftest import Command
from tests_cluster.lake.killed import started
from tests_cluster.lake.killed_move import MOMENTS, carry
from tests_cluster.lake.world import DAYS, PublishedNight, publish_night, three_nights
from tests_cluster.servers import PASSWORD

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def kept_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a store, an inbox, an archive, a journal and secrets, that nobody changes."""
    home = Home(tmp_path_factory.mktemp("kept-home"))
    nights = three_nights(tmp_path_factory.mktemp("made"))
    shutil.copy(nights[0].file.parents[1] / "work.duckdb", home.work)
    shutil.copy(nights[-1].file, home.published)
    for name, content in {
        "inbox/20260301T030000Z/lantern.jsonl.gz": b"lines", "sources.toml": b"# none", "run.lock": b"",
        "archive/20260301T030000Z.warc.gz": b"warc" * 1000, "digests/a/digest.md": b"#",
        "archive/20260302T030000Z.warc.gz": b"warc" * 1000, "session.key": b"secret",
        "editors.json": b"secret", "rumortrail.toml": b"# settings", "index/vectors": b"made again",
    }.items():  # fmt: skip
        (home.path / name).parent.mkdir(parents=True, exist_ok=True)
        (home.path / name).write_bytes(content)
    with sqlite3.connect(home.journal) as journal:
        journal.execute("CREATE TABLE decisions (number INTEGER)")
        journal.execute("INSERT INTO decisions VALUES (7)")
    return home


@pytest.fixture
def moving(kept_home: Home, tmp_path: Path) -> Home:
    """A copy of that home."""
    shutil.copytree(kept_home.path, tmp_path / "moving")
    return Home(tmp_path / "moving")


def republished(home: Home, into: Path) -> str:
    """Return the hash of what a home publishes."""
    store = Store.open(home.work)
    night = publish_night(store, into, DAYS[-1])
    store.close()
    return dump(night.file.parent, into / "dump")


def test_there_and_back(
    address: str, bucket: str, moving: Home, tmp_path: Path, command: Command
) -> None:
    before = {file: file.read_bytes() for file in moving.path.rglob("*") if file.is_file()}
    code, text, _ = command("migrate", "--to", address, "--storage", f"{bucket}/lake", "--home", moving.path)
    assert code == 0 and "verified" in text and PASSWORD not in text
    after = {file: file.read_bytes() for file in moving.path.rglob("*") if file.is_file()}
    changed = {file.name for file in after if before.get(file) != after[file]} | before.keys() - after.keys()
    assert changed <= {"work.duckdb", "run.lock"}, "laying the views and the lock write these"
    home = Home(tmp_path / "back")
    code, text, _ = command("migrate", "--from", address, "--home", home.path)
    assert code == 0 and "session.key" in text and PASSWORD not in text
    names = {str(file.relative_to(home.path)) for file in home.path.rglob("*") if file.is_file()}
    assert names == {
        "inbox/20260301T030000Z/lantern.jsonl.gz", "archive/20260301T030000Z.warc.gz",
        "archive/20260302T030000Z.warc.gz", "sources.toml", "digests/a/digest.md", "decisions.sqlite",
        "work.duckdb", "run.lock",
    }  # fmt: skip
    assert sqlite3.connect(home.journal).execute("SELECT * FROM decisions").fetchall() == [(7,)]
    assert republished(home, tmp_path / "a") == republished(moving, tmp_path / "b")
    code, text, _ = command("ask", "FROM meta", "--as-of", "2026-03-03", "--home", home.path)
    assert code == 2, "settings do not go along"


def _order(home: Home, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.work), read_only=True) as connection:
        return connection.execute(f"FROM store.{table}").fetchall()


def killed(address: str, way: str, moment: str, home: Home, storage: str) -> None:
    child = started(carry, address, way, moment, home, storage)
    child.join(500)
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS["there"])
def test_a_move_that_was_killed_goes_on(
    address: str, storage: str, moving: Home, tmp_path: Path, little: list[PublishedNight], moment: str
) -> None:
    shutil.copy(little[0].file, moving.published)  # saves time: test_killed.py covers kills during a publish
    home = Home(tmp_path / "back")
    killed(address, "there", moment, moving, storage)
    with pytest.raises(DataError, match="holds no night yet"):
        move_back(home, address, silent)
    there = move_to(moving, address, storage, NOW, silent)
    assert move_to(moving, address, storage, NOW, silent).new_files == 0
    killed(address, "hence", moment, home, storage)
    assert not home.work.exists()
    back = move_back(home, address, silent)
    assert (back.tables, back.rows, back.files) == (there.tables, there.rows, there.files)
    for table in ("mentions", "verdicts"):
        assert _order(home, table) == _order(moving, table)


def test_a_later_move_brings_what_moved(address: str, storage: str, moving: Home, tmp_path: Path) -> None:
    move_to(moving, address, storage, NOW, silent)
    with duckdb.connect(str(moving.work)) as connection:
        connection.execute("UPDATE store.sources SET name = 'The Lamp'")
    (moving.path / "archive" / "20260304T030000Z.warc.gz").write_bytes(b"new")
    assert move_to(moving, address, storage, NOW, silent).new_files == 1
    home = Home(tmp_path / "back")
    move_back(home, address, silent)
    assert _order(home, "sources") == _order(moving, "sources")
    with pytest.raises(ConfigError, match="holds a store already"):
        move_back(home, address, silent)


def test_what_was_changed_in_the_lake_is_noticed(
    address: str, storage: str, moving: Home, tmp_path: Path
) -> None:
    move_to(moving, address, storage, NOW, silent)
    kept_file = next(file for file in Path(storage, "files").rglob("*") if file.is_file())
    kept_file.write_bytes(b"something else")
    home = Home(tmp_path / "back")
    with pytest.raises(DataError, match="is damaged: its content has SHA-256"):
        move_back(home, address, silent)
    assert not home.work.exists()


def test_a_file_is_never_written_outside_of_the_home(
    address: str, storage: str, moving: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = move._files

    def lying(*given: object) -> object:
        listed_files, new_files = original(*given)  # type: ignore[arg-type]
        return [("../outside", digest, size) for _, digest, size in listed_files[:1]], new_files

    monkeypatch.setattr(move, "_files", lying)
    move_to(moving, address, storage, NOW, silent)
    with pytest.raises(DataError, match="is not a file of a home"):
        move_back(Home(tmp_path / "back"), address, silent)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "a/../../x", ".ssh/x", "rumortrail.toml", "session.key", "work.duckdb", "a\\b",
     "", "published.duckdb", "lake/x", "index/x", "run.lock", "a/./b/../x"],
)  # fmt: skip
def test_names_that_are_not_taken(name: str) -> None:
    assert not may_move(name)


def test_readers_of_the_published_lake_do_not_see_the_home(
    address: str, storage: str, moving: Home
) -> None:
    move_to(moving, address, storage, NOW, silent)
    assert read_address(address, HOME).schema != read_address(address).schema
    assert not list(Path(storage, "published").rglob("*mention_id*"))
    assert {folder.name for folder in Path(storage, "home").iterdir()} == {"main", "store"}


@pytest.mark.parametrize("storage", ["lake", "gs://news", "s3://KEY:SECRET@news"])
def test_files_go_to_a_bucket_or_a_folder(
    address: str, moving: Home, command: Command, storage: str
) -> None:
    code, _, output = command("migrate", "--to", address, "--storage", storage, "--home", moving.path)
    assert code == 2 and "--storage must be s3://BUCKET/PREFIX, file:///FOLDER or" in " ".join(output.split())
    assert "SECRET" not in output
