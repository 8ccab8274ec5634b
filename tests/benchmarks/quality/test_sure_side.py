"""The bound from which a passage settles a claim: enough passages, each counted once, are right."""

from __future__ import annotations

import pytest

from benchmarks.quality.sure_side import LEAST, Judged, bound, share
from pipeline.core.vocabulary import Stance


def rows(count: int, sure: float, label: str = "denies", *, passage: str = "said") -> list[Judged]:
    return [Judged(f"{passage} {number}", Stance.DENIES, sure, label) for number in range(count)]


def test_a_passage_counts_once_however_many_claims_it_was_put_to() -> None:
    wrong_rows = [Judged("one", Stance.DENIES, 0.9, "unrelated")] * 5
    assert share([*rows(3, 0.9), *wrong_rows], lambda row: row.right) == (4, 0.75)
    half = [Judged("one", Stance.DENIES, 0.9, label) for label in ("denies", "reports")]
    assert share(half, lambda row: row.right) == (1, 0.5)
    assert share([], lambda row: row.right) == (0, 0.0)


@pytest.mark.parametrize(("count", "wrong", "expected"), [
    (LEAST, 0, 0.52), (LEAST - 1, 0, 1.0), (LEAST, 2, 1.0), (40, 2, 0.52),
])
def test_the_bound_needs_enough_that_are_right(count: int, wrong: int, expected: float) -> None:
    judged = [*rows(count - wrong, 0.7), *rows(wrong, 0.7, "reports", passage="hearsay")]
    assert bound([*judged, *rows(30, 0.5, "unrelated", passage="else")], Stance.DENIES) == expected
    assert bound(judged, Stance.SUPPORTS) == 1.0
