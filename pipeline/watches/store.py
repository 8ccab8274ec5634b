"""The watches that editors keep, in `watches.sqlite` of the home folder."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.core.errors import DataError, FaultyRowError, UnknownError
from pipeline.core.sqlite import transaction
from pipeline.published.claim_filter import from_query, to_query
from pipeline.store.queries import Statements
from pipeline.watches.database import connected
from pipeline.watches.records import (
    FaultyWatch,
    QuietHours,
    Reader,
    Rhythm,
    Watch,
    WatchDraft,
    checked_draft,
    mail_address,
)

SQL = Statements(__package__, "store")


class WatchStore:
    """Keeps watches; several processes may use one file. Each method raises DataError where it is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, draft: WatchDraft, *, now: datetime) -> Watch:
        """Keep a new watch and return it. Raises DataError where it cannot be as `draft` has it."""
        checked_draft(draft)
        watch_id = f"w{secrets.token_hex(8)}"
        with connected(self.path) as connection, transaction(connection):
            row = _row(draft) | {"watch_id": watch_id, "created_at": written(now)}
            connection.execute(SQL["add"], row)
            return _read_by(connection, watch_id)

    def change(self, watch_id: str, draft: WatchDraft) -> Watch:
        """Replace all of a watch that its owner chooses, and return it.

        Raises DataError where there is no such watch, or it cannot be so.
        """
        checked_draft(draft)
        with connected(self.path) as connection, transaction(connection):
            row = _row(draft) | {"watch_id": watch_id}
            connection.execute(SQL["spoil"], row)
            connection.execute(SQL["change"], row)
            return _read_by(connection, watch_id)

    def all(self) -> list[Watch]:
        """Return all watches that can be read, the oldest first; `faulty` returns the others."""
        return [watch for watch in self._kept() if isinstance(watch, Watch)]

    def faulty(self) -> list[FaultyWatch]:
        """Return the watches that cannot be read, the oldest first."""
        return [watch for watch in self._kept() if isinstance(watch, FaultyWatch)]

    def get(self, watch_id: str) -> Watch:
        """Return a watch. Raises UnknownError where there is none of this id."""
        if not self.path.exists():
            return _watch_or_error(None, watch_id)
        with connected(self.path) as connection:
            return _watch_or_error(connection.execute(SQL["one"], (watch_id,)).fetchone(), watch_id)

    def find(self, reference: str) -> Watch:
        """Return the watch of this id, else of this name.

        Raises DataError where not just one has it, or it cannot be read.
        """
        watches = self._kept()
        matches = [watch for watch in watches if watch.watch_id == reference] or [
            watch for watch in watches if watch.name == reference
        ]
        if len(matches) > 1:
            problem = f"{len(matches)} watches are called {reference[:80]!r}: name one by its id"
            raise DataError(f"{problem}, as `rumortrail watch list` shows it")
        if not matches:
            return _watch_or_error(None, reference)
        (match,) = matches
        if isinstance(match, FaultyWatch):
            raise FaultyRowError(match.fault)
        return match

    def pause(self, watch_id: str, paused_at: datetime | None) -> Watch:
        """Let a watch tell nothing from `paused_at` on, or tell again with None; return it.

        What it had gathered and not sent is forgotten. Raises DataError where there is no such watch.
        """
        with connected(self.path) as connection, transaction(connection):
            values = {"watch_id": watch_id, "paused_at": written(paused_at) if paused_at else None}
            connection.execute(SQL["pause"], values)
            for statement in ("forget_gathered", "forget_waiting"):
                connection.execute(SQL[statement], (watch_id,))
            return _watch_or_error(connection.execute(SQL["one"], (watch_id,)).fetchone(), watch_id)

    def remove(self, watch_id: str) -> Watch | FaultyWatch:
        """Remove a watch with all that it has not sent, whether or not it can be read; return it.

        Raises UnknownError where there is none of this id.
        """
        removed = next((watch for watch in self._kept() if watch.watch_id == watch_id), None)
        if removed is None:
            return _watch_or_error(None, watch_id)
        with connected(self.path) as connection:
            connection.execute(SQL["remove"], (watch_id,))
        return removed

    def of_token(self, token: str) -> Reader | None:
        """Return the reader whose mail holds `token`, or None where there is none, or no watch any more."""
        if not self.path.exists():
            return None
        with connected(self.path) as connection:
            return _reader(connection, token)

    def unsubscribe(self, token: str, *, now: datetime) -> Reader | None:
        """Stop the mail of a watch to the reader whose mail holds `token`; return that, as `of_token` does.

        It is stopped for good, whatever address the watch mails to by now. Where nobody knows to which
        address that mail went, the watch mails to nobody any more. What waits to be mailed to the reader is
        not sent. A second time changes nothing.
        """
        if not self.path.exists():
            return None
        with connected(self.path) as connection, transaction(connection):
            connection.execute(SQL["stop_mail"], {"token": token, "now": written(now)})
            connection.execute(SQL["forget_mail"], (token,))
            return _reader(connection, token)

    def _kept(self) -> list[Watch | FaultyWatch]:
        if not self.path.exists():
            return []
        with connected(self.path) as connection:
            return [_kept_as(row) for row in connection.execute(SQL["all"])]


