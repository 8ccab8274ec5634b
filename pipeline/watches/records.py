"""A watch: a saved filter of claims with a name, its owner, the ways to tell of it, and a rhythm."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import idna

from pipeline.core.errors import DataError
from pipeline.published.claim_filter import ClaimFilter, checked

LONGEST_NAME = 80
LONGEST_ADDRESS = 2_000


class Rhythm(StrEnum):
    """When a watch tells: with every run and revisit, with each nightly run, or on Mondays."""

    AT_ONCE = "at once"
    NIGHTLY = "nightly"
    WEEKLY = "weekly"


class Channel(StrEnum):
    """A way in which a watch tells."""

    ATOM = "atom"
    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of every day in which nothing is sent, on the clock of a watch's zone; they may span midnight."""

    begins: time
    ends: time

    @classmethod
    def of(cls, words: str) -> QuietHours | None:
        """Return the hours of words like "22:00-07:00", None for "". Raises DataError for any others."""
        if not words.strip():
            return None
        match = re.fullmatch(r"(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)", words.strip())
        try:
            begins, ends = (time(int(match[n]), int(match[n + 1])) for n in (1, 3)) if match else (None, None)
        except ValueError:
            begins = ends = None
        if begins is None or ends is None or begins == ends:
            raise DataError(f"{words[:40]!r} are not quiet hours: write them as 22:00-07:00")
        return cls(begins, ends)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


@dataclass(frozen=True, slots=True)
class WatchDraft:
    """All of a watch that its owner chooses.

    `mail` is one address and `webhook` one URL, each empty where the watch does not tell that way; `atom` has
    a feed of its own written. `quiet` is on the clock of `zone`, an IANA name such as "Europe/Berlin".
    """

    name: str
    owner: str
    filter: ClaimFilter
    atom: bool = False
    mail: str = field(default="", repr=False)
    webhook: str = field(default="", repr=False)
    rhythm: Rhythm = Rhythm.NIGHTLY
    quiet: QuietHours | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(WatchDraft):
    """A watch that is kept. `token` stands in the address that stops its mail, to `mail` alone; nobody can
    guess it.

    `mail_stopped_at` is when that reader stopped it, None as long as it is sent.
    `paused_at` is since when it tells nothing, None while it does.
    """

    watch_id: str
    token: str = field(repr=False)
    created_at: datetime
    mail_stopped_at: datetime | None
    paused_at: datetime | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Return the ways in which it tells now: none while it is paused."""
        if self.paused_at:
            return ()
        by_mail = bool(self.mail) and self.mail_stopped_at is None
        on = {Channel.ATOM: self.atom, Channel.MAIL: by_mail, Channel.WEBHOOK: bool(self.webhook)}
        return tuple(channel for channel, used in on.items() if used)


@dataclass(frozen=True, slots=True)
class FaultyWatch:
    """A watch that is kept but cannot be read, as one of another version; `fault` says why, and names it by
    its id alone. It tells nothing.
    """

    watch_id: str
    name: str
    owner: str
    fault: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever has a link that stops the mail of `watch`, which has the token and the stop of that link.

    `mailed`: the watch mails to the address of the link now. `known`: there is such an address; of a link
    older than the list of readers nobody may know to whom it was mailed.
    """

    watch: Watch
    known: bool
    mailed: bool

    @property
    def stopped_at(self) -> datetime | None:
        """Return when the mail was stopped with this link, None as long as it was not."""
        return self.watch.mail_stopped_at


_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")


def checked_draft(draft: WatchDraft) -> None:
    """Raise DataError where a watch cannot be kept as `draft` has it; the message names no address."""
    for label, text in (("name", draft.name), ("owner", draft.owner)):
        if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
            raise DataError(f"a watch has a {label} of 1 to {LONGEST_NAME} characters on one line")
    if not (draft.atom or draft.mail or draft.webhook):
        raise DataError("a watch tells by Atom, by mail or to a webhook: choose one or more")
    if draft.mail and mail_address(draft.mail) is None:
        raise DataError("the mail address of a watch is one address, such as desk@paper.example")
    if draft.webhook and not is_web_address(draft.webhook):
        raise DataError("the webhook of a watch is one address that begins with https:// or http://")
    try:
        ZoneInfo(draft.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError(f"{draft.zone[:40]!r} is not a time zone: write it as Europe/Berlin or UTC") from None
    checked(draft.filter)


def mail_address(text: str) -> str | None:
    """Return one plain mail address as it is sent to; None for what is none, or has a name or quotes."""
    local, _, domain = text.strip().rpartition("@")
    if not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or ".." in local:
        return None
    try:
        host = idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    return f"{local}@{host}" if len(local) + len(host) < 254 and re.fullmatch(r"[a-z0-9.-]+", host) else None


def is_web_address(text: str) -> bool:
    """Return whether `text` is an http(s) address without a password, of printable ASCII."""
    if len(text) > LONGEST_ADDRESS or not re.fullmatch(r"[!-~]+", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not (
            "@" in parts.netloc or (parts.port or 1) < 1)
    except ValueError:
        return False
