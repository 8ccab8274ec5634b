"""The training of the model of kinds: from which sentences it learns, and how it is measured."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from models.founding.kinds import IDENTITY
from models.training.data import rows_of
from models.training.founding.plain import Sentences
from models.training.kinds import (
    FILLED,
    Labelled,
    cross_validated,
    fitted,
    labelled,
    made_up,
    measures,
)
from pipeline.core.vocabulary import Kind

LABELS = Path(__file__).resolve().parents[3] / "benchmarks" / "labels"


def row(kind: str, second: str = "") -> Labelled:
    return Labelled("a sentence", "other", kind, second, True, "final", "a")


def test_a_label_is_of_the_sentence_that_the_founder_reads_else_of_the_span(tmp_path: Path) -> None:
    text = "Sources: OpenAI released GPT-5 on Monday. It was  fined."
    item = {"id": "news:1", "platform": "news", "title": None, "text": text, "author": None}
    sentence = "OpenAI released GPT-5 on Monday"
    spans = [{"id": "news:1", "part": "text", "start": start, "end": end}
             for start, end in ((9, 41), (42, 56))]
    digests = [hashlib.sha256(words.encode()).hexdigest()[:16] for words in (sentence, "another")]
    verdict = {"verdict": "good", "sure": True, "set": "final"}
    files = {
        "sentences": [span | verdict | {"sha256": digest}
                      for span, digest in zip(spans, digests, strict=True)],
        "claims": [{"claim_id": "c1", "claim": "Meta delayed Llama 5.", "set": "train"}],
        "kinds": [spans[0] | {"kind": "release", "sure": True, "set": "final"},
                  spans[1] | {"kind": "deal", "second": "other", "sure": False, "set": "final"},
                  {"claim_id": "c1", "kind": "delay", "sure": True, "set": "train"}],
    }
    for name, rows in files.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    first, second, third = labelled(tmp_path, {"news:1": item})
    assert (first.text, first.by_rule, first.kind, first.second) == (sentence, "release", "release", "")
    assert (second.text, second.second, second.sure) == ("It was fined", "other", False)
    assert (third.text, third.by_rule, third.group) == ("Meta delayed Llama 5", "delay", "c1")
    assert [row.set for row in (first, second, third)] == ["final", "final", "train"]
    assert first.group == second.group == "news:1"


def test_made_up_sentences_are_whole_and_of_known_kinds() -> None:
    sentences = list(made_up())
    assert {sentence.kind for sentence in sentences} <= {str(kind) for kind in Kind} - {IDENTITY}
    assert not [sentence.text for sentence in sentences if "{" in sentence.text]
    assert len({sentence.text for sentence in sentences}) > 2 * len(sentences) / FILLED


def test_the_labels_are_of_known_kinds_and_nothing_final_is_learnt() -> None:
    rows = rows_of(LABELS / "kinds.jsonl")
    known = {str(kind) for kind in Kind}
    assert {row["kind"] for row in rows} | {row["second"] for row in rows if "second" in row} <= known
    sets = {(row["id"], row["part"], row["start"], row["end"]): row["set"]
            for row in rows_of(LABELS / "sentences.jsonl")}
    assert all(sets[row["id"], row["part"], row["start"], row["end"]] == row["set"]
               for row in rows if "id" in row)
    learnt, final = ({row["id"] for row in rows if row["set"] == part and "id" in row}
                     for part in ("train", "final"))
    assert not learnt & final
    claims = {row["claim_id"]: row["set"] for row in rows_of(LABELS / "claims.jsonl")}
    assert {claims[row["claim_id"]] for row in rows if "claim_id" in row} == {"train"}


def test_a_hit_of_the_second_kind_is_told_apart() -> None:
    rows = [row("deal", "price"), row("price"), row("safety")]
    assert measures(rows, ["price", "price", "deal"]) == {
        "sentences": 3, "first": 0.333, "first or second": 0.667, "macro-F1": 0.222}


def test_a_sentence_is_judged_by_models_that_saw_nothing_of_its_item() -> None:
    chance = np.random.default_rng(7)
    kinds = np.array(["deal", "price"] * 30)
    values = chance.normal(size=(60, 3)) + np.where(kinds == "deal", 2.0, -2.0)[:, None]
    judged = Sentences(values, kinds, np.ones(60))
    made = judged.only(np.arange(2))
    groups = [str(number // 4) for number in range(60)]
    assert (cross_validated(judged, made, groups, 1.0) == kinds).mean() > 0.9
    # Where all of one kind are of one item, models that did not see it cannot say it.
    alone = np.where(np.arange(60) < 4, "safety", kinds)
    groups = ["a"] * 4 + list(map(str, range(56)))
    answers = cross_validated(Sentences(values, alone, np.ones(60)), made, groups, 1.0)
    assert "safety" not in answers[:4]


def test_what_a_code_name_is_is_not_learnt() -> None:
    judged = Sentences(np.eye(3), np.array(["deal", "price", IDENTITY]), np.ones(3))
    assert fitted(judged, judged.only(np.arange(2)), 1.0).classes_.tolist() == ["deal", "price"]
