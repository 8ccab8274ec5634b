"""What watches were told and what is still to be sent, in `watches.sqlite`.

Each step is one transaction: what was found at a look is gathered by its watches and known from then on; what
a watch has gathered becomes its messages; a message is marked before it is handed over, and again when it is
known how that ended. Killed between two of them, nothing is lost, and nothing is told twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline.core.rows import build
from pipeline.core.sqlite import transaction
from pipeline.store.queries import Statements
from pipeline.watches.database import connected
from pipeline.watches.events import Event, State
from pipeline.watches.records import Channel, Watch
from pipeline.watches.rhythm import comes_due, is_quiet
from pipeline.watches.store import read_time, readable, watch_of, written

SQL = Statements(__package__, "outbox")

KEPT = timedelta(days=30)
"""How long a message that was sent is kept, and one that was given up is told of."""

OF_ANOTHER = "The message was addressed to another reader and was dropped during the upgrade"


class MessageState(StrEnum):
    """How far a message has come; docs in schema.sql."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one channel of a watch.

    `begun` counts the times that it was handed over and nobody knows with what end, `tries` those that failed
    for certain.
    """

    message_id: str
    channel: Channel
    body: bytes
    state: MessageState
    begun: int
    tries: int
    watch: Watch


@dataclass(frozen=True, slots=True)
class UnsentMessages:
    """Messages of a watch that wait or were given up; `fault` says why, and holds no address."""

    name: str
    channel: Channel
    state: MessageState
    messages: int
    ended_at: datetime | None
    fault: str | None


Compose = Callable[[Watch, Sequence[Event], Channel, str | None], tuple[str, bytes]]
"""Makes a message: its body, and its id, the one that it has already or one that follows from watch, channel
and events.
"""


class Outbox:
    """Keeps what is to be sent; several processes may use one file. Raises DataError where it is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self) -> tuple[set[str], list[State], datetime | None]:
        """Return the ids of all known events, how claims stood, and when the copy looked at was published."""
        with connected(self.path) as connection:
            ids = {event_id for (event_id,) in connection.execute(SQL["known"])}
            states = [State(*row) for row in connection.execute(SQL["states"])]
            row = connection.execute(SQL["looked"]).fetchone()
        return ids, states, read_time(row[0]) if row else None

    def take(
        self,
        gathered: Mapping[str, Iterable[Event]],
        *,
        known: Iterable[str],
        states: Iterable[State],
        published_at: datetime,
        now: datetime,
        hidden: Iterable[str] = (),
    ) -> None:
        """Let watches, by id, gather events, and keep what is known and how claims stand from now on.

        What they had gathered of claims that are `hidden` now is forgotten. Messages that tell of them are
        stale, and those that would tell of nothing else are deleted.
        """
        with connected(self.path) as connection, transaction(connection):
            parameters = {"hidden": json.dumps(sorted(hidden))}
            connection.execute(SQL["hide"], parameters)
            composed = connection.execute(SQL["hide_composed"], parameters).fetchall()
            for statement in ("spoil", "drop_hidden"):
                connection.executemany(SQL[statement], composed)
            for watch_id, events in gathered.items():
                rows = [_pending(watch_id, event, now) for event in events]
                connection.executemany(SQL["gather"], rows)
            connection.executemany(SQL["know"], [(event_id,) for event_id in known])
            connection.executemany(SQL["stand"],
                                   [(state.claim_id, state.status, state.voices) for state in states])
            connection.execute(SQL["look"], (written(published_at),))

    def bundle(self, compose: Compose, *, now: datetime, nightly: bool) -> int:
        """Make messages of what watches have gathered, where their rhythm and quiet hours allow it.

        What comes due in quiet hours is told after them. Messages that wait and are stale are composed anew.
        What a watch that cannot be read has gathered is kept. Returns how many messages were made.
        """
        made = 0
        with connected(self.path) as connection:
            with transaction(connection):
                for row, watch in readable(connection.execute(SQL["stale"]).fetchall()):
                    _renew(connection, row, watch, compose, now)
            for row, watch in readable(connection.execute(SQL["gathered"]).fetchall()):
                oldest = read_time(row["oldest"])
                if row["due_since"] or comes_due(watch, now, oldest=oldest, nightly=nightly):
                    with transaction(connection):
                        made += _tell(connection, watch.watch_id, compose, now)
        return made

    def due(self, now: datetime) -> Iterator[Message]:
        """Yield the messages to be sent now and those that a killed process was sending, oldest first.

        Each is read when its turn comes. One whose watch does not tell that way any more is deleted; one
        whose watch cannot be read goes on waiting.
        """
        last = {"made_at": "", "message_id": ""}
        while True:
            with connected(self.path) as connection:
                row = connection.execute(SQL["due"], last | {"now": written(now)}).fetchone()
                if row is None:
                    return
                last = {"made_at": row["made_at"], "message_id": row["message_id"]}
                _, watch = next(readable([row]), (row, None))
                if watch is None:
                    continue
                channel = Channel(row["channel"])
                is_told = channel in watch.channels
                if not is_told:
                    connection.execute(SQL["drop"], (row["message_id"],))
            if is_told:
                yield Message(
                    row["message_id"],
                    channel,
                    row["body"],
                    MessageState(row["state"]),
                    row["begun"],
                    row["tries"],
                    watch,
                )

    def begin(self, message: Message) -> None:
        """Note that the handover of a message begins: if the process is killed, its end stays unknown."""
        with connected(self.path) as connection:
            connection.execute(SQL["begin"], {"message_id": message.message_id})

    def end(
        self,
        message: Message,
        state: MessageState,
        *,
        now: datetime,
        begun: int,
        tries: int,
        wait: timedelta = timedelta(),
        fault: str | None = None,
    ) -> None:
        """Note how the handing over of a message ended."""
        values = {"message_id": message.message_id, "state": state, "begun": begun, "tries": tries}
        values |= {"next_at": written(now + wait), "now": written(now), "fault": fault}
        with connected(self.path) as connection:
            connection.execute(SQL["end"], values)

    def forget(self, now: datetime) -> None:
        """Delete messages that were sent long ago; what they told stays known."""
        with connected(self.path) as connection:
            connection.execute(SQL["forget"], {"before": written(now - KEPT)})

    def unsent(self, now: datetime) -> list[UnsentMessages]:
        """Return what waits, and what was given up in the last days."""
        if not self.path.exists():
            return []
        with connected(self.path) as connection:
            rows = connection.execute(SQL["unsent"], {"since": written(now - KEPT)}).fetchall()
        return [
            UnsentMessages(
                row["name"],
                Channel(row["channel"]),
                MessageState(row["state"]),
                row["messages"],
                read_time(row["ended_at"]) if row["ended_at"] else None,
                row["fault"],
            )
            for row in rows
        ]

    def held(self) -> list[tuple[str, int]]:
        """Return the watches whose news came due in their quiet hours, by name, with how many events."""
        if not self.path.exists():
            return []
        with connected(self.path) as connection:
            return [(name, events) for name, events in connection.execute(SQL["held"])]


