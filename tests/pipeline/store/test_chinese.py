"""Chinese texts that an earlier Rumortrail stored are read again, now that they found claims."""

from __future__ import annotations

import pytest

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Role
from pipeline.stages.extract import extract
from pipeline.store.store import Store, views
from tests.models.language.language_world import reader
from tests.worlds.builder import World, hours
from tests.worlds.upgraded import upgraded

pytestmark = pytest.mark.slow  # a store, and a reading

CHINESE = 33
SENTENCE = "Halcyon Labs 周二发布了 Lumen 4，参数量为6710亿"
SPAN = {"version_id": "v-d-zh-1", "part": "text", "start_char": 0, "end_char": len(SENTENCE) + 1}


def fill(world: World) -> None:
    """Lay what an earlier reading stored: a passage and who speaks, no mention."""
    world.source("lantern", Role.PRESS)
    world.document("d-en", "lantern", hours(0), "Halcyon Labs released Lumen 4 on Tuesday.")
    world.document("d-zh", "lantern", hours(0), SENTENCE + "。", language="zh")
    world.row("passages", passage_id="p-zh", document_id="d-zh", names=["Lumen 4"], organisations=[],
              inherited=[], numbers=[], language="zh", speaker="lantern", speaker_organisation=None,
              said_at=hours(0), seen_at=hours(1), model="by-hand", run_id="r1", **SPAN)  # fmt: skip
    world.row("speech", voice="person", speaker="Ann", speaker_organisation=None, speech_verb=None,
              attributed_to=None, certainty="reported", **SPAN)  # fmt: skip
    for name, words in (("en", "Halcyon Labs released Lumen 4"), ("zh", SENTENCE)):
        world.row("claim_vectors", claim_id=f"c-{name}", claim=words, model="by-hand", vector=[1.0])


def column(store: Store, sql: str) -> list[object]:
    return [value for value, in store.connection.execute(sql).fetchall()]


def test_chinese_texts_are_read_again_and_nothing_is_stored_twice(run: RunContext) -> None:
    store = upgraded(CHINESE, fill)
    assert column(store, "SELECT version_id FROM store.extracted") == ["v-d-en-1"]
    assert column(store, "SELECT claim_id FROM store.claim_vectors") == ["c-en"]
    for view in views():
        store.connection.execute(view)
    counts = extract(store, run, reader())
    assert (counts.inputs, counts.failed) == (1, 0)
    assert column(store, "SELECT quote FROM store.mentions") == [SENTENCE]
    assert column(store, "SELECT proposition FROM store.mentions") == [SENTENCE]
    assert column(store, "SELECT passage_id FROM store.passages") == ["p-zh"]
    assert column(store, "SELECT speaker FROM store.speech") == []
