"""What the pipeline asks of a model. Stages see these protocols and records, never an implementation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Passage:
    """One version of one document, with what is known of who published it and when.

    `author` is the account or byline, `host` the host of its canonical URL, `parent` the text that it replies to.
    """

    title: str | None
    text: str
    platform: str
    host: str
    author: str | None
    author_name: str | None
    source_name: str
    source_role: str
    source_organisation: str | None
    published_at: datetime | None
    language: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class FoundMention:
    """A claim-bearing span as a language model found it; enum values are the strings of `pipeline.core.records`.

    `start` and `end` count code points in `part` ("title" or "text"). `speaker` is None where nobody is named;
    `by_author` says that the publishing account speaks for itself.
    """

    part: str
    start: int
    end: int
    proposition: str
    kind: str
    speaker: str | None
    by_author: bool
    speaker_organisation: str | None
    speaker_role: str
    speech_verb: str | None
    attributed_to: str | None
    negated: bool
    certainty: str
    event_at: datetime | None
    event_precision: str
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    numbers: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownName:
    """What a name is (organisation, model, benchmark, person, venue, hardware), and to which organisation it belongs."""

    name: str
    type: str
    owner: str | None


class Language(Protocol):
    """Finds the mentions in texts."""

    @property
    def name(self) -> str:
        """Name and version of everything that decides the outcome; stored with each mention."""

    def language_of(self, passage: Passage) -> str:
        """The two-letter code of the language that a passage is written in."""

    def read(self, passages: Iterable[Passage]) -> Iterator[list[FoundMention]]:
        """The mentions of each passage, in the passages' order and in reading order within one.

        A passage in a language that the model does not read has none.
        """

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        """What each of these names, as mentions give them, is; one that is not known is left out."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Name and version of the weights; stored with each vector."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text: shape (len(texts), dimension)."""


STANCE_LABELS = ("supports", "denies", "questions", "reports", "unrelated")
"""Where a text can stand toward a claim; a mention, which belongs to its claim, is never *unrelated*."""
THREAD_STANCES = ("support", "deny", "query", "comment")
VERACITIES = ("true", "false", "unverified")
"""Where a post of a thread can stand toward its first one, and what can become of that one's claim (RumourEval 2017)."""


@dataclass(frozen=True, slots=True)
class StancePair:
    """A claim and what a mention says, with the speech cues that extract found."""

    claim: str
    quote: str
    context: str
    proposition: str
    negated: bool
    certainty: str
    speech_verb: str | None
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StanceOpinion:
    """A stance ("supports", "denies", "questions", "reports"), how sure (0 to 1), and the words that gave it away."""

    stance: str
    confidence: float
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextPair:
    """A claim and a whole text, short or long; for a reply, `parent` is the text of the post that it answers."""

    claim: str
    text: str
    parent: str | None = None


class StanceModel(Protocol):
    """Says where a mention, or a whole text, stands toward a claim."""

    @property
    def name(self) -> str:
        """Name and version; stored with each piece of evidence."""

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """One opinion for each pair, in order."""

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """For each pair, in order, the probabilities (sum 1) of supports, denies, questions, reports and unrelated."""


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """One post of a thread; `in_reply_to` is the id of the post that it answers, `time` is in Unix seconds."""

    id: str
    in_reply_to: str | None
    time: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A post that makes a claim and what was answered to it, in any order; there is at least one post."""

    posts: tuple[ThreadPost, ...]


@dataclass(frozen=True, slots=True)
class ThreadOpinion:
    """Each post's stance ("support", "deny", "query", "comment") and what the claim seems to be ("true", "false", "unverified")."""

    stances: tuple[str, ...]
    veracity: str


class ThreadModel(Protocol):
    """Reads whole threads."""

    def judge(self, thread: Thread, stance: StanceModel) -> ThreadOpinion:
        """The opinion on one thread, its posts' stances in the thread's order; `stance` reads each toward the first."""


class Models(Protocol):
    """The models of one run."""

    @property
    def language(self) -> Language:
        """Finds mentions."""

    @property
    def embedder(self) -> Embedder:
        """Makes vectors."""

    @property
    def stance(self) -> StanceModel:
        """Says where a mention stands."""
