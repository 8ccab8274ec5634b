"""Two sentences that differ in one detail are never one claim, whatever extract or a model makes of them."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.quality.minimal_pairs import DETAILS, pairs
from pipeline.core.vocabulary import Kind, Precision
from pipeline.stages.gather.joining import same_details
from pipeline.text.slots import Slots, conflict


def slots(text: str) -> Slots:
    """Return the slots that the words alone give: without known names, figures or dates."""
    return Slots(text, Kind.OTHER, (), (), (), None, Precision.UNKNOWN, text)


@pytest.mark.slow
def test_a_thousand_pairs_differ_in_a_slot() -> None:
    made_pairs = list(pairs(1000))
    assert Counter(pair.detail for pair in made_pairs).keys() == set(DETAILS)
    assert made_pairs == list(pairs(1000))
    for pair in made_pairs:
        left_slots, right_slots = slots(pair.left), slots(pair.right)
        assert conflict(left_slots, right_slots) is not None, pair
        assert conflict(right_slots, left_slots) is not None, pair
        assert not same_details(left_slots, right_slots), pair
        assert same_details(left_slots, left_slots), pair
