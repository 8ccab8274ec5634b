"""The protocol of the model that says which sentences may found a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was written from words of a text and may found a claim, as `FoundMention` has it."""

    claim: str
    quote: str
    context: str | None
    part: str
    kind: str
    negated: bool
    certainty: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Founding:
    """How likely a sentence stands alone, is warranted and checkable, 0 to 1.

    `reason` is what is seen to speak against it, should it be withheld: nobody wrote it in these words
    (`reworded`, whose probability is 0), it asks or doubts (`asks`), it points to something that it does not
    name (`points`), or none of these (`unsound`). `kind` is what the sentence is about,
    whoever wrote it; None where no model tells it, and the kind by the rules stays.
    """

    probability: float
    reason: str
    kind: str | None = None


class Founder(Protocol):
    """Says which sentences may found a claim."""

    @property
    def name(self) -> str:
        """Return name and version; stored with what was withheld."""

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        """Return what it finds of each sentence, in order."""

    def kind(self, sentence: str, by_rule: str) -> str:
        """Return what a sentence that an editor wrote is about; `by_rule` is its kind by `Statement`, which
        stays where no model tells it.
        """
