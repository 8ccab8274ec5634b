"""A storage in memory, which fails when a test wants it to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.storage.objects import Object, Objects


@dataclass
class Shelf(Objects):
    """Objects in a dictionary, in the order of putting; after `good_for` more puts and gets it fails."""

    address: str = "s3://newsroom/rumortrail"
    held: dict[str, bytes] = field(default_factory=dict)
    puts: int = 0
    good_for: int = 1_000_000

    def put(self, key: str, file: Path) -> None:
        """Keep the file's content."""
        self._works()
        self.puts += 1
        self.held[key] = file.read_bytes()

    def has(self, key: str, size: int) -> bool:
        """Return whether the key is held, with so many bytes."""
        return key in self.held and len(self.held[key]) == size

    def get(self, key: str) -> Iterator[bytes]:
        """Yield the content in small pieces."""
        self._works()
        data = self.held[key]
        yield from (data[start : start + 100] for start in range(0, len(data), 100))

    def list(self, folder: str, after: str = "") -> Iterator[Object]:
        """Yield what is held."""
        for number, (key, data) in enumerate(self.held.items()):
            if key.startswith(f"{folder}/") and key > after:
                yield Object(key, len(data), datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=number))

    def _works(self) -> None:
        self.good_for -= 1
        if self.good_for < 0:
            raise SourceError(f"the storage {self.address} answered 503 Service Unavailable (SlowDown)")
