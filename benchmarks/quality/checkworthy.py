"""Measure the order of check-worthiness: `python -m benchmarks.quality.checkworthy HOME`.

HOME holds posts that were ingested and processed; `checkworthy_labels.jsonl` holds hand labels on claims, by
the post, the span and the id of the claim's first mention: 0 nobody would check it, 1 could be worth a check,
2 a desk should check it. A post belongs to `tune` or `final` by the hash of its id. Figures: average
precision (a claim labelled 2 is relevant) and nDCG@20 (gain is the label), with a bootstrap interval over
posts, beside random order (its mean), most mentions first and newest first. Then, on `tune` alone, equal
weights beside fitted ones, cross-validated by post.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from models.training.data import rows_of
from pipeline.stages.judge.case import Subject
from pipeline.stages.judge.check_worthiness import WEIGHTS, assess, signs
from pipeline.stages.judge.evidence import Item
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements("pipeline.stages.judge", "inputs")

LABELS = Path(__file__).with_name("checkworthy_labels.jsonl")
HALVES = ("tune", "final")
ROUNDS = 2_000


@dataclass(frozen=True)
class Case:
    """A labelled claim: post, label, the keys of each order, and signs."""

    post: str
    label: int
    order: dict[str, tuple[float, ...]]
    signs: list[float]

    @property
    def half(self) -> str:
        """Return `tune` or `final`."""
        return HALVES[int(hashlib.md5(self.post.encode(), usedforsecurity=False).hexdigest(), 16) % 2]


def cases(home: Path) -> list[Case]:
    """Return the labelled claims that HOME holds; print how many it lacks.

    A mention is found by its id or, where the extractor now words it otherwise, by its span if all labels on
    the span agree.
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(home / "work.duckdb", folder)
        store = Store.open(Path(folder) / "work.duckdb")
        store.execute(SQL["key"])
        store.execute(SQL["gather"])
        mentions = store.connection.execute(
            "SELECT document_id, part, start_char, end_char, mention_id, claim_id FROM mentions"
        ).fetchall()
        labels = _labels(mentions)
        subjects = store.read(Subject, SQL["claims"], {"claims": list(labels)})
        items: dict[str, list[Item]] = defaultdict(list)
        for item in store.read(Item, SQL["items"], {"claims": list(labels)}):
            items[item.claim_id].append(item)
        store.close()
    labelled = []
    for subject in subjects:
        post, label = labels[subject.claim_id]
        evidence = items[subject.claim_id]
        newest = min(item.at for item in evidence).timestamp()
        order = {
            "check-worthiness": (assess(subject, evidence).checkworthy, newest),
            "most mentions first": (len(evidence), newest),
            "newest first": (newest,),
        }
        by_name = signs(subject, evidence)
        labelled.append(
            Case(post, label, order, [by_name[name].strength if name in by_name else 0.0 for name in WEIGHTS])
        )
    return labelled


def _labels(mentions: list[tuple[str, str, int, int, str, str]]) -> dict[str, tuple[str, int]]:
    """Return post and label by claim id."""
    by_id = {mention_id: claim_id for *_, mention_id, claim_id in mentions}
    by_post = defaultdict(list)
    for post, part, start, end, _, claim_id in mentions:
        by_post[post, part].append((start, end, claim_id))
    rows = rows_of(LABELS)
    spans = defaultdict(set)
    for row in rows:
        spans[row["id"], row["start"], row["end"]].add(row["label"])
    labelled: dict[str, tuple[str, int]] = {}
    for row in rows:
        claim_id = by_id.get(row["mention"])
        if claim_id is None and len(spans[row["id"], row["start"], row["end"]]) == 1:
            claim_id = next((
                claim for start, end, claim in by_post[row["id"], row["part"]]
                if start < row["end"] and row["start"] < end
            ), None)
        if claim_id is not None:
            labelled.setdefault(claim_id, (row["id"], row["label"]))
    print(f"{len(rows)} labels, {len(labelled)} of their claims found")
    return labelled


def measure(label: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """Return average precision and nDCG@20 of an order without ties (thousands of times: hence not
    scikit-learn's).
    """
    ranked = label[np.argsort(-score, kind="stable")]
    hits = np.flatnonzero(ranked == 2)
    discount = 1 / np.log2(np.arange(2, 22))[: len(ranked)]
    gain = ranked[:20] @ discount / (np.sort(label)[::-1][:20] @ discount)
    return float(np.mean(np.arange(1, len(hits) + 1) / (hits + 1))), float(gain)


def rank(keys: list[tuple[float, ...]]) -> np.ndarray:
    """Return a score without ties: the place of each key in ascending order."""
    score = np.empty(len(keys))
    score[sorted(range(len(keys)), key=lambda i: (keys[i], -i))] = np.arange(len(keys))
    return score


def report(half: str, found: list[Case], rng: np.random.Generator) -> None:
    """Print a row for each order."""
    label = np.array([case.label for case in found])
    print(f"\n{half}: {len(found)} claims, labelled 0, 1, 2: {np.bincount(label).tolist()}")
    print("| order | average precision | nDCG@20 |")
    drawn = np.mean([measure(label, rng.permutation(len(label))) for _ in range(ROUNDS)], axis=0)
    print(f"| random | {drawn[0]:.3f} | {drawn[1]:.3f} |")
    posts = defaultdict(list)
    for number, case in enumerate(found):
        posts[case.post].append(number)
    ranks = {name: rank([case.order[name] for case in found]) for name in reversed(found[0].order)}
    drawn_again: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(ROUNDS):
        sample = np.concatenate([list(posts.values())[i] for i in rng.integers(len(posts), size=len(posts))])
        if (label[sample] == 2).any():
            for name, score in ranks.items():
                drawn_again[name].append(measure(label[sample], score[sample]))
    for name, score in ranks.items():
        low, high = np.percentile(drawn_again[name], [2.5, 97.5], axis=0)
        precision, gain = measure(label, score)
        print(
            f"| {name} | {precision:.3f} ({low[0]:.3f} to {high[0]:.3f}) | {gain:.3f} ({low[1]:.3f} to "
            f"{high[1]:.3f}) |"
        )


def weights(found: list[Case]) -> None:
    """Print what fitted weights would give on `tune`, and the base that fits the equal ones."""
    values, wanted = np.array([case.signs for case in found]), np.array([case.label == 2 for case in found])
    equal = values @ np.array(list(WEIGHTS.values()))
    base = brentq(lambda b: (1 / (1 + np.exp(-b - equal))).sum() - wanted.sum(), -20, 20)
    print(
        f"\ntune: equal weights, average precision {average_precision_score(wanted, equal):.3f}; base that "
        f"fits {base:.2f}"
    )
    groups = [case.post for case in found]
    for strength in (0.1, 0.3, 1.0, 3.0):
        held_out = np.zeros(len(found))
        for train, test in GroupKFold(10).split(values, wanted, groups):
            held_out[test] = LogisticRegression(C=strength).fit(
                values[train], wanted[train]
            ).decision_function(values[test])
        fitted = LogisticRegression(C=strength).fit(values, wanted).coef_[0]
        fitted_text = ", ".join(f"{name} {value:+.2f}" for name, value in zip(WEIGHTS, fitted, strict=True))
        print(
            f"fitted with C = {strength}: {average_precision_score(wanted, held_out):.3f} on held-out folds; "
            f"{fitted_text}"
        )


def main(home: Path) -> None:
    """Print the figures of both halves, and the weights."""
    labelled = cases(home)
    for half in HALVES:
        report(half, [case for case in labelled if case.half == half], np.random.default_rng(0))
    weights([case for case in labelled if case.half == "tune"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
