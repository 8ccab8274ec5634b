"""Encoder outputs become probabilities of the four sides and, with the pair's features, of belonging."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.probabilities import softmax
from models.stance.belonging import FEATURES
from models.stance.calibration import Calibration, belonging_inputs, side_inputs

SAID = np.array([[0.1, 0.2, 0.1, 0.1, 0.5]])
NONE = np.zeros(len(FEATURES))


def given(encoders: int, **changes: Any) -> dict[str, Any]:
    weights = [0.0] * (5 * encoders + len(FEATURES))
    return {"sides": {"heats": [1.0] * encoders, "bias": [0.0] * 4},
            "belonging": {"alone": {"weights": weights, "bias": 0.0},
                          "beside": {"weights": [*weights, -2.0], "bias": 1.0}}} | changes


def test_sides_are_shares_of_what_belongs() -> None:
    assert Calibration(given(1)).sides(SAID) == pytest.approx([0.2, 0.4, 0.2, 0.2], abs=1e-4)


def test_each_encoder_counts_by_its_heat() -> None:
    logits = np.vstack([SAID, [[0.7, 0.1, 0.1, 0.1, 0.0]]])
    side_fields = {"heats": [0.0, 2.0], "bias": [0.0, 0.0, 0.0, 0.0]}
    assert Calibration(given(2, sides=side_fields)).sides(logits) == pytest.approx(
        [49 / 52, *[1 / 52] * 3], abs=1e-4
    )
    agreed = Calibration(given(2)).sides(logits)
    assert agreed.argmax() == 0 and agreed[1] > agreed[2], "a mean of the logarithms"


def test_belonging_is_weighed_with_what_others_say_where_that_is_known() -> None:
    calibration = Calibration(given(1))
    assert calibration.belongs(SAID, NONE) == 0.5
    lone, among = (calibration.belongs(SAID, NONE, share) for share in (0.0, 1.0))
    assert lone == pytest.approx(1 / (1 + np.exp(-1))) and among == pytest.approx(1 / (1 + np.exp(1)))


def test_inputs_stand_in_the_order_of_the_encoders() -> None:
    logits = np.vstack([SAID, SAID[:, ::-1]])
    inputs = belonging_inputs(logits, NONE + 7)
    repeated = slice(10, 10 + len(FEATURES))
    assert np.exp(inputs[:10]) == pytest.approx(logits.ravel() + 1e-4) and (inputs[repeated] == 7).all()
    assert np.exp(side_inputs(logits)).sum(axis=1) == pytest.approx([1, 1], abs=1e-4)


def test_features_count_once_more_as_far_as_the_large_encoder_stands_against() -> None:
    against = [0.1, 0.2, 0.2, 0.0, 0.5]
    inputs = belonging_inputs(np.vstack([SAID, [against]]), NONE + 7)
    assert inputs[-len(FEATURES) - 1 :] == pytest.approx([*(NONE + 7 * 0.8), 0.8])
    assert len(belonging_inputs(SAID, NONE)) == 5 + len(FEATURES), "with the small one alone they do not"


def test_shares_of_any_logits_sum_to_one() -> None:
    assert softmax(np.array([[1e4, 0.0], [-1e4, 0.0]])) == pytest.approx(np.array([[1, 0], [0, 1]]))
    assert softmax(np.zeros((0, 5))).shape == (0, 5)
