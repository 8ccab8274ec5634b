"""The retriever: passages that speak to a claim are nearer to it than others, in two languages."""

from __future__ import annotations

import numpy as np
import pytest

from models.embedding import embedder as embedding
from models.embedding import retriever

TRAINED = retriever.load()
CLAIM = "Meta trained Llama 4 on test sets"


def nearness(*passages: str) -> list[float]:
    (claim,) = TRAINED.claims.encode([CLAIM])
    return [float(value) for value in TRAINED.passages.encode(passages) @ claim]


def test_what_speaks_to_a_claim_is_nearest() -> None:
    own = nearness("Their VP says the story that Llama 4 saw the benchmarks beforehand is simply not true",
                   "Llama 4 在训练时混入了测试集，有人匿名爆料")
    others = nearness("How do I run Llama 4 on a Mac with 64 GB?", "Llama 4 的上下文长度是一千万",
                      "Meta is building a data centre in Ohio")
    assert min(own) > max(others)


def test_vectors_have_length_one_and_do_not_depend_on_their_company() -> None:
    alone = TRAINED.passages.encode([CLAIM])
    beside = TRAINED.passages.encode(["x" * 5000, CLAIM, "", "🦙", CLAIM])
    assert (beside[1] == alone[0]).all() and (beside[4] == alone[0]).all()
    assert np.linalg.norm(beside, axis=1) == pytest.approx(1, abs=1e-5)
    assert TRAINED.passages.dimension == beside.shape[1] and TRAINED.passages.encode([]).shape == (0, 384)


def test_claims_and_passages_are_read_apart() -> None:
    assert (TRAINED.claims.encode([CLAIM]) != TRAINED.passages.encode([CLAIM])).any()
    assert TRAINED.claims.name == TRAINED.passages.name != embedding.load().name
