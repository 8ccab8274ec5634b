"""An updated copy holds the same rows as a copy written from nothing, whatever changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.publish import moved, stage
from pipeline.stages.publish.stage import publish
from pipeline.stages.publish.whole import write_whole
from pipeline.store.store import Store, public_views
from tests.conftest import NOW
from tests.worlds.newsroom import fill

pytestmark = pytest.mark.slow  # several publishes for each

# Rows for the tables that the newsroom leaves empty.
REST = """
INSERT INTO store.placements SELECT mention_id, claim_id, similarity, how FROM store.members;
INSERT INTO store.foundings BY NAME SELECT mention_id, 0.5 AS probability, true AS founds, 'm' AS model,
    'r1' AS run_id, NULL AS reason FROM store.mentions;
INSERT INTO store.passages BY NAME SELECT 'p' || mention_id AS passage_id, version_id, document_id, part,
    start_char, end_char, entities AS names, organisations, [] AS inherited, numbers, 'en' AS language,
    seen_at, 'm' AS model, 'r1' AS run_id FROM store.mentions;
INSERT INTO store.links
    SELECT document_id, 'https://elsewhere.example/', 'link', 'here' FROM store.documents;
INSERT INTO store.sightings BY NAME SELECT document_id, seen_at AS last_seen_at FROM store.documents;
INSERT INTO store.houses SELECT source_id, 'house:one', 'The House', '' FROM store.sources
    ORDER BY source_id LIMIT 2;
INSERT INTO store.stories BY NAME SELECT 's' || number AS story_id, 'A story' AS title,
    TIMESTAMP '2026-01-06' AS created_at, 'r1' AS run_id FROM range(3) AS r(number);
INSERT INTO store.story_claims
    SELECT claim_id, 's' || hash(claim_id) % 2, created_at, 'r1' FROM store.claims;
INSERT INTO store.story_heirs VALUES ('s2', 's1', TIMESTAMP '2026-01-07', 'r1');
INSERT INTO store.vectors SELECT mention_id, 'm', [0.6, 0.8] FROM store.mentions;
INSERT INTO store.claim_vectors SELECT claim_id, claim, 'm', [0.6, 0.8] FROM store.claims;
INSERT INTO store.claim_queries SELECT claim_id, claim, 'm', [0.8, 0.6] FROM store.claims;
INSERT INTO store.second_opinions SELECT claim_id, mention_id, 'm', evidence_id, 'supports', 'words', NULL,
    weighed_at, 'r1' FROM store.evidence;
INSERT INTO store.grey_pairs SELECT a.claim_id, b.claim_id, 0.5, 'r1'
    FROM store.claims AS a, store.claims AS b WHERE a.claim_id < b.claim_id;
INSERT INTO store.joins BY NAME SELECT a.claim_id, b.claim_id AS into_id, 0.9 AS forward, 0.9 AS backward,
    'm' AS model, a.created_at AS joined_at, 'r1' AS run_id
    FROM store.claims AS a, store.claims AS b WHERE a.claim_id > b.claim_id ORDER BY 1, 2 LIMIT 3;
INSERT INTO store.pages SELECT url, url FROM store.documents WHERE url IS NOT NULL;
INSERT INTO store.aliases SELECT url || '?a', url, seen_at, 'r1' FROM store.documents WHERE url IS NOT NULL;
INSERT INTO store.earlier_ids SELECT 'e' || document_id, document_id, '', 'r1' FROM store.documents;
INSERT INTO store.issues BY NAME SELECT 'i' || source_id AS issue_id, 'r1' AS run_id,
    TIMESTAMP '2026-01-06' AS seen_at, 'crawl' AS stage, 'error' AS severity, 'http_503' AS code, source_id,
    'words' AS message FROM store.sources;
INSERT INTO store.stage_runs SELECT run_id, 'publish', 1, 1, 0, 0, 1.0, '{}' FROM store.runs;
INSERT INTO store.rules VALUES (1, 'one', 'disputed', 'it holds', 'nothing', 'rules-1');
INSERT INTO store.decisions BY NAME SELECT 'x' || number AS decision_id, kind, target, value,
    'words' AS reason, 'ed' AS editor, TIMESTAMP '2026-01-08' AS decided_at, number
    FROM (SELECT kind, target, value, 10 + row_number() OVER () AS number FROM (
        SELECT 'stance' AS kind, min(mention_id) AS target, 'denies' AS value FROM store.members
        UNION ALL SELECT 'follow', min(claim_id), 'a sentence' FROM store.claims
        UNION ALL SELECT 'story_title', 's1', 'Another title'
        UNION ALL SELECT 'apart', min(claim_id), max(claim_id) FROM store.claims));
