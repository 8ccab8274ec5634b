"""Found: what a model withholds founds no claim, is kept, and is judged once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.protocols import Candidate
from pipeline.core.context import RunContext
from pipeline.stages.cluster.stage import cluster
from pipeline.stages.found import found
from pipeline.store.store import Store
from tests.fakes import FakeEmbedder
from tests.worlds.builder import World, claims_of, hours, said


@dataclass
class Founder:
    """Withholds sentences with the word "vague", and remembers what it was asked."""

    name: str = "founder-1"
    asked: list[Candidate] = field(default_factory=list)

    def judge(self, candidates: Sequence[Candidate]) -> list[float]:
        self.asked += candidates
        return [0.2 if "vague" in candidate.claim else 0.9 for candidate in candidates]


def _world(store: Store) -> None:
    world = World(store)
    world.source("The Lantern")
    world.document("d0", "the-lantern", hours(-1), "What is known of Aster 4?", title="Aster 4")
    text = "So. Aster 4 has 70 parameters. What a vague and rainy day!"
    world.document("d1", "the-lantern", hours(0), text, title="About Aster", reply_to="d0")
    place = {"document_id": "d1", "version_id": "v-d1-1"}
    store.append("mentions", [
        said("m1", "Aster 4 has 70 parameters", quote="Aster 4 has 70 parameters.", start_char=4, end_char=30,
             **place),
        said("m2", "What a vague and rainy day", quote="What a vague and rainy day!", start_char=31,
             end_char=58, **place),
    ])


def test_a_withheld_sentence_founds_no_claim_and_stays(store: Store, run: RunContext) -> None:
    _world(store)
    founder = Founder()
    counts = found(store, run, founder)
    assert (counts.inputs, counts.done, counts.skipped) == (2, 1, 1)
    counts = cluster(store, run, FakeEmbedder())
    assert (counts.inputs, counts.done, counts.skipped) == (2, 1, 1)
    assert list(claims_of(store)) == ["m1"]
    assert cluster(store, run, FakeEmbedder()).inputs == 0
    rows = store.connection.execute("SELECT mention_id, founds, model FROM store.foundings "
                                    "ORDER BY mention_id").fetchall()
    assert rows == [("m1", True, "founder-1"), ("m2", False, "founder-1")]
    assert store.connection.execute("SELECT count(*) FROM store.mentions").fetchall() == [(2,)]


def test_a_sentence_is_judged_once_with_what_it_stands_in(store: Store, run: RunContext) -> None:
    _world(store)
    founder = Founder()
    found(store, run, founder)
    assert found(store, run, founder).inputs == 0
    asked = next(candidate for candidate in founder.asked if "70" in candidate.claim)
    assert asked.context == "title: About Aster | answers: Aster 4. What is known of Aster 4? | before: So."
    assert asked.quote == "Aster 4 has 70 parameters."


def test_the_bound_is_the_configured_one(store: Store, run: RunContext) -> None:
    _world(store)
    config = replace(run.config, found=replace(run.config.found, sure=0.1))
    assert found(store, replace(run, config=config), Founder()).done == 2
