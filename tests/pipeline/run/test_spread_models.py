"""Models that are spread answer as those of one process, to the last bit, and break as they do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.protocols.founding import Candidate
from models.protocols.language import DocumentText
from models.protocols.stance import StancePair, TextPair
from models.protocols.vectors import Embedder
from pipeline.core.config import ModelConfig
from pipeline.core.engine import Here
from pipeline.core.errors import ModelError
from pipeline.engine.local import Processes
from pipeline.run import spread_models
from pipeline.run.models import LazyModels
from pipeline.run.spread_models import MOST, SpreadModels, answer, installed, spread
from tests.fakes import SendingEngine

pytestmark = pytest.mark.slow

WHEN = datetime(2026, 3, 2, 3, tzinfo=UTC)
MAKERS = ("OpenAI", "Meta", "Google", "Anthropic", "Mistral")
VERBS = ("denied that", "says", "confirmed on Monday that", "is said to doubt that", "never wrote that")
SENTENCES = [f"{maker} {verb} Llama {number} has {number * 7} billion parameters."
             for number in range(2, 5) for maker, verb in zip(MAKERS, VERBS, strict=True)][:14]
CLAIMS = [f"Llama {number} has {number * 7} billion parameters." for number in range(2, 5)]
LEAST = 4
"""The fewest items that a worker is given here."""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread_models, "LEAST", LEAST)


@pytest.fixture(scope="module")
def here() -> LazyModels:
    return LazyModels(ModelConfig())


@pytest.fixture
def engine() -> SendingEngine:
    return SendingEngine()


@pytest.fixture
def models(engine: SendingEngine, here: LazyModels) -> SpreadModels:
    models = SpreadModels(ModelConfig(), engine)
    models._here = here  # loads each model once here, and once as a worker does
    return models


def document(text: str) -> DocumentText:
    return DocumentText(None, text, "news", "daily.example", "mira", "Mira", "The Daily Byte", "press", None,
                        WHEN)


def candidates() -> list[Candidate]:
    return [Candidate(sentence, sentence, "title: Llama", "text", "size", False, "asserted", ("Llama",))
            for sentence in SENTENCES]


def stance_pairs() -> list[StancePair]:
    return [StancePair(CLAIMS[row // 5], sentence, None, sentence, False, "asserted", None, ())
            for row, sentence in enumerate(SENTENCES)]


def text_pairs(likeness: float | None = None) -> list[TextPair]:
    return [TextPair(CLAIMS[row // 5], sentence, "title: Llama", likeness)
            for row, sentence in enumerate(SENTENCES)]


def test_names_are_those_of_one_process(
    models: SpreadModels, here: LazyModels, engine: SendingEngine
) -> None:
    def names(of: Any) -> list[str]:
        return [of.language.name, of.embedder.name, of.retriever.claims.name, of.retriever.passages.name,
                of.stance.name, of.entailment.name, of.founder.name]

    assert names(models) == names(here) and engine.sent == []
    assert models.embedder.dimension == here.embedder.dimension


def test_texts_are_read_alike_on_workers(
    models: SpreadModels, here: LazyModels, engine: SendingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread_models, "SMALL", 0)
    monkeypatch.setattr("models.language.beside.TOGETHER", 100)
    texts = [document(sentence) for sentence in SENTENCES[:9]]
    assert list(models.language.read(texts)) == list(here.language.read(texts))
    assert len(engine.sent) > 2 and sum(map(len, engine.sent)) == len(texts)
    assert list(map(models.language.language_of, texts)) == list(map(here.language.language_of, texts))
    assert list(models.language.known(MAKERS)) == list(here.language.known(MAKERS))
    assert models.language.statement(CLAIMS[0], WHEN) == here.language.statement(CLAIMS[0], WHEN)


def test_few_texts_are_read_here(models: SpreadModels, engine: SendingEngine) -> None:
    assert len(list(models.language.read([document(sentence) for sentence in SENTENCES]))) == len(SENTENCES)
    assert engine.sent == []


def test_a_text_that_takes_too_long_is_left_out_on_a_worker_too(
    models: SpreadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    language = spread_models._models(ModelConfig()).language
    monkeypatch.setattr(spread_models, "SMALL", 0)
    monkeypatch.setattr(language, "_seconds", 1)
    slow_text = "OpenAI said that GPT-5 costs $1 billion and that Sam Altman denies it. " * 8_000
    readings = list(models.language.read([document(SENTENCES[0]), document(slow_text)]))
    assert [reading is None for reading in readings] == [False, True]


def test_on_this_machine_texts_are_read_in_processes_of_their_own(tmp_path: Path) -> None:
    models = SpreadModels(ModelConfig(), Processes(2, tmp_path / "engine.json"))
    assert models.language is models._here.language and models.embedder is not models._here.embedder


def test_vectors_are_the_same_to_the_bit(
    models: SpreadModels, here: LazyModels, engine: SendingEngine
) -> None:
    def embedders(of: Any) -> list[Embedder]:
        return [of.embedder, of.retriever.claims, of.retriever.passages]

    for spread_out, local_embedder in zip(embedders(models), embedders(here), strict=True):
        vectors = spread_out.encode(SENTENCES)
        assert vectors.dtype == np.float32 and np.array_equal(vectors, local_embedder.encode(SENTENCES))
        assert len(spread_out.encode([])) == 0
    assert list(map(len, engine.sent)) == [LEAST, LEAST, LEAST, 2] * 3


def test_answers_are_the_same_to_the_bit(
    models: SpreadModels, here: LazyModels, engine: SendingEngine
) -> None:
    assert models.founder.judge(candidates()) == here.founder.judge(candidates())
    assert models.stance.judge(stance_pairs()) == here.stance.judge(stance_pairs())
    assert models.stance.read(text_pairs()) == here.stance.read(text_pairs())
    assert models.stance.promise(text_pairs(0.7)) == here.stance.promise(text_pairs(0.7))
    assert models.entailment.entails(text_pairs()) == here.entailment.entails(text_pairs())
    opinions = models.stance.told(text_pairs())
    entailments = [row / len(opinions) for row in range(len(opinions))]
    assert list(map(len, engine.sent)) == [LEAST, LEAST, LEAST, 2] * 6
    assert (models.stance.weighed(text_pairs(), opinions, entailments)
            == here.stance.weighed(text_pairs(), here.stance.told(text_pairs()), entailments))


def test_a_few_are_read_here(models: SpreadModels, here: LazyModels, engine: SendingEngine) -> None:
    few_pairs = text_pairs()[: 2 * LEAST - 1]
    assert models.entailment.entails(few_pairs) == here.entailment.entails(few_pairs)
    assert models.stance.read([]) == [] and models.founder.judge([]) == []
    assert engine.sent == []


def test_batches_are_for_all_workers_and_bounded(models: SpreadModels, engine: SendingEngine) -> None:
    def parts(count: int) -> list[int]:
        engine.sent.clear()
        models.stance._desk.ask("promise", text_pairs(0.7)[:1] * count, list)  # type: ignore[attr-defined]
        return list(map(len, engine.sent))

    assert parts(640) == [40] * 16
    assert parts(10_000) == [MOST] * 39 + [16]


def test_a_text_that_breaks_a_model_is_told_here(models: SpreadModels) -> None:
    broken_pairs = [*text_pairs(), TextPair("Llama 4 is out.", None)]  # type: ignore[arg-type]
    with pytest.raises(TypeError) as spread_error:
        models.entailment.entails(broken_pairs)
    with pytest.raises(TypeError) as local_error:
        models.entailment.entails(broken_pairs[-1:])
    assert str(spread_error.value) == str(local_error.value)


def test_a_worker_with_other_files_is_refused() -> None:
    with pytest.raises(ModelError, match=r"a worker reads by relation-.*, and the run by relation-0"):
        answer("stance", "read", [], name="relation-0", config=ModelConfig())


def test_what_is_installed_names_version_and_weights() -> None:
    assert installed().startswith("Rumortrail 0.") and " with the weights " in installed()


def test_without_workers_models_are_those_of_one_process(engine: SendingEngine) -> None:
    assert isinstance(spread(ModelConfig(), Here()), LazyModels)
    assert isinstance(spread(ModelConfig(), engine), SpreadModels)


def test_an_embedding_model_of_the_users_reads_here(tmp_path: Path, engine: SendingEngine) -> None:
    models = SpreadModels(ModelConfig(embedding=str(tmp_path)), engine)
    with pytest.raises(ModelError, match="sentence-transformers"):
        _ = models.embedder
