"""Test the comparison of the score with what became of the claims."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality.calibration import bins, brier, measure, score_of


def test_support_raises_the_score_and_denial_lowers_it() -> None:
    assert score_of(["support"]) > score_of([]) > score_of(["deny"])
    assert score_of(["comment", "comment"]) == score_of([])


def test_brier() -> None:
    assert brier(np.array([1.0, 0.5]), np.array([1.0, 0.0])) == pytest.approx(0.125)


def test_equal_scores_share_a_bin() -> None:
    rows = bins(np.array([0.4] * 6 + [0.6, 0.7]), np.array([1.0, 0, 0, 0, 0, 0, 1, 1]))
    assert [
        (row["from"], row["to"], row["n"], row["true"]) for row in rows
    ] == [(0.4, 0.4, 6, 0.167), (0.6, 0.7, 2, 1.0)]


def test_the_share_and_the_map_come_from_the_other_events() -> None:
    scores, truths = np.array([0.2, 0.8, 0.2, 0.8]), np.array([0.0, 1.0, 0.0, 1.0])
    result = measure(scores, truths, np.array([0, 0, 1, 1]))
    assert (result["n"], result["share_true"], result["brier"], result["brier_share"]) == (4, 0.5, 0.04, 0.25)
    assert result["brier_mapped"] < result["brier"]
