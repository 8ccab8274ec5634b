"""Which model a code name stands for according to a sentence, and which sentences do not say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.identities import LONGEST, identity

MODELS = ("Lumen 3", "Lumen 3 Mini", "Otter 2")
OTHERS = ("Halcyon Labs", "Brightwater", "LM Arena", "Mira Solano")


@pytest.mark.parametrize(
    ("text", "code_name", "model"),
    [
        ("pony-alpha is Lumen 3", "pony-alpha", "Lumen 3"),
        ("Pony Alpha is Lumen-3.", "Pony Alpha", "Lumen 3"),
        ("pony-alpha = lumen 3", "pony-alpha", "Lumen 3"),
        ("The stealth model pony-alpha on OpenRouter is actually Halcyon's new Lumen 3", "pony-alpha",
         "Lumen 3"),
        ("The anonymous model 'sonoma' on the arena is Lumen 3 Mini", "sonoma", "Lumen 3 Mini"),
        ("the anonymous model sonoma on the arena is Otter 2, says a tester", "sonoma", "Otter 2"),
        ("“Sonoma Sky” is an early checkpoint of Otter 2", "Sonoma Sky", "Otter 2"),
        ("Horizon Alpha, the mystery model of last week, is none other than Lumen 3", "Horizon Alpha",
         "Lumen 3"),
        ("The model pony-alpha on LM Arena, which runs beside Otter 2, is Lumen 3", "pony-alpha", "Lumen 3"),
        ("Horizon Beta turned out to be Lumen 3", "Horizon Beta", "Lumen 3"),
        ("gpt2-chatbot might be Otter 2", "gpt2-chatbot", "Otter 2"),
        ("pony-alpha has been confirmed to be Lumen 3", "pony-alpha", "Lumen 3"),
        ("pony-alpha had not been revealed as Lumen 3", "pony-alpha", "Lumen 3"),
        ("The stealth model Sonoma on OpenRouter is Otter 2", "Sonoma", "Otter 2"),
        ("The stealth model big-pickle was Otter 2", "big-pickle", "Otter 2"),
        ("Otter 2 was tested on the arena as 'sonoma'", "sonoma", "Otter 2"),
        ("Otter 2 (code-named Sonoma) is out", "Sonoma", "Otter 2"),
        ("dusk-river is Otter 2.", "dusk-river", "Otter 2"),
        ("pony-alpha is not Lumen 3", "pony-alpha", "Lumen 3"),
        ("pony-alpha isn't Lumen 3", "pony-alpha", "Lumen 3"),
        ("dusk-river is the code name of Otter 2", "dusk-river", "Otter 2"),
        ("Lumen 3 was tested on the arena as pony-alpha", "pony-alpha", "Lumen 3"),
        ("Lumen 3 ran on LM Arena under the name sonoma for a week", "sonoma", "Lumen 3"),
        ("Lumen 3, code-named Strawberry, is out", "Strawberry", "Lumen 3"),
        ("The code name of Lumen 3 is strawberry", "strawberry", "Lumen 3"),
        ("Lumen 3 is the anonymous model 'sonoma' on the arena", "sonoma", "Lumen 3"),
        ("Pony Alpha = Lumen 3 confirmed", "Pony Alpha", "Lumen 3"),
        ("So the mystery model Pony Alpha was Lumen 3 all along.", "Pony Alpha", "Lumen 3"),
        ("Behind Pony Alpha is Lumen 3", "Pony Alpha", "Lumen 3"),
        ("Pony Alpha is widely believed to be xHalcyon's Lumen 3", "Pony Alpha", "Lumen 3"),
        ("Pony Alpha identifies itself as Lumen 3.", "Pony Alpha", "Lumen 3"),
        ("sonoma-sky-alpha is an Otter 2 variant", "sonoma-sky-alpha", "Otter 2"),
        ("The 'oceanstone' model on LM Arena is Otter 2", "oceanstone", "Otter 2"),
        ("We tested Lumen 3 anonymously as pony-alpha on OpenRouter", "pony-alpha", "Lumen 3"),
        ("Halcyon Labs tested Lumen 3 under the pseudonym Sonoma", "Sonoma", "Lumen 3"),
        ("Is Pony Alpha Lumen 3?", "Pony Alpha", "Lumen 3"),
        ("Could the stealth model Sonoma be an early Lumen 3?", "Sonoma", "Lumen 3"),
        ("Pony Alpha，也就是Lumen 3", "Pony Alpha", "Lumen 3"),
        ("Pony Alpha 的真身就是 Lumen 3", "Pony Alpha", "Lumen 3"),
        ("Pony Alpha 是海鸥的 Lumen 3", "Pony Alpha", "Lumen 3"),
        ("Lumen 3 就是之前的 Pony Alpha", "Pony Alpha", "Lumen 3"),
        ("pony-alpha其实就是Lumen 3", "pony-alpha", "Lumen 3"),
        ("pony-alpha 就是 Lumen 3。", "pony-alpha", "Lumen 3"),
    ],
)
def test_a_code_name_is_a_model(text: str, code_name: str, model: str) -> None:
    reading = identity(text, MODELS, OTHERS)
    assert reading is not None
    assert (reading.code_name, reading.model) == (code_name, model)


@pytest.mark.parametrize(
    "text",
    [
        "Lumen 3 is open-source",
        "Lumen 3 is state-of-the-art on the leaderboard",
        "Lumen 3 is 'amazing'",
        "The best open-source model is Lumen 3",
        "The best model on the arena is Lumen 3",
        "Nothing is Otter 2",
        "Halcyon Labs is Otter 2",
        "Mira Solano is on the arena with Otter 2",
        "pony-alpha is better than Lumen 3",
        "pony-alpha is Lumen 3-based",
        "pony-alpha is Lumen 3's successor",
        "pony-alpha is a rival of Lumen 3",
        "pony-alpha beats Lumen 3",
        "pony-alpha is fast, and Lumen 3 is slow",
        "Lumen 3 is Otter 2",
        "Lumen 3 is available as open-source",
        "Lumen 3 was released under the Apache licence",
        "It is Lumen 3",
        "The new model is Lumen 3",
        "What's new is Lumen 3",
        "",
    ],
)
def test_what_is_no_such_sentence(text: str) -> None:
    assert identity(text, MODELS, OTHERS) is None


@pytest.mark.parametrize(
    "text",
    [
        # who has it, and where it is had
        "Vercel has Lumen 3 on the leaderboard",
        "Cursor had Lumen 3 in stealth",
        "China is Lumen 3 on the leaderboard",
        "Everyone on LM Arena is Lumen 3",
        # what it is to somebody
        "My daily-driver is Lumen 3",
        "Daily-driver is Lumen 3",
        "The runner-up on the leaderboard is Lumen 3",
        "Winner on LM Arena is Lumen 3",
        "The 'winner' is Lumen 3",
        "\"The best model\" is Lumen 3",
        "X is our best-in-class Lumen 3",
        "price-performance is Lumen 3",
        # what it is like
        "Lumen 3 is SOTA on the leaderboard",
        "Lumen 3 is rank-1 on the leaderboard",
        "Lumen 3 is pay-per-use on OpenRouter",
        "Lumen 3 is open-source on OpenRouter",
        "Lumen 3 is MIT-licensed on OpenRouter",
        "Lumen 3 is public-beta on OpenRouter",
        "Lumen 3 is 'the best' on the leaderboard",
        # how it is offered
        "Lumen 3 was listed as coming-soon on OpenRouter",
        "Lumen 3 is served as FP8 on OpenRouter",
        "Lumen 3 appears as halcyon-labs/Lumen-3 on OpenRouter",
        "Lumen 3 went live under MIT License",
        "Lumen 3 is listed under Apache-2.0 on OpenRouter",
        # products, other models, benchmarks, versions, days
        "Microsoft Copilot was Lumen 3 under the hood",
        "Bing Chat was Lumen 3",
        "Our bot Max is Lumen 3",
        "Seed-2.0 is Lumen 3",
        "MiniMax-M2.5 is Lumen 3",
        "Lumen-3-FP8 is Lumen 3",
        "Lumen Beta is Lumen 3",
        "Terminal-Bench 2.0 is Lumen 3",
        "v1-preview is Lumen 3",
        "2026-02-11 is Lumen 3",
        "Lumen 3 is behind Claude on LM Arena",
        # words that are no names
        "The model used is Lumen 3",
        "The model underneath is Lumen 3",
        "The model name is Lumen 3",
        "The code name of Lumen 3 is unknown",
        "Lumen 3, aka Halcyon's flagship",
        "Lumen 3, nicknamed \"the Beast\"",
        # another model has the code name
        "Lumen 3 beats the model code-named Sonoma",
        "Lumen 3, formerly Pony Alpha, is out",  # it says that it is out
        "The 'winner' on LM Arena is Lumen 3",
        "Behind the paywall is Lumen 3",
        "We tested Lumen 3 as a coding-agent",
        "Is open-source Lumen 3?",
        "Is Cursor Lumen 3?",
        "Could pony-alpha beat Lumen 3?",
        "Lumen 3 是 MIT 的",
        "Lumen 3 was tested on the arena against the model known as pony-alpha",
        "The rival of pony-alpha is Lumen 3",
        "Better than pony-alpha is Lumen 3",
        "Either dusk-alpha or pony-alpha is Lumen 3",
        # which of two it is, or whether
        "pony-alpha is Lumen 3 or Otter 2",
        "pony-alpha is Lumen 3, or maybe Otter 2",
        "pony-alpha is Lumen 3 or Nimbus 9",
        "pony-alpha is Lumen 3/Otter 2",
        "pony-alpha is not Lumen 3 but Otter 2",
        "pony-alpha is Lumen 3 and Otter 2",
        "The anonymous model is Lumen 3 or not",
        "pony-alpha is Lumen 3 or not",
        "Nobody knows whether pony-alpha is Lumen 3",
        "If pony-alpha is Lumen 3, Halcyon is ahead",
    ],
)
def test_ordinary_sentences_are_none(text: str) -> None:
    assert identity(text, MODELS, OTHERS) is None


@pytest.mark.parametrize(("text", "sure"), [
    ("pony-alpha is Lumen 3", True),
    ("The anonymous model dusk-river is Lumen 3", True),
    ("dusk-river is Lumen 3", False),
    ("Lumen 3 was tested on the arena as dusk-river", False),
])
def test_a_code_name_is_sure_where_something_shows_it(text: str, sure: bool) -> None:
    reading = identity(text, MODELS)
    assert reading is not None
    assert reading.sure is sure


def test_names_that_are_no_models_may_be_among_them() -> None:
    reading = identity("The anonymous model sonoma on LM Arena is Otter 2", ("LM Arena", "Otter 2"))
    assert reading is not None
    assert (reading.code_name, reading.model) == ("sonoma", "Otter 2")


def test_two_spellings_of_a_code_name_are_one() -> None:
    first_reading, second_reading = (
        identity(text, MODELS) for text in ("pony-alpha is Lumen 3", "Pony Alpha is Otter 2")
    )
    assert first_reading and second_reading
    assert first_reading.key == second_reading.key


@given(st.text(max_size=2 * LONGEST), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_is_read(text: str, names: list[str]) -> None:
    reading = identity(text, names)
    assert reading is None or reading.model in names
