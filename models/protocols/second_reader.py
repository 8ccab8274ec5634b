"""The protocol of a second reader, which gives its opinion on one passage and one claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.protocols.stance import TextPair


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Where a passage stands toward a claim (one of `STANCE_LABELS`), and its words that say so."""

    relation: str
    quotation: str


class NoAnswer(Exception):
    """A second reader could not be heard, or not be understood; it may answer another time.

    `rejected`: it would not have the question in this form.
    """

    def __init__(self, words: str, *, rejected: bool = False) -> None:
        super().__init__(words)
        self.rejected = rejected


class AnswerRefused(Exception):
    """A second reader answered with what is no opinion, or with words that the passage does not have."""


class SecondReader(Protocol):
    """Reads one passage beside one claim, as the relation model does, and shows by which words."""

    @property
    def name(self) -> str:
        """Return the name that is stored and shown with each opinion."""

    def read(self, pair: TextPair) -> SecondOpinion:
        """Return its opinion, whose quotation stands in the passage to the letter.

        Raises NoAnswer and AnswerRefused.
        """
