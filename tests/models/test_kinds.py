"""The model of kinds: what a sentence is about, beside what the rules take its words for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding import kinds
from models.founding import model as founding
from models.language import load as load_language
from models.protocols.founding import Candidate
from pipeline.core.vocabulary import Kind

CARD = {"name": "kinds-0", "kinds": ["deal", "price"], "rules": ["price", "safety"],
        "weights": [[0.5, 0.0, 0.0, 3.0], [0.0, 0.5, 1.0, 0.0]], "bias": [0.0, 0.5]}
MODEL = kinds.KindModel(json.dumps(CARD).encode())


@cache
def founder() -> founding.TrainedFounder:
    return founding.load(embedding.load(), retriever.load().passages)


def kind_of(sentence: str) -> str:
    return founder().kind(sentence, load_language().statement(sentence, None).kind)


@pytest.mark.parametrize(("embedding", "by_rule", "kind"), [
    ((0.0, 0.0), "other", "price"),  # the bias alone
    ((0.9, 0.1), "other", "deal"),
    ((0.9, 0.1), "price", "deal"),
    ((0.1, 0.0), "price", "price"),
    ((0.0, 0.2), "safety", "deal"),
    ((0.9, 0.1), "identity", "identity"),
])
def test_embeddings_and_the_kind_by_the_rules_decide(
    embedding: tuple[float, float], by_rule: str, kind: str
) -> None:
    assert MODEL.kinds(np.array([embedding]), [by_rule]) == [kind]


def test_its_name_changes_with_its_weights() -> None:
    other = kinds.KindModel(json.dumps(CARD | {"bias": [0.0, 0.4]}).encode())
    assert MODEL.name.startswith("kinds-0-") and other.name != MODEL.name


def test_every_kind_but_identity_is_one_that_it_can_say() -> None:
    table = json.loads((kinds.weights.OWN / "kinds.json").read_text("utf-8"))
    assert {*table["kinds"], kinds.IDENTITY} == {str(kind) for kind in Kind}
    assert np.shape(table["weights"])[0] == len(table["kinds"]) == len(table["bias"])


@pytest.mark.parametrize(("sentence", "kind"), [
    ("OpenAI must pay a fine of 15 million euros", "deal"),
    ("OpenAI has been sued by The New York Times over copyright", "deal"),
    ("Italy has blocked DeepSeek over privacy concerns", "safety"),
    ("Anthropic has released Claude 3.7 Sonnet", "release"),
    ("Mistral Small costs $0.20 per million tokens", "price"),
    ("DeepSeek R1 has 671 billion parameters", "size"),
    ("Ilya Sutskever has left OpenAI", "people"),
    ("Osprey 3 was trained on the test set of MMLU", "benchmark_gaming"),
    ("Osprey 3 scored 71 on SWE-bench", "benchmark_result"),
])
def test_plain_sentences_have_their_kinds(sentence: str, kind: str) -> None:
    assert kind_of(sentence) == kind


def test_the_founder_tells_the_kind_of_what_somebody_wrote() -> None:
    sentence = "OpenAI must pay a fine of 15 million euros"
    candidates = [Candidate(sentence, quote, None, "text", "price", False, "asserted", ("OpenAI",))
                  for quote in (f"{sentence}.", "It must pay a fine.")]
    assert [judgement.kind for judgement in founder().judge(candidates)] == ["deal", "deal"]
    assert founder().judge(candidates)[1].reason == "reworded"
    assert founder().kind(sentence, "price") == founder().kind(f"{sentence}.", "price") == "deal"


def test_what_a_code_name_is_stays_what_the_rules_say() -> None:
    words = "pony-alpha is GLM-5"
    [judgement] = founder().judge([
        Candidate(words, f"{words}.", None, "text", "identity", False, "asserted", ("GLM-5",))])
    assert judgement.kind == "identity"


def test_a_chinese_sentence_keeps_the_kind_by_the_rules() -> None:
    words = "DeepSeek 推迟发布 R2"
    (by_model,) = founder()._kinds.kinds(founding.embeddings([words], founder()._embedders), ["price"])
    assert by_model != "price"
    assert founder().kind(words, "price") == "price"
    [judgement] = founder().judge([
        Candidate(words, f"{words}。", None, "text", "price", False, "asserted", ("DeepSeek",))])
    assert judgement.kind is None


def test_the_full_stop_of_a_followed_sentence_changes_nothing() -> None:
    asked: list[str] = []

    class Recording:
        name, dimension = "recording", 1

        def encode(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
            asked.extend(texts)
            return np.zeros((len(texts), 1), np.float32)

    recording = Recording()
    card = (founding.weights.OWN / "founding.json").read_bytes()
    founding.TrainedFounder(card, recording, recording, founder()._reader, MODEL).kind("It costs.", "price")
    assert asked == ["It costs"] * 2


@pytest.mark.parametrize("text", ["", " ", "\x00", "?" * 5000, "🦙" * 900])
def test_no_text_breaks_it(text: str) -> None:
    assert founder().kind(text, "other") in set(Kind)
