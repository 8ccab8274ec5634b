"""Entailment labels become pairs, and a pass also has pairs that support no claim."""

from __future__ import annotations

import json
from pathlib import Path

from models.training import entailment
from models.training.relation.labels import Labelled

ITEMS = {
    "a": {"id": "a", "title": "Aster 4 is out", "text": "Aurel released it. It has 70 parameters.",
          "in_reply_to": None},
}
CLAIMS = [
    {"claim_id": "c", "claim": "Aster 4 has 70 parameters.", "story": "aster", "set": "train"},
    {"claim_id": "p", "id": "a", "part": "title", "start": 0, "end": 14, "story": "week 1", "set": "dev"},
]
LABELS = [
    {"claim_id": "c", "id": "a", "part": "text", "start": 19, "end": 40, "entails": True, "sure": True},
    {"claim_id": "p", "other": "c", "entails": False, "sure": False},
]


def _labels(folder: Path) -> Path:
    for name, rows in (("claims", CLAIMS), ("entailments", LABELS)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return folder


def test_a_passage_is_read_with_what_it_stands_in_and_a_claim_alone(tmp_path: Path) -> None:
    passage, claim = entailment.judged(_labels(tmp_path), ITEMS)
    context = "title: Aster 4 is out | before: Aurel released it."
    assert passage.text == f"It has 70 parameters. || {context}"
    assert passage.pair.labels == ("whole",) and not passage.founded and passage.source == "passage"
    assert (claim.claim, claim.text) == ("Aster 4 is out", "Aster 4 has 70 parameters.")
    assert claim.pair.labels == ("part",) and claim.founded and claim.set == "dev"


def test_a_label_may_be_of_another_set_than_its_claim(tmp_path: Path) -> None:
    apart_from_its_claim = [{**LABELS[0], "set": "dev"}, LABELS[0]]
    folder = _labels(tmp_path)
    (folder / "entailments.jsonl").write_text(
        "".join(f"{json.dumps(row)}\n" for row in apart_from_its_claim), "utf-8")
    assert [label.set for label in entailment.judged(folder, ITEMS)] == ["dev", "train"]


def test_a_pass_has_what_is_sure_twice_and_what_supports_no_claim(tmp_path: Path) -> None:
    judged_rows = list(entailment.judged(_labels(tmp_path), ITEMS))
    rows = [Labelled(f"c{number}", f"Aster {number} has 70 parameters", "aster", "train", "a", text, "",
                     label, True, "en", label == "unrelated")
            for number in range(1, 600)
            for label, text in (("unrelated", "It rained."), ("denies", "That is wrong."),
                                ("supports", f"Aster {number} has 70 parameters."))]
    samples_drawn = entailment.samples(judged_rows, rows)
    assert sum(pair.source == "passage" for pair in samples_drawn) == 2
    assert sum(pair.source == "claim" for pair in samples_drawn) == 1
    relation_pairs = [pair for pair in samples_drawn if pair.source == "relation"]
    counts = {
        answer: sum(pair.labels == (answer,) for pair in relation_pairs) for answer in ("whole", "part")
    }
    assert counts == {"whole": entailment.VERBATIM, "part": entailment.UNRELATED + entailment.NO_SUPPORT}
    assert {pair.labels for pair in samples_drawn if pair.source in ("figure", "opposite")} == {("part",)}
    assert samples_drawn == entailment.samples(judged_rows, rows), "the same seed draws the same pass"