"""

# Columns that a stage changes together: the model and the words of a vector, a text and its hash.
KNOWN_OTHERWISE = {("vectors", "vector"), ("claim_vectors", "vector"), ("claim_queries", "vector"),
                   ("versions", "text")}  # fmt: skip
PUBLISHED = (
    "aliases", "checkworthy", "claim_queries", "claim_vectors", "claims", "crawls", "decisions", "documents",
    "earlier_ids", "edges", "edits", "entailments", "evidence", "foundings", "grey_pairs", "heirs", "houses",
    "intervals", "issues", "joins", "judged", "links", "members", "mentions", "names", "origins", "outcomes",
    "pages", "passages", "placements", "release_stages", "releases", "resolution_texts", "resolutions",
    "rewordings", "rivals", "rules", "rungs", "runs", "second_opinions", "sightings", "sources", "stage_runs",
    "stories", "story_claims", "story_heirs", "vectors", "verdicts", "versions",
)  # fmt: skip
"""The tables of the store that public views, or the index, are made from."""


@dataclass
class World:
    """A store, two homes that are published from it, and how often a copy was written whole."""

    store: Store
    folder: Path
    whole: int = 0

    def publish(self, home: str) -> Path:
        """Publish to one of the homes."""
        run = RunContext("20260302T030000Z", NOW, Home(self.folder / home), Config())
        run.home.path.mkdir(exist_ok=True)
        publish(self.store, run)
        return run.home.published

    def same(self, expected: Path | None = None) -> None:
        """Publish, and compare the copy with `expected`, else with one that is published from nothing."""
        incremental = self.publish("one")
        if expected is None:
            shutil.rmtree(self.folder / "other", ignore_errors=True)
            expected = self.publish("other")
            self.whole -= 1  # the copy from nothing
        assert differing(incremental, expected) == []

    def retitle(self) -> None:
        """Give every document another title."""
        self.store.connection.execute("UPDATE store.documents SET title = 'Another'")


def differing(one: Path, other: Path) -> list[str]:
    """Return the tables in which two copies hold different rows, regardless of order and row numbers."""
    index_sql = """SELECT c.claim_id, p.mention, w.word, o.position FROM {0}.search.postings AS o
        JOIN {0}.search.words AS w ON w.number = o.word JOIN {0}.search.passages AS p USING (passage)
        JOIN {0}.search.claims AS c USING (place)"""
    vectors = "SELECT c.claim_id, v.* EXCLUDE (claim) FROM {0}.search.vectors AS v " \
              "LEFT JOIN {0}.search.claims AS c ON c.place = v.claim"  # fmt: skip
    numbers_sql = "SELECT count(*) FROM (SELECT number, lag(number) OVER (ORDER BY word) AS before " \
               "FROM {0}.search.words) WHERE number <= before"  # fmt: skip
    queries = {name: f'FROM {{0}}.main."{name}"' for name in (*public_views(), "meta")} | {
        "the index": index_sql, "its vectors": vectors, "its numbers": numbers_sql,
        "its claims": "SELECT claim_id FROM {0}.search.claims", "marks": "FROM {0}.kept.marks",
    }
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{one}' AS one (READ_ONLY); ATTACH '{other}' AS other (READ_ONLY)")
        differ = []
        for name, sql in queries.items():
            sums_sql = " UNION ALL ".join(f"SELECT sum(hash(row)), count(*) FROM ({sql.format(side)}) AS row"
                                          for side in ("one", "other"))
            if len(set(connection.execute(sums_sql).fetchall())) == 1:
                continue
            left, right = sql.format("one"), sql.format("other")
            either = f"(({left}) EXCEPT ALL ({right})) UNION ALL (({right}) EXCEPT ALL ({left}))"
            rows = connection.execute(either).fetchall()
            differ += [f"{name}: {rows[:2]}"] if rows else []
        return differ


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that has a row at least in each table that is published, and its copy."""
    folder = tmp_path_factory.mktemp("filled")
    with closing(Store.open(folder / "work.duckdb")) as store:
        fill(store, RunContext("20260302T030000Z", NOW, Home(folder / "one"), Config()))
        for statement in store.connection.extract_statements(REST):
            store.connection.execute(statement)
        World(store, folder).publish("one")
    return folder


@pytest.fixture(scope="module")
def retitled(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, published from nothing, of that store with every document retitled."""
    folder = tmp_path_factory.mktemp("retitled")
    shutil.copy2(filled / "work.duckdb", folder)
    with closing(Store.open(folder / "work.duckdb")) as store:
        world = World(store, folder)
        world.retitle()
        return world.publish("one")


@contextmanager
def world_in(folder: Path, filled: Path) -> Iterator[World]:
    """Take the filled store and its copy over into a folder, and count from there on."""
    shutil.copytree(filled, folder, dirs_exist_ok=True)  # with the time of the copy, which it notes
    with closing(Store.open(folder / "work.duckdb")) as store, pytest.MonkeyPatch.context() as patch:
        new_world = World(store, folder)

        def counted(*given: Any) -> None:
            new_world.whole += 1
            write_whole(*given)

        patch.setattr(stage, "write_whole", counted)
        yield new_world


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Always update the last copy, however small it is and however many rows changed."""
    monkeypatch.setattr(moved, "SMALL", 0)
    monkeypatch.setattr(moved, "SHARE", 1.0)
    monkeypatch.setattr(moved, "ROOM", 1_000_000_000)


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


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "flipped": flip,
    "zeros": zeros,
    "cut": lambda file: os.truncate(file, 5000),
    "text": lambda file: file.write_text("no database"),
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
    world.same(retitled)
    assert world.whole == 1


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
