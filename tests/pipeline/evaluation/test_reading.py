"""Eval reading: counterparts, what they hold of the labelled documents, doubts, first documents."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.evaluation.reading import Copy, counterparts, measured
from pipeline.evaluation.rows import LabelledMention, ReadingRow


def row(claim_id: str, mentions: dict[str, str], **fields: Any) -> ReadingRow:
    labelled = [LabelledMention(id=name, stance=stance) for name, stance in mentions.items()]  # type: ignore[arg-type]
    return ReadingRow(claim_id=claim_id, claim=f"claim {claim_id}", mentions=labelled, **fields)


ROWS = [
    row("l1", {"d1": "supports", "d2": "denies", "d3": "questions", "d4": "unrelated"}, status="disputed",
        first_id="d1"),
    row("l2", {"d5": "supports", "d6": "reports"}, status="unverified", first_id="d5"),
]
LABELS = {row.claim_id: {mention.id: mention.stance for mention in row.mentions} for row in ROWS}
COPY = Copy(
    {"c1": {"status": "disputed", "first_document_id": "d1"}, "c2": {"status": "disputed",
                                                                     "first_document_id": "d9"}},
    {"c1": {"d1": {"supports"}, "d2": {"denies"}, "d4": {"reports"}, "d9": {"supports"}},
     "c2": {"d3": {"supports"}, "d5": {"denies"}}},
    frozenset({"d1", "d2"}),
)


def test_the_counterpart_holds_most_of_a_claims_documents() -> None:
    assert counterparts(LABELS, COPY) == {"l1": "c1", "l2": "c2"}
    assert counterparts({"l3": {"d4": "unrelated"}}, COPY) == {"l3": None}


def test_what_counterparts_hold_is_measured() -> None:
    figures = measured(ROWS, LABELS, {"l1": "c1", "l2": "c2"}, COPY)
    assert figures["held"] == pytest.approx(3 / 5)  # d1, d2; d5
    assert figures["precision"] == pytest.approx(3 / 5)  # of d1, d2, d4; d3, d5
    assert figures["right_side"] == pytest.approx(2 / 3)  # d5 supports, and is held as a denial
    assert figures["doubts"] == pytest.approx(1 / 2) and figures["claims_with_doubts"] == 1
    assert (figures["status"], figures["first"]) == (0.5, 0.5)


def test_what_a_reader_was_not_sure_of_counts_neither_way() -> None:
    unsure = LabelledMention(id="d0", stance="supports", sure=False)
    first = ReadingRow(claim_id="l1", claim="claim l1", first_id="d1", mentions=[
        unsure, LabelledMention(id="d1", stance="supports"), LabelledMention(id="d4", stance="unrelated")])
    other = ReadingRow(claim_id="l2", claim="claim l2", mentions=[LabelledMention(id="d0", stance="denies")])
    labels = {row.claim_id: {m.id: m.stance for m in row.mentions if m.sure} for row in (first, other)}
    stances = {"c1": {"d0": {"supports"}, "d1": {"supports"}, "d4": {"supports"}}}
    copy = Copy({"c1": {"first_document_id": "d0"}}, stances, frozenset())
    figures = measured([first, other], labels, {"l1": "c1", "l2": None}, copy)
    assert figures["precision"] == pytest.approx(1 / 2)  # of d1, d4; d0 may speak to it
    assert figures["first"] == 1  # of those that count, d1 spoke first


def test_a_claim_without_a_counterpart_holds_nothing() -> None:
    figures = measured(ROWS, LABELS, {"l1": None, "l2": None}, COPY)
    assert (figures["held"], figures["precision"], figures["status"]) == (0, 0, 0)
