"""The things that editors decide about: the rows of `editing.sql`."""

from __future__ import annotations

from dataclasses import dataclass


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
    """The words of a claim or a mention that a decision names."""

    target: str
    words: str
