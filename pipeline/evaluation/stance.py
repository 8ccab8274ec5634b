"""What `rumortrail eval stance` measures. No label of the input ever reaches a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.protocols.stance import STANCE_LABELS, StanceModel, TextPair
from pipeline.core.context import Progress, silent
from pipeline.core.errors import ConfigError
from pipeline.evaluation.rows import StanceRow

# The probability of a label that is not allowed goes to the first of these that is. A text that asks takes no
# side, and so reports; one that reports takes no side either, like one that says nothing of it. A denial is
# nearest to a doubt. With only the two sides allowed, a text that merely passes a claim on helps it spread.
NEAREST = {
    "supports": ("reports", "questions", "unrelated", "denies"),
    "denies": ("questions", "reports", "unrelated", "supports"),
    "questions": ("reports", "unrelated", "denies", "supports"),
    "reports": ("unrelated", "questions", "supports", "denies"),
    "unrelated": ("reports", "questions", "supports", "denies"),
}
BATCH = 500
BINS = 15  # of the calibration error


def allowed_labels(given: str) -> tuple[str, ...]:
    """Return the labels of a list with commas, in their usual order. Raises ConfigError for anything else."""
    asked = [name.strip() for name in given.split(",") if name.strip()]
    if not asked or set(asked) - set(STANCE_LABELS):
        raise ConfigError(f"--labels {given!r}: the labels are {','.join(STANCE_LABELS)}, and one at least "
                          f"is needed")
    return tuple(label for label in STANCE_LABELS if label in asked)


def restrict(shares: Mapping[str, float], labels: Sequence[str]) -> dict[str, float]:
    """Return probabilities over the allowed labels (one at least); others go to the nearest label.

    Where *unrelated* is not allowed, every text is known to speak to its claim: its share is left out of
    account.
    """
    restricted = dict.fromkeys(labels, 0.0)
    considered = {label: share for label, share in shares.items()
                  if label != "unrelated" or label in restricted}
    total = sum(considered.values())
    total = total if total > 1e-9 else 0.0
    for label, share in (considered if total else shares).items():
        restricted[next(near for near in (label, *NEAREST[label]) if near in restricted)] += share
    scale = max(1.0, sum(shares.values()) / total) if total else 1.0
    return {label: share * scale for label, share in restricted.items()}


def eval_stance(
    rows: Sequence[StanceRow], model: StanceModel, labels: Sequence[str] = STANCE_LABELS,
    progress: Progress = silent
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Say where each text stands toward its claim.

    Returns over the rows whose label is allowed: n, accuracy, macro_f1, f1 by label, ece (15 bins), and
    `left_out`, the number of rows with another label; n alone where no row has one. And the predictions `{id,
    label, score}`.
    """
    opinions: list[tuple[str, float]] = []
    for start in range(0, len(rows), BATCH):
        progress("stance", start, len(rows))
        for shares in model.read([_pair(row) for row in rows[start : start + BATCH]]):
            restricted = restrict(shares, labels)
            label = max(labels, key=restricted.__getitem__)
            opinions.append((label, round(restricted[label], 6)))
    progress("stance", len(rows), len(rows))
    answers = list(zip(rows, opinions, strict=True))
    predictions = [{"id": row.id, "label": label, "score": score} for row, (label, score) in answers]
    judged = [(row.label or "", *answer) for row, answer in answers if row.label in labels]
    if not judged:
        return {"n": len(rows)}, predictions
    truth, predicted = [label for label, _, _ in judged], [label for _, label, _ in judged]
    right = [expected == answer for expected, answer in zip(truth, predicted, strict=True)]
    return {
        "n": len(judged),
        **label_scores(truth, predicted, labels),
        "ece": calibration_error(right, [score for _, _, score in judged]),
        "left_out": sum(row.label is not None and row.label not in labels for row in rows),
    }, predictions


def _pair(row: StanceRow) -> TextPair:
    return TextPair(row.claim, row.text, row.context, followed=True)


def label_scores(labels: Sequence[str], answers: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return accuracy, macro_f1 and f1 of answers, of which there is one at least.

    F1 is given by name and averaged over those of `names` that occur among labels or answers; it is not
    defined for others.
    """
    from sklearn.metrics import accuracy_score, f1_score  # takes a second, which no other command should

    present = [name for name in names if name in labels or name in answers]
    f1 = f1_score(labels, answers, labels=present, average=None, zero_division=0.0).tolist()
    scores = dict(zip(present, f1, strict=True))
    return {"accuracy": float(accuracy_score(labels, answers)), "macro_f1": float(np.mean(f1)), "f1": scores}


def calibration_error(right: Sequence[bool], sure: Sequence[float], bins: int = BINS) -> float:
    """Return the expected calibration error (Naeini, Cooper & Hauskrecht 2015), from 0 to 1.

    It is how far the stated probability of the answers lies from the share of right ones, averaged over bins
    of equal width by how many answers each holds.
    """
    members: list[list[int]] = [[] for _ in range(bins)]
    for number, probability in enumerate(sure):
        members[min(bins - 1, int(probability * bins))].append(number)
    gaps = (abs(sum(right[n] for n in numbers) - sum(sure[n] for n in numbers)) for numbers in members)
    return sum(gaps) / len(right)
