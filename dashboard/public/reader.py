"""The published copy behind the public pages: one connection as long as it stands, and made pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb

from dashboard.public.answers import Answer
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.published.database import open_published
from pipeline.published.place import Identity, Place

KEPT = 16_000_000
"""Bytes of made pages that are kept until the copy is replaced."""


@dataclass
class Reader:
    """Reads the copy of `home`; several threads may ask at once."""

    home: Home
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _identity: Identity | None = None
    _connection: duckdb.DuckDBPyConnection | None = None
    _made: OrderedDict[str, Answer] = field(default_factory=OrderedDict)
    _size: int = 0

    @contextmanager
    def cursor(self, place: Place, identity: Identity, config: Config) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor on the copy at `place`, opened anew where it is another."""
        with self._lock:
            if self._connection is None or self._identity != identity:
                bounds = replace(config.ask, memory=config.dashboard.memory)
                self._connection = open_published(place, bounds)
                self._identity = identity
                self._made.clear()
                self._size = 0
            cursor = self._connection.cursor()
        try:
            cursor.execute("USE published")
            yield cursor
        finally:
            cursor.close()

    def kept(self, identity: Identity, key: str) -> Answer | None:
        """Return the answer that was made for `key` of this copy, None where it is not kept."""
        with self._lock:
            if self._identity != identity or key not in self._made:
                return None
            self._made.move_to_end(key)
            return self._made[key]

    def keep(self, identity: Identity, key: str, made: Answer) -> None:
        """Keep an answer until the copy is replaced, or newer answers need its room."""
        with self._lock:
            if self._identity == identity and key not in self._made and len(made.body) <= KEPT // 16:
                self._made[key] = made
                self._size += len(made.body)
                while self._size > KEPT:
                    self._size -= len(self._made.popitem(last=False)[1].body)
