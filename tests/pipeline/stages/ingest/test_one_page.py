"""One page is one document, whatever addresses lead to it, in stores of earlier releases too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive.evidence_subject import read_subject
from pipeline.cli.edits import history
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.records import stable_id
from pipeline.core.same_page import page_of
from pipeline.core.vocabulary import DecisionKind, EdgeKind, Outcome, Platform
from pipeline.run.nightly import process
from pipeline.stages.ingest.one_page import unite
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.judge.stage import judge
from pipeline.stages.trace.stage import trace
from pipeline.store.queries import Statements
from pipeline.store.store import Store, migrations
from tests.conftest import NOW, InboxWriter, document, query_published
from tests.fakes import FakeModels
from tests.worlds.builder import START, World, hours
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # a work file for many

PAGES = 28
NAMED = "https://x.com/Ann/status/12"
NUMBERED = "https://x.com/i/status/12"
CAPITALS = "https://x.com/ANN/status/12"
FIRST, SECOND, THIRD = (stable_id("d", url) for url in (NAMED, NUMBERED, CAPITALS))


def rows(store: Store, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql, values or None).fetchall()


def found(store: Store, address: str) -> list[str]:
    """Return the documents to which an address leads."""
    return [
        document_id
        for (document_id,) in rows(store, "SELECT document_id FROM addresses WHERE address = $a", a=address)
    ]


@pytest.mark.parametrize("batch", [1, 500])
@pytest.mark.parametrize("forms", [
    (NAMED, NUMBERED, CAPITALS),
    ("https://www.reddit.com/comments/1abc", "https://www.reddit.com/r/Lab/comments/1abc",
     "https://www.reddit.com/r/lab/comments/1abc"),
    ("http://example.com/a", "https://www.example.com/a", "https://example.com/a"),
])  # fmt: skip
def test_a_page_is_stored_once_and_found_by_every_address(
    store: Store, run: RunContext, write_inbox: InboxWriter, batch: int, forms: tuple[str, ...]
) -> None:
    write_inbox([document(url) for url in forms[:2]])
    config = Config(ingest=type(run.config.ingest)(batch=batch))
    one_page_run = RunContext(run.run_id, run.now, run.home, config)
    assert ingest(store, one_page_run).detail["new"] == 1
    link = {"url": forms[2], "kind": "link", "words": None}
    write_inbox([document("https://other.example/1", links=[link], in_reply_to=forms[2])], run_id="r2")
    ingest(store, one_page_run)
    assert rows(store, "SELECT count(*) FROM documents WHERE url <> 'https://other.example/1'") == [(1,)]
    for address in (*forms, stable_id("d", forms[0]), page_of(forms[0])):
        assert found(store, address) == [stable_id("d", forms[0])]


def test_a_link_in_another_form_leads_to_the_document(store: Store, run: RunContext,
                                                      write_inbox: InboxWriter) -> None:
    link = {"url": NUMBERED, "kind": "link", "words": "this post"}
    reply = {"platform": "x", "author": "ben", "in_reply_to": CAPITALS}
    write_inbox([document(NAMED, platform="x", author="Ann"),
                 document("https://wire.example/2", links=[link], published_at="2026-03-01T13:00:00Z"),
                 document("https://x.com/ben/status/13", published_at="2026-03-01T13:00:00Z", **reply)])
    ingest(store, run)
    trace(store, run)
    links = rows(store, "SELECT url, kind FROM provenance "
                       "WHERE origin_url = $url AND kind <> 'near_duplicate' ORDER BY ALL", url=NAMED)
    assert links == [("https://wire.example/2", "link"), ("https://x.com/ben/status/13", "reply")]


def test_what_another_host_shows_is_no_edit_and_the_next_text_of_one_host_is(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    full, lite = "https://www.cnn.com/2026/03/01/tech/a", "https://lite.cnn.com/2026/03/01/tech/a"
    for day, (url, text) in enumerate(
        [(full, "A."), (lite, "A. Menu."), (full, "A."), (full, "A, edited.")], 1
    ):
        write_inbox([document(url, text=text, seen_at=f"2026-03-0{day}T03:00:00Z")], run_id=f"r{day}")
    ingest(store, run)
    assert rows(store, "SELECT number, text, read_anew FROM versions ORDER BY number") == [
        (1, "A.", None), (2, "A. Menu.", "reader"), (3, "A.", "reader"), (4, "A, edited.", None)
    ]
    assert rows(store, "SELECT number FROM edits") == [(4,)]


def test_an_edit_is_one_under_whatever_name_a_post_is_found(store: Store, run: RunContext,
                                                            write_inbox: InboxWriter) -> None:
    write_inbox([document(NAMED, seen_at="2026-03-01T13:00:00Z"),
                 document(NUMBERED, text="Another text.", seen_at="2026-03-01T14:00:00Z")])
    ingest(store, run)
    assert rows(store, "SELECT number FROM edits") == [(2,)]


@pytest.mark.parametrize(("url", "is_gone"), [
    ("https://wire.example/1", True), ("http://wire.example/1", True), ("https://www.wire.example/1", False),
])  # fmt: skip
def test_a_page_is_gone_where_it_was_last_seen(store: Store, run: RunContext, write_inbox: InboxWriter,
                                               url: str, is_gone: bool) -> None:
    write_inbox([document("https://www.wire.example/1", seen_at="2026-03-01T13:00:00Z"),
                 document("https://wire.example/1", seen_at="2026-03-01T14:00:00Z")])
    write_inbox([{"type": "gone", "url": url, "source": "wire", "seen_at": "2026-03-02T03:00:00Z",
                  "evidence": "404"}], run_id="r2")
    ingest(store, run)
    assert rows(store, "SELECT gone_at IS NOT NULL FROM documents") == [(is_gone,)]


def test_an_id_that_a_document_had_before_still_names_it(store: Store, run: RunContext,
                                                         write_inbox: InboxWriter) -> None:
    write_inbox([document(NAMED)])
    ingest(store, run)
    World(store).row("earlier_ids", earlier_id=SECOND, document_id=FIRST, url=NUMBERED, run_id="r1")
    write_inbox([document(NUMBERED, id=SECOND)], run_id="r2")
    assert ingest(store, run).detail["new"] == 0
    write_inbox([{"type": "gone", "id": SECOND, "url": NUMBERED, "source": "x:Ann",
                  "seen_at": "2026-03-09T03:00:00Z", "evidence": "404"}], run_id="r3")
    assert ingest(store, run).detail["gone"] == 1
    assert rows(store, "SELECT document_id FROM documents WHERE gone_at IS NOT NULL") == [(FIRST,)]


def old_store(world: World) -> None:
    """Return a store in which an earlier Rumortrail has stored one post three times, with all rows about it.

    The second copy was read from a file that names no author. The first copy was edited after that.
    """
    world.source("Ann", platform=Platform.X, source_id="x:Ann")
    world.source("file", platform=Platform.OTHER, source_id="file")
    world.source("Wire")
    author: dict[str, Any] = {"author": "Ann"}
    world.document(SECOND, "file", None, "Aster is out.", url=NUMBERED, seen_at=hours(1), feed="file",
                   links=("wire-2",), reply_to="wire-2")
    world.document(FIRST, "x:Ann", hours(0), "Aster is out.", url=NAMED, seen_at=hours(2), **author)
    world.edit(world.version(FIRST, 2, "Aster is not out.", hours(6)), "body")
    world.document(THIRD, "x:Ann", hours(0), "Aster is out.", url=CAPITALS, seen_at=hours(3), **author)
    for document_id, last_seen, reader in ((FIRST, 9, 2), (SECOND, 1, 1), (THIRD, 4, 2)):
        world.row("sightings", document_id=document_id, last_seen_at=hours(last_seen), reader=reader)
    world.document("wire-1", "wire", hours(5), "Aster is out, Ann says.")
    world.document("wire-2", "wire", hours(-5), "Aster is coming.")
    world.row("links", document_id="wire-1", url=NUMBERED, kind="link", words="says")
    world.follows("wire-1", SECOND, EdgeKind.LINK)
    world.follows(SECOND, FIRST, EdgeKind.NEAR_DUPLICATE)
    for first_id, copy_id in ((FIRST, SECOND), (SECOND, "wire-1"), (FIRST, THIRD)):
        world.row(
            "copies", document_id=min(first_id, copy_id), other_id=max(first_id, copy_id), similarity=0.9
        )
    world.claim("c1", "Aster is out", mention_id=f"m-{FIRST}-c1-0")
    for document_id in (FIRST, SECOND, THIRD, "wire-1"):
        mention_id = world.mention("c1", document_id, quote="Aster is out")
        world.row("placements", mention_id=mention_id, claim_id="c1", similarity=1.0, how="near")
        evidence_id = world.stance("c1", mention_id)
        world.row("origins", claim_id="c1", mention_id=mention_id, voice=f"source:{document_id}",
                  voice_name=document_id, origin_document_id=document_id, independent=True, reason="own")
        world.row("traced", document_id=document_id, run_id="r1")
        world.row("passages", passage_id=f"p-{document_id}", version_id=f"v-{document_id}-1",
                  document_id=document_id, part="text", start_char=0, end_char=9, names=["Aster"],
                  organisations=[], inherited=[], numbers=[], language="en", speaker=None,
                  speaker_organisation=None, said_at=START, seen_at=START, model="by-hand", run_id="r1")
        world.row("signatures", document_id=document_id, version_id=f"v-{document_id}-1", model="by-hand",
                  shingles=0, minhash=[], bands=[])
        if document_id == SECOND:
            world.row("rungs", claim_id="c1", rung="released", reached_at=START, said=True,
                      document_id=document_id, evidence_id=evidence_id, words="out")
            world.row("rewordings", claim_id="c1", evidence_id=evidence_id, document_id=document_id,
                      version_id=f"v-{document_id}-1", before="is", after=None, hedged=False, noted=False,
                      unchanged_at=None, seen_at=START, restored_at=None)
    world.row("decisions", decision_id="j1", kind=DecisionKind.STANCE, target=f"m-{SECOND}-c1-0",
              value="reports", reason="he only repeats it", editor="ada", decided_at=START, undone_at=None,
              number=1, sha256="")


@pytest.fixture(scope="module")
def old_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work file of an earlier Rumortrail."""
    path = tmp_path_factory.mktemp("old") / "work.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE main.migrations (version INTEGER PRIMARY KEY, name VARCHAR, "
                       "applied_at TIMESTAMP)")
    for version, (name, sql) in sorted(migrations().items()):
        if version < PAGES:
            connection.execute(sql)
            connection.execute("INSERT INTO main.migrations VALUES (?, ?, ?)", [version, name, None])
    old_store(World(Store(connection)))
    connection.close()
    return path


