"""Measure the stance model on pairs that it was not trained on, and what each of its parts adds.

    python benchmarks/stance.py DATA

The held-out seventh of each source is by story, thread or family; the last layer is cross-validated by the
same groups. The posts of DATA/ai_claims_2025q1.jsonl trained nothing. Prints for each set accuracy, macro-F1,
F1 by label, expected calibration error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from measures import Bench
from numpy.typing import NDArray

from models.protocols import STANCE_LABELS
from models.stance import model as stance
from models.stance.focus import focus
from models.training.stance import head
from models.training.stance.__main__ import collect, importance_of
from models.training.stance.data import Pair
from pipeline.evaluation.stance import calibration_error, label_scores, restrict

Shares = NDArray[np.float64]

SETS = {
    "headline": ("supports", "denies", "reports"), "turned": stance.STANCES,
    "fnc": ("supports", "denies", "reports", "unrelated"), "facts": stance.STANCES,
    "generated": stance.STANCES, "thread": stance.STANCES,
}


def told(pair: Pair, labels: Sequence[str]) -> str | None:
    """Return the pair's label among those of the set; None where it has another."""
    return next((label for label in pair.labels if label in labels), None)


def report(name: str, pairs: Sequence[Pair], shares: Shares, labels: Sequence[str]) -> None:
    """Print one line of figures."""
    rows = [
        (told(pair, labels), restrict(dict(zip(STANCE_LABELS, row, strict=True)), labels))
        for pair, row in zip(pairs, shares, strict=True)
    ]
    rows = [(label, row) for label, row in rows if label]
    truth = [label for label, _ in rows]
    answers = [max(labels, key=row.__getitem__) for _, row in rows]
    right = [one == other for one, other in zip(truth, answers, strict=True)]
    sure = [max(row.values()) for _, row in rows]
    scores = label_scores(truth, answers, labels)
    by = " ".join(f"{label} {value:.2f}" for label, value in scores["f1"].items())
    error = calibration_error(right, sure)
    print(
        f"{name:<22} n {len(rows):>5}  accuracy {scores['accuracy']:.3f}  macro-F1 {scores['macro_f1']:.3f}"
        f"  ECE {error:.3f}  ({by})"
    )


def main() -> None:
    """Read, judge, print."""
    bench = Bench(Path(sys.argv[1]))
    encoder = stance.encoder(json.loads((stance.FOLDER / "stance.json").read_text("utf-8"))["sha256"])
    kept = [pair for pair in collect(bench.data) if pair.held_out]
    posts = [
        Pair(row["claim"], row["text"], (row["label"],), "posts", row["id"])
        for row in bench.labelled_posts[1]
    ]
    features = [
        stance.layer_inputs(encoder, [(pair.claim, focus(pair.claim, pair.text)) for pair in pairs])
        for pairs in (kept, posts)
    ]
    allowed = np.array([[label in pair.labels for label in STANCE_LABELS] for pair in kept])
    importance, groups = importance_of(kept), [pair.group for pair in kept]
    for title, with_features in (
        ("cross-encoder alone", None), ("with its last layer", False), ("and the features of the text", True)
    ):
        if with_features is None:
            found, spoken = (np.exp(matrix[:, : len(STANCE_LABELS)]) for matrix in features)
        else:
            found = head.cross_validated(features[0], allowed, importance, groups, with_features)
            spoken = head.fit(features[0], allowed, importance, with_features).probabilities(features[1])
        print(title)
        for source, labels in SETS.items():
            places = [place for place, pair in enumerate(kept) if pair.source == source]
            report(source, [kept[place] for place in places], found[places], labels)
        report("posts of early 2025", posts, spoken, stance.STANCES)


if __name__ == "__main__":
    main()
