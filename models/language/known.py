"""The gazetteer with its answers about people remembered: the same accounts come again and again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from models.gazetteer import Entity, Gazetteer, Person

_REMEMBERED = 20_000


class KnownNames:
    """What the language model asks of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._person = lru_cache(_REMEMBERED)(gazetteer.person)

    @property
    def version(self) -> str:
        """A short hash of all names."""
        return self._gazetteer.version

    def find(self, text: str, context: Sequence[str] = ()) -> list[Entity]:
        """The names in a text; `context` are names already known."""
        return self._gazetteer.find(text, context)

    def organisation_of(self, platform: str, author: str | None, host: str) -> str | None:
        """The organisation whose official channel the account or host is."""
        return self._gazetteer.organisation_of(platform, author, host)

    def person(self, name_or_handle: str, platform: str | None = None) -> Person | None:
        """Who bears the name or holds the account."""
        return self._person(name_or_handle, platform)
