"""The protocol of a language model, which finds passages, mentions and speakers in texts, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    `pipeline.core.vocabulary`.

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
