"""The training of the founding model: what it learns from, and how two models are weighed together."""

from __future__ import annotations

import numpy as np
import pytest

from models.founding.model import VERDICTS, both, said
from models.language.wording import stretch
from models.probabilities import logistic
from models.protocols.founding import Candidate
from models.training.founding.sentences import candidates_of, made_up


def test_made_up_sentences_stand_in_their_texts_and_are_of_both_kinds() -> None:
    told = list(made_up())
    assert {good for good, _ in told} == {True, False}
    assert all(stretch(one.claim, one.quote) is not None for _, one in told)
    assert not [one.claim for _, one in told if "{" in one.claim + one.quote]


def test_a_label_is_of_the_sentence_that_the_language_model_writes_in_its_place() -> None:
    import hashlib

    text = "OpenAI released GPT-5 on Monday. It was late."
    item = {"id": "news:1", "platform": "news", "title": None, "text": text, "author": None}
    sentence = "OpenAI released GPT-5 on Monday"
    row = {"id": "news:1", "part": "text", "start": 0, "verdict": "good", "sure": True, "set": "train",
           "sha256": hashlib.sha256(sentence.encode()).hexdigest()[:16]}
    other = row | {"sha256": "0" * 16}
    [(label, one)] = candidates_of([row, other], {"news:1": item})
    assert (label["verdict"], one.claim) == ("good", sentence)


def test_a_bad_made_up_sentence_may_have_any_bad_verdict() -> None:
    from models.training.founding import reader  # here, since it loads PyTorch

    one = Candidate("Wren 2 rocks", "Wren 2 rocks!", "title: Wren 2", "text", "other", False, "asserted", ())
    assert reader.made_up(one, False).labels == VERDICTS[1:]
    assert reader.made_up(one, True).labels == ("good",)
    assert reader.judged(one, "uncheckable").labels == ("uncheckable",)
    assert (reader.judged(one, "good").claim, reader.judged(one, "good").text) == said(one)


@pytest.mark.slow
def test_the_model_that_knows_more_counts_more() -> None:
    from models.training.founding.__main__ import stacked

    chance = np.random.default_rng(7)
    good = chance.random(400) < 0.6
    knows, guesses = np.where(good, 2.0, -2.0) + chance.normal(size=400), chance.normal(size=400)
    weighed = stacked(both(guesses, knows), good, np.ones(400))
    assert weighed[1] > 5 * abs(weighed[0])
    told = logistic(both(guesses, knows) @ weighed)
    assert ((told > 0.5) == good).mean() > 0.95
