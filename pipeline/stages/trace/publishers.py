"""Ownership as data (`families.toml`): which sources are one house, and which agency's story a text is."""

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
from typing import Any
from urllib.parse import urlsplit

import tldextract

from pipeline.core.errors import ConfigError
from pipeline.core.records import Platform, VoiceKey, VoiceKind

# Where it is the outlet that publishes, so that its host says whose it is.
OUTLETS = frozenset({Platform.NEWS, Platform.BLOG, Platform.FILE, Platform.OTHER})
ID = re.compile(r"[a-z0-9][a-z0-9-]*")
HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}")
LISTS = {"family": ("hosts", "sources"), "agency": ("hosts", "sources", "marks")}
PICTURE = re.compile(
    r"\b(?:photo|image|picture|illustration|video|getty|foto|bild)", re.IGNORECASE
)  # whose picture, not whose story
HEAD, TAIL = 400, 300  # characters of a text in which an agency's mark may stand
_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@dataclass(frozen=True, slots=True)
class PublisherGroup:
    """Publishers that are one voice. `key` is the voice's; equal keys are one house."""

    key: VoiceKey
    name: str


@dataclass(frozen=True)
class Families:
    """Which house a source belongs to, and which agency wrote a text."""

    by_host: dict[str, PublisherGroup]
    by_source: dict[str, PublisherGroup]
    agencies: dict[str, PublisherGroup]  # by mark
    shared: frozenset[str]
    digest: str

    @classmethod
    def load(cls, extension: Path | None = None) -> Families:
        """The families that come with Rumortrail, extended by the file of the same form that is given.

        Raises ConfigError that names every fault of that file.
        """
        texts = [files(__package__).joinpath("publishers.toml").read_text("utf-8")]
        if extension is not None:
            try:
                texts.append(extension.read_text("utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"[trace] families = {str(extension)!r} cannot be read: {error}") from error
        tables = []
        for text in texts:
            try:
                tables.append(tomllib.loads(text))
            except tomllib.TOMLDecodeError as error:
                raise ConfigError(f"{extension} is not valid TOML: {error}") from error
        if extension is not None and (faults := _faults(tables[-1])):
            raise ConfigError(
                f"{extension} has {len(faults)} fault(s):\n  "
                + "\n  ".join(faults)
                + "\nCompare docs/trace.md."
            )
        return cls._of(tables)

    @classmethod
    def _of(cls, tables: list[dict[str, Any]]) -> Families:
        by_host: dict[str, PublisherGroup] = {}
        by_source: dict[str, PublisherGroup] = {}
        agencies: dict[str, PublisherGroup] = {}
        for table in tables:
            for kind in LISTS:
                for entry in table.get(kind, ()):
                    house = PublisherGroup(VoiceKey.of(VoiceKind.HOUSE, entry["id"]), entry["name"])
                    by_host |= {host.lower(): house for host in entry.get("hosts", ())}
                    by_source |= dict.fromkeys(entry.get("sources", ()), house)
                    agencies |= dict.fromkeys(entry.get("marks", ()), house)
        shared = frozenset(host.lower() for table in tables for host in table.get("shared", ()))
        digest = hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:16]
        return cls(by_host, by_source, agencies, shared, digest)

    def house(self, source_id: str, platform: str, url: str | None) -> PublisherGroup | None:
        """The house of a source: its family, else the outlet that its host tells; None where neither is."""
        if source_id in self.by_source:
            return self.by_source[source_id]
        if platform not in OUTLETS:
            return None
        try:
            host = urlsplit(url or "").hostname or (source_id if HOST.fullmatch(source_id) else "")
        except ValueError:  # an address such as "http://[" has no host
            return None
        parts = _registered(host.lower())
        labels = [
            label for label in (*parts.subdomain.split("."), parts.domain, *parts.suffix.split(".")) if label
        ]
        if parts.ipv4 or parts.ipv6 or len(labels) < 2:
            return None
        above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        if known := next((self.by_host[name] for name in above if name in self.by_host), None):
            return known
        # The last two labels where the public suffix is not known.
        domain = parts.top_domain_under_public_suffix or above[-1]
        return None if domain in self.shared else PublisherGroup(VoiceKey.of(VoiceKind.OUTLET, domain), domain)

    def agency(self, head: str, tail: str, bylines: Iterable[str | None]) -> tuple[PublisherGroup, str] | None:
        """Whose story a text is, and the words that show it; None where it bears no agency's mark.

        `head` and `tail` are its first HEAD and last TAIL characters, `bylines` its author as it is named.
        """
        for byline in bylines:
            if byline and (found := self._byline.fullmatch(byline.strip())):
                return self.agencies[found["mark"]], byline.strip()
        for pattern, text in (
            (self._dateline, head),
            (self._via, head),
            (self._via, tail),
            (self._credit, tail),
        ):
            for found in pattern.finditer(text):
                if not PICTURE.search(text[text.rfind("\n", 0, found.start()) + 1 : found.start()]):
                    return self.agencies[found["mark"]], " ".join(found.group().split())
        return None

    @cached_property
    def _marks(self) -> str:
        return "|".join(re.escape(mark) for mark in sorted(self.agencies, key=len, reverse=True))

    @cached_property
    def _byline(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:[Bb]y )?(?P<mark>{self._marks})(?: [Ss]taff(?: [Ww]riters?)?| [Nn]ews [Aa]gency)?"
        )

    @cached_property
    def _dateline(self) -> re.Pattern[str]:
        """`LONDON, March 2 (Reuters) -`, `Berlin (dpa/tmn) -`: the agency before a dash near the start."""
        return re.compile(rf"\((?P<mark>{self._marks})(?:/\w+)?\)\s*[-–—]")

    @cached_property
    def _via(self) -> re.Pattern[str]:
        """`via AFP` at the end of a line or of a parenthesis."""
        return re.compile(rf"(?m)\b[Vv]ia (?P<mark>{self._marks})\b(?=[\s.,]*(?:$|\)))")

    @cached_property
    def _credit(self) -> re.Pattern[str]:
        """A line `© Reuters 2026` or `Source: dpa`; near a text's start it stands under a picture."""
        return re.compile(
            rf"(?m)^\s*(?:©|\([cC]\)|Copyright|Source:|Quelle:)\s*(?:\d{{4}} )?"
            rf"(?P<mark>{self._marks})\b(?=(?: \d{{4}})?[\s.]*$)"
        )


