"""The founding model: sound sentences may found a claim, broken and unwarranted ones may not."""

from __future__ import annotations

import pytest

from models.embedding import embedder as embedding
from models.founding import TrainedFounder, features
from models.protocols import Candidate
from models.stance import model as stance

FOUNDER = TrainedFounder(embedding.load(), stance.load())


def candidate(claim: str, quote: str, **fields: object) -> Candidate:
    row = {
        "context": None, "part": "text", "kind": "release", "negated": False, "certainty": "asserted",
        "entities": ("Aster 4",),
    } | fields
    return Candidate(claim, quote, **row)  # type: ignore[arg-type]


def test_a_sound_sentence_is_likelier_to_found_a_claim_than_a_broken_one() -> None:
    sound, broken, foreign = FOUNDER.judge([
        candidate("OpenAI released GPT-5 on 7 August 2025", "OpenAI released GPT-5 on 7 August 2025."),
        candidate("Meta if to is released Meta GPT-5 maximize", "If Meta is to maximize it, lol, will it?"),
        candidate("Google released Gemini 3 for free", "I think it might rain tomorrow if you ask me."),
    ])
    assert sound > 0.5 > max(broken, foreign)


def test_each_is_judged_by_itself() -> None:
    one = candidate("OpenAI released GPT-5 on 7 August 2025", "OpenAI released GPT-5 on 7 August 2025.")
    other = candidate("x", "y")
    assert FOUNDER.judge([one, other])[0] == pytest.approx(FOUNDER.judge([one])[0])
    assert FOUNDER.judge([]) == []


@pytest.mark.parametrize("text", ["", " ", "\x00", "?" * 5000, "🦙" * 900])
def test_no_text_breaks_it(text: str) -> None:
    assert all(value == value for value in features(candidate(text, text)))
    assert 0 <= FOUNDER.judge([candidate(text, text)])[0] <= 1


def test_its_name_says_what_decides() -> None:
    assert FOUNDER.name.startswith("founding-") and "relation-" in FOUNDER.name
