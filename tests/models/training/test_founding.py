"""The training of the founding model: what it learns from, and how two models are weighed together."""

from __future__ import annotations

import numpy as np
import pytest

from models.founding.model import VERDICTS, combined_inputs, encoder_text
from models.language.wording import stretch
from models.probabilities import logistic
from models.protocols.founding import Candidate
from models.training.founding.sentences import candidates_of, made_up


def test_made_up_sentences_stand_in_their_texts_and_are_of_both_kinds() -> None:
    candidates = list(made_up())
    assert {is_good for is_good, _ in candidates} == {True, False}
    assert all(stretch(candidate.claim, candidate.quote) is not None for _, candidate in candidates)
    assert not [candidate.claim for _, candidate in candidates if "{" in candidate.claim + candidate.quote]


def test_a_label_is_of_the_sentence_that_the_language_model_writes_in_its_place() -> None:
    import hashlib

    text = "OpenAI released GPT-5 on Monday. It was late."
    item = {"id": "news:1", "platform": "news", "title": None, "text": text, "author": None}
    sentence = "OpenAI released GPT-5 on Monday"
    row = {"id": "news:1", "part": "text", "start": 0, "verdict": "good", "sure": True, "set": "train",
           "sha256": hashlib.sha256(sentence.encode()).hexdigest()[:16]}
    other_row = row | {"sha256": "0" * 16}
    [(label, candidate_found)] = candidates_of([row, other_row], {"news:1": item})
    assert (label["verdict"], candidate_found.claim) == ("good", sentence)


def test_a_bad_made_up_sentence_may_have_any_bad_verdict() -> None:
    from models.training.founding import reader  # here, since it loads PyTorch

    candidate = Candidate(
        "Wren 2 rocks", "Wren 2 rocks!", "title: Wren 2", "text", "other", False, "asserted", ()
    )
    assert reader.made_up(candidate, False).labels == VERDICTS[1:]
    assert reader.made_up(candidate, True).labels == ("good",)
    assert reader.judged(candidate, "uncheckable").labels == ("uncheckable",)
    judged = reader.judged(candidate, "good")
    assert (judged.claim, judged.text) == encoder_text(candidate)


@pytest.mark.slow
def test_the_model_that_knows_more_counts_more() -> None:
    from models.training.founding.__main__ import stacked

    chance = np.random.default_rng(7)
    is_good = chance.random(400) < 0.6
    informed, guesses = np.where(is_good, 2.0, -2.0) + chance.normal(size=400), chance.normal(size=400)
    weighed = stacked(combined_inputs(guesses, informed), is_good, np.ones(400))
    assert weighed[1] > 5 * abs(weighed[0])
    probabilities = logistic(combined_inputs(guesses, informed) @ weighed)
    assert ((probabilities > 0.5) == is_good).mean() > 0.95
