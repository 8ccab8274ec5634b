"""Cluster: what makes one claim and what does not, over nights, kills and orders of arrival."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.embedding import embedder as embedding
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.home import Home
from pipeline.core.records import Mention, stable_id
from pipeline.core.vocabulary import Kind, Precision
from pipeline.stages.cluster import nodes, result, stage
from pipeline.stages.cluster.stage import cluster
from pipeline.store.store import Store
from pipeline.text.slots import conflict
from tests.conftest import NOW
from tests.fakes import FakeEmbedder
from tests.worlds.builder import claims_of, said
from tests.worlds.laid import EmptyStore


@pytest.fixture(scope="module")
def embedder() -> embedding.SentenceEmbedder:
    return embedding.load()


def grouped(store: Store) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for mention, claim in claims_of(store).items():
        groups.setdefault(claim, []).append(mention)
    return sorted(groups.values())


Groups = Callable[..., list[list[str]]]


@pytest.fixture
def groups(store: Store, run: RunContext, embedder: embedding.SentenceEmbedder) -> Groups:
    """`groups(*mentions)` clusters them beside what came before, and returns which are together."""

    def found(*mentions: Mention) -> list[list[str]]:
        store.append("mentions", mentions)
        counts = cluster(store, run, embedder)
        assert (counts.inputs, counts.done) == (len(mentions), len(mentions))
        return grouped(store)

    return found


def month(number: int, day: int) -> dict[str, Any]:
    return {"event_at": datetime(2026, number, day, 23, 59, 59, tzinfo=UTC),
            "event_precision": Precision.MONTH}


def test_a_denial_meets_what_it_denies(groups: Groups) -> None:
    llama = {"kind": Kind.BENCHMARK_GAMING, "organisations": ("Meta",)}
    assert groups(
        said("m1", "Meta trained Llama 4 Maverick and Scout on test sets",
             entities=("Llama 4 Maverick", "Llama 4 Scout"), **llama),
        said("m2", "Meta trained Llama 4 on test sets", entities=("Llama 4",), negated=True, **llama),
        said("m3", "Meta used an unreleased version of Llama 4 Maverick on LM Arena",
             entities=("Llama 4 Maverick", "LM Arena"), **llama),
        said("m4", "Meta trained Llama 3 on test sets", entities=("Llama 3",), **llama),
    ) == [["m1", "m2"], ["m3"], ["m4"]]  # fmt: skip


def test_a_sentence_with_many_figures_has_its_likest_rivals(store: Store, run: RunContext,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "RIVALS", 3)
    gpt = {"entities": ("GPT-5",), "organisations": ("OpenAI",)}
    store.append("mentions", [said(f"m{n}", f"OpenAI will release GPT-5 in month {n}", **gpt, **month(n, 28))
                              for n in range(1, 10)])
    detail = cluster(store, run, FakeEmbedder()).detail
    rivals_counted = store.execute("SELECT claim_id, count(*) FROM store.rivals GROUP BY claim_id")
    assert [count for _, count in rivals_counted] == [3] * 9
    # Of some pairs only one side is stored.
    ((pairs,),) = store.execute("SELECT count(DISTINCT list_sort([claim_id, rival_id])) FROM store.rivals")
    assert detail["rivals"] == pairs > 9 * 3 // 2


def test_another_month_is_a_rival(store: Store, groups: Groups) -> None:
    gpt = {"entities": ("GPT-5",), "organisations": ("OpenAI",)}
    assert groups(
        said("m1", "OpenAI will release GPT-5 in July", **gpt, **month(7, 31)),
        said("m2", "OpenAI will release GPT-5 in August", **gpt, **month(8, 31)),
        said("m3", "OpenAI is releasing GPT-5 in July", **gpt, **month(7, 31)),
    ) == [["m1", "m3"], ["m2"]]
    claims = claims_of(store)
    rows = store.execute("SELECT claim_id, rival_id, slot, words FROM store.rivals ORDER BY words")
    assert rows == [
        (claims["m2"], claims["m1"], "date", "August 2026 / July 2026"),
        (claims["m1"], claims["m2"], "date", "July 2026 / August 2026"),
    ]


def test_a_figure_told_roughly_is_the_same_figure(store: Store, groups: Groups) -> None:
    orbit = {"kind": Kind.PRICE, "entities": ("Orbit 3",), "organisations": ("Tallis Labs",)}
    assert groups(
        said("m1", "Training Orbit 3 cost Tallis Labs 5.5 million dollars", numbers=("5.5m usd",), **orbit),
        said("m2", "Training Orbit 3 cost Tallis Labs about $6M", numbers=("6m usd",), **orbit),
        said("m3", "Training Orbit 3 cost Tallis Labs 1.3 billion dollars", numbers=("1.3b usd",), **orbit),
    ) == [["m1", "m2"], ["m3"]]
    assert store.execute("SELECT DISTINCT slot FROM store.rivals") == [("number",)]


def test_one_release_told_in_other_words_is_one(groups: Groups) -> None:
    orbit = {"kind": Kind.RELEASE, "entities": ("Orbit 3",), "organisations": ("Tallis Labs",)}
    assert ["m1", "m2"] in groups(
        said("m1", "Tallis Labs officially introduced Orbit 3", **orbit),
        said("m2", "The release of Orbit 3 was announced", **orbit),
        said("m3", "Orbit 3 is released under an open licence with its training data", **orbit),
        said("m4", "Orbit 4 is launched", **(orbit | {"entities": ("Orbit 4",)})),
        said("m5", "Modelhub launched Orbit 3", **(orbit | {"organisations": ("Modelhub", "Tallis Labs")})),
    )
    assert ["m1", "m2", "m6"] in groups(said("m6", "Orbit 3 is live", **orbit))


def test_one_model_is_not_one_claim(groups: Groups) -> None:
    texts = ["Orbit 3 is open source", "Orbit 3 is slow on phones",
             "Orbit 3 costs ten dollars per million tokens", "Orbit 3 will be out in May"]
    orbit = {"entities": ("Orbit 3",), "organisations": ("Tallis Labs",)}
    assert len(groups(*(said(f"m{n}", text, **orbit) for n, text in enumerate(texts)))) == len(texts)


def test_the_wordings_of_one_denial_are_one(groups: Groups) -> None:
    orbit = {"kind": Kind.BENCHMARK_GAMING, "organisations": ("Tallis Labs",), "entities": ("Orbit 3",)}
    denial = {"negated": True, "speaker": "Vera Quill", "document_id": "d1"}
    assert groups(
        said("m1", "Tallis Labs artificially boosted the benchmark scores of Orbit 3", **denial, **orbit),
        said("m2", "Tallis Labs trained Orbit 3 on test sets", **denial, **orbit),
        said("m3", "Tallis Labs boosted the benchmark results of Orbit 3 artificially", **orbit),
        said("m4", "Tallis Labs sent Orbit 3 to selected reviewers", negated=True, speaker="Ada Moss",
             document_id="d1", **orbit),
    ) == [["m1", "m2", "m3"], ["m4"]]  # fmt: skip


def test_a_claim_is_told_by_what_stands_alone(store: Store, run: RunContext) -> None:
    texts = ["It sings at dawn", "Orbit sings at dawn today", "At dawn Orbit sings today"]
    store.append("mentions", [said(f"m{number}", text) for number, text in enumerate(texts)])
    low_run = dataclasses.replace(run, config=dataclasses.replace(
        run.config, cluster=dataclasses.replace(run.config.cluster, same=0.05)
    ))
    cluster(store, low_run, FakeEmbedder())
    rows = store.connection.execute("SELECT claim_id, claim, first_mention_id FROM store.claims").fetchall()
    assert rows == [(stable_id("c", "m0"), "Orbit sings at dawn today", "m0")]


def test_a_later_night_joins_and_changes_nothing_old(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings at dawn"), said("m2", "Comet costs ten dollars")])
    cluster(store, run, FakeEmbedder())
    before_first = store.connection.execute("SELECT * FROM store.claims ORDER BY claim_id").fetchall()
    assert cluster(store, run, FakeEmbedder()).inputs == 0
    earlier_mention = said("m0", "Orbit sings at dawn", at=NOW - timedelta(days=9))
    store.append("mentions", [earlier_mention, said("m3", "Comet costs ten dollars")])
    assert cluster(store, run, FakeEmbedder()).detail["joined"] == 2
    assert grouped(store) == [["m0", "m1"], ["m2", "m3"]]
    assert store.connection.execute("SELECT * FROM store.claims ORDER BY claim_id").fetchall() == before_first


class CountingEmbedder(FakeEmbedder):
    """Record the texts that it embeds."""

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return super().encode(texts)


def test_the_same_words_are_embedded_once(store: Store, run: RunContext) -> None:
    embedder = CountingEmbedder()
    store.append("mentions",
                 [said("m1", "Orbit sings"), said("m2", "Orbit sings"), said("m3", "Comet falls")])
    cluster(store, run, embedder)
    store.append("mentions", [said("m4", "Orbit sings"), said("m5", "Comet lands")])
    cluster(store, run, embedder)
    assert embedder.asked == ["Orbit sings", "Comet falls", "Comet lands"]


def test_another_embedder_embeds_the_old_ones_anew(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings at dawn")])
    cluster(store, run, CountingEmbedder("one"))
    store.append("mentions", [said("m2", "Orbit sings at dawn")])
    second_embedder = CountingEmbedder("two")
    cluster(store, run, second_embedder)
    assert second_embedder.asked == ["Orbit sings at dawn"]
    assert store.connection.execute("SELECT DISTINCT model FROM store.vectors").fetchall() == [("two",)]
    assert grouped(store) == [["m1", "m2"]]


def test_unusable_vectors_stop_the_stage(store: Store, run: RunContext) -> None:
    class Broken(FakeEmbedder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return super().encode(texts) * np.float32("nan")

    store.append("mentions", [said("m1", "Orbit sings")])
    with pytest.raises(ModelError, match="no numbers"):
        cluster(store, run, Broken())
    assert claims_of(store) == {}


def test_nothing_to_do_asks_no_model(store: Store, run: RunContext) -> None:
    embedder = CountingEmbedder()
    assert cluster(store, run, embedder).inputs == 0
    assert embedder.asked == []


VOCABULARY = ["orbit", "comet", "sings", "costs", "dawn", "ten", "dollars", "open", "weights", "dataset"]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=5).map(" ".join)
MODELS = st.sampled_from([(), ("Orbit 3",), ("Orbit 4",), ("Comet 1",)])
FIGURES = st.sampled_from([(), ("7b parameters",), ("70b parameters",)])


@st.composite
def worlds(draw: st.DrawFn) -> list[Mention]:
    count = draw(st.integers(1, 14))
    return [said(f"m{n:02d}", draw(WORDS), entities=draw(MODELS), numbers=draw(FIGURES))
            for n in range(count)]


CONTENT = {
    "claims": "SELECT * FROM store.claims ORDER BY claim_id",
    "members": "SELECT * FROM store.members ORDER BY mention_id",
    "rivals": "SELECT * FROM store.rivals ORDER BY ALL",
    "terms": "SELECT * FROM store.terms ORDER BY term",
}


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    return {name: store.connection.execute(sql).fetchall() for name, sql in CONTENT.items()}


def clustered(mentions: Sequence[Mention], folder: Path, *,
              kill_after: int | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Cluster mentions in batches of 3 and return the tables; a killed run loses its index and runs again."""
    store = EmptyStore()
    run = RunContext("r", NOW, Home(folder))
    try:
        store.append("mentions", mentions)
        if kill_after is not None:

            def killing(_stage: str, done: int, _total: int | None) -> None:
                if done >= max(1, kill_after):
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                cluster(store, dataclasses.replace(run, progress=killing), FakeEmbedder())
        cluster(store, run, FakeEmbedder())
        return content(store)
    finally:
        store.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@given(worlds(), st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_world_keeps_the_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mentions: list[Mention],
                                     data: st.DataObject) -> None:
    monkeypatch.setattr(stage, "BATCH", 3)
    tables = clustered(mentions, tmp_path / "a")
    assert clustered(list(reversed(mentions)), tmp_path / "b") == tables
    kill = data.draw(st.integers(1, len(mentions)))
    assert clustered(mentions, tmp_path / "c", kill_after=kill) == tables

    by_id = {mention.mention_id: mention for mention in mentions}
    claims: dict[str, list[Mention]] = {}
    for mention_id, claim_id, *_ in tables["members"]:
        claims.setdefault(claim_id, []).append(by_id[mention_id])
    assert sorted(row[0] for row in tables["claims"]) == sorted(claims)
    assert len(tables["members"]) == len(mentions)
    for claim_id, _, _, first_mention_id, *_ in tables["claims"]:
        assert claim_id == stable_id("c", first_mention_id)
        assert first_mention_id in {mention.mention_id for mention in claims[claim_id]}
    for members in claims.values():
        if len(members) <= 2 * stage.ENDS:
            record = nodes.ComparedMention
            names = [field.name for field in dataclasses.fields(record)
                     if field.name not in ("founds", "kind_by_rule")]
            slots = [record(**{name: getattr(said_mention, name) for name in names}, founds=True,
                            kind_by_rule=said_mention.kind).slots for said_mention in members]
            assert not any(conflict(left, right) for left in slots for right in slots)
    pairs = {(left_id, right_id, slot) for left_id, right_id, slot, _ in tables["rivals"]}
    assert pairs == {(right_id, left_id, slot) for left_id, right_id, slot in pairs}
