"""Official channels and people: to whom an account, a host or a person's name belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.gazetteer.entries import Entry

# Where anyone may publish: there the account says who speaks, and the host never does.
_SHARED = frozenset(
    {"x", "reddit", "hackernews", "bluesky", "mastodon", "telegram", "huggingface", "github", "arxiv"}
)

# Hosts where a page belongs to the account that its path begins with.
_REPOSITORIES = {
    "github.com": "github", "raw.githubusercontent.com": "github", "huggingface.co": "huggingface",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks; `handles` maps a platform to accounts."""

    name: str
    organisation: str | None
    title: str | None
    handles: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


class Channels:
    """Accounts, official domains and people. One that two entries claim is reported in `faults`."""

    def __init__(self, entries: Sequence[Entry], faults: list[str]) -> None:
        self._domains: dict[str, tuple[str | None, str]] = {}
        self._outlets: dict[str, str] = {}
        self.handles: dict[tuple[str, str], Entry] = {}
        self._people: dict[str, list[Person]] = {}
        for entry in entries:
            outlet = entry.kind == "venue"
            self._outlets |= dict.fromkeys(entry.domains if outlet else (), entry.name)
            for domain, owner in (
                *((d, None if outlet else entry.name) for d in entry.domains),
                *((d, None) for d in entry.not_domains),
            ):
                earlier = self._domains.setdefault(domain, (owner, entry.place))
                if earlier[0] != owner:
                    faults.append(f"{entry.place}: {domain} is also given at {earlier[1]}")
            for platform, accounts in entry.handles.items():
                for account in accounts:
                    holder = self.handles.setdefault((platform, _account(account)), entry)
                    if holder is not entry:
                        faults.append(
                            f"{entry.place}: {account!r} on {platform} is also {holder.name!r} "
                            f"({holder.place})"
                        )
            if entry.kind == "person":
                person = _person(entry)
                for name in dict.fromkeys(map(_folded, (entry.name, *entry.aliases, *entry.cased))):
                    self._people.setdefault(name, []).append(person)

    def organisation_of(self, platform: str, author: str | None, host: str) -> str | None:
        """Return the organisation whose official channel this account or host is; None for staff and others.

        `host` is a host, or one with the first part of a path: "github.com/NAME".
        """
        platform = platform.casefold()
        if author:
            holder = self.handles.get((platform, _account(author)))
            if holder is None and platform in ("huggingface", "github"):
                holder = self.handles.get((platform, _account(author.split("/")[0])))
            if holder is not None:
                return holder.name if holder.kind == "organisation" else None
            # A Bluesky handle that is a domain was verified with that domain.
            if platform == "bluesky":
                return self._domains.get(_account(author), (None, ""))[0]
        return None if platform in _SHARED else self._owner(host)

    def _owner(self, host: str) -> str | None:
        host, _, account = host.partition("/")
        if account and (platform := _REPOSITORIES.get(host.casefold())):
            holder = self.handles.get((platform, _account(account)))
            return holder.name if holder is not None and holder.kind == "organisation" else None
        return next((self._domains[name][0] for name in _parents(host) if name in self._domains), None)

    def outlet_of(self, host: str) -> str | None:
        """Return the outlet that publishes on a host; None for any other host."""
        return next((self._outlets[name] for name in _parents(host) if name in self._outlets), None)

    def person(self, name_or_handle: str, platform: str | None = None) -> Person | None:
        """Return the person of this name or account; None where there is none or more than one."""
        text = name_or_handle.strip()
        holders = {
            entry.name: entry
            for (handle_platform, account), entry in self.handles.items()
            if account == _account(text) and (platform is None or handle_platform == platform.casefold())
        }
        if len(holders) == 1:
            (entry,) = holders.values()
            return _person(entry) if entry.kind == "person" else None
        people = [] if text.startswith("@") else self._people.get(_folded(text), [])
        return people[0] if len(people) == 1 else None


def _person(entry: Entry) -> Person:
    return Person(entry.name, entry.owner, entry.title, dict(entry.handles))


def _parents(host: str) -> list[str]:
    """Return a host and those that it is under, without the last one: "www.a.example", "a.example"."""
    labels = host.casefold().partition("/")[0].split(":")[0].strip(".").split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _account(text: str) -> str:
    text = text.strip().casefold()
    for prefix in ("@", "/u/", "u/"):
        text = text.removeprefix(prefix)
    return text


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())
