"""Which part of a long text is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.stance.focus import LIMIT, focus

FILLER = "The weather in the valley stayed mild and the harvest went on. " * 30


def test_a_short_text_stays_as_it_is() -> None:
    assert focus("Aster 4 is late", "  Aster 4 is late, again. ") == "Aster 4 is late, again."


def test_the_sentence_that_speaks_to_the_claim_is_kept_with_the_first() -> None:
    text = f"Aurel held its fair. {FILLER}The company denies that Aster 4 is late. {FILLER}"
    focused = focus("Aurel's model Aster 4 is late", text)
    assert (
        focused.startswith("Aurel held its fair.") and "The company denies that Aster 4 is late." in focused
    )
    assert len(focused) <= LIMIT


@given(st.text(max_size=60), st.text(max_size=3000))
def test_any_text_is_brought_down_to_size(claim: str, text: str) -> None:
    assert len(focus(claim, text)) <= LIMIT
