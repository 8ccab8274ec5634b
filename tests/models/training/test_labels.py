"""Labels become pairs: the words of a span with what they stand in, made-up answers, calibration."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np

from models.training.relation.__main__ import calibrated
from models.training.relation.answers import answers
from models.training.relation.labels import Labelled, founded, passage_of, relations

ITEMS = {
    "a": {"id": "a", "title": "Aster 4 is out", "text": "Aurel released it. It has 70 parameters.",
          "in_reply_to": None},
    "b": {"id": "b", "title": None, "text": "This was debunked.", "in_reply_to": "a", "language": "en"},
}


def test_a_span_is_read_with_what_it_stands_in() -> None:
    text, context = passage_of({"id": "a", "part": "text", "start": 19, "end": 40}, ITEMS)
    assert (text, context) == ("It has 70 parameters.", "title: Aster 4 is out | before: Aurel released it.")
    text, context = passage_of({"id": "b", "part": "text", "start": 0, "end": 18}, ITEMS)
    assert context == "answers: Aster 4 is out. Aurel released it. It has 70 parameters."
    assert passage_of({"id": "a", "part": "title", "start": 0, "end": 14}, ITEMS) == ("Aster 4 is out", "")


def test_labels_are_read_with_their_claims(tmp_path: Path) -> None:
    claim = {"claim_id": "c", "claim": "Aster 4 has 70 parameters.", "story": "aster", "set": "train"}
    label = {"claim_id": "c", "id": "b", "part": "text", "start": 0, "end": 18, "label": "denies",
             "sure": True}
    told = label | {"founds": True, "set": "train", "claim": "Aster 4 was debunked."}
    for name, row in (("claims", claim), ("relations", label), ("foundings", told)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (row,) = relations(tmp_path, ITEMS)
    assert (row.claim, row.set, row.label) == (claim["claim"], "train", "denies")
    assert row.pair.labels == ("denies",) and row.pair.text.startswith("This was debunked. || answers: ")
    (pair,) = founded(tmp_path, ITEMS)
    assert pair.labels == ("supports",)


def test_made_up_answers_are_alike_each_time_and_of_every_label() -> None:
    told = "Aster 4 is out now"
    passage = Labelled("c", "Aster 4 is out", "aster", "train", "a", told, "", "supports", True, "en")
    made = list(answers([passage] * 100, Random(1)))
    assert made == list(answers([passage] * 100, Random(1)))
    assert {pair.labels[0] for pair in made} == {"supports", "denies", "questions", "reports", "unrelated"}
    assert all("|| answers: Aster 4 is out now" in pair.text for pair in made)


def test_calibration_makes_probabilities_as_often_right_as_they_say() -> None:
    chance = np.random.default_rng(1)
    labels = chance.choice(5, 4000, p=[0.05, 0.05, 0.05, 0.05, 0.8])
    logits = chance.normal(0, 1, (4000, 5))
    logits[np.arange(4000), labels] += 1.0
    heat, bias = calibrated(logits * 3, labels)
    assert heat < 0.6 and bias[4] > bias[:4].max() + 1
