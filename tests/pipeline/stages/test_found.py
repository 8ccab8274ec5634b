"""Found: a sentence that the model withholds founds no claim, is kept, and is judged once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from models.protocols.founding import Candidate, Founding
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.vocabulary import Kind
from pipeline.stages.cluster.stage import cluster
from pipeline.stages.found import found
from pipeline.store.store import Store
from tests.fakes import FakeEmbedder
from tests.worlds.builder import World, claims_of, hours, said


@dataclass
class Founder:
    """Withhold sentences with the word "vague", and record the candidates that were asked."""

    name: str = "founder-1"
    reason: str = "points"
    kind_of_all: str | None = None
    asked: list[Candidate] = field(default_factory=list)

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        self.asked += candidates
        return [Founding(0.2 if "vague" in candidate.claim else 0.9, self.reason, self.kind_of_all)
                for candidate in candidates]

    def kind(self, sentence: str, by_rule: str) -> str:
        return self.kind_of_all or by_rule


def _world(store: Store) -> None:
    world = World(store)
    world.source("The Lantern")
    world.document("d0", "the-lantern", hours(-1), "What is known of Aster 4?", title="Aster 4")
    text = "So. Aster 4 has 70 parameters. What a vague and rainy day!"
    world.document("d1", "the-lantern", hours(0), text, title="About Aster", reply_to="d0")
    version_place = {"document_id": "d1", "version_id": "v-d1-1"}
    store.append("mentions", [
        said("m1", "Aster 4 has 70 parameters", quote="Aster 4 has 70 parameters.", start_char=4, end_char=30,
             **version_place),
        said("m2", "What a vague and rainy day", quote="What a vague and rainy day!", start_char=31,
             end_char=58, **version_place),
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
    rows = store.execute("SELECT mention_id, founds, reason, model FROM store.foundings ORDER BY mention_id")
    assert rows == [("m1", True, None, "founder-1"), ("m2", False, "points", "founder-1")]
    assert store.connection.execute("SELECT count(*) FROM store.mentions").fetchall() == [(2,)]


@pytest.mark.parametrize(("by_model", "kind"), [("deal", "deal"), (None, "release")])
def test_the_founders_kind_of_a_sentence_is_the_claims_in_place_of_extracts(
    store: Store, run: RunContext, by_model: str | None, kind: str
) -> None:
    _world(store)
    found(store, run, Founder(kind_of_all=by_model))
    assert store.execute("SELECT DISTINCT kind FROM store.foundings") == [(by_model,)]
    cluster(store, run, FakeEmbedder())
    assert store.execute("SELECT kind FROM store.claims") == [(kind,)]
    assert store.execute("SELECT kind FROM mentions WHERE mention_id = 'm1'") == [(kind,)]
    assert store.execute("SELECT DISTINCT kind FROM store.mentions") == [("release",)]


def test_what_repeats_a_claim_of_a_store_made_before_joins_it(store: Store, run: RunContext) -> None:
    fine = {"organisations": ("Aurel",), "kind": Kind.PRICE}
    store.append("mentions", [said("m1", "Aurel must pay a fine of 15 million euros", **fine)])
    cluster(store, run, FakeEmbedder())
    world = World(store)
    world.source("The Lantern")
    text = "Aurel must pay 15 million euros, a fine."
    world.document("d2", "the-lantern", hours(0), text)
    store.append("mentions", [said("m2", "Aurel must pay a fine of 15 million euros now", quote=text,
                                   document_id="d2", version_id="v-d2-1", **fine)])
    found(store, run, Founder(kind_of_all="people"))
    cluster(store, run, FakeEmbedder())
    assert len({*claims_of(store).values()}) == 1 and claims_of(store).keys() == {"m1", "m2"}


def test_a_kind_that_is_none_stops_before_anything_is_stored(store: Store, run: RunContext) -> None:
    _world(store)
    with pytest.raises(ModelError, match=r"founder-1 gave values .* no kinds of claims"):
        found(store, run, Founder(kind_of_all="gossip"))
    assert store.execute("SELECT count(*) FROM store.foundings") == [(0,)]


def test_a_sentence_is_judged_once_with_what_it_stands_in(store: Store, run: RunContext) -> None:
    _world(store)
    founder = Founder()
    found(store, run, founder)
    assert found(store, run, founder).inputs == 0
    candidate = next(candidate for candidate in founder.asked if "70" in candidate.claim)
    assert (
        candidate.context == "title: About Aster | answers: Aster 4. What is known of Aster 4? | before: So."
    )
    assert candidate.quote == "Aster 4 has 70 parameters."


def test_a_sentence_of_which_a_part_founds_a_claim_founds_no_other(store: Store, run: RunContext) -> None:
    _world(store)
    whole_quote = "So Aster 4 has 70 parameters and, they say, is out"
    quote_place = {"document_id": "d1", "version_id": "v-d1-1", "quote": whole_quote, "start_char": 0}
    store.append("mentions", [said("m3", whole_quote, end_char=30, **quote_place),
                              said("m4", whole_quote.upper(), end_char=3, **quote_place)])
    assert found(store, run, Founder()).done == 2
    assert store.execute("SELECT mention_id, withheld FROM mentions ORDER BY mention_id") == [
        ("m1", None), ("m2", "points"), ("m3", "repeats"), ("m4", None)]
    assert _counted(store) == {"founds": 2, "points": 1, "repeats": 1}


def test_the_bound_is_the_configured_one(store: Store, run: RunContext) -> None:
    _world(store)
    config = replace(run.config, found=replace(run.config.found, sure=0.1))
    assert found(store, replace(run, config=config), Founder()).done == 2


def _counted(store: Store) -> dict[str, int]:
    return {outcome: amount for outcome, amount in store.execute("SELECT outcome, amount FROM foundings")
            if amount}


def test_what_was_withheld_is_counted_by_its_reason(store: Store, run: RunContext) -> None:
    _world(store)
    assert _counted(store) == {}
    found(store, run, Founder(reason="asks"))
    assert _counted(store) == {"founds": 1, "asks": 1}
    assert store.execute("SELECT mention_id, withheld FROM mentions ORDER BY mention_id") == [
        ("m1", None), ("m2", "asks")]


@pytest.mark.parametrize("reason", ["NULL", "'something else'"])
def test_a_reason_that_is_missing_or_unknown_counts_as_none_seen(
    store: Store, run: RunContext, reason: str
) -> None:
    _world(store)
    found(store, run, Founder())
    store.execute(f"UPDATE store.foundings SET reason = {reason}")
    assert _counted(store) == {"founds": 1, "unsound": 1}


def test_passages_of_which_no_sentence_was_written_are_counted(store: Store, run: RunContext) -> None:
    _world(store)
    found(store, run, Founder())
    version_part = {"document_id": "d1", "version_id": "v-d1-1", "part": "text", "names": ["Aster 4"],
                    "organisations": [], "inherited": [], "numbers": [], "seen_at": hours(0),
                    "model": "m", "run_id": "r"}
    store.append(
        "passages",
        [
            version_part | {"passage_id": "p1", "start_char": 4, "end_char": 30, "language": "en"},
            version_part | {"passage_id": "p2", "start_char": 0, "end_char": 3, "language": "en"},
            version_part | {"passage_id": "p3", "start_char": 0, "end_char": 3, "language": "de"},
            version_part
            | {"passage_id": "p4", "start_char": 4, "end_char": 13, "language": "en", "part": "title"},
        ],
    )
    assert _counted(store) == {"founds": 1, "points": 1, "no_sentence": 2, "other_language": 1}
