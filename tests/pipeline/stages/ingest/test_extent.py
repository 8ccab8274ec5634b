"""How much of its document a version holds: a feed's words, a teaser or all; and which change is no edit."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.core.context import RunContext
from pipeline.stages.ingest.stage import ingest
from pipeline.store.store import Store
from tests.conftest import InboxWriter, document
from tests.pipeline.stages.ingest.test_stage import SOURCE, counts, rows

SECOND = "2026-03-03T03:00:00Z"
THIRD = "2026-03-04T03:00:00Z"
WHOLE = "Model Aster has 70b parameters. The lab says so in a long post."


def feed(**values: Any) -> dict[str, Any]:
    return document(text="Aster is here.", extent="feed") | values


def versions(store: Store) -> list[tuple[Any, ...]]:
    columns = "number, text, extent, read_anew, unchanged_at IS NULL"
    return rows(store, f"SELECT {columns} FROM versions ORDER BY number")


def edits(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, "SELECT number, change FROM edits ORDER BY number")


def test_the_page_follows_the_words_of_its_feed_and_is_no_edit(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    write_inbox([SOURCE, feed(), document(text=WHOLE, seen_at=SECOND)])
    assert ingest(store, run) == counts(done=2, new=1, changed=1)
    assert versions(store) == [
        (1, "Aster is here.", "feed", None, True),
        (2, WHOLE, "whole", "fuller", True),
    ]
    assert edits(store) == []


def test_a_page_with_the_very_words_of_its_feed_is_whole(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    write_inbox([SOURCE, feed(), document(text="Aster is here.", seen_at=SECOND)])
    ingest(store, run)
    assert [row[2:4] for row in versions(store)] == [("feed", None), ("whole", "fuller")]


def test_less_never_takes_the_place_of_more(store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    teasers = [feed(seen_at=SECOND), document(text="Aster …", extent="teaser", seen_at=THIRD)]
    write_inbox([SOURCE, document(text=WHOLE), *teasers])
    assert ingest(store, run) == counts(done=1, skipped=2, new=1)
    assert [row[1] for row in versions(store)] == [WHOLE]
    assert rows(store, "SELECT last_seen_at < '2026-03-03' FROM store.sightings") == [(True,)]


@pytest.mark.parametrize(("extent", "seen_at", "gone"),
                         [("teaser", THIRD, False), ("teaser", SECOND, True), ("feed", THIRD, True)])
def test_a_deleted_page_that_is_back_behind_a_paywall_is_there(
    store: Store, run: RunContext, write_inbox: InboxWriter, extent: str, seen_at: str, gone: bool
) -> None:
    deletion = {"type": "gone", "url": "https://wire.example/1", "source": "wire",
                "seen_at": "2026-03-03T09:00:00Z", "evidence": "404"}
    write_inbox([SOURCE, document(text=WHOLE), deletion])
    ingest(store, run)
    write_inbox([document(text="Aster …", extent=extent, seen_at=seen_at)], run_id="r2")
    ingest(store, run)
    assert rows(store, "SELECT gone_at IS NOT NULL FROM documents") == [(gone,)]
    assert [row[1] for row in versions(store)] == [WHOLE]


def test_an_edit_of_a_feeds_words_is_an_edit(store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    write_inbox([SOURCE, feed(), feed(text="Aster is not here.", seen_at=SECOND)])
    ingest(store, run)
    assert edits(store) == [(2, "body")]


def test_what_another_reader_reads_is_no_edit_and_what_it_reads_next_may_be(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    write_inbox([SOURCE, document(text=WHOLE), document(text=f"1. {WHOLE}", reader=2, seen_at=SECOND),
                 document(text="1. Gone.", reader=2, seen_at=THIRD)])
    ingest(store, run)
    assert [row[3] for row in versions(store)] == [None, "reader", None]
    assert edits(store) == [(3, "body")]


def test_a_text_that_both_readers_read_alike_is_known_to_be_the_newers(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    write_inbox([SOURCE, document(text=WHOLE), document(text=WHOLE, reader=2, seen_at=SECOND)])
    ingest(store, run)
    write_inbox([document(text="Gone.", reader=2, seen_at=THIRD)])
    ingest(store, run)
    assert edits(store) == [(2, "body")]


def test_a_change_of_either_headline_is_an_edit(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    question = "Aster: is it out?"
    headlines = [
        ("Aster is out", None),
        ("Aster is out", question),
        ("Aster out", question),
        ("Aster out", None),
    ]
    write_inbox([SOURCE, *(
        document(title=title, headline=headline, text=WHOLE, seen_at=f"2026-03-{9 + number:02}T06:00:00Z")
        for number, (title, headline) in enumerate(headlines)
    )])
    ingest(store, run)
    assert rows(store, "SELECT number, change, removed, added FROM edits ORDER BY number") == [
        (2, "headline", "Aster is out", "Aster: is it out?"),
        (3, "headline", "Aster is out", "Aster out"),
        (4, "headline", "Aster: is it out?", "Aster out"),
    ]
    assert rows(store, "SELECT headline FROM versions ORDER BY number") == [
        (None,), ("Aster: is it out?",), ("Aster: is it out?",), (None,)
    ]
