"""Features of a pair: each one is set exactly where it should be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stance.features import FEATURES, features

CLAIM = "Aster 4 has 70 billion parameters"


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The lab denies that Aster 4 has 70 billion parameters.", "denial"),
        ("Aster 4 does not have 70 billion parameters.", "opposed"),
        ("Reportedly Aster 4 has 70 billion parameters.", "hearsay"),
        ("I doubt that Aster 4 has 70 billion parameters.", "doubt"),
        ("The lab confirmed that Aster 4 has 70 billion parameters.", "admission"),
        ("The lab declined to comment.", "no_side"),
        ("Does Aster 4 have 70 billion parameters?", "asks"),
        ("No, that is another model.", "opens_no"),
        ("Bread is cheap.", "little"),
        ("Aster 4 has 405B parameters.", "figures"),
    ],
)
def test_a_sign_is_seen(text: str, sign: str) -> None:
    signs = dict(zip(FEATURES, features(CLAIM, text), strict=True))
    signs_without = dict(
        zip(FEATURES, features(CLAIM, "Aster 4 has 70B parameters and is large."), strict=True)
    )
    assert signs[sign] == 1 and signs_without[sign] == 0


def test_a_word_of_the_claim_is_no_sign_of_the_text() -> None:
    claim = "The lab denies that Aster 4 is late"
    signs = dict(zip(FEATURES, features(claim, "The lab denies that Aster 4 is late"), strict=True))
    assert signs["denial"] == 0 and signs["claim_denial"] == 0


@given(st.text(max_size=80), st.text(max_size=300))
def test_every_sign_is_a_share(claim: str, text: str) -> None:
    signs = features(claim, text)
    assert len(signs) == len(FEATURES) and all(0 <= value <= 1 for value in signs)
