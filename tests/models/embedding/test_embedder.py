"""Embeddings: unit vectors, the same every time, of cleaned texts."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from models.chinese.gloss import gloss
from models.embedding import embedder as embedding
from models.embedding import minilm
from models.onnx import weights
from models.onnx.weights import WeightsError
from models.protocols.vectors import Embedder
from pipeline.core.config import ModelConfig
from pipeline.run.models import LazyModels
from tests.pipeline.stages.test_other_languages import TEXTS as TONGUES


@pytest.fixture(scope="module")
def embedder() -> embedding.SentenceEmbedder:
    return embedding.load()


@pytest.fixture(scope="module")
def pytorch() -> None:
    """Skip what needs PyTorch where that is not installed."""
    if find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")


@pytest.fixture(scope="module")
def given(pytorch: None, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The embedder of a configured folder. It holds the default model's files, which
    sentence-transformers runs in 32 bits like any other model.
    """
    folder = tmp_path_factory.mktemp("set") / "many-tongues"
    folder.mkdir()
    for file in weights.find().iterdir():
        (folder / file.name).symlink_to(file)
    return LazyModels(ModelConfig(embedding=str(folder))).embedder


TEXTS = ["Orbit 3 was trained on the test set of ReasonBench", "The price of Orbit 3 falls by half", ""]


def test_vectors_are_units_and_deterministic(embedder: embedding.SentenceEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, embedder.encode(TEXTS))


def test_order_and_company_do_not_matter(embedder: embedding.SentenceEmbedder) -> None:
    """Equal to the last bit: a stored vector is compared with vectors of later batches."""
    vector_alone = embedder.encode(TEXTS[:1])
    company = embedder.encode(
        ["a much longer sentence " * 30, TEXTS[0], "another of the same length is put beside it", TEXTS[0]]
    )
    assert np.array_equal(vector_alone[0], company[1])
    assert np.array_equal(company[1], company[3])


def test_similar_texts_are_nearer(embedder: embedding.SentenceEmbedder) -> None:
    said_vector, denied_vector, other_vector = embedder.encode(
        ["Orbit 3 was trained on test sets", "Training Orbit 3 used the test sets", "Its price fell"]
    )
    assert said_vector @ denied_vector > 0.7 > said_vector @ other_vector


def test_nothing_is_loaded_for_nothing() -> None:
    unused_embedder = embedding.load()
    assert unused_embedder.encode([]).shape[0] == 0
    assert unused_embedder._model is None
    assert unused_embedder.name == "all-MiniLM-L6-v2+53aa51172d14+int8"


def test_threads_do_not_matter() -> None:
    one_thread, two_threads = (minilm.MiniLM(weights.find(), threads) for threads in (1, 2))
    assert np.array_equal(one_thread.encode(TEXTS), two_threads.encode(TEXTS))


def test_another_folder_runs_in_sentence_transformers_and_the_default_agrees(
    given: Embedder, embedder: embedding.SentenceEmbedder
) -> None:
    assert given.name == "many-tongues+53aa51172d14"
    sentences, scraps = [*TEXTS[:2], "a much longer sentence " * 30, "Ünïcödé 模型 🤖 #tag"], ["", "?"]
    glossed = [gloss(text) for text in sentences + scraps]  # the default does so by itself
    cosines = (given.encode(glossed) * embedder.encode(sentences + scraps)).sum(axis=1)
    assert given.dimension == embedder.dimension
    assert cosines[: len(sentences)].min() > 0.999
    assert cosines.min() > 0.995


def test_another_folder_asks_for_pytorch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_text("{}")
    monkeypatch.setattr(embedding, "find_spec", lambda _: None)
    with pytest.raises(WeightsError, match=re.escape("pip install '.[pytorch]'")):
        embedding.load(str(tmp_path))


def test_the_embedding_model_that_is_set_embeds_any_language(given: Embedder) -> None:
    assert given.encode(list(TONGUES.values())).shape == (5, given.dimension)


def test_a_long_text_is_read_to_the_same_token(embedder: embedding.SentenceEmbedder) -> None:
    words = [f"word{number}" for number in range(300)]
    vectors = embedder.encode([" ".join(words), " ".join(words[:200])])
    assert np.array_equal(vectors[0], vectors[1])


def test_quantised_weights_are_near() -> None:
    weight = np.random.default_rng(1).normal(size=(3, 2 * minilm.BLOCK)).astype(np.float32)
    weight[1] = 0
    codes, scales = minilm.quantised(weight)
    restored = ((codes.astype(np.float32) - 128) * scales[..., None]).reshape(weight.shape)
    assert np.abs(restored - weight).max() <= scales.max() / 2 * 1.001
    assert not restored[1].any()


def test_torch_is_not_loaded_for_the_default() -> None:
    """Loading it takes seconds and half a gigabyte."""
    code = (
        "import sys; from models.embedding import embedder; embedder.load().encode(['a']); print('torch' in "
        "sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "False"


def test_an_unusable_folder_is_told(pytorch: None, tmp_path: Path) -> None:
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
