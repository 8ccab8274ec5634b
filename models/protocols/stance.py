"""The protocols of the models that read a claim and a text together: on which side the text stands, and
whether it bears out the whole of the claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

STANCE_LABELS = ("supports", "denies", "questions", "reports", "unrelated")
"""Where a text can stand toward a claim; a mention, which belongs to its claim, is never *unrelated*."""


@dataclass(frozen=True, slots=True)
class StancePair:
    """A claim and what a mention says, with what it stands in and the speech cues that extract found."""

    claim: str
    quote: str
    context: str | None
    proposition: str
    negated: bool
    certainty: str
    speech_verb: str | None
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StanceOpinion:
    """A stance ("supports", "denies", "questions", "reports"), how sure (0 to 1), and the words that gave it
    away.
    """

    stance: str
    confidence: float
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextPair:
    """A claim and a text, short or long; `context` is what a passage stands in (`passage_context`).

    `likeness` is the cosine of both by the retriever, where it is known; else the model makes it. `followed`
    says that a person chose and worded the claim: such claims are denied far more often than what posts say.
    """

    claim: str
    text: str
    context: str | None = None
    likeness: float | None = None
    followed: bool = False


class StanceModel(Protocol):
    """Says where a mention, or a whole text, stands toward a claim."""

    @property
    def name(self) -> str:
        """Return name and version; stored with each piece of evidence."""

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order."""

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """Return the probabilities (sum 1) of supports, denies, questions, reports and unrelated for each
        pair, in order: `weighed` of what is `told`.
        """

    def promise(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair, in order, how likely it belongs by what is known before it is read: 0 where
        it is not worth reading, 1 for a pair without `likeness`.
        """

    def told(self, pairs: Sequence[TextPair]) -> Sequence[Any]:
        """Return what the model reads of each pair, in order and in a form of its own, before it is weighed.
        """

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[Any], others: Sequence[float] | None = None
                ) -> list[dict[str, float]]:
        """Return the probabilities that `read` returns, from what is `told` of the pairs.

        `others` says of each how surely other documents speak to its claim (0 to 1), where that is known.
        """


class EntailmentModel(Protocol):
    """Says whether a passage bears out the whole of a claim."""

    @property
    def name(self) -> str:
        """Return name and version; stored with each answer."""

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair, in order, how likely its text, with what it stands in, says all that matters
        in its claim.
        """
