"""The crawlers' memory between runs: SQLite, one row a source and one a document.

A part of it goes to another machine as a file and comes back as rows that changed there.

A row is written only after its inbox lines are on the disk: a crawl that is killed may collect a document a
second time, but never takes a lost one for stored.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.core.errors import DataError
from pipeline.core.sqlite import transaction, write_ahead

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
CREATE INDEX IF NOT EXISTS seen_url ON seen (url);
CREATE INDEX IF NOT EXISTS seen_ref ON seen (ref);
CREATE TABLE IF NOT EXISTS links (
    url   TEXT PRIMARY KEY,
    found TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    done  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_waiting ON links (done, found);
CREATE TABLE IF NOT EXISTS asked (
    source TEXT NOT NULL,
    site   TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (source, site)
) WITHOUT ROWID;
"""

_OF_SOURCES = ("sources", "seen", "asked")
"""The tables whose rows belong to one source each."""

_LISTED = (
    "INSERT OR REPLACE INTO sources (source, url, etag, modified, complete, whole_at)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_SIGHTED = (
    "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, ref) DO UPDATE SET"
    # an article that was listed and never fetched has its feed's address: its page may name another
    " url = CASE WHEN last_present IS NULL THEN excluded.url ELSE url END,"
    " memo = coalesce(excluded.memo, memo),"
    " last_present = max(coalesce(excluded.last_present, last_present),"
    "  coalesce(last_present, excluded.last_present)),"
    " checked = max(excluded.checked, checked),"
    " gone = CASE WHEN excluded.checked >= checked THEN excluded.gone ELSE gone END"
)
_FOUND = "INSERT OR IGNORE INTO links (url, found) VALUES (?, ?)"
_LINKED = (
    "INSERT INTO links (url, found, tries, done) VALUES (?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET"
    " tries = max(excluded.tries, tries), done = max(excluded.done, done)"
)
_ASKED = "INSERT OR REPLACE INTO asked (source, site, at) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Listing:
    """The last reading of a source's listing: its validators, and whether everything in it was collected.

    `whole_at` is when the last reading began that saw and collected everything that the source lists.
    """

    url: str
    etag: str | None = None
    modified: str | None = None
    complete: bool = False
    whole_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A document that a source listed.

    `ref` is the platform's own name for it, `memo` a note of its spider. `last_present` is None where it was
    listed and could not be fetched yet.
    """

    ref: str
    url: str
    memo: str | None
    last_present: datetime | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a run learned about one document; `present` is None where it learned nothing.

    `at` is when it was asked for: the answer shows it as it was then or later.
    """

    ref: str
    url: str
    memo: str | None = None
    present: bool | None = True
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """When a document that is not gone was first seen by its source, and when it was last looked at."""

    source: str
    ref: str
    url: str
    first_seen: datetime
    checked: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """The result of a link in a post: it is `done` with, or asked for again in another run."""

    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is known, and whether it was ever there to be read."""

    url: str
    was_read: bool


class CrawlState:
    """The open state; a crawl and a revisit may write it at the same time, and what is newer stays.

    Raises DataError where the file is damaged or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
            write_ahead(self._database)
            self._database.executescript(_SCHEMA)
            self._add_column("sources", "whole_at")
        except sqlite3.OperationalError as error:
            raise DataError(f"{path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise DataError(
                f"{path} is damaged: restore it and {path.name}-* from a backup, or move them away. Without "
                "them the next crawl asks again for everything that is listed, and cannot tell what was "
                f"deleted meanwhile ({error})") from error

    def _add_column(self, table: str, column: str) -> None:
        """Give a table of an earlier Rumortrail a column that it lacks."""
        columns = {row[1] for row in self._database.execute(f"PRAGMA table_info({table})")}
        if column not in columns:
            # Another process may have added it since.
            with suppress(sqlite3.OperationalError):
                self._database.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def listing(self, source: str) -> Listing | None:
        """Return how `source` was read last; None before its first run."""
        row = self._database.execute(
            "SELECT url, etag, modified, complete, whole_at FROM sources WHERE source = ?", [source]
        ).fetchone()
        if row is None:
            return None
        return Listing(row[0], row[1], row[2], bool(row[3]), _moment(row[4]) if row[4] else None)

    def save_listing(self, source: str, listing: Listing) -> None:
        """Remember how `source` was read."""
        whole_at = _text(listing.whole_at) if listing.whole_at else None
        values = (source, listing.url, listing.etag, listing.modified, listing.complete, whole_at)
        self._database.execute(_LISTED, values)

    def seen(self, source: str, now: datetime, days: int) -> list[Seen]:
        """Return documents of `source` first seen in `days`, not gone, least recently checked first."""
        since = _text(now - timedelta(days=days))
        rows = self._database.execute(
            "SELECT ref, url, memo, last_present FROM seen"
            " WHERE source = ? AND gone = 0 AND first_seen >= ? ORDER BY checked, first_seen, ref",
            [source, since],
        )
        return [_seen(*row) for row in rows]

    def named(self, source: str, refs: Iterable[str]) -> list[Seen]:
        """Return the documents of `source` with these refs that still exist, in the order of `refs`."""
        query = (
            "SELECT s.ref, s.url, s.memo, s.last_present FROM json_each(?) AS given"
            " JOIN seen AS s ON s.ref = given.value"
            " WHERE s.source = ? AND s.gone = 0 AND s.last_present IS NOT NULL ORDER BY given.key"
        )
        return [_seen(*row) for row in self._database.execute(query, [json.dumps(list(refs)), source])]

    def looks(self, urls: Iterable[str]) -> list[Look]:
        """Return the past looks at the documents at `urls` that still exist, by each source that has them."""
        query = (
            "SELECT s.source, s.ref, s.url, s.first_seen, s.checked FROM json_each(?) AS given"
            " JOIN seen AS s ON s.url = given.value"
            " WHERE s.gone = 0 AND s.last_present IS NOT NULL ORDER BY s.source, s.ref"
        )
        rows = self._database.execute(query, [json.dumps(list(urls))])
        return [Look(row[0], row[1], row[2], _moment(row[3]), _moment(row[4])) for row in rows]

    def gone(self, source: str, now: datetime, days: int) -> list[Seen]:
        """Return the documents of `source` that were first seen in `days` and are gone: they may return."""
        since = _text(now - timedelta(days=days))
        query = (
            "SELECT ref, url, memo, last_present FROM seen"
            " WHERE source = ? AND gone = 1 AND first_seen >= ?"
        )
        return [_seen(*row) for row in self._database.execute(query, [source, since])]

    def refs(self, source: str) -> set[str]:
        """Return the refs of every document that `source` ever had."""
        return {ref for (ref,) in self._database.execute("SELECT ref FROM seen WHERE source = ?", [source])}

    def place(self, url: str) -> Place | None:
        """Return where any source has the page behind `url`."""
        query = (
            "SELECT url, last_present IS NOT NULL AS there FROM seen"
            " WHERE url = ?1 OR ref = ?1 ORDER BY there DESC, url"
        )
        row = self._database.execute(query, [url]).fetchone()
        return Place(row[0], bool(row[1])) if row else None

    def elsewhere(self, url: str, source: str) -> bool:
        """Return whether another source than `source` has read the page at `url`."""
        query = "SELECT 1 FROM seen WHERE url = ? AND source <> ? AND last_present IS NOT NULL"
        return self._database.execute(query, [url, source]).fetchone() is not None

    def waiting_links(self, since: datetime | None = None) -> list[tuple[str, int]]:
        """Return the links of posts that are to be followed, newest first, and how often each was tried.

        With `since`, those that were found then or later.
        """
        return self._database.execute(
            "SELECT url, tries FROM links WHERE done = 0 AND found >= ? ORDER BY found DESC, url",
            [_text(since) if since else ""],
        ).fetchall()

    def tried(self, links: Iterable[str]) -> dict[str, int]:
        """Return how often each of these links was tried until now."""
        query = "SELECT url, tries FROM links WHERE url IN (SELECT value FROM json_each(?))"
        return dict(self._database.execute(query, [json.dumps(list(links))]))

    def forgo_links(self, before: datetime) -> int:
        """Give up the links that have waited since `before`, and say how many they are."""
        query = "UPDATE links SET done = 1 WHERE done = 0 AND found < ?"
        return self._database.execute(query, [_text(before)]).rowcount

    def save_sightings(
        self,
        source: str,
        sightings: Iterable[Sighting],
        now: datetime,
        links: Iterable[str] = (),
        followed: Iterable[Followed] = (),
    ) -> None:
        """Store all of the sightings or none; one without a time of its own was made at `now`.

        `links` are those of the sighted posts that may be followed, `followed` are results of such links.
        """
        rows = []
        for sighting in sightings:
            at = _text(sighting.at or now)
            rows.append((
                source, sighting.ref, sighting.url, sighting.memo, at, at if sighting.present else None, at,
                sighting.present is False,
            ))
        with transaction(self._database):
            self._database.executemany(_SIGHTED, rows)
            self._database.executemany(_FOUND, [(url, _text(now)) for url in links])
            self._database.executemany(
                "UPDATE links SET tries = tries + 1, done = ? WHERE url = ?",
                [(link.done, link.url) for link in followed],
            )

    def save_asked(self, source: str, sites: Iterable[str], now: datetime, days: int) -> None:
        """Remember the sites that `source` asked, and forget those that it did not ask in `days`."""
        with transaction(self._database):
            self._database.execute(
                "DELETE FROM asked WHERE source = ? AND at < ?", [source, _text(now - timedelta(days=days))]
            )
            self._database.executemany(_ASKED, [(source, site, _text(now)) for site in sites])

    def asked(self) -> dict[str, set[str]]:
        """Return the sites that each source is known to ask, by the source's id."""
        sites: dict[str, set[str]] = defaultdict(set)
        for source, site in self._database.execute("SELECT source, site FROM asked"):
            sites[source].add(site)
        return sites

    # --- on other machines ----------------------------------------------------------------------------

    def part(self, path: Path, sources: Iterable[str], links: Iterable[str] = ()) -> None:
        """Write a state file at `path` that holds only what is remembered of `sources` and `links`."""
        CrawlState(path).close()
        source_ids = json.dumps(list(sources))
        with self._beside(path, "part"):
            for table in _OF_SOURCES:
                self._database.execute(
                    f"INSERT INTO part.{table} SELECT * FROM main.{table}"
                    " WHERE source IN (SELECT value FROM json_each(?))", [source_ids])
            self._database.execute(
                "INSERT INTO part.links SELECT * FROM main.links"
                " WHERE url IN (SELECT value FROM json_each(?))", [json.dumps(list(links))])

    def changes(self, before: Path, without: Iterable[str] = ()) -> bytes:
        """Return the rows that the file `before` lacks, as the bytes of a file, but for those of the
        sources `without`.
        """
        left_out = json.dumps(list(without))
        with self._beside(before, "before"), self._beside(Path(":memory:"), "changed"):
            for table in (*_OF_SOURCES, "links"):
                self._database.execute(
                    f"CREATE TABLE changed.{table} AS SELECT * FROM main.{table}"
                    f" EXCEPT SELECT * FROM before.{table}")
            for table in _OF_SOURCES:
                self._database.execute(
                    f"DELETE FROM changed.{table} WHERE source IN (SELECT value FROM json_each(?))",
                    [left_out])
            return self._database.serialize(name="changed")

    def take_in(self, changes: bytes, without: Iterable[str] = ()) -> None:
        """Remember what `changes` returned elsewhere, whole or not at all; what is newer here stays.

        Nothing is remembered of the documents at `without`.
        """
        with closing(sqlite3.connect(":memory:")) as incoming, transaction(self._database):
            incoming.deserialize(changes)
            incoming.execute("DELETE FROM seen WHERE url IN (SELECT value FROM json_each(?))",
                          [json.dumps(list(without))])
            for insert, select in (
                (_LISTED, "SELECT source, url, etag, modified, complete, whole_at FROM sources"),
                (_SIGHTED, "SELECT * FROM seen"),
                (_LINKED, "SELECT url, found, tries, done FROM links"),
                (_ASKED, "SELECT source, site, at FROM asked"),
            ):
                self._database.executemany(insert, incoming.execute(select))

    @contextmanager
    def _beside(self, path: Path, name: str) -> Iterator[None]:
        """Open the file at `path` beside this one, as the schema `name`."""
        self._database.execute(f"ATTACH ? AS {name}", [str(path)])
        try:
            yield
        finally:
            self._database.execute(f"DETACH {name}")


def _seen(ref: str, url: str, memo: str | None, present: str | None) -> Seen:
    return Seen(ref, url, memo, _moment(present) if present else None)


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
