"""A state that ended, and the words about it."""

from __future__ import annotations

import pytest

from pipeline.stages.judge.state_changes import not_yet, of_two_times

BANNED = "Aster is banned in Freedonia"


@pytest.mark.parametrize("quote", [
    "Freedonia lifts its ban on Aster after new privacy rules",
    "Aster ban lifted in Freedonia",
    "Freedonia will rescind its ban on the chatbot",
    "Aurel gives in to Freedonia, ending Aster ban",
    "The ban was reversed on Friday",
    "Aster is available again in Freedonia",
    "Aster is once again available in Freedonia",
    "Aster returns to Freedonia a month after a temporary ban",
    "Aurel says that Aster is back online in Freedonia",
    "Access to Aster has been restored in Freedonia",
    "Aster is no longer banned in Freedonia",
])
def test_the_end_of_a_state_and_the_state_are_of_two_times(quote: str) -> None:
    assert of_two_times(BANNED, quote) and of_two_times(quote, BANNED)
    assert not of_two_times(quote, quote)


@pytest.mark.parametrize("quote", [
    "Aster is not banned in Freedonia",
    "Freedonia never banned Aster",
    "The ban is a rumour, says Freedonia's regulator",
    "Aster is down after a major outage",
    "Once again somebody says that Aster is banned",
])
def test_a_denial_and_a_repetition_are_of_the_same_time(quote: str) -> None:
    assert not of_two_times(BANNED, quote)


@pytest.mark.parametrize(("quote", "early"), [
    ("Aster 4 is not yet available in Freedonia", True),
    ("Aster 4 isn't available in Freedonia yet", True),
    ("Aurel has not released the weights of Aster 4 yet.", True),
    ("Aster 4 has yet to launch in Freedonia", True),
    ("Aster 4 still isn’t available in Freedonia", True),
    ("Aster 4 is still not available in Freedonia", True),
    ("Aster 4 is still unavailable in Freedonia", True),
    ("Aster 4 is not available in Freedonia", False),
    ("Aster 4 is not cheap, yet it sells", False),
    ("Aurel has not released yet another model", False),
    ("Aster 4 is still available in Freedonia", False),
])
def test_not_yet_says_that_a_state_may_come(quote: str, early: bool) -> None:
    assert not_yet(quote) is early
