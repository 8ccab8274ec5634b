"""Two sentences that differ in one detail are never one claim, whatever extract or a model makes of them."""

from __future__ import annotations

from collections import Counter

import pytest
from minimal_pairs import DETAILS, pairs

from pipeline.core.vocabulary import Kind, Precision
from pipeline.stages.gather.joining import same_details
from pipeline.text.slots import Slots, conflict


def slots(text: str) -> Slots:
    """What its words alone give: no name is known, no figure and no date was read."""
    return Slots(text, Kind.OTHER, (), (), (), None, Precision.UNKNOWN, text)


@pytest.mark.slow
def test_a_thousand_pairs_differ_in_a_slot() -> None:
    made = list(pairs(1000))
    assert Counter(pair.detail for pair in made).keys() == set(DETAILS)
    assert made == list(pairs(1000))
    for pair in made:
        ours, theirs = slots(pair.left), slots(pair.right)
        assert conflict(ours, theirs) is not None, pair
        assert conflict(theirs, ours) is not None, pair
        assert not same_details(ours, theirs), pair
        assert same_details(ours, ours), pair
