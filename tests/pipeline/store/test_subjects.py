"""What claims are about (the view subjects), and who takes them from whom (the view repeats)."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.core.context import RunContext
from pipeline.core.records import Origin
from pipeline.core.vocabulary import EdgeKind, Kind, Role, Stance
from pipeline.store.store import Store
from tests.worlds.builder import World, hours
from tests.worlds.newsroom import fill


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def name(store: Store, called: str, type_: str, owner: str | None = None) -> None:
    store.append("names", [{"name": called, "type": type_, "owner": owner, "model": "test"}], replace=True)


def test_a_stored_name_with_markup_is_published_as_plain_words_or_as_nobody(store: Store) -> None:
    world = World(store)
    for number, written in enumerate(('<a href="https://x.example">Ottilie</a>', '<a href="https://x.ex')):
        world.source(written, source_id=f"s{number}")
        world.claim(f"c{number}")
        world.document(f"d{number}", f"s{number}", hours(0), author=written)
        mention = world.mention(f"c{number}", f"d{number}")
        world.origin(f"c{number}", mention, f"source:s{number}", written, f"d{number}", independent=True)
        world.stance(f"c{number}", mention, Stance.SUPPORTS)
    named = [("Ottilie", "Ottilie", "Ottilie"), ("nobody named", None, "nobody named")]
    assert rows(store, "SELECT source, author, voice_name FROM evidence ORDER BY claim_id") == named
    assert rows(store, "SELECT source, author, source FROM documents ORDER BY source_id") == named
    assert rows(store, "SELECT name FROM sources ORDER BY source_id") == [(name,) for name, *_ in named]


class TestSubjects:
    def test_names_are_what_the_gazetteer_says_and_organisations_have_their_voice(self, store: Store) -> None:
        world = World(store)
        world.source("The Lantern")
        world.claim("c", organisations=("The Aurel Labs",),
                    entities=("Aster 4", "Lyra", "Ines Okafor", "H100", "Riddle"))
        world.say("c", "the-lantern", hours(0))
        for entity_name, type_, owner in (("Aster 4", "model", "Aurel"), ("Lyra", "benchmark", None),
                                          ("Ines Okafor", "person", None)):
            name(store, entity_name, type_, owner)
        name(store, "H100", "hardware")
        assert rows(store,
                    "SELECT type, subject, owner, who_id, claim_id FROM subjects ORDER BY subject") == [
            ("model", "Aster 4", "Aurel", None, "c"),
            ("person", "Ines Okafor", None, None, "c"),
            ("benchmark", "Lyra", None, None, "c"),
            ("organisation", "The Aurel Labs", None, "organisation:aurel labs", "c"),
        ]

    def test_a_claim_stands_under_an_organisation_that_it_names_as_a_place(self, store: Store) -> None:
        world = World(store)
        world.source("The Lantern")
        world.names("organisation", "Aurel", "Kestrel Cloud")
        world.claim("c", organisations=("Aurel",), entities=("Aurel", "Kestrel Cloud"))
        world.say("c", "the-lantern", hours(0))
        assert rows(store, "SELECT type, subject, who_id FROM subjects ORDER BY subject") == [
            ("organisation", "Aurel", "organisation:aurel"),
            ("organisation", "Kestrel Cloud", "organisation:kestrel cloud"),
        ]

    def test_the_stages_of_a_known_model_are_those_of_its_own_maker(self, store: Store) -> None:
        world = World(store)
        world.source("The Lantern")
        world.names("model", "Aster 4", owner="Aurel")
        world.names("venue", "The Lantern")
        releases = (("Aster 4", "Aurel"), ("Aster 4", "Kestrel"), ("The Lantern", "Aurel"),
                    ("Riddle 1", "Kestrel"))
        for number, (model, organisation) in enumerate(releases):
            claim_id = f"c{number}"
            world.claim(claim_id, kind=Kind.RELEASE, organisations=(organisation,), entities=(model,))
            world.say(claim_id, "the-lantern", hours(0))
            world.release(claim_id, model, organisation)
        assert rows(store, "SELECT claim_id FROM step.releases ORDER BY claim_id") == [("c0",), ("c3",)]

    def test_a_name_that_is_not_known_is_a_model_where_its_release_is_judged(self, store: Store) -> None:
        world = World(store)
        world.source("The Lantern")
        for claim_id, entity in (("c1", "Riddle 1"), ("c2", "Riddle 1"), ("c3", "Lyra")):
            world.claim(claim_id, organisations=(), entities=(entity,))
            world.say(claim_id, "the-lantern", hours(0))
        name(store, "Riddle 1", "unknown")
        name(store, "Lyra", "benchmark")
        assert rows(store, "SELECT subject FROM subjects") == [("Lyra",)]
        release = {"claim_id": "c1", "organisation": "Aurel", "rung": "preview", "rung_reached": None}
        store.append("releases", [release | {"model": "Riddle 1", "release_key": "aurel/riddle 1"}])
        store.append("releases", [release | {"claim_id": "c3", "model": "Lyra", "release_key": "aurel/lyra"}])
        assert rows(store, "SELECT type, subject, owner, claim_id FROM subjects ORDER BY claim_id") == [
            ("model", "Riddle 1", "Aurel", "c1"),
            ("model", "Riddle 1", "Aurel", "c2"),
            ("benchmark", "Lyra", "Aurel", "c3"),
        ]
        store.append("releases", [release | {"claim_id": "c2", "organisation": "A Host", "model": "Riddle 1",
                                             "release_key": "a host/riddle 1"}])
        assert rows(store, "SELECT DISTINCT owner FROM subjects WHERE subject = 'Riddle 1'") == [(None,)]


class TestRepeats:
    @pytest.mark.slow
    def test_the_newsrooms_copyist_takes_from_kestrel(self, store: Store, run: RunContext) -> None:
        fill(store, run)
        repeat_rows = rows(store, "SELECT source, origin_source_id, origin, documents, claims FROM repeats")
        assert repeat_rows == [("Copyist Daily", "x:kestrel", "Kestrel", 3, 2)]

    def test_voices_of_its_own_rumour_and_its_own_documents_are_nobodys(self, store: Store) -> None:
        world = World(store)
        for title in ("The Lantern", "Copyist Daily"):
            world.source(title, Role.PRESS)
        world.claim("c")
        source_of = {"d1": "the-lantern", "d2": "copyist-daily", "d3": "the-lantern", "d4": "copyist-daily",
                     "d5": "copyist-daily"}
        for number, (document_id, source) in enumerate(source_of.items()):
            world.say("c", source, hours(number), document_id=document_id)
        mentions = dict(rows(store, "SELECT document_id, mention_id FROM store.mentions"))
        voices = {
            "d1": ("source:the-lantern", True, "d1"),
            "d2": ("source:the-lantern", False, "d1"),
            "d3": ("source:the-lantern", False, "d1"),
            "d4": ("hearsay", False, None),
            "d5": ("unstored:a letter", False, "d5"),
        }
        store.append(
            "origins",
            [Origin("c", mentions[doc_id], voice, f"name of {voice}", origin, is_own, "by hand")
             for doc_id, (voice, is_own, origin) in voices.items()],
        )
        edge = {"strength": 1.0, "words": None, "run_id": "r1", "origin_name": None}
        store.append(
            "edges",
            [
                edge | {"edge_id": "g1", "document_id": "d2", "origin_document_id": "d1",
                        "kind": str(EdgeKind.REPOST)},
                edge | {"edge_id": "g2", "document_id": "d5", "origin_document_id": None,
                        "origin_name": "a letter", "kind": str(EdgeKind.ATTRIBUTION)},
            ],
        )
        assert rows(store, "SELECT source_id, origin_source_id, origin, documents, claims, signs "
                           "FROM repeats ORDER BY origin") == [
            ("copyist-daily", "the-lantern", "The Lantern", 1, 1, ["repost: 1"]),
            ("copyist-daily", None, "name of unstored:a letter", 1, 1, ["attribution: 1"]),
        ]
