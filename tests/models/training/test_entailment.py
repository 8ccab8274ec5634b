"""Labels of entailment become pairs, and a pass has what supports no claim beside them."""

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
    around = "title: Aster 4 is out | before: Aurel released it."
    assert passage.text == f"It has 70 parameters. || {around}"
    assert passage.pair.labels == ("whole",) and not passage.founded and passage.source == "passage"
    assert (claim.claim, claim.text) == ("Aster 4 is out", "Aster 4 has 70 parameters.")
    assert claim.pair.labels == ("part",) and claim.founded and claim.set == "dev"


def test_a_pass_has_what_is_sure_twice_and_what_supports_no_claim(tmp_path: Path) -> None:
    read = list(entailment.judged(_labels(tmp_path), ITEMS))
    rows = [Labelled(f"c{number}", f"Aster {number} has 70 parameters", "aster", "train", "a", text, "",
                     label, True, "en", label == "unrelated")
            for number in range(1, 600)
            for label, text in (("unrelated", "It rained."), ("denies", "That is wrong."),
                                ("supports", f"Aster {number} has 70 parameters."))]
    learnt = entailment.samples(read, rows)
    assert sum(pair.source == "passage" for pair in learnt) == 2
    assert sum(pair.source == "claim" for pair in learnt) == 1
    beside = [pair for pair in learnt if pair.source == "relation"]
    counted = {answer: sum(pair.labels == (answer,) for pair in beside) for answer in ("whole", "part")}
    assert counted == {"whole": entailment.VERBATIM, "part": entailment.UNRELATED + entailment.NO_SUPPORT}
    assert {pair.labels for pair in learnt if pair.source in ("figure", "opposite")} == {("part",)}
    assert learnt == entailment.samples(read, rows), "the same seed draws the same pass"
