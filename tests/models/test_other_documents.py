"""The probability that other documents speak to a claim."""

from __future__ import annotations

import pytest

from models.other_documents import SUREST, others


def test_other_documents_count_by_their_surest_text_and_their_own_does_not() -> None:
    assert others(["d1", "d1", "d2", "d3"], [0.2, 0.8, 0.5, 0.1]) == pytest.approx(
        [0.6 / SUREST, 0.6 / SUREST, 0.9 / SUREST, 1.3 / SUREST])


def test_no_more_than_the_surest_documents_count() -> None:
    documents = [f"d{number}" for number in range(20)]
    assert others(documents, [1.0] * 20) == pytest.approx([1.0] * 20)
    assert others(["d1"], [0.9]) == [0.0] and others([], []) == []
