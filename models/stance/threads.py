"""Where the posts of a thread stand toward its first one, and what became of the claim: two logistic models over plain signs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.protocols import StanceModel, TextPair, Thread, ThreadModel, ThreadOpinion
from models.stance.model import softmax
from models.stance.thread_features import place, post_signs, source_of, thread_signs


@dataclass(frozen=True, slots=True)
class Logistic:
    """A multinomial logistic model; `weights` has a row for each answer and a column for each sign."""

    answers: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def shares(self, signs: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each answer: shape (rows, answers)."""
        return softmax(signs @ self.weights.T + self.bias)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Logistic:
        """The model as it stands in the weights' file."""
        return cls(tuple(given["answers"]), np.asarray(given["weights"]), np.asarray(given["bias"]))


@dataclass(frozen=True, slots=True)
class SignThreads:
    """Reads each post by its signs, and the thread by what its posts say."""

    name: str
    stance: Logistic
    veracity: Logistic

    def judge(self, thread: Thread, stance: StanceModel) -> ThreadOpinion:
        """The opinion on one thread, its posts' stances in the thread's order."""
        signs = post_signs(thread, stance.read(pairs(thread)))
        shares = self.stance.shares(signs)
        fate = self.veracity.shares(thread_signs(thread, signs, shares)[None])[0]
        said = tuple(self.stance.answers[place] for place in shares.argmax(axis=1))
        return ThreadOpinion(said, self.veracity.answers[int(fate.argmax())])


def pairs(thread: Thread) -> list[TextPair]:
    """Each post of a thread beside the thread's first one, as a stance model reads it."""
    claim = source_of(thread).text
    return [TextPair(claim, item.post.text, item.parent.text if item.parent else None) for item in place(thread)]


def load() -> ThreadModel:
    """The model whose weights come with the project."""
    given = json.loads(files("models").joinpath("weights/threads.json").read_text("utf-8"))
    return SignThreads(given["name"], Logistic.read(given["stance"]), Logistic.read(given["veracity"]))