def written(at: datetime) -> str:
    """Return a time as the file keeps it, so that times are in order as text. It must have its zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime:
    """Return the time that `written` wrote."""
    return datetime.fromisoformat(text)


def _row(draft: WatchDraft) -> dict[str, Any]:
    row = {field.name: getattr(draft, field.name) for field in fields(WatchDraft)}
    return row | {
        "name": draft.name.strip(),
        "owner": draft.owner.strip(),
        "filter": to_query(draft.filter),
        "mail": mail_address(draft.mail) or "",
        "atom": int(draft.atom),
        "rhythm": str(draft.rhythm),
        "quiet": str(draft.quiet or ""),
    }


def watch_of(row: dict[str, Any]) -> Watch:
    """Return the watch of a row of the table of watches; columns of others may stand beside its own.

    Raises FaultyRowError where the row holds what no watch has, as a filter of another version may be.
    """
    try:
        return _watch_of(row)
    except (DataError, ValueError) as error:
        problem = f"watch {row['watch_id']} is stored with a fault: {error}"
        raise FaultyRowError(f"{problem}; `rumortrail watch remove` removes it") from error


def readable(rows: Iterable[sqlite3.Row]) -> Iterator[tuple[sqlite3.Row, Watch]]:
    """Yield the rows whose watch can be read, each with it; `WatchStore.faulty` tells of the others."""
    for row in rows:
        if isinstance(watch := _kept_as(row), Watch):
            yield row, watch


def _kept_as(row: sqlite3.Row) -> Watch | FaultyWatch:
    try:
        return watch_of(dict(row))
    except FaultyRowError as error:
        return FaultyWatch(row["watch_id"], row["name"], row["owner"], str(error))


def _watch_of(row: dict[str, Any]) -> Watch:
    stopped, paused = row["mail_stopped_at"], row["paused_at"]
    return Watch(
        **{field.name: row[field.name] for field in fields(Watch)}
        | {
            "filter": from_query(row["filter"]),
            "atom": bool(row["atom"]),
            "rhythm": Rhythm(row["rhythm"]),
            "quiet": QuietHours.of(row["quiet"]),
            "created_at": read_time(row["created_at"]),
            "mail_stopped_at": read_time(stopped) if stopped else None,
            "paused_at": read_time(paused) if paused else None,
        }
    )


def _read_by(connection: sqlite3.Connection, watch_id: str) -> Watch:
    """Return a watch, whose mail address has a token from now on."""
    connection.execute(SQL["read_by"], {"watch_id": watch_id, "token": secrets.token_urlsafe(24)})
    return _watch_or_error(connection.execute(SQL["one"], (watch_id,)).fetchone(), watch_id)


def _reader(connection: sqlite3.Connection, token: str) -> Reader | None:
    row = connection.execute(SQL["of_token"], (token,)).fetchone()
    return Reader(watch_of(dict(row)), bool(row["known"]), bool(row["mailed"])) if row else None


def _watch_or_error(row: sqlite3.Row | None, watch_id: str) -> Watch:
    if row is None:
        raise UnknownError(f"there is no watch {watch_id[:40]!r}: `rumortrail watch list` lists them")
    return watch_of(dict(row))
