"""Turn what encoders say of a pair into the probabilities of belonging and of the four sides.

Fitted by `models/training/relation/calibration.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.probabilities import logistic, softmax
from models.protocols.stance import STANCE_LABELS

Shares = NDArray[np.float64]

AGAINST = [STANCE_LABELS.index("denies"), STANCE_LABELS.index("questions")]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model."""

    weights: Shares
    bias: float

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> Logistic:
        """Return the logistic model of a part of `models/weights/relation.json`."""
        return cls(np.asarray(part["weights"]), float(part["bias"]))

    def __call__(self, inputs: Shares) -> float:
        """Return its probability. Not by a matrix product, whose rounding depends on the number of rows."""
        return float(logistic(np.asarray((inputs * self.weights).sum() + self.bias)))


@dataclass(frozen=True, slots=True)
class Sieve:
    """How likely pairs belong by what claim and text share alone, the features of `models.stance.belonging`;
    those that do with a probability below `least` are not read.
    """

    logistic: Logistic
    least: float

    def promise(self, features: Shares) -> float:
        """Return how likely a pair with such features belongs; 0 where it is not read."""
        likely = self.logistic(features)
        return likely if likely >= self.least else 0.0


class Calibration:
    """What one way of reading needs: by the small encoder, or by both; `part` is its part of
    `models/weights/relation.json`.
    """

    def __init__(self, part: Mapping[str, Any]) -> None:
        self._heats = np.asarray(part["sides"]["heats"], dtype=np.float64)
        self._bias = np.asarray(part["sides"]["bias"], dtype=np.float64)
        self._alone, self._beside = (Logistic.read(part["belonging"][name]) for name in ("alone", "beside"))

    def belongs(self, shares: Shares, features: Shares, others: float | None = None) -> float:
        """Return the probability that a pair belongs together.

        `shares` are the labels' probabilities by each encoder, shape (encoders, 5); `features` are those of
        `models.stance.belonging`; `others` says how surely other documents speak to the claim, where that is
        known.
        """
        inputs = belonging_inputs(shares, features)
        return self._alone(inputs) if others is None else self._beside(np.append(inputs, others))

    def sides(self, shares: Shares) -> Shares:
        """Return the probabilities of the four sides of a pair that belongs together, shape (4,)."""
        return np.asarray(softmax((self._heats @ side_inputs(shares) + self._bias)[None])[0])


@dataclass(frozen=True, slots=True)
class Calibrations:
    """The calibrations of pairs that one encoder has read and that both have, for claims in the words of
    posts and for `followed` ones.
    """

    founded: tuple[Calibration, Calibration]
    followed: tuple[Calibration, Calibration]

    def of(self, shares: Shares, *, followed: bool = False) -> Calibration:
        """Return the calibration for a pair that as many encoders have read as `shares` has rows."""
        return (self.followed if followed else self.founded)[len(shares) - 1]


class RereadThresholds(NamedTuple):
    """From which probabilities of the small encoder on the large one reads a pair again: that it belongs
    (`belongs`), or that it stands against its claim (`against`). Half of the texts against a claim share too
    few of its words to seem to belong.
    """

    belongs: float
    against: float

    def reads(self, related: float, shares: Shares) -> bool:
        """Return True for a pair that is `related` by the small encoder, which gives `shares`, shape (5,)."""
        return related >= self.belongs or shares[AGAINST].sum() >= self.against


def calibrations(card: Mapping[str, Any]) -> Calibrations:
    """Return the calibrations of `models/weights/relation.json`."""
    founded, followed = ((Calibration(card[claims]["small"]), Calibration(card[claims]["both"]))
                         for claims in ("founded", "followed"))
    return Calibrations(founded, followed)


def belonging_inputs(shares: Shares, features: Shares) -> Shares:
    """Return the inputs of belonging: the logarithms of what the encoders say, and the features.

    Where both encoders have read the pair, the features count once more, weighted by how far it stands
    against the claim by the large one, if it belongs: such texts share fewer of the claim's words.
    """
    inputs = [np.log(shares + 1e-4).ravel(), features]
    if len(shares) > 1:
        sides = shares[-1, :4]
        against = sides[AGAINST].sum() / max(sides.sum(), 1e-6)
        inputs += [features * against, np.array([against])]
    return np.concatenate(inputs)


def side_inputs(shares: Shares) -> Shares:
    """Return the logarithms of the four sides' probabilities by each encoder, shape (encoders, 4)."""
    sides = shares[:, :4]
    return np.asarray(np.log(sides / sides.sum(axis=1, keepdims=True) + 1e-6))
