"""Embeddings: unit vectors, the same every time, of cleaned texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models import embedding
from models.weights import WeightsError


@pytest.fixture(scope="module")
def embedder() -> embedding.SentenceEmbedder:
    return embedding.load()


TEXTS = ["Orbit 3 was trained on the test set of ReasonBench", "The price of Orbit 3 falls by half", ""]


def test_vectors_are_units_and_deterministic(embedder: embedding.SentenceEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, embedder.encode(TEXTS))


def test_order_and_company_do_not_matter(embedder: embedding.SentenceEmbedder) -> None:
    alone = embedder.encode(TEXTS[:1])
    company = embedder.encode(["a much longer sentence " * 30, TEXTS[0], TEXTS[0]])
    assert np.allclose(alone[0], company[1], atol=1e-5)
    assert np.array_equal(company[1], company[2])


def test_similar_texts_are_nearer(embedder: embedding.SentenceEmbedder) -> None:
    said, denied, other = embedder.encode(["Orbit 3 was trained on test sets", "Training Orbit 3 used the test sets", "Its price fell"])
    assert said @ denied > 0.7 > said @ other


def test_nothing_is_loaded_for_nothing() -> None:
    fresh = embedding.load()
    assert fresh.encode([]).shape[0] == 0
    assert fresh._model is None
    assert fresh.name.startswith("all-MiniLM-L6-v2+53aa51172d14")


def test_an_unusable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"x")
    with pytest.raises(WeightsError, match="no usable"):
        embedding.load(str(tmp_path)).encode(["text"])


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ("@alice @bob Orbit 3 is out https://example.org/x?y=1", "Orbit 3 is out"),
        ("RT @alice: Orbit 3 is out @bob", "Orbit 3 is out"),
        ("#OpenWeights for all", "Open Weights for all"),
        ("trained by @lab_x in May", "trained by lab_x in May"),
        ("https://example.org", "https://example.org"),
        ("  two\n lines ", "two lines"),
    ],
)
def test_posts_are_cleaned(post: str, words: str) -> None:
    assert embedding.clean(post) == words
