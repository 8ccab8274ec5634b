"""What tracing reads of one claim, and what it finds: statements, their documents, voices, roots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.core.times import bounds
from pipeline.core.vocabulary import (
    ACCOUNT_PLATFORMS,
    HEARSAY,
    RUMOUR,
    Certainty,
    EdgeKind,
    Part,
    Platform,
    Precision,
    Role,
    VoiceKey,
    VoiceKind,
)
from pipeline.text.forums import is_account
from pipeline.text.names import name_key

# A registered domain: of one below it the first part names a section.
_HOST = re.compile(r"(?:www\.)?(?P<label>[a-z0-9-]{4,})\.(?:[a-z]{2,3}\.)?[a-z]{2,}")


def host_key(name: str) -> str:
    """Return the key by which names and hosts are compared: "The Lantern" is the-lantern.example.
    """
    host = _HOST.fullmatch(name)
    return "host " + re.sub(r"^the(?=.{4})|[\W_]", "", host["label"] if host else name_key(name))


@dataclass(frozen=True, slots=True)
class Statement:
    """A member mention of the claim; `organisations` are the claim's."""

    claim_id: str
    mention_id: str
    document_id: str
    part: Part
    start_char: int
    quote: str
    negated: bool
    certainty: Certainty
    speaker: str | None
    speaker_role: Role
    speaker_organisation: str | None
    by_author: bool
    attributed_to: str | None
    organisations: tuple[str, ...]


@dataclass(frozen=True)
class Post:
    """A document with its publisher.

    `group` and `group_name` name the publisher's owner. For an agency's story that another publisher prints
    they name the agency, and `wire` has the words that show it.
    """

    document_id: str
    platform: str
    source_id: str
    source_name: str
    source_role: Role
    organisation: str | None
    author: str | None
    author_name: str | None
    published_at: datetime | None
    published_precision: Precision
    artefact: bool
    group: VoiceKey | None = None
    group_name: str | None = None
    wire: str | None = None
    not_before: datetime | None = None

    @cached_property
    def begins(self) -> datetime | None:
        """Return the first moment at which it may have been published, None where that is not known."""
        stated = bounds(self.published_at, self.published_precision)[0] if self.published_at else None
        return max(filter(None, (stated, self.not_before)), default=None)

    @cached_property
    def ended(self) -> datetime | None:
        """Return the moment by which it was surely published, None where that is not known."""
        return bounds(self.published_at, self.published_precision)[1] if self.published_at else None

    def certainly_after(self, other: Post) -> bool:
        """Return whether this was surely published after `other`; False where a time is unknown."""
        begins, ended = self.begins, other.ended
        return begins is not None and ended is not None and begins >= ended

    @property
    def order(self) -> tuple[bool, datetime | None, str]:
        """Return the key by which posts are sorted: known times first, then the earliest."""
        return (self.published_at is None, self.published_at, self.document_id)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names by which others may cite it: "The Verge: AI" is a section of an outlet, which may
        be cited by its host.
        """
        section = self.source_name.partition(":")[0].strip() if self.group else self.source_name
        of_host = self.group is not None and self.group.kind is VoiceKind.SOURCE  # whose name is the host
        group = self.group_name if self.wire or of_host else None
        return tuple(dict.fromkeys(name for name in (group, self.source_name, section) if name))

    @property
    def named_by_host(self) -> bool:
        """Return whether nothing but its host names the publisher: "the-lantern.example"."""
        return not self.forum_account and _HOST.fullmatch(self.source_name) is not None

    @property
    def forum_account(self) -> bool:
        """Return whether a forum's user posted it: such names are chosen freely, and mean nobody else."""
        return is_account(Platform(self.platform), self.source_id)

    @property
    def nameless(self) -> bool:
        """Return whether an unknown account posted it: its source lists the posts of many."""
        account = self.source_id.startswith(f"{self.platform}:")
        return self.platform in ACCOUNT_PLATFORMS and not account and self.organisation is None

    @property
    def publisher(self) -> frozenset[str]:
        """Return the names under which the publisher may stand as a speaker."""
        account = self.source_id.partition(":")[2] or self.source_id
        names = (self.source_name, self.author, self.author_name, account)
        return frozenset(name_key(name) for name in names if name) - {""}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks; equal keys are one voice."""

    key: VoiceKey
    name: str

    @classmethod
    def of(cls, kind: VoiceKind, name: str, shown: str | None = None) -> Voice:
        """Return the voice that bears a name; a name without letters and digits is its own key."""
        return cls(VoiceKey.of(kind, name_key(name) or name), shown or name)


NO_VOICE = Voice(HEARSAY, RUMOUR)


@dataclass(frozen=True, slots=True)
class Root:
    """Where a statement comes from.

    `via` is the first step's sign; `undecided` where copies have no known order.
    """

    voice: Voice
    post: Post
    statement: Statement | None
    via: EdgeKind | None = None
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """A document that says nothing of the claim; a document that speaks for it, or against it, leads here.

    `handed_on` says that the latter may have taken its words from here.
    """

    document_id: str
    negated: bool
    handed_on: bool


Place = Statement | Silent
"""Where a statement may have been taken from, or the way to it."""


@dataclass(frozen=True, slots=True)
class Way:
    """One document follows another, or nearly repeats it; `words` carry the link.

    `surplus`: so many other ways come first that this one is followed only to a document that speaks of the
    claim.
    """

    document_id: str
    origin_document_id: str
    kind: EdgeKind
    words: str | None = None
    surplus: bool = False
