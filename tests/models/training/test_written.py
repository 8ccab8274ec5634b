"""The passages that were written for training."""

from __future__ import annotations

import random
from collections import Counter

from models.protocols import STANCE_LABELS
from models.training.data import rows_of
from models.training.relation.written import ELSEWHERE, FILE, written

ROWS = list(rows_of(FILE))


def test_each_row_has_a_label_and_words_of_its_own() -> None:
    assert {row["label"] for row in ROWS} == set(STANCE_LABELS)
    assert len({(row["claim_id"], row["text"]) for row in ROWS}) == len(ROWS)
    assert all(row["text"].strip() for row in ROWS)
    counts = Counter(row["label"] for row in ROWS)
    assert counts["denies"] > counts["unrelated"] > 0


def test_only_claims_for_training_are_used_and_some_passages_stand_beside_another_story() -> None:
    ids = sorted({row["claim_id"] for row in ROWS})[:40]
    claims = {name: {"claim": f"Claim {place} is so.", "story": f"story-{place}", "set": "train"}
              for place, name in enumerate(ids)}
    claims[ids[0]] |= {"set": "dev"}
    pairs = list(written(claims, random.Random(1)))
    known = [row for row in ROWS if row["claim_id"] in ids[1:]]
    more = len(pairs) - len(known)
    assert 0.5 * ELSEWHERE < more / len(known) < 2 * ELSEWHERE
    assert not any(pair.claim == "Claim 0 is so." for pair in pairs)
    assert Counter(pair.labels for pair in pairs)["unrelated",] == more + sum(
        row["label"] == "unrelated" for row in known)
    assert list(written(claims, random.Random(1))) == pairs
