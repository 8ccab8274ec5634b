"""Log odds and logits as probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from models.probabilities import logistic, softmax


def test_log_odds_become_probabilities_in_their_own_precision() -> None:
    assert logistic(np.log([1.0, 3.0, 1 / 3])) == pytest.approx([0.5, 0.75, 0.25])
    assert logistic(np.zeros((2, 3), np.float32)).dtype == np.float32
    assert float(logistic(np.array(0.0))) == 0.5


def test_each_row_of_logits_sums_to_one_however_large_they_are() -> None:
    shares = softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3.0)]]))
    assert shares.tolist() == [[0.5, 0.5], pytest.approx([0.25, 0.75])]
