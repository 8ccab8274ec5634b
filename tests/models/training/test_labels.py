"""Labels become pairs: the words of a span with what they stand in, made-up answers, calibration."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np

from models.protocols import STANCE_LABELS
from models.stance.belonging import features
from models.stance.model import softmax
from models.training.relation import calibration
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


def rows_of(labels: Sequence[str], text: str = "Aster 4 is out now") -> list[Labelled]:
    return [Labelled("c", "Aster 4 is out", "aster", "dev", "a", text, "", label, True, "en")
            for label in labels]


def test_what_belongs_is_as_likely_as_it_is_frequent() -> None:
    chance = np.random.default_rng(1)
    labels = chance.choice(5, 2000, p=[0.05, 0.05, 0.05, 0.05, 0.8])
    logits = chance.normal(0, 1, (2000, 5))
    logits[np.arange(2000), labels] += 3.0
    rows = rows_of([STANCE_LABELS[label] for label in labels])
    near = chance.normal(0.4, 0.1, 2000) + 0.1 * (labels < 4)
    given = calibration.belonging(logits, near.tolist(), rows)["alone"]
    inputs = np.hstack([np.log(softmax(logits) + 1e-4),
                        np.asarray([features(row.claim, row.text, row.context, likeness)
                                    for row, likeness in zip(rows, near.tolist(), strict=True)])])
    shares = 1 / (1 + np.exp(-inputs @ given["weights"] - given["bias"]))
    assert abs(shares.mean() - 0.2) < 0.01
    assert given["weights"][-1] > 1  # the retriever's cosine
    sure = shares > 0.8
    assert sure.sum() > 100 and (labels[sure] < 4).mean() > 0.8


def test_overconfident_sides_are_cooled_and_rare_ones_count_for_more_than_their_number() -> None:
    chance = np.random.default_rng(1)
    labels = chance.choice(4, 2000, p=[0.7, 0.1, 0.1, 0.1])
    logits = chance.normal(0, 1, (2000, 5))
    logits[np.arange(2000), labels] += 1.0
    given = calibration.sides(logits * 3, rows_of([STANCE_LABELS[label] for label in labels]))
    assert given["temperature"] < 0.6
    assert given["bias"][0] == 0.0 and all(np.log(0.1 / 0.7) / 2 < bias < 0 for bias in given["bias"][1:])
