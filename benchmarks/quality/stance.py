"""Measure the relation model on pairs of the open data sets that it was not trained on.

    python -m benchmarks.quality.stance DATA

The held-out seventh of each source is by story, thread or family. The posts of DATA/ai_claims_2025q1.jsonl
trained nothing. Prints for each set accuracy, macro-F1, F1 by label, expected calibration error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.measures import Bench
from models.protocols.stance import STANCE_LABELS, TextPair
from models.training.data import rows_of
from models.training.relation import data as open_data
from models.training.relation import synthetic
from models.training.relation.data import Pair
from pipeline.evaluation.stance import calibration_error, label_scores, restrict

MOST = 600  # pairs of a source
SETS = {
    "headline": ("supports", "denies", "reports"), "fnc": ("supports", "denies", "reports", "unrelated"),
    "facts": STANCE_LABELS[:4], "thread": STANCE_LABELS[:4], "posts": STANCE_LABELS[:4],
}


def label_in_set(pair: Pair, labels: Sequence[str]) -> str | None:
    """Return the pair's label if the set has it, else None."""
    return next((label for label in pair.labels if label in labels), None)


def main() -> None:
    """Read, judge, print."""
    bench = Bench(Path(sys.argv[1]))
    rows = rows_of(bench.data / "fnc_train_stance.jsonl")
    stories, groups = open_data.headline_stories(rows), open_data.story_groups(rows)
    pairs = [
        *open_data.article_pairs(rows, "fnc"), *open_data.headline_pairs(stories, groups),
        *synthetic.fact_pairs(8000),
        *open_data.thread_pairs(rows_of(bench.data / "rumoureval_threads.jsonl")),
    ]
    held_out = [pair for pair in pairs if pair.held_out]
    held_out += [Pair(row["claim"], row["text"], (row["label"],), "posts", row["id"])
                 for row in bench.labelled_posts[1]]
    for source, labels in SETS.items():
        sample = [pair for pair in held_out if pair.source == source and label_in_set(pair, labels)]
        sample = sample[:: max(1, len(sample) // MOST)]
        readings = bench.models.stance.read([TextPair(pair.claim, pair.text) for pair in sample])
        shares = [restrict(row, labels) for row in readings]
        answers = [max(labels, key=row.__getitem__) for row in shares]
        truth = [label_in_set(pair, labels) or "" for pair in sample]
        scores = label_scores(truth, answers, labels)
        by_label = " ".join(f"{label} {value:.2f}" for label, value in scores["f1"].items())
        right = [expected == answer for expected, answer in zip(truth, answers, strict=True)]
        error = calibration_error(right, [max(row.values()) for row in shares])
        print(f"{source:<10} n {len(sample):>5}  accuracy {scores['accuracy']:.3f}  "
              f"macro-F1 {scores['macro_f1']:.3f}  ECE {error:.3f}  ({by_label})", flush=True)


if __name__ == "__main__":
    main()
