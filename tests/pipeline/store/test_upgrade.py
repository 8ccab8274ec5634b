"""A store of an earlier Rumortrail is brought up to date by one run, and what editors touched stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pytest

from models.protocols.language import DocumentText, FoundPassage, Reading
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Outcome, Stance
from pipeline.decisions.journal import Journal
from pipeline.run.nightly import process
from pipeline.store.store import Store, migrations
from tests.conftest import NOW
from tests.fakes import FakeLanguage, FakeModels
from tests.worlds.builder import World, hours

pytestmark = pytest.mark.slow  # whole nights

BEFORE_PASSAGES = 14
FIRST = "Model Aster has 70b parameters."
AGAIN = "Model Aster has about 70b parameters."
DENIAL = "Model Aster does not have 70b parameters."
OTHER = "Model Birch is out."


class Reader(FakeLanguage):
    """Reads as the fake does, and keeps each sentence that names a model as a passage."""

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading]:
        for text, reading in ((text, next(iter(super(Reader, self).read([text])))) for text in texts):
            passages = tuple(
                FoundPassage("text", *match.span(), tuple(re.findall(r"Model \w+", match[0])), (), (), ())
                for match in re.finditer(r"Model \w+[^.]*\.", text.text)
            )
            yield Reading(reading.mentions, passages=passages, author=text.source_name)


@pytest.fixture
def old(home: Home) -> Home:
    """A home whose store was made before passages were kept: three claims, and a post that none holds."""
    connection = duckdb.connect(str(home.work))
    connection.execute("CREATE TABLE main.migrations (version INTEGER PRIMARY KEY, name VARCHAR, "
                       "applied_at TIMESTAMP)")
    for version, (name, sql) in sorted(migrations().items())[:BEFORE_PASSAGES]:
        connection.execute(sql)
        connection.execute("INSERT INTO main.migrations VALUES (?, ?, ?)", [version, name, None])
    world = World(Store(connection))
    world.source("The Lantern")
    world.source("Courier")
    for number, text in enumerate((FIRST, AGAIN, OTHER, DENIAL)):
        world.document(f"d{number}", ("the-lantern", "courier")[number % 2], hours(number), text)
    for claim_id, number, text in (("c1", 0, FIRST), ("c2", 1, AGAIN), ("c3", 2, OTHER)):
        mention_id = f"m-d{number}-{claim_id}-0"
        entities = tuple(re.findall(r"Model \w+", text))
        world.claim(claim_id, text, organisations=(), entities=entities, mention_id=mention_id)
        world.mention(claim_id, f"d{number}", quote=text, start=0, end=len(text), mention_id=mention_id)
        world.row("placements", mention_id=mention_id, claim_id=claim_id, similarity=1.0, how="new")
        world.stance(claim_id, mention_id, Stance.SUPPORTS, entails=None)
    connection.close()
    journal = Journal(home.journal)
    for kind, target, value in ((DecisionKind.STATUS, "c1", "substantiated"), (DecisionKind.NOTE, "c3", None),
                                (DecisionKind.MERGE, "c2", "c1")):
        journal.decide(kind, target, value, reason="we asked", editor="ada", now=NOW)
    return home


def test_one_run_brings_an_old_store_up_to_date(old: Home) -> None:
    models = FakeModels(language=Reader())
    report = process(old, Config(), now=NOW, models=models)
    assert report.outcome is Outcome.OK, report

    store = Store.open(old.work)

    def ask(sql: str) -> list[tuple[Any, ...]]:
        return store.connection.execute(sql).fetchall()

    assert ask("SELECT max(version) FROM main.migrations") == [(max(migrations()),)]
    # Every old text has its passages, whether or not a claim holds it.
    assert ask("SELECT document_id FROM store.passages ORDER BY document_id") == [
        ("d0",), ("d1",), ("d2",), ("d3",)
    ]
    # The ids that editors named lead to the same claims, and what they said of them holds.
    claims = dict(ask("SELECT claim_id, merged_into FROM store.claims"))
    assert (claims["c1"], claims["c2"], claims["c3"]) == (None, "c1", None)
    assert ask("SELECT status FROM claims WHERE claim_id = 'c1'") == [("substantiated",)]
    members = dict(ask("SELECT mention_id, claim_id FROM store.members WHERE how <> 'gathered'"))
    old_ones = {"m-d0-c1-0": "c1", "m-d1-c2-0": "c1", "m-d2-c3-0": "c3"}
    assert members.items() >= old_ones.items()
    # Each claim gathers passages: a passage that was part of no claim is now evidence.
    assert {claim for (claim,) in ask("SELECT claim_id FROM store.gathered")} >= {"c1", "c3"}
    assert ask("SELECT stance FROM evidence WHERE claim_id = 'c1' AND document_id = 'd3'") == [("denies",)]
    store.close()

    second_report = process(old, Config(), now=NOW.replace(day=3), models=models)
    assert second_report.outcome is Outcome.OK
    for stage in ("extract", "found", "cluster", "gather", "weigh"):
        assert second_report.counts[stage].inputs == 0, stage
