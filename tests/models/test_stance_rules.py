"""The stance rules: one kind of speech a case."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.protocols import StancePair
from models.stance import load, overlap

CLAIM = "Aurel trained Aster 4 on test sets"


def pair(quote: str, claim: str = CLAIM, proposition: str | None = None, **fields: object) -> StancePair:
    """What weigh asks, with extract's cues as given."""
    row = {"context": quote, "negated": False, "certainty": "asserted", "speech_verb": None, "cues": ()} | fields
    return StancePair(claim=claim, quote=quote, proposition=proposition or claim, **row)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "stance"),
    [
        (pair("Aurel trained Aster 4 on test sets."), "supports"),
        (pair("Aurel will train Aster 4 on test sets.", certainty="predicted"), "supports"),
        (pair("We admit that we trained Aster 4 on test sets.", speech_verb="admit"), "supports"),
        (pair("Aurel admitted that it trained Aster 4 on test sets, a day after it had denied it.", speech_verb="admit"), "supports"),
        (pair("Aurel may have trained Aster 4 on test sets.", certainty="hedged"), "supports"),
        (pair("It is simply not true that Aurel trained Aster 4 on test sets.", negated=True), "denies"),
        (pair("Aurel denies that it trained Aster 4 on test sets.", speech_verb="deny"), "denies"),
        (pair("That Aurel trained Aster 4 on test sets is false."), "denies"),
        (pair("Did Aurel train Aster 4 on test sets?"), "questions"),
        (pair("Aurel trained Aster 4 on test sets", certainty="questioned"), "questions"),
        (pair("I doubt that Aurel trained Aster 4 on test sets."), "questions"),
        (pair("Aurel reportedly trained Aster 4 on test sets."), "reports"),
        (pair("Aurel trained Aster 4 on test sets, a rumour has it.", certainty="reported"), "reports"),
        (pair("Some deny that Aurel trained Aster 4 on test sets.", certainty="reported"), "reports"),
        (pair("Aurel declined to comment on whether it trained Aster 4 on test sets."), "reports"),
        (pair("Aurel could not be reached.", proposition="Aurel could not be reached"), "reports"),
    ],
)
def test_speech_gives_the_stance_away(asked: StancePair, stance: str) -> None:
    (opinion,) = load().judge([asked])
    assert opinion.stance == stance
    assert 0.5 <= opinion.confidence <= 1 and opinion.cues


NEGATIVE = "Aurel did not train Aster 4 on test sets"


@pytest.mark.parametrize(
    ("claim", "proposition", "negated", "stance"),
    [
        (NEGATIVE, NEGATIVE, False, "supports"),
        (NEGATIVE, CLAIM, True, "supports"),
        (NEGATIVE, CLAIM, False, "denies"),
        (NEGATIVE, NEGATIVE, True, "denies"),
        (CLAIM, NEGATIVE, False, "denies"),
        (CLAIM, NEGATIVE, True, "supports"),
        ("Aster 4 is open source", "Aster 4 is proprietary", False, "denies"),
        ("Aster 4 is delayed", "Aster 4 is on track", False, "denies"),
        ("Aster 4 runs not only on phones", "Aster 4 runs on phones", False, "supports"),
    ],
)
def test_the_claims_own_polarity_counts(claim: str, proposition: str, negated: bool, stance: str) -> None:
    quote = f"It is not so: {proposition}" if negated else proposition
    assert load().judge([pair(quote, claim, proposition, negated=negated)])[0].stance == stance


def test_a_word_of_the_claim_itself_is_no_sign() -> None:
    claim = "Aurel's charts for Aster 4 are misleading"
    assert load().judge([pair("Aurel's charts for Aster 4 are misleading, says the lab.", claim)])[0].stance == "supports"


def test_opinions_come_in_order() -> None:
    pairs = [pair("Aurel trained it."), pair("False.", negated=True)]
    assert [opinion.stance for opinion in load().judge(pairs)] == ["supports", "denies"]
    assert load().judge([]) == []


def test_the_quality_does_not_fall(shared_data: Path, tmp_path: Path) -> None:
    # The floor is below what was measured when the rules were written (macro-F1 0.487; always "supports" has 0.183):
    # hand-labelled posts, each judged by the sentence that shares most words with the claim, without extract's cues.
    subprocess.run([sys.executable, str(shared_data / "join_ai_claims.py"), str(tmp_path)], check=True, capture_output=True)
    rows = [json.loads(line) for line in (tmp_path / "ai_stance.jsonl").read_text("utf-8").splitlines()]
    pairs = []
    for row in rows:
        sentences = [part for part in row["text"].replace("\n", ". ").split(". ") if part.strip()]
        best = max(sentences, key=lambda sentence: overlap(row["claim"], sentence))
        pairs.append(pair(best, row["claim"], best))
    found = [opinion.stance for opinion in load().judge(pairs)]
    assert macro_f1([row["label"] for row in rows], found) > 0.44


def macro_f1(labels: list[str], found: list[str]) -> float:
    """The mean of the labels' F1."""
    scores = []
    for label in sorted(set(labels)):
        right = sum(one == other == label for one, other in zip(labels, found, strict=True))
        scores.append(2 * right / (labels.count(label) + found.count(label)))
    return sum(scores) / len(scores)
