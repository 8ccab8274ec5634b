"""What is found in a text that is checked, and the same as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipeline.core.vocabulary import Certainty, Kind, Precision, Status


class Bearing(StrEnum):
    """What a statement does with a known claim."""

    REPEATS = "repeats"  # says the same, as its own words or as somebody else's
    DENIES = "denies"  # says that it is not so
    QUESTIONS = "questions"  # asks whether it is so, or doubts it
    RIVALS = "rivals"  # says the same of the same subject with another version, figure, date or reading


@dataclass(frozen=True, slots=True)
class FirstSaid:
    """Who said a claim first, in their earliest stored words.

    `name` is the speaker with the source ("Ilse Brandt, in Courier"); `said_at` is None where the time is
    unknown, and counts only to its precision.
    """

    name: str
    source: str
    source_id: str
    url: str | None
    quote: str
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A known claim that a statement speaks to, as it stands in the published copy.

    `sure` is how sure the reading is, 0 to 1. A rival has the `slot` in which the two differ (version,
    number, date, identity) and `differs`: what the statement has there, and what the claim has. `first`
    holds who said it first; of several nobody can tell which was first.
    """

    claim_id: str
    claim: str
    kind: Kind
    bearing: Bearing
    sure: float
    slot: str | None
    differs: tuple[str, str] | None
    status: Status
    reason: str | None
    voices: int
    mentions: int
    first: tuple[FirstSaid, ...]
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A checkable statement: the characters `start` to `end` of the text, verbatim in `quote`.

    `claim` is what it says with attribution and negation taken off, in the words in which *Follow* offers
    it; None in a language whose sentences are not taken apart. `speaker` is who says so, where the text
    names somebody. `known` is empty for what was not seen before.
    """

    start: int
    end: int
    quote: str
    claim: str | None
    kind: Kind
    speaker: str | None
    negated: bool
    certainty: Certainty
    known: tuple[KnownClaim, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to a text.

    `text` is what was checked, as it would be stored (mis-decoded letters mended, controls removed): of a
    link the title of its page, an empty line and its text. Offsets count its code points. `said_at` is when
    it was published, where that is known to the day; `whole` is false where only a beginning or a teaser was
    there to be read. `language` is its two-letter code. `notes` say in plain words what was not read, and
    why. `published_at` is when the copy was published that it was checked against.
    """

    text: str
    url: str | None
    title: str | None
    said_at: datetime | None
    said_precision: Precision
    whole: bool
    language: str
    statements: tuple[CheckedStatement, ...]
    notes: tuple[str, ...]
    published_at: datetime


def as_json(checked: Checked) -> dict[str, Any]:
    """Return the answer as plain values: times in ISO 8601 with their zone, enums as their words."""
    plain: dict[str, Any] = _plain(asdict(checked))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, StrEnum) else value