def _tell(connection: sqlite3.Connection, watch_id: str, compose: Compose, now: datetime) -> int:
    """Make messages of what a watch has gathered, unless it is quiet; return how many."""
    pending = connection.execute(SQL["pending"], (watch_id,)).fetchall()
    if not pending:
        return 0  # it was forgotten meanwhile
    watch = watch_of(dict(connection.execute(SQL["watch"], (watch_id,)).fetchone()))
    parameters = {"watch_id": watch_id, "now": written(now), "number": pending[-1]["number"]}
    if is_quiet(watch, now):
        connection.execute(SQL["come_due"], parameters)
        return 0
    channels = [channel for channel in watch.channels if channel is not Channel.ATOM]
    for channel in channels:
        message_id, body = compose(watch, _events(pending), channel, None)
        values = parameters | {"message_id": message_id, "channel": channel, "body": body}
        connection.execute(SQL["put"], values)
        connection.execute(SQL["put_events"], values)
    connection.execute(SQL["clear"], parameters)
    connection.execute(SQL["told"], parameters)
    return len(channels)


def _renew(
    connection: sqlite3.Connection, row: sqlite3.Row, watch: Watch, compose: Compose, now: datetime
) -> None:
    """Compose a message anew of its events; one from the first version of the file has none: give it up."""
    message_id, channel = row["message_id"], Channel(row["channel"])
    events = connection.execute(SQL["events"], (message_id,)).fetchall()
    if events:
        _, body = compose(watch, _events(events), channel, message_id)
        connection.execute(SQL["renew"], {"message_id": message_id, "body": body})
    elif channel in watch.channels:
        values = {"message_id": message_id, "now": written(now), "fault": OF_ANOTHER}
        connection.execute(SQL["give_up"], values)
    else:
        connection.execute(SQL["drop"], (message_id,))


def _pending(watch_id: str, event: Event, now: datetime) -> dict[str, str]:
    fields = json.dumps(asdict(event), default=datetime.isoformat, ensure_ascii=True, sort_keys=True)
    return {"watch_id": watch_id, "event_id": event.event_id, "made_at": written(now), "fields": fields}


def _events(rows: Iterable[sqlite3.Row]) -> list[Event]:
    return [build(Event, _read(row["fields"])) for row in rows]


def _read(fields: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(fields)
    return values | {key: read_time(values[key]) for key in ("at", "said_at") if values[key]}