@pytest.fixture
def old(home: Home, old_file: Path) -> Iterator[Store]:
    """The store of an earlier Rumortrail, opened by this one."""
    shutil.copy(old_file, home.work)
    store = Store.open(home.work)
    yield store
    store.close()


def named(store: Store) -> dict[str, set[str]]:
    """Return the document ids in each table, by column."""
    columns = rows(store, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema "
                          "= 'store' AND (column_name LIKE '%document_id' OR (table_name, column_name) = "
                          "('copies', 'other_id'))")
    return {f"{table}.{column}": {one for (one,) in rows(store, f"SELECT {column} FROM store.{table}")}
            for table, column in columns}


def tables(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all stored rows."""
    names = rows(store, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store' ORDER BY ALL")
    return {name: rows(store, f"SELECT * FROM store.{name} ORDER BY ALL") for (name,) in names}


def ids(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return the ids that no merge of addresses may remove."""
    keys = {"versions": "version_id", "mentions": "mention_id", "members": "mention_id, claim_id",
            "evidence": "evidence_id, claim_id, mention_id, stance", "claims": "claim_id, first_mention_id",
            "decisions": "decision_id, target", "passages": "passage_id", "extracted": "version_id",
            "placements": "mention_id", "edits": "version_id"}  # fmt: skip
    return {table: rows(store, f"SELECT {key} FROM store.{table} ORDER BY ALL")
            for table, key in keys.items()}


class TestAnOldStore:
    def test_it_has_one_document_for_a_page_and_nothing_is_lost(self, old: Store, run: RunContext) -> None:
        before_ids = ids(old)
        ingest(old, run)
        assert ids(old) == before_ids
        assert rows(old, "SELECT document_id, url, author, in_reply_to, seen_at::VARCHAR FROM documents "
                         "WHERE platform = 'x'") == [
            (FIRST, NAMED, "Ann", "https://site.example/wire-2", "2026-01-05 13:00:00")
        ]
        for column, documents in named(old).items():
            expected = {SECOND, THIRD} if column == "earlier_ids.earlier_id" else set()
            assert documents & {SECOND, THIRD} == expected, column
        for address in (FIRST, SECOND, THIRD, NAMED, NUMBERED, CAPITALS):
            assert found(old, address) == [FIRST]
        assert rows(old, "SELECT code, severity, place FROM issues") == [("one_page", "info", NAMED)]

    def test_the_texts_of_one_address_stand_together_and_the_one_seen_last_is_the_newest(
        self, old: Store, run: RunContext
    ) -> None:
        ingest(old, run)
        assert rows(old, "SELECT number, version_id, read_anew FROM versions WHERE document_id = $d "
                         "ORDER BY number", d=FIRST) == [
            (1, f"v-{SECOND}-1", None), (2, f"v-{THIRD}-1", "reader"), (3, f"v-{FIRST}-1", "reader"),
            (4, f"v-{FIRST}-2", None),
        ]
        assert rows(old, "SELECT version_id, change FROM edits WHERE document_id = $d", d=FIRST) == [
            (f"v-{FIRST}-2", "body")
        ]
        assert rows(old, "SELECT last_seen_at::VARCHAR, reader, url FROM store.sightings") == [
            ("2026-01-05 21:00:00", 2, NAMED)
        ]

    def test_it_is_one_voice_and_links_lead_to_it(self, old: Store, run: RunContext) -> None:
        ingest(old, run)
        trace(old, run)
        judge(old, run)
        voices = rows(old, "SELECT DISTINCT voice FROM evidence WHERE document_id = $d", d=FIRST)
        assert voices == [("source:x:Ann",)]
        assert rows(old, "SELECT document_id FROM provenance "
                         "WHERE origin_document_id = $d AND kind = 'link'", d=FIRST) == [("wire-1",)]
        assert rows(old, "SELECT voices FROM claims") == [(1,)]

    def test_what_an_editor_decided_holds(self, old: Store, run: RunContext) -> None:
        ingest(old, run)
        assert rows(old, "SELECT stance, machine_stance FROM evidence WHERE mention_id = $m",
                    m=f"m-{SECOND}-c1-0") == [("reports", "supports")]

    def test_a_night_brings_it_up_to_date_and_its_ids_and_addresses_still_name_it(
        self, home: Home, old_file: Path
    ) -> None:
        shutil.copy(old_file, home.work)
        report = process(home, Config(), now=NOW, models=FakeModels())
        assert report.outcome is Outcome.OK, report
        names = (FIRST, SECOND, NAMED, "https://twitter.com/i/web/status/12", "https://x.com/other/status/12")
        for name in names:
            document, versions = history(home, Config(), name)
            assert (document.document_id, len(versions)) == (FIRST, 4)
        with pytest.raises(DataError, match=f"{SECOND} has no archived response"):
            read_subject(home, Config(), SECOND)
        live_pages = query_published(
            home, Statements("pipeline.run", "revisit")["live"].replace("$now", "?"), NOW
        )
        assert {(NAMED,), (NUMBERED,), (CAPITALS,)} <= set(live_pages)
        assert query_published(home, "SELECT DISTINCT a.document_id FROM links AS l "
                                     "JOIN addresses AS a ON a.address = l.url "
                                     "WHERE l.document_id = 'wire-1'") == [(FIRST,)]

    def test_a_second_time_does_nothing(self, old: Store, run: RunContext) -> None:
        ingest(old, run)
        tables_before = tables(old)
        ingest(old, run)
        assert tables(old) == tables_before
        old.connection.execute("DELETE FROM store.page_rules")
        ingest(old, run)
        assert tables(old) == tables_before

    def test_killed_half_way_it_has_done_nothing_and_is_done_by_the_next_run(
        self, old: Store, run: RunContext, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tables_before = tables(old)
        append = Store.append

        def killed(self: Store, table: str, *given: Any, **options: Any) -> int:
            if table == "earlier_ids":
                raise KeyboardInterrupt
            return append(self, table, *given, **options)

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Store, "append", killed)
            ingest(old, run)
        assert tables(old) == tables_before
        ingest(old, run)
        assert found(old, SECOND) == [FIRST]

    def test_a_document_that_has_become_another_becomes_the_third_with_it(
        self, old: Store, run: RunContext
    ) -> None:
        World(old).row("earlier_ids", earlier_id="d0", document_id=SECOND, url="https://x.com/b/status/12",
                       run_id="r1")
        ingest(old, run)
        assert found(old, "d0") == [FIRST]


def test_documents_with_ids_of_their_own_stay_apart(store: Store, run: RunContext) -> None:
    world = World(store)
    world.source("Wire")
    for document_id in ("own-1", "own-2", FIRST):
        world.document(document_id, "wire", START, url=NAMED)
    ingest(store, run)
    assert rows(store, "SELECT count(*) FROM documents") == [(3,)]


@pytest.mark.parametrize(("last", "gone", "expected"), [
    ((1, 2), (None, 3), True),  # deleted after both addresses were seen
    ((1, 9), (3, None), False),  # seen under the other address after the deletion
    ((1, 2), (3, 5), True),
])  # fmt: skip
def test_a_page_of_two_addresses_is_gone_where_nobody_saw_it_after_that(
    store: Store, run: RunContext, last: tuple[int, int], gone: tuple[int | None, int | None], expected: bool
) -> None:
    world = World(store)
    world.source("Ann", platform=Platform.X, source_id="x:Ann")
    for url, seen_at, gone_at in zip((NAMED, NUMBERED), last, gone, strict=True):
        fields: dict[str, Any] = {"gone_at": hours(gone_at), "gone_evidence": "404"} if gone_at else {}
        world.document(stable_id("d", url), "x:Ann", START, url=url, **fields)
        world.row("sightings", document_id=stable_id("d", url), last_seen_at=hours(seen_at), reader=2)
    ingest(store, run)
    assert rows(store, "SELECT gone_at IS NOT NULL FROM documents") == [(expected,)]


ADDRESSES = st.sampled_from([
    NAMED, NUMBERED, CAPITALS, "https://x.com/Ann/status/13", "https://x.com/i/status/13",
    "https://www.reddit.com/comments/1a", "https://www.reddit.com/r/Lab/comments/1a", "http://example.com/a",
    "https://www.example.com/a", "https://example.com/b",
])  # fmt: skip
STORED = st.lists(
    st.tuples(
        ADDRESSES,
        st.sampled_from(["feed", "teaser", "whole"]),
        st.lists(st.sampled_from(["A.", "B."]), min_size=1, max_size=3),
        st.integers(0, 5),
        st.none() | st.integers(0, 9),
        st.none() | st.integers(0, 5),
    ),
    unique_by=lambda stored: stored[0],
    max_size=8,
)


@settings(max_examples=30)
@given(STORED)
def test_whatever_is_stored_each_page_has_one_document_with_all_its_texts(
    tmp_path_factory: pytest.TempPathFactory, stored: list[Any]
) -> None:
    store = EmptyStore()
    world = World(store)
    world.source("Wire")
    for url, extent, texts, seen, gone, said_hour in stored:
        fields: dict[str, Any] = {} if gone is None else {"gone_at": hours(gone), "gone_evidence": "404"}
        document_id = stable_id("d", url)
        posted_at = None if said_hour is None else hours(said_hour)
        world.document(document_id, "wire", posted_at, texts[0], url=url, seen_at=hours(seen), **fields)
        for number, text in enumerate(texts[1:], 2):
            world.version(document_id, number, text, hours(seen + number), extent=extent)
        world.row("sightings", document_id=document_id, last_seen_at=hours(seen + 4), reader=2)
    texts = rows(store, "SELECT version_id FROM store.versions ORDER BY ALL")
    run = RunContext("r2", NOW, Home(tmp_path_factory.getbasetemp()), Config())
    unite(store, run)
    assert rows(store, "SELECT version_id FROM store.versions ORDER BY ALL") == texts
    pages = [page_of(url) for (url,) in rows(store, "SELECT url FROM store.documents")]
    assert sorted(pages) == sorted({page_of(url) for url, *_ in stored})
    for url, *_ in stored:
        (document_id,) = found(store, url)
        assert found(store, stable_id("d", url)) == [document_id]
    numbers = rows(store, "SELECT list(number ORDER BY number) FROM store.versions GROUP BY document_id")
    assert all(counted == [*range(1, len(counted) + 1)] for (counted,) in numbers)
    tables_before = tables(store)
    store.connection.execute("DELETE FROM store.page_rules")
    unite(store, run)
    assert tables(store) == tables_before
    store.close()
