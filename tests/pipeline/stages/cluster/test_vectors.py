"""The index of neighbours: it finds the nearest vectors, and can always be rebuilt from the store."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.stages.cluster.vectors import Neighbours
from pipeline.store.store import Store


def vectors_of(count: int, dimension: int = 32, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def put(store: Store, vectors: NDArray[np.float32], *, first: int = 0, model: str = "m") -> list[str]:
    ids = [f"m{first + number:06d}" for number in range(len(vectors))]
    rows = [{"mention_id": i, "model": model, "vector": vector.tolist()}
            for i, vector in zip(ids, vectors, strict=True)]
    store.append("vectors", rows)
    return ids


def test_recall_at_ten() -> None:
    stored_vectors, asked_vectors = vectors_of(5000), vectors_of(100, seed=1)
    index = Neighbours(Path("unused"), "m")
    index.add([str(number) for number in range(5000)], stored_vectors)
    expected = np.argsort(-(asked_vectors @ stored_vectors.T), axis=1)[:, :10]
    cosines = asked_vectors @ stored_vectors.T
    for row, near_ids, best in zip(cosines, index.nearest(asked_vectors, 10), expected, strict=True):
        # Half precision may swap neighbours whose cosines differ by a thousandth, but misses no nearer one.
        assert row[[int(n) for n in near_ids]] == pytest.approx(row[best], abs=2e-3)
    nearest_rows = list(index.nearest(asked_vectors, 10, exact=False))
    recall = np.mean([len(set(row) & {str(number) for number in expected_row}) / 10
                      for row, expected_row in zip(nearest_rows, expected, strict=True)])
    assert recall >= 0.95


def test_nothing_stored_nothing_near(tmp_path: Path, store: Store) -> None:
    index = Neighbours.open(tmp_path, store, "m")
    assert list(index.nearest(vectors_of(2), 5)) == [[], []]
    index.save()
    assert not list(tmp_path.iterdir())


def test_it_is_kept_and_brought_up_to_date(tmp_path: Path, store: Store) -> None:
    put(store, vectors_of(50))
    first_index = Neighbours.open(tmp_path, store, "m")
    assert first_index.rebuilt
    first_index.save()
    put(store, vectors_of(10, seed=1), first=50)
    second_index = Neighbours.open(tmp_path, store, "m")
    assert not second_index.rebuilt
    assert len(second_index.mention_ids) == 60
    asked_vectors = vectors_of(5, seed=2)
    fresh_index = Neighbours.open(tmp_path / "empty", store, "m")
    assert list(second_index.nearest(asked_vectors, 10)) == list(fresh_index.nearest(asked_vectors, 10))
    second_index.save()
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("damage", ["missing", "cut", "meta", "garbage", "other_model", "ids", "ahead"])
def test_a_faulty_index_is_built_anew(tmp_path: Path, store: Store, damage: str) -> None:
    put(store, vectors_of(40))
    faulty_index = Neighbours.open(tmp_path, store, "m")
    if damage == "ahead":
        faulty_index.add(["not-in-the-store"], vectors_of(1, seed=9))
    faulty_index.save()
    meta = json.loads((tmp_path / "neighbours.json").read_text())
    match damage:
        case "missing":
            (tmp_path / meta["index"]).unlink()
        case "cut":
            data = (tmp_path / meta["index"]).read_bytes()
            (tmp_path / meta["index"]).write_bytes(data[: len(data) // 2])
        case "meta":
            (tmp_path / "neighbours.json").write_text('{"index"')
        case "garbage":
            (tmp_path / "neighbours.json").write_text("[1, 2]")
        case "other_model":
            (tmp_path / "neighbours.json").write_text(json.dumps(meta | {"model": "another"}))
        case "ids":
            (tmp_path / meta["ids"]).write_text("m000001")
    index = Neighbours.open(tmp_path, store, "m")
    assert index.rebuilt
    assert len(index.mention_ids) == 40
    assert next(iter(index.nearest(vectors_of(1), 1))) == ["m000000"]
