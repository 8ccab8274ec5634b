"""An updated copy holds the same rows as a copy written from nothing, whatever changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.publish import moved, stage
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.pipeline.stages.publish.copies import KNOWN_OTHERWISE, PUBLISHED, World, differing, world_in

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("always")]  # several publishes for each


@pytest.fixture(scope="module")
def retitled(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, published from nothing, of that store with every document retitled."""
    folder = tmp_path_factory.mktemp("retitled")
    shutil.copy2(filled / "work.duckdb", folder)
    with closing(Store.open(folder / "work.duckdb")) as store:
        world = World(store, folder)
        world.retitle()
        return world.publish("one")


@pytest.fixture
def world(tmp_path: Path, filled: Path) -> Iterator[World]:
    with world_in(tmp_path, filled) as new_world:
        yield new_world


def test_each_table_that_is_published_is_among_those_that_change_here(world: World) -> None:
    """Whoever adds a table has to say here whether views read it."""
    tables_sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store'"
    inner = {"extracted", "gathered", "compared", "copies", "inbox_files", "knowledge", "laid_views",
             "page_rules", "passage_vectors", "retold", "signatures", "speech", "storied", "story_sides",
             "terms", "traced"}  # fmt: skip
    assert {name for (name,) in world.store.execute(tables_sql)} == {*PUBLISHED, *inner}
    empty = [name for name in PUBLISHED if not world.store.execute(f"FROM store.{name} LIMIT 1")]
    assert empty == ["heirs", "release_stages"]


def test_a_night_without_news_writes_no_row(world: World) -> None:
    size = (world.folder / "one" / "published.duckdb").stat().st_size
    world.same()
    assert world.whole == 0
    assert (world.folder / "one" / "published.duckdb").stat().st_size <= size + 3_000_000


def test_a_small_copy_is_written_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "SMALL", 20_000_000)
    world.same()
    assert world.whole == 1


def test_where_most_of_all_moved_all_is_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "SHARE", 0.5)
    world.store.connection.execute("UPDATE store.members SET similarity = 0.5")
    world.same()
    assert world.whole == 1


def test_a_copy_that_has_grown_is_written_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "ROOM", 0)
    with duckdb.connect(str(world.folder / "one" / "published.duckdb")) as connection:
        connection.execute("UPDATE kept.about SET value = '1000' WHERE key = 'bytes'")
    resign(world)
    world.same()
    assert world.whole == 1


def resign(world: World) -> None:
    """Set the copy's file time to the time noted in it, as if nobody had changed it."""
    file = world.folder / "one" / "published.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        ((written_at,),) = connection.execute("SELECT value FROM kept.about WHERE key = 'written'").fetchall()
    os.utime(file, ns=(int(written_at), int(written_at)))


def in_copy(sql: str) -> Callable[[Path], None]:
    def do(file: Path) -> None:
        with duckdb.connect(str(file)) as connection:
            connection.execute(sql)

    return do


def flip(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2)
        stream.write(b"another")


