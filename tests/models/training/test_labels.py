"""Labels become pairs: the words of a span with their context, made-up answers, calibration."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from models.probabilities import softmax
from models.protocols.stance import STANCE_LABELS
from models.stance.belonging import features
from models.stance.calibration import Calibration
from models.training.relation import calibration
from models.training.relation.answers import answers
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled, founded, passage_of, relations
from models.training.relation.passes import REPEATED, SHARES, TIMES, UNRELATED, samples

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
    founding = label | {"founds": True, "set": "train", "claim": "Aster 4 was debunked."}
    for name, row in (("claims", claim), ("relations", label), ("foundings", founding)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (row,) = relations(tmp_path, ITEMS)
    assert (row.claim, row.set, row.label) == (claim["claim"], "train", "denies")
    assert row.pair.labels == ("denies",) and row.pair.text.startswith("This was debunked. || answers: ")
    assert not row.founded
    (pair,) = founded(tmp_path, ITEMS)
    assert pair.labels == ("supports",)


def test_a_claim_that_the_pipeline_founded_is_told_in_the_words_of_its_post(tmp_path: Path) -> None:
    claim = {"claim_id": "p", "id": "a", "part": "title", "start": 0, "end": 14, "story": "week",
             "set": "dev"}
    label = {"claim_id": "p", "id": "b", "part": "text", "start": 0, "end": 18, "label": "denies",
             "sure": True}
    for name, label_row in (("claims", claim), ("relations", label)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(label_row) + "\n", "utf-8")
    (row,) = relations(tmp_path, ITEMS)
    assert (row.claim, row.set, row.founded) == ("Aster 4 is out", "dev", True)


def test_what_earlier_passes_learnt_in_english_is_repeated_in_part_and_what_is_new_is_learnt_whole() -> None:
    def rows(label: str, count: int, *, story: str = "aster", language: str = "en", founded: bool = False
             ) -> list[Labelled]:
        name = f"{label} {story} {language} {founded}"
        return [Labelled(f"c{number}", "Aster 4 is out", story, "train", f"d{number}", f"{name} {number}", "",
                         label, True, language, founded) for number in range(count)]

    in_vain, searched = rows("unrelated", 500, founded=True), rows("unrelated", 9000)
    known, written, chinese = (rows("denies", 200), rows("denies", 200, story=""),
                               rows("denies", 200, language="zh"))
    other_pairs = [Pair("c", "t", ("supports",), source, "g") for source in SHARES]
    pairs = samples([*in_vain, *searched, *known, *written, *chinese], np.full(len(searched), 0.1), [],
                    other_pairs, 1)
    counts = Counter(pair.text.rsplit(" ", 1)[0] for pair in pairs if pair.source == "label")
    assert counts["unrelated aster en False"] == UNRELATED
    assert counts["denies  en False"] == counts["denies aster zh False"] == TIMES["denies"] * 200
    assert counts["denies aster en False"] == pytest.approx(REPEATED * TIMES["denies"] * 200, abs=40)
    assert counts["unrelated aster en True"] == pytest.approx(REPEATED * 500, abs=40)


def test_made_up_answers_are_alike_each_time_and_of_every_label() -> None:
    sentence = "Aster 4 is out now"
    passage = Labelled("c", "Aster 4 is out", "aster", "train", "a", sentence, "", "supports", True, "en")
    pairs = list(answers([passage] * 100, Random(1)))
    assert pairs == list(answers([passage] * 100, Random(1)))
    assert {pair.labels[0] for pair in pairs} == {"supports", "denies", "questions", "reports", "unrelated"}
    assert all("|| answers: Aster 4 is out now" in pair.text for pair in pairs)


def rows_of(labels: Sequence[str], text: str = "Aster 4 is out now") -> list[Labelled]:
    return [Labelled("c", "Aster 4 is out", "aster", "dev", "a", text, "", label, True, "en")
            for label in labels]


@pytest.mark.slow
def test_what_belongs_is_as_likely_as_it_is_frequent() -> None:
    chance = np.random.default_rng(1)
    labels = chance.choice(5, 2000, p=[0.05, 0.05, 0.05, 0.05, 0.8])
    small, large = (softmax(chance.normal(0, 1, (2000, 5)) + 3.0 * np.eye(5)[labels]) for _ in range(2))
    rows = rows_of([STANCE_LABELS[label] for label in labels])
    cosines = (chance.normal(0.4, 0.1, 2000) + 0.1 * (labels < 4)).tolist()
    fitted = calibration.calibrated(small, large, cosines, rows)
    by_one, by_both = Calibration(fitted["small"]), Calibration(fitted["both"])
    signs = [np.array(features(row.claim, row.text, row.context, cosine))
             for row, cosine in zip(rows, cosines, strict=True)]
    small_odds = np.array(
        [by_one.belongs(shares[None], sign) for shares, sign in zip(small, signs, strict=True)]
    )
    assert abs(small_odds.mean() - 0.2) < 0.01
    assert fitted["small"]["belonging"]["alone"]["weights"][-1] > 1  # the retriever's cosine
    read_again = np.array([calibration.AGAIN.reads(*row) for row in zip(small_odds, small, strict=True)])
    both = np.array([by_both.belongs(np.stack(shares), sign) for *shares, sign in zip(
        small[read_again], large[read_again], np.array(signs)[read_again], strict=True)])
    assert abs(both.mean() - (labels[read_again] < 4).mean()) < 0.02
    for belonging, is_right in ((small_odds, labels < 4), (both, labels[read_again] < 4)):
        sure_rows = belonging > 0.8
        assert sure_rows.sum() > 100 and is_right[sure_rows].mean() > 0.8
    errors_made = [(np.round(belonging) != is_right).mean() for belonging, is_right in (
        (small_odds[read_again], labels[read_again] < 4), (both, labels[read_again] < 4))]
    assert errors_made[1] < errors_made[0], "two see more than one"


def test_overconfident_sides_are_cooled_and_rare_ones_count_for_more_than_their_number() -> None:
    chance = np.random.default_rng(1)
    labels = chance.choice(4, 2000, p=[0.7, 0.1, 0.1, 0.1])
    logits = chance.normal(0, 1, (2000, 5))
    logits[np.arange(2000), labels] += 1.0
    rows = rows_of([STANCE_LABELS[label] for label in labels])
    fitted = calibration.sides([row[None] for row in softmax(logits * 3)], rows)
    (heat,) = fitted["heats"]
    assert heat < 0.6
    assert fitted["bias"][0] == 0.0 and all(np.log(0.1 / 0.7) / 2 < bias < 0 for bias in fitted["bias"][1:])


def test_of_two_encoders_the_better_one_counts_for_more() -> None:
    chance = np.random.default_rng(1)
    labels = chance.choice(4, 2000)
    good, poor = (softmax(chance.normal(0, 1, (2000, 5)) + skill * np.eye(5)[labels]) for skill in (3.0, 0.5))
    rows = rows_of([STANCE_LABELS[label] for label in labels])
    heats = calibration.sides([np.stack(pair) for pair in zip(poor, good, strict=True)], rows)["heats"]
    assert heats[1] > heats[0]
