"""The entailment model: a text that says all of a claim entails it, one that says half of it does not."""

from __future__ import annotations

from functools import cache

import pytest

from models.entailment import model as entailment
from models.protocols.stance import EntailmentModel, TextPair

CLAIM = "Aster 4 runs in a browser with 24 billion parameters"


@cache
def shipped() -> EntailmentModel:
    return entailment.load()


@pytest.mark.parametrize(("claim", "text", "context"), [
    (CLAIM, "Aster 4 runs in a browser with 24 billion parameters.", None),
    (CLAIM, "With its 24 billion parameters Aster 4 runs in any browser.", None),
    ("OpenAI released GPT-5 on 7 August 2025", "OpenAI launched its new model, GPT-5, on August 7, 2025.",
     None),
    ("Aurel closed its office in Paris", "The company closed its office in Paris on Monday.",
     "title: Aurel shuts down in France"),
])
def test_what_says_all_of_a_claim_bears_it_out(claim: str, text: str, context: str | None) -> None:
    [entailed] = shipped().entails([TextPair(claim, text, context)])
    assert entailed >= 0.7


@pytest.mark.parametrize(("claim", "text"), [
    (CLAIM, "Aster 4 runs in a browser."),
    (CLAIM, "Aster 4 runs in a browser with 34 billion parameters."),
    (CLAIM, "Aster 4 has a new voice for browsers, with seven languages."),
    ("OpenAI bought a start-up to build its own chips", "OpenAI bought a start-up."),
    ("Aurel will release Aster 5 in May", "Aurel will release Aster 5 this year."),
    ("Aurel agreed to buy Windmill", "Aurel is in talks to buy Windmill."),
    ("Aurel was fined for leaking the data of its users", "Regulators fined Aurel on Friday."),
])
def test_what_says_a_part_of_it_does_not(claim: str, text: str) -> None:
    [entailed] = shipped().entails([TextPair(claim, text)])
    assert entailed < 0.7


def test_a_pair_is_told_the_same_beside_others_and_alone() -> None:
    pairs = [TextPair(CLAIM, "Aster 4 runs in a browser."), TextPair(CLAIM, "It rained."), TextPair("x", "")]
    entailed_together = shipped().entails(pairs)
    assert entailed_together == [shipped().entails([pair])[0] for pair in pairs]
    assert all(0 <= probability <= 1 for probability in entailed_together)
    assert shipped().entails([]) == []


def test_chinese_is_read_by_its_gloss() -> None:
    whole, part = shipped().entails([
        TextPair("OpenAI acquired Windsurf for 3 billion dollars", "OpenAI以30亿美元收购Windsurf。"),
        TextPair("OpenAI acquired Windsurf for 3 billion dollars", "OpenAI收购公司。"),
    ])
    assert part < 0.3 < whole


def test_the_name_tells_the_weights() -> None:
    assert shipped().name.startswith("entailment-1-")
