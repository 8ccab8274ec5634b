"""The retriever: passages that speak to a claim are nearer to it than others, in two languages."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from models.embedding import embedder as embedding
from models.embedding import retriever
from models.protocols.vectors import Retriever

CLAIM = "Meta trained Llama 4 on test sets"


@cache
def trained() -> Retriever:
    return retriever.load()


def nearness(*passages: str) -> list[float]:
    (claim,) = trained().claims.encode([CLAIM])
    return [float(value) for value in trained().passages.encode(passages) @ claim]


def test_what_speaks_to_a_claim_is_nearest() -> None:
    near = nearness("Their VP says the story that Llama 4 saw the benchmarks beforehand is simply not true",
                    "Llama 4 在训练时混入了测试集，有人匿名爆料")
    others = nearness("How do I run Llama 4 on a Mac with 64 GB?", "Llama 4 的上下文长度是一千万",
                      "Meta is building a data centre in Ohio")
    assert min(near) > max(others)


def test_vectors_have_length_one_and_do_not_depend_on_their_company() -> None:
    vector_alone = trained().passages.encode([CLAIM])
    company = trained().passages.encode(["x" * 5000, CLAIM, "", "🦙", CLAIM])
    assert (company[1] == vector_alone[0]).all() and (company[4] == vector_alone[0]).all()
    assert np.linalg.norm(company, axis=1) == pytest.approx(1, abs=1e-5)
    assert trained().passages.dimension == company.shape[1] and trained().passages.encode([]).shape == (
        0,
        384,
    )


def test_claims_and_passages_are_read_apart() -> None:
    assert (trained().claims.encode([CLAIM]) != trained().passages.encode([CLAIM])).any()
    assert trained().claims.name == trained().passages.name != embedding.load().name