def zeros(file: Path) -> None:
    """Damage the file as a disk does, which changes no time."""
    file_stat = file.stat()
    with file.open("r+b") as stream:
        stream.seek(20_000)
        stream.write(bytes(file_stat.st_size - 20_000))
    os.utime(file, ns=(file_stat.st_atime_ns, file_stat.st_mtime_ns))


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "zeros": zeros,
    "cut": lambda file: os.truncate(file, 5000),
    "text": lambda file: file.write_text("no database"),
}
DAMAGES: dict[str, Callable[[Path], object]] = UNREADABLE | {
    "missing": Path.unlink,
    "flipped": flip,
    "touched": Path.touch,
    "changed": in_copy("UPDATE claims SET claim = 'another'"),
    "without what is kept": in_copy("DROP SCHEMA kept CASCADE"),
    "of other views": in_copy("UPDATE kept.about SET value = 'another' WHERE key = 'made_with'"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_cannot_be_gone_on_with_is_written_whole(
    world: World, retitled: Path, damage: Callable[[Path], object]
) -> None:
    damage(world.folder / "one" / "published.duckdb")
    world.retitle()
    told = "SELECT count(*) FROM store.issues WHERE stage = 'publish' AND code = 'copy_not_updated'"
    if damage in UNREADABLE.values():
        published = world.publish("one")
        assert world.store.execute(told) == [(1,)]
        with duckdb.connect(str(published), read_only=True) as copy:
            assert copy.execute("SELECT place FROM issues WHERE stage = 'publish'").fetchall() == [
                ("published.duckdb",)]  # fmt: skip
        assert {name.split(":")[0] for name in differing(published, retitled)} <= {"issues", "runs"}
    else:
        world.same(retitled)
        assert world.store.execute(told) == [(0,)]
    assert world.whole == 1


def test_a_fault_of_our_own_while_updating_is_not_hidden_by_writing_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> None:
        world.store.connection.execute("SELECT nothing FROM nowhere")

    before = (world.folder / "one" / "published.duckdb").read_bytes()
    monkeypatch.setattr(stage, "bring_up_to_date", wrong)
    with pytest.raises(duckdb.CatalogException):
        world.publish("one")
    assert world.whole == 0
    assert (world.folder / "one" / "published.duckdb").read_bytes() == before


def test_too_little_memory_for_updating_is_told_and_all_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")

    monkeypatch.setattr(stage, "bring_up_to_date", full)
    world.publish("one")
    assert world.whole == 1
    assert [code for (code,) in world.store.execute("SELECT code FROM store.issues WHERE stage = 'publish'")
            ] == ["copy_not_updated"]  # fmt: skip


def test_a_copy_without_a_table_that_bears_the_right_time_is_written_whole(
    world: World, retitled: Path
) -> None:
    in_copy("DROP TABLE search.words")(world.folder / "one" / "published.duckdb")
    resign(world)
    world.retitle()
    world.same(retitled)
    assert world.whole == 1


@pytest.mark.parametrize("step", range(0, 40, 13))
def test_what_ends_a_publish_half_way_leaves_the_last_copy(world: World, retitled: Path, step: int) -> None:
    world.retitle()
    file = world.folder / "one" / "published.duckdb"
    copy_before = file.read_bytes()

    def stop(_stage: str, done: int, _total: int | None) -> None:
        if done == step:
            raise KeyboardInterrupt

    run = RunContext("20260302T030000Z", NOW, Home(file.parent), Config(), progress=stop)
    with pytest.raises(KeyboardInterrupt):
        publish(world.store, run)
    assert file.read_bytes() == copy_before
    assert sorted(path.name for path in file.parent.iterdir()) == ["published.duckdb"]
    for leftovers in ("duckdb_tables() WHERE database_name = 'temp'",
                      "duckdb_databases() WHERE database_name IN ('fresh', 'part')",
                      "duckdb_views() WHERE database_name = 'temp' AND NOT internal"):  # fmt: skip
        assert world.store.execute(f"FROM {leftovers}") == []
    world.same(retitled)
    assert world.whole == 0


def test_words_without_room_between_their_neighbours_have_all_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_copy("UPDATE search.words SET number = number % 2")(world.folder / "one" / "published.duckdb")
    resign(world)
    world.store.connection.execute("UPDATE store.mentions SET quote = quote || ' unheard of'")
    world.same()
    assert world.whole == 1


def change(store: Store, table: str, what: int, row: int, column: int, other: int) -> None:
    """Delete a row, add one like it, or give it a value of another row, or none."""
    run = store.connection.execute
    ids = [row_id for (row_id,) in run(f"SELECT rowid FROM store.{table} ORDER BY rowid").fetchall()]
    if not ids:
        return
    changed_id, giver = ids[row % len(ids)], ids[other % len(ids)]
    columns = [name for name, *_ in run(f"DESCRIBE store.{table}").fetchall()
               if (table, name) not in KNOWN_OTHERWISE]
    name = columns[column % len(columns)]
    try:
        if what == 0:
            run(f"DELETE FROM store.{table} WHERE rowid = {changed_id}")
        elif what == 1:
            key = f'"{columns[0]}" || \'-{other}\' AS "{columns[0]}"'
            run(f"INSERT INTO store.{table} "
                f"SELECT * REPLACE ({key}) FROM store.{table} WHERE rowid = {changed_id}")
        elif what == 2:
            run(f'UPDATE store.{table} SET "{name}" = NULL WHERE rowid = {changed_id}')
        else:
            given_value = f'(SELECT "{name}" FROM store.{table} WHERE rowid = {giver})'
            run(f'UPDATE store.{table} SET "{name}" = {given_value} WHERE rowid = {changed_id}')
    except (duckdb.ConstraintException, duckdb.BinderException, duckdb.ConversionException):
        pass  # the store refuses it


CHANGE = st.tuples(st.sampled_from(PUBLISHED), st.integers(0, 3), st.integers(0, 30), st.integers(0, 30),
                   st.integers(0, 30))  # fmt: skip


@settings(max_examples=int(os.environ.get("RUMORTRAIL_PUBLISH_EXAMPLES", "6")),
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(st.lists(CHANGE, min_size=1, max_size=6), min_size=1, max_size=3))
def test_whatever_changed_the_copy_is_the_one_from_nothing(
    nights: list[list[tuple[str, int, int, int, int]]], tmp_path_factory: pytest.TempPathFactory,
    filled: Path,
) -> None:
    with world_in(tmp_path_factory.mktemp("nights"), filled) as world:
        for night in nights:
            for change_made in night:
                change(world.store, *change_made)
            world.same()
        assert world.whole == 0
    shutil.rmtree(world.folder)
