"""Ownership as data (`publishers.toml`): which sources are one group, and which agency's story a text is."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import tldextract
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from pipeline.core.errors import ConfigError
from pipeline.core.vocabulary import Platform, VoiceKey, VoiceKind

# On these platforms the outlet itself publishes, so that its host names the owner.
OUTLETS = frozenset({Platform.NEWS, Platform.BLOG, Platform.FILE, Platform.OTHER})
HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}")
# Words that credit a picture, not a story.
PICTURE = re.compile(r"\b(?:photo|image|picture|illustration|video|getty|foto|bild)", re.IGNORECASE)
HEAD, TAIL = 400, 300  # characters of a text in which an agency's mark may stand
ALLOWED = {
    "shared": "a list of hosts in quotes",
    "family": "written as [[family]]",
    "agency": "written as [[agency]]",
    "id": "a text of a-z, 0-9 and -",
    "name": "a text in quotes",
    "hosts": 'a list of hosts in quotes, each as "news.example"',
    "sources": "a list of texts in quotes",
    "marks": "a list of texts in quotes",
}
_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

Text = Annotated[str, StringConstraints(pattern=r"\S")]
Host = Annotated[str, StringConstraints(pattern=rf"^{HOST.pattern}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Family(_Model):
    """Outlets and accounts of one owner, as the file has them."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Text
    hosts: list[Host] = []
    sources: list[Text] = []


class Agency(Family):
    """A news agency; `marks` are the names by which others print that a story is the agency's."""

    marks: list[Text] = []


class Ownership(_Model):
    """A file of ownership; on the hosts that are `shared` everybody publishes for themselves."""

    shared: list[Text] = []
    family: list[Family] = []
    agency: list[Agency] = []


@dataclass(frozen=True, slots=True)
class PublisherGroup:
    """Publishers that are one voice, whose key is `key`."""

    key: VoiceKey
    name: str


