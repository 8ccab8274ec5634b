"""Accounts of an earlier Rumortrail that are nobody's become unknown authors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.core.vocabulary import EdgeKind, Platform, Role
from pipeline.store.store import Store
from pipeline.text.forums import NO_AUTHORS
from tests.worlds.builder import World
from tests.worlds.upgraded import upgraded

pytestmark = pytest.mark.slow  # a store for each test

UNKNOWN_AUTHORS = 29
AT = datetime(2026, 2, 13, 9, tzinfo=UTC)


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def post(world: World, document_id: str, author: str, feed: str, *mentions: dict[str, Any]) -> None:
    """A post of Reddit as it was stored, with mentions and a passage; it was traced."""
    source_id = f"reddit:{author}"
    if source_id not in world.sources:
        world.source(author, Role.COMMUNITY, platform=Platform.REDDIT, source_id=source_id)
    world.document(document_id, source_id, AT, feed=feed, author=author)
    for mention in mentions or ({},):
        world.mention("c", document_id, **mention)
    world.row("passages", passage_id=f"p-{document_id}", version_id=f"v-{document_id}-1",
              document_id=document_id, part="text", start_char=0, end_char=9, names=[], organisations=[],
              inherited=[], numbers=[], language="en", speaker=author, speaker_organisation=None, said_at=AT,
              seen_at=AT, model="by-hand", run_id="r1")  # fmt: skip
    world.row("speech", version_id=f"v-{document_id}-1", part="text", start_char=0, end_char=9,
              voice="author", speaker=author, speaker_organisation=None, speech_verb=None,
              attributed_to=None, certainty="reported")  # fmt: skip
    world.row("traced", document_id=document_id, run_id="r1")


def test_a_deleted_account_becomes_an_unknown_author_of_its_listing() -> None:
    def fill(world: World) -> None:
        world.claim("c")
        world.source("r/Open", Role.COMMUNITY, platform=Platform.REDDIT, source_id="r-open")
        post(world, "d1", "[deleted]", "r-open", {}, {"speaker": "Ann", "role": Role.COMMUNITY})
        post(world, "d2", "[deleted]", "reddit:[deleted]")
        post(world, "d3", "mira", "r-open")
        world.follows("d2", "d1", EdgeKind.SAME_SPEAKER)
        world.follows("d1", "d2", EdgeKind.LINK)

    store = upgraded(UNKNOWN_AUTHORS, fill)
    assert rows(store, "SELECT document_id, author, source_id, feed FROM store.documents ORDER BY 1") == [
        ("d1", None, "r-open", "r-open"), ("d2", None, "reddit", "reddit"),
        ("d3", "mira", "reddit:mira", "r-open"),
    ]
    assert rows(store, "SELECT source_id, name, role FROM store.sources ORDER BY 1") == [
        ("r-open", "r/Open", "community"), ("reddit", "reddit", "community"),
        ("reddit:mira", "mira", "community"),
    ]
    assert rows(store, "SELECT document_id, speaker FROM store.mentions ORDER BY 1, start_char") == [
        ("d1", None), ("d1", "Ann"), ("d2", None), ("d3", "mira"),
    ]
    for table in ("passages", "speech"):
        speakers = rows(store, f"SELECT speaker FROM store.{table} WHERE speaker IS NOT NULL")
        assert speakers == [("mira",)]
    assert rows(store, "SELECT document_id FROM store.traced") == [("d3",)]
    assert rows(store, "SELECT kind FROM store.edges") == [("link",)]


def test_it_knows_the_names_that_ingest_knows() -> None:
    names = [f"[{name.title()}]" for name in sorted(NO_AUTHORS) if name.isascii()]

    def fill(world: World) -> None:
        world.claim("c")
        for name in (*names, "deleted_scenes", "Usr"):
            post(world, f"d-{name}", name, "r-open")

    store = upgraded(UNKNOWN_AUTHORS, fill)
    assert rows(store, "SELECT author FROM store.documents WHERE author IS NOT NULL ORDER BY 1") == [
        ("Usr",), ("deleted_scenes",),
    ]
