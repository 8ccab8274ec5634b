"""What the crawlers remember between nights: SQLite, one row a source and one a document.

Rows are written only after the inbox lines they speak of are on the disk, so a crawl that is killed forgets, and
collects again, but never believes that it has what it lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    source   TEXT PRIMARY KEY,
    url      TEXT NOT NULL,
    etag     TEXT,
    modified TEXT,
    complete INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS seen (
    source       TEXT NOT NULL,
    ref          TEXT NOT NULL,
    url          TEXT NOT NULL,
    memo         TEXT,
    first_seen   TEXT NOT NULL,
    last_present TEXT,
    checked      TEXT NOT NULL,
    gone         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, ref)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """How a source's listing was read last: its validators, and whether everything in it was collected."""

    url: str
    etag: str | None = None
    modified: str | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A document that a source listed. `ref` is the platform's own name for it, `memo` what its spider must know again.

    `last_present` is None where it was listed and could not be fetched yet.
    """

    ref: str
    url: str
    memo: str | None
    last_present: datetime | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What tonight tells of one document; `present` is None where nothing is known (it could not be fetched)."""

    ref: str
    url: str
    memo: str | None = None
    present: bool | None = True


class CrawlState:
    """The open state; one process writes it at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def listing(self, source: str) -> Listing | None:
        """How `source` was read last; None before its first night."""
        row = self._database.execute(
            "SELECT url, etag, modified, complete FROM sources WHERE source = ?", [source]
        ).fetchone()
        return Listing(row[0], row[1], row[2], bool(row[3])) if row else None

    def save_listing(self, source: str, listing: Listing) -> None:
        """Remember how `source` was read."""
        values = (source, listing.url, listing.etag, listing.modified, listing.complete)
        self._database.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)", values)

    def seen(self, source: str, now: datetime, days: int) -> list[Seen]:
        """The documents of `source` first seen within `days` before `now` and not gone, least recently checked first."""
        since = _text(now - timedelta(days=days))
        rows = self._database.execute(
            "SELECT ref, url, memo, last_present FROM seen"
            " WHERE source = ? AND gone = 0 AND first_seen >= ? ORDER BY checked, first_seen, ref",
            [source, since],
        )
        return [Seen(ref, url, memo, _time(present)) for ref, url, memo, present in rows]

    def refs(self, source: str) -> set[str]:
        """The refs of every document that `source` ever had."""
        return {ref for (ref,) in self._database.execute("SELECT ref FROM seen WHERE source = ?", [source])}

    def save_sightings(self, source: str, sightings: Iterable[Sighting], now: datetime) -> None:
        """Remember what was seen at `now`, whole or not at all."""
        at = _text(now)
        rows = [
            (source, s.ref, s.url, s.memo, at, at if s.present else None, at, s.present is False)
            for s in sightings
        ]
        self._database.execute("BEGIN IMMEDIATE")
        try:
            self._database.executemany(
                "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, ref) DO UPDATE SET"
                " memo = coalesce(excluded.memo, memo), last_present = coalesce(excluded.last_present, last_present),"
                " checked = excluded.checked, gone = excluded.gone",
                rows,
            )
        except sqlite3.Error:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _time(text: str | None) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) if text else None
