"""The things that editors decide about: the rows of `editing.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NamedMention:
    """A mention by its id."""

    mention_id: str
    claim_id: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class NearClaim:
    """A claim that is like another."""

    claim_id: str
    claim: str


@dataclass(frozen=True, slots=True)
class Named:
    """The words of a claim, a mention or a story that a decision names."""

    target: str
    words: str


@dataclass(frozen=True, slots=True)
class NearStory:
    """A story that shares names with another."""

    story_id: str
    title: str


@dataclass(frozen=True, slots=True)
class AboutStory:
    """A decision on a story; `other` is what was merged into it, `claims` are those that left it."""

    kind: str
    editor: str
    decided_at: datetime
    reason: str
    value: str | None
    target: str
    other: str | None
    claims: list[str] | None
