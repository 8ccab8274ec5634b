"""The figures of `rumortrail eval`: by hand, and never moved by a label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.evaluation.clustering import bcubed, eval_cluster, eval_match
from tests.fakes import FakeEmbedder

ROWS = [
    {"id": "a", "text": "Orbit sings at dawn", "cluster": "x", "published_at": "2026-01-01T00:00:00Z"},
    {"id": "b", "text": "Comet costs ten dollars", "cluster": "y", "published_at": "2026-01-01T01:00:00Z"},
    {"id": "c", "text": "Orbit sings at dawn", "cluster": "x"},
    {"id": "d", "text": "Comet costs ten dollars", "cluster": None, "published_at": "2026-01-02"},
]


def test_bcubed_by_hand() -> None:
    assert bcubed(["p", "p", "q"], ["x", "x", "y"]) == (1, 1, 1)
    precision, recall, f1 = bcubed(["p", "p", "p", "q"], ["x", "x", None, "x"])
    assert precision == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert bcubed(["p"], [None]) == (0, 0, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["x", "y", None])), max_size=12))
def test_bcubed_is_between_nought_and_one(items: list[tuple[int, str | None]]) -> None:
    clusters, labels = [item[0] for item in items], [item[1] for item in items]
    assert all(0 <= value <= 1 for value in bcubed(clusters, labels))
    if any(labels):
        assert bcubed(labels, labels)[1] == 1


def test_clusters() -> None:
    figures, predictions = eval_cluster(ROWS, FakeEmbedder(), Config())
    assert [row["id"] for row in predictions] == ["a", "b", "c", "d"]
    clusters = [row["cluster"] for row in predictions]
    assert clusters[0] == clusters[2] != clusters[1] == clusters[3]
    assert figures["recall"] == 1
    assert figures["precision"] == pytest.approx((1 + 0.5 + 1) / 3)
    assert figures["clusters"] == 2


@pytest.mark.slow
def test_labels_never_reach_the_clusters() -> None:
    _, predictions = eval_cluster(ROWS, FakeEmbedder(), Config())
    bare_rows = [{key: value for key, value in row.items() if key != "cluster"} for row in ROWS]
    figures, same_predictions = eval_cluster(bare_rows, FakeEmbedder(), Config())
    assert same_predictions == predictions
    assert "f1" not in figures
    swapped_rows = [row | {"cluster": "z"} for row in ROWS]
    assert eval_cluster(swapped_rows, FakeEmbedder(), Config())[1] == predictions


CLAIMS = [
    {"id": 1, "text": "Orbit was trained on the test set", "title": "Orbit and its tests"},
    {"id": 2, "text": "Comet costs ten dollars"},
    {"id": 3, "text": "Nimbus is open source"},
]
QUERIES = [
    {"id": "q1", "text": "they trained Orbit on the test set!!", "match": 1},
    {"id": "q2", "text": "ten dollars for Comet", "match": 3},
]


def test_matches() -> None:
    figures, predictions = eval_match(CLAIMS, QUERIES, FakeEmbedder())
    assert predictions[0]["ranking"][0] == 1
    assert predictions[1]["ranking"][0] == 2
    rank = predictions[1]["ranking"].index(3) + 1
    assert figures["map@5"] == pytest.approx((1 + 1 / rank) / 2)
    assert figures["recall@20"] == 1
    assert {"bm25_map@5", "dense_map@5"} <= set(figures)


def test_the_match_never_reaches_the_ranking() -> None:
    bare_queries = [{"id": row["id"], "text": row["text"]} for row in QUERIES]
    figures, predictions = eval_match(CLAIMS, bare_queries, FakeEmbedder())
    assert predictions == eval_match(CLAIMS, QUERIES, FakeEmbedder())[1]
    assert figures == {"queries": 2.0}