@dataclass(frozen=True)
class Publishers:
    """Finds the group that a source belongs to, and the agency that wrote a text."""

    by_host: dict[str, PublisherGroup]
    by_source: dict[str, PublisherGroup]
    agencies: dict[str, PublisherGroup]  # by mark
    shared: frozenset[str]
    digest: str

    @classmethod
    def load(cls, extension: Path | None = None) -> Publishers:
        """Read the ownership that comes with Rumortrail, extended by the file of the same form that is given.

        Raises ConfigError that names every failure of that file.
        """
        tables = [tomllib.loads(files(__package__).joinpath("publishers.toml").read_text("utf-8"))]
        if extension is not None:
            try:
                tables.append(tomllib.loads(extension.read_text("utf-8")))
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"[trace] families = {str(extension)!r} cannot be read: {error}") from error
            except tomllib.TOMLDecodeError as error:
                raise ConfigError(f"{extension} is not valid TOML: {error}") from error
        try:
            ownership = [Ownership.model_validate(table) for table in tables]
        except ValidationError as error:
            failures = [_failure(failure) for failure in error.errors()]
            message = "\n  ".join([f"{extension} has {len(failures)} mistake(s):", *failures])
            raise ConfigError(f"{message}\nCompare docs/trace.md.") from error
        digest = hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:16]
        return cls._of(ownership, digest)

    @classmethod
    def _of(cls, tables: list[Ownership], digest: str) -> Publishers:
        by_host: dict[str, PublisherGroup] = {}
        by_source: dict[str, PublisherGroup] = {}
        agencies: dict[str, PublisherGroup] = {}
        for table in tables:
            for entry in (*table.family, *table.agency):
                group = PublisherGroup(VoiceKey.of(VoiceKind.HOUSE, entry.id), entry.name)
                by_host |= {host.lower(): group for host in entry.hosts}
                by_source |= dict.fromkeys(entry.sources, group)
                if isinstance(entry, Agency):
                    agencies |= dict.fromkeys(entry.marks, group)
        shared = frozenset(host.lower() for table in tables for host in table.shared)
        return cls(by_host, by_source, agencies, shared, digest)

    def group_of(self, source_id: str, platform: str, url: str | None) -> PublisherGroup | None:
        """Return the family of a source, else the outlet that its host names; None where neither is known."""
        if source_id in self.by_source:
            return self.by_source[source_id]
        if platform not in OUTLETS:
            return None
        try:
            host = urlsplit(url or "").hostname or (source_id if HOST.fullmatch(source_id) else "")
        except ValueError:  # an address such as "http://[" has no host
            return None
        parts = _registered(host.lower())
        labels = [label for label in f"{parts.subdomain}.{parts.domain}.{parts.suffix}".split(".") if label]
        if parts.ipv4 or parts.ipv6 or len(labels) < 2:
            return None
        parent_hosts = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        if owner_group := next((self.by_host[name] for name in parent_hosts if name in self.by_host), None):
            return owner_group
        # The last two labels where the public suffix is not known.
        domain = parts.top_domain_under_public_suffix or parent_hosts[-1]
        return None if domain in self.shared else PublisherGroup(VoiceKey.of(VoiceKind.OUTLET, domain),
                                                                 domain)

    def agency(self, head: str, tail: str,
               bylines: Iterable[str | None]) -> tuple[PublisherGroup, str] | None:
        """Return whose story a text is, and the words that show it; None where it bears no agency's mark.

        `head` and `tail` are its first HEAD and last TAIL characters, `bylines` its author as it is named.
        """
        for byline in bylines:
            if byline and (match := self._byline.fullmatch(byline.strip())):
                return self.agencies[match["mark"]], byline.strip()
        for pattern, text in ((self._dateline, head), (self._via, head), (self._via, tail),
                              (self._credit, tail)):
            for match in pattern.finditer(text):
                if not PICTURE.search(text[text.rfind("\n", 0, match.start()) + 1 : match.start()]):
                    return self.agencies[match["mark"]], " ".join(match.group().split())
        return None

    @cached_property
    def _marks(self) -> str:
        return "|".join(re.escape(mark) for mark in sorted(self.agencies, key=len, reverse=True))

    @cached_property
    def _byline(self) -> re.Pattern[str]:
        return re.compile(rf"(?:[Bb]y )?(?P<mark>{self._marks})(?: [Ss]taff(?: [Ww]riters?)?"
                          rf"| [Nn]ews [Aa]gency)?")

    @cached_property
    def _dateline(self) -> re.Pattern[str]:
        """Match an agency before a dash, as in `LONDON, March 2 (Reuters) -` or `Berlin (dpa/tmn) -`."""
        return re.compile(rf"\((?P<mark>{self._marks})(?:/\w+)?\)\s*[-–—]")

    @cached_property
    def _via(self) -> re.Pattern[str]:
        """Match `via AFP` at the end of a line or of a parenthesis."""
        return re.compile(rf"(?m)\b[Vv]ia (?P<mark>{self._marks})\b(?=[\s.,]*(?:$|\)))")

    @cached_property
    def _credit(self) -> re.Pattern[str]:
        """Match a line `© Reuters 2026` or `Source: dpa`; near a text's start it stands under a picture."""
        return re.compile(
            rf"(?m)^\s*(?:©|\([cC]\)|Copyright|Source:|Quelle:)\s*(?:\d{{4}} )?"
            rf"(?P<mark>{self._marks})\b(?=(?: \d{{4}})?[\s.]*$)"
        )

def _failure(error: Any) -> str:
    """Say which key is wrong, what stands there and what may stand there."""
    place = error["loc"]
    key = next(part for part in reversed(place) if isinstance(part, str))
    where = f"[[{place[0]}]] number {place[1] + 1}: " if len(place) > 2 and place[0] != "shared" else ""
    if error["type"] == "extra_forbidden":
        model = {"family": Family, "agency": Agency}[place[0]] if where else Ownership
        return f"{where}{key} is unknown; allowed are {', '.join(model.model_fields)}"
    actual = "; it is missing" if error["type"] == "missing" else f", not {error['input']!r}"
    return f"{where}{key} must be {ALLOWED[key]}{actual}"
