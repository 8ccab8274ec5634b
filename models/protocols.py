"""The protocols and records of models. Stages see these, never an implementation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One version of one document, with what is known of who published it and when.

    `author` is the account or byline, `host` the host of its canonical URL with the first part of its path
    ("github.com/NAME"), `parent` the text that it replies to.
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
    """A claim-bearing span that a language model found; enum values are the strings of
    `pipeline.core.records`.

    `start` and `end` count code points in `part` ("title" or "text"). `speaker` is None where nobody is
    named; `by_author` says that the publishing account speaks for itself.
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
class FoundPassage:
    """A sentence, or a whole short post, that names something tracked or stands where such a name was given.

    `start` and `end` count code points in `part`. `names` and `organisations` are said in it, `inherited` are
    names from what it stands in: the title, the answered post, the sentences before. `numbers` are its
    figures with their units.
    """

    part: str
    start: int
    end: int
    names: tuple[str, ...]
    organisations: tuple[str, ...]
    inherited: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundSpeech:
    """How one sentence is said, where that is not the publisher's plain assertion.

    `voice` is author, named, staff, expert, community or anonymous; `speaker` is None where nobody is named.
    """

    part: str
    start: int
    end: int
    voice: str
    speaker: str | None
    speaker_organisation: str | None
    speech_verb: str | None
    attributed_to: str | None
    certainty: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What is found in one document's text: statements, every passage, and who speaks where.

    `sentences` are sentences that name something tracked, assert it, and hold no statement of `mentions` in
    the words of the text: each whole. `author` is who speaks where nobody is quoted (None: nobody named),
    with the organisation behind them.
    """

    mentions: tuple[FoundMention, ...] = ()
    sentences: tuple[FoundMention, ...] = ()
    passages: tuple[FoundPassage, ...] = ()
    speech: tuple[FoundSpeech, ...] = ()
    author: str | None = None
    author_organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence that an editor wrote is about, as `FoundMention` has it."""

    kind: str
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    numbers: tuple[str, ...]
    event_at: datetime | None
    event_precision: str


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name, its type (organisation, evaluator, model, benchmark, person, venue, hardware) and the
    organisation it belongs to. An evaluator is an organisation that measures other organisations' models.
    """

    name: str
    type: str
    owner: str | None


class Language(Protocol):
    """Finds passages, mentions and speakers in texts."""

    @property
    def name(self) -> str:
        """Return name and version of everything that decides the outcome; stored with each mention."""

    def language_of(self, passage: DocumentText) -> str:
        """Return the two-letter code of the language that a passage is written in."""

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading | None]:
        """Yield the reading of each text, in the texts' order; mentions and passages in reading order.

        A text in a language that the model does not parse has passages and no mentions. None stands for a
        text that takes longer to read than it may. What breaks the model is raised.
        """

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        """Return what a sentence is about; its relative times count from `when`."""

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        """Yield what is known of each of these names, as mentions give them; an unknown one is left out."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Return name and version of the weights; stored with each vector."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, one row a text: shape (len(texts), dimension)."""


@dataclass(frozen=True, slots=True)
class Retriever:
    """What makes vectors of claims and of passages that may speak to them, to be compared with each other."""

    claims: Embedder
    passages: Embedder


STANCE_LABELS = ("supports", "denies", "questions", "reports", "unrelated")
"""Where a text can stand toward a claim; a mention, which belongs to its claim, is never *unrelated*."""
THREAD_STANCES = ("support", "deny", "query", "comment")
VERACITIES = ("true", "false", "unverified")
"""A post's stances toward the first one, and what that one's claim can turn out to be (RumourEval 2017)."""


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
    name (`points`), or none of these (`unsound`).
    """

    probability: float
    reason: str


class Founder(Protocol):
    """Says which sentences may found a claim."""

    @property
    def name(self) -> str:
        """Return name and version; stored with what was withheld."""

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        """Return what it finds of each sentence, in order."""


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


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """One post of a thread; `in_reply_to` is the id of the post that it answers, `time` is in Unix seconds.
    """

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
    """Each post's stance ("support", "deny", "query", "comment") and the claim's veracity ("true", "false",
    "unverified").
    """

    stances: tuple[str, ...]
    veracity: str


class ThreadModel(Protocol):
    """Reads whole threads."""

    def judge(self, thread: Thread, stance: StanceModel) -> ThreadOpinion:
        """Return the opinion on a thread, its posts' stances in the thread's order; `stance` reads each
        toward the first.
        """


class Models(Protocol):
    """The models of one run."""

    @property
    def language(self) -> Language:
        """Return the model that finds mentions."""

    @property
    def embedder(self) -> Embedder:
        """Return the model that makes vectors."""

    @property
    def retriever(self) -> Retriever:
        """Return the models by which passages are searched for."""

    @property
    def stance(self) -> StanceModel:
        """Return the model that judges where a mention stands."""

    @property
    def entailment(self) -> EntailmentModel:
        """Return the model that judges whether a passage bears out the whole of a claim."""

    @property
    def founder(self) -> Founder:
        """Return the model that judges which sentences may found a claim."""
