"""Two sentences say the same where their words and their figures are the same."""

from __future__ import annotations

import pytest

from pipeline.stages.judge.same_words import of_one_thing, says

CLAIM = "Aster 4 runs in a browser with 24 billion parameters"


@pytest.mark.parametrize(("told", "same"), [
    (CLAIM, True),
    ("With its 24 billion parameters Aster 4 is running in any browser.", True),
    ("Aster 4 runs in a browser.", False),
    ("Aster 4 runs in a browser with 34 billion parameters.", False),
    ("Aster 5 runs in a browser with 24 billion parameters.", False),
    ("Aster 4 has a new voice for browsers, with seven languages.", False),
    ("", False),
])
def test_a_text_says_what_a_claim_says(told: str, same: bool) -> None:
    assert says(told, CLAIM) is same


@pytest.mark.parametrize(("claim", "rival", "same"), [
    ("Aster 4 has 70 billion parameters", "Aster 4 has 120 billion parameters", True),
    ("Aurel will release Aster 5 in January", "Aurel will release Aster 5 in February", True),
    ("Aster 4 supports a context of 64K tokens", "Aurel used long texts to extend Aster 4 to 32K", False),
])
def test_rivals_are_of_one_thing(claim: str, rival: str, same: bool) -> None:
    assert of_one_thing(claim, rival) is of_one_thing(rival, claim) is same