def _faults(table: dict[str, Any]) -> list[str]:
    faults = [
        f"{key} is unknown; allowed are shared, family, agency"
        for key in table
        if key not in ("shared", *LISTS)
    ]
    faults += [] if _texts(table.get("shared", [])) else ["shared must be a list of hosts in quotes"]
    for kind, lists in LISTS.items():
        entries = table.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            faults.append(f"{kind} must be written [[{kind}]]")
            continue
        for number, entry in enumerate(entries, 1):
            where = f"[[{kind}]] number {number}"
            if not isinstance(entry.get("id"), str) or not ID.fullmatch(entry["id"]):
                faults.append(f"{where}: id must be of a-z, 0-9 and -")
            if not isinstance(entry.get("name"), str) or not entry["name"].strip():
                faults.append(f"{where}: name must be a text in quotes")
            faults += [
                f"{where}: {key} must be a list of texts in quotes"
                for key in lists
                if not _texts(entry.get(key, []))
            ]
            faults += [
                f"{where}: {key} is unknown; allowed are id, name, {', '.join(lists)}"
                for key in entry
                if key not in ("id", "name", *lists)
            ]
            faults += [
                f"{where}: {host!r} is no host"
                for host in entry.get("hosts", ())
                if isinstance(host, str) and not HOST.fullmatch(host)
            ]
    return faults


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)
