"""Judge the posts of a thread and the claim that it begins with: two logistic models over plain features."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.passage_context import passage_context
from models.probabilities import softmax
from models.protocols.stance import StanceModel, TextPair
from models.protocols.threads import Thread, ThreadModel, ThreadOpinion
from models.stance.thread_features import place, post_features, source_of, thread_features


@dataclass(frozen=True, slots=True)
class MultinomialLogistic:
    """A multinomial logistic model; `weights` has a row for each answer and a column for each feature."""

    answers: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def shares(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each answer: shape (rows, answers)."""
        return softmax(features @ self.weights.T + self.bias)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> MultinomialLogistic:
        """Return the model from its table in the weights' file."""
        return cls(tuple(table["answers"]), np.asarray(table["weights"]), np.asarray(table["bias"]))


@dataclass(frozen=True, slots=True)
class FeatureThreads:
    """Judges each post by its features, and the thread by its posts' stances."""

    name: str
    stance: MultinomialLogistic
    veracity: MultinomialLogistic

    def judge(self, thread: Thread, stance: StanceModel) -> ThreadOpinion:
        """Return the opinion on one thread, its posts' stances in the thread's order."""
        features = post_features(thread, stance.read(pairs(thread)))
        shares = self.stance.shares(features)
        veracities = self.veracity.shares(thread_features(thread, features, shares)[None])[0]
        stances = tuple(self.stance.answers[index] for index in shares.argmax(axis=1))
        return ThreadOpinion(stances, self.veracity.answers[int(veracities.argmax())])


def pairs(thread: Thread) -> list[TextPair]:
    """Return each post of a thread beside the thread's first one, as a stance model reads it."""
    claim = source_of(thread).text
    parent_texts = [item.parent.text if item.parent else None for item in place(thread)]
    return [TextPair(claim, item.post.text, passage_context(None, text, None), followed=True)
            for item, text in zip(place(thread), parent_texts, strict=True)]


def load() -> ThreadModel:
    """Return the shipped model."""
    table = json.loads(files("models").joinpath("weights/threads.json").read_text("utf-8"))
    stance, veracity = (MultinomialLogistic.read(table[part]) for part in ("stance", "veracity"))
    return FeatureThreads(table["name"], stance, veracity)
