"""Weigh: every member gets a stance once, from the words around it, and an unsure one takes no side; what
supports a claim is read once for whether it bears out the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from models.protocols.stance import StanceOpinion, StancePair, TextPair
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.records import StageCounts
from pipeline.core.vocabulary import Part
from pipeline.stages import weigh as stage
from pipeline.store.store import Store
from tests.worlds.builder import World, hours


@dataclass
class Recorder:
    """Give the set answers and record the pairs that were asked."""

    answer: StanceOpinion = field(default_factory=lambda: StanceOpinion("supports", 0.9, ("said",)))
    name: str = "recorder-1"
    asked: list[StancePair] = field(default_factory=list)

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        self.asked += pairs
        return [self.answer for _ in pairs]


@dataclass
class Entailing:
    """Answer with one probability and record the pairs that were asked."""

    answer: float = 0.7
    name: str = "entailing-1"
    asked: list[TextPair] = field(default_factory=list)

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        if any("breaks" in pair.text for pair in pairs):
            raise ValueError("it breaks")
        self.asked += pairs
        return [self.answer for _ in pairs]


def weigh(store: Store, run: RunContext, model: Recorder, entailment: Entailing | None = None) -> StageCounts:
    """Weigh by a model of stances and one of entailment."""
    return stage.weigh(store, run, model, entailment or Entailing())


TEXT = "One. Two came first. Three is odd. Aster 4 has 70 parameters. Four follows. Five too. Six is far."


def _world(store: Store) -> World:
    world = World(store)
    world.source("The Lantern")
    world.claim("c1", "Aster 4 has 70 parameters")
    world.document("d1", "the-lantern", hours(0), TEXT, title="About Aster")
    start = TEXT.index("Aster")
    world.mention("c1", "d1", quote=TEXT[start : start + 26], start=start, end=start + 26)
    return world


def test_each_member_is_weighed_once_with_its_sentences(store: Store, run: RunContext) -> None:
    _world(store)
    model = Recorder()
    counts = weigh(store, run, model)
    assert (counts.inputs, counts.done, counts.failed) == (1, 1, 0)
    assert model.asked[0].context == "title: About Aster | before: One. Two came first. Three is odd."
    assert model.asked[0].claim == "Aster 4 has 70 parameters"
    assert store.connection.execute("SELECT stance, (100 * confidence)::INTEGER, cues "
                                    "FROM store.evidence").fetchall() == [("supports", 90, ["said"])]
    assert weigh(store, run, model).inputs == 0
    assert len(model.asked) == 1


def test_another_model_appends_and_leaves_the_first_opinion(store: Store, run: RunContext) -> None:
    _world(store)
    weigh(store, run, Recorder())
    weigh(store, run, Recorder(StanceOpinion("denies", 0.9, ()), "recorder-2"))
    rows = store.connection.execute("SELECT model, stance FROM store.evidence ORDER BY model").fetchall()
    assert rows == [("recorder-1", "supports"), ("recorder-2", "denies")]


def test_what_an_earlier_model_gathered_keeps_its_side(store: Store, run: RunContext) -> None:
    """Weigh assumes that a mention belongs to its claim, even if the model does not find so."""
    _world(store)
    weigh(store, run, Recorder())
    store.connection.execute("UPDATE store.members SET how = 'gathered'")
    later_model = Recorder(name="recorder-2")
    assert weigh(store, run, later_model).inputs == 0 and later_model.asked == []
    store.connection.execute("UPDATE store.members SET how = 'move'")
    assert weigh(store, run, later_model).done == 1, "an editor says that it belongs"


def test_a_member_that_moves_is_weighed_against_its_new_claim(store: Store, run: RunContext) -> None:
    world = _world(store)
    weigh(store, run, Recorder())
    world.claim("c2", "Aster 4 is small")
    store.connection.execute("UPDATE store.members SET claim_id = 'c2'")
    model = Recorder()
    assert weigh(store, run, model).done == 1
    assert model.asked[0].claim == "Aster 4 is small"


def test_an_unsure_stance_reports(store: Store, run: RunContext) -> None:
    _world(store)
    weigh(store, run, Recorder(StanceOpinion("denies", 0.54, ("hm",))))
    assert store.connection.execute("SELECT stance, cues FROM "
                                    "store.evidence").fetchall() == [("reports", ["hm", "unsure: denies"])]


def test_the_threshold_is_the_configured_one(store: Store, run: RunContext) -> None:
    _world(store)
    weighing = replace(run.config.weigh, sure=0.5)
    weigh(store, replace(run, config=replace(run.config, weigh=weighing)),
          Recorder(StanceOpinion("denies", 0.54, ())))
    assert store.connection.execute("SELECT stance FROM store.evidence").fetchall() == [("denies",)]


def test_a_quote_in_the_title_is_read_in_the_title(store: Store, run: RunContext) -> None:
    world = _world(store)
    world.mention("c1", "d1", quote="About Aster", part=Part.TITLE, start=0, end=11, mention_id="a-title")
    model = Recorder()
    weigh(store, run, model)
    assert next(pair.context for pair in model.asked if pair.quote == "About Aster") == ""


def test_a_member_without_a_mention_is_an_issue_and_the_rest_lands(store: Store, run: RunContext) -> None:
    _world(store)
    dangling = {"mention_id": "nowhere", "claim_id": "c1", "similarity": 1.0, "how": "near", "run_id": "r1"}
    store.append("members", [dangling])
    counts = weigh(store, run, Recorder())
    assert (counts.inputs, counts.done, counts.failed) == (2, 1, 1)
    assert store.connection.execute("SELECT code, place "
                                    "FROM store.issues").fetchall() == [("member_dangling", "nowhere")]


def test_an_answer_that_is_no_stance_stops_and_stores_nothing(store: Store, run: RunContext) -> None:
    _world(store)
    with pytest.raises(ModelError, match="maybe"):
        weigh(store, run, Recorder(StanceOpinion("maybe", 0.9, ())))
    assert store.connection.execute("SELECT count(*) FROM store.evidence").fetchall() == [(0,)]


def _entailments(store: Store) -> list[tuple[str, str, int]]:
    return store.execute(
        "SELECT mention_id, n.model, (100 * n.probability)::INTEGER FROM store.entailments AS n "
        "JOIN store.evidence USING (evidence_id) ORDER BY mention_id, n.model")


def test_what_supports_a_claim_is_read_once_for_whether_it_bears_out_the_whole(store: Store, run: RunContext
                                                                              ) -> None:
    world = _world(store)
    start = TEXT.index("Three")
    world.mention("c1", "d1", quote="Three is odd.", start=start, end=start + 13, mention_id="b-odd")
    model = Entailing()
    assert weigh(store, run, Recorder(), model).detail["entailed"] == 2
    [(repeats, *_), *_] = store.execute("SELECT mention_id FROM store.mentions WHERE mention_id <> 'b-odd'")
    assert _entailments(store) == [("b-odd", "entailing-1", 70), (repeats, "entailing-1", 100)]
    [pair_asked] = model.asked
    assert (pair_asked.claim, pair_asked.text) == ("Aster 4 has 70 parameters", "Three is odd.")
    assert pair_asked.context == "title: About Aster | before: One. Two came first."
    assert weigh(store, run, Recorder(), model).detail["entailed"] == 0 and len(model.asked) == 1
    weigh(store, run, Recorder(), Entailing(0.2, "entailing-2"))
    assert _entailments(store)[0] == ("b-odd", "entailing-2", 20), "the newest model's answer counts"


def test_what_does_not_support_its_claim_is_not_read_for_the_whole(store: Store, run: RunContext) -> None:
    _world(store)
    model = Entailing()
    weigh(store, run, Recorder(StanceOpinion("denies", 0.9, ())), model)
    assert _entailments(store) == model.asked == []


def test_words_that_break_the_model_bear_out_nothing_and_take_nothing_with_them(store: Store, run: RunContext
                                                                               ) -> None:
    world = _world(store)
    for name, quote in (("b-1", "This breaks it."), ("b-2", "Three is odd.")):
        world.mention("c1", "d1", quote=quote, mention_id=name)
    weigh(store, run, Recorder())
    assert [row[::2] for row in _entailments(store)[:2]] == [("b-1", 0), ("b-2", 70)]
    assert store.execute("SELECT code, place FROM store.issues") == [("unread", "d1")]
