"""The figures that tell how well labels were found."""

from __future__ import annotations

from collections.abc import Sequence

BINS = 15


def accuracy(labels: Sequence[str], found: Sequence[str]) -> float:
    """The share of right answers; there is at least one."""
    return sum(one == other for one, other in zip(labels, found, strict=True)) / len(labels)


def f1(labels: Sequence[str], found: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """The F1 of each name that occurs among labels or answers, in the names' order; elsewhere it is not defined."""
    scores = {}
    for name in names:
        right = sum(one == other == name for one, other in zip(labels, found, strict=True))
        told = labels.count(name) + found.count(name)
        if told:
            scores[name] = 2 * right / told
    return scores


def macro_f1(labels: Sequence[str], found: Sequence[str], names: Sequence[str]) -> float:
    """The mean of the names' F1 where it is defined."""
    scores = f1(labels, found, names)
    return sum(scores.values()) / len(scores)


def calibration_error(right: Sequence[bool], sure: Sequence[float], bins: int = BINS) -> float:
    """The expected calibration error (Naeini, Cooper & Hauskrecht 2015): how far the stated probability of the answers lies
    from the share of right ones, averaged over bins of equal width by how many answers each holds."""
    members: list[list[int]] = [[] for _ in range(bins)]
    for number, probability in enumerate(sure):
        members[min(bins - 1, int(probability * bins))].append(number)
    gaps = (abs(sum(right[n] for n in held) - sum(sure[n] for n in held)) for held in members)
    return sum(gaps) / len(right)
