"""The commands that tests kill, those of a night, each in a process of its own (`tests.processes`)."""

from __future__ import annotations

import resource
import sqlite3
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import duckdb

from pipeline.core.config import Config, CrawlConfig, IngestConfig, MailConfig, WatchesConfig
from pipeline.core.context import silent
from pipeline.core.errors import BusyError, RumortrailError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Status
from pipeline.decisions.journal import ITSELF, Journal
from pipeline.digest.deliver import deliver, latest
from pipeline.run.nightly import nightly, process, take_in
from pipeline.run.revisit import revisit
from pipeline.watches import tell
from pipeline.watches.events import Event, EventKind
from pipeline.watches.outbox import Outbox
from pipeline.watches.store import WatchStore
from tests.fakes import FakeModels

CRAWL = CrawlConfig(delay=0.0, per_host=8, retries=0, timeout=20.0, allow_private_addresses=True,
                    obey_robots=False, follow_links=0)


def settings(mail_port: int) -> Config:
    """Return the settings of the killed commands, with mail host and webhooks on loopback."""
    mail = MailConfig(host="127.0.0.1", port=mail_port, encrypted=False, sender="a@paper.example",
                      to="b@paper.example", timeout=20.0)  # fmt: skip
    watches = WatchesConfig(private_webhooks=True)
    return Config(crawl=CRAWL, ingest=IngestConfig(batch=3), mail=mail, watches=watches)


def crawl_a_night(_: Connection, home: Home, config: Config) -> None:
    """Crawl, process, publish and send the digest."""
    nightly(home, config, now=datetime.now(UTC), models=FakeModels())


def look_again(_: Connection, home: Home, config: Config) -> None:
    """Look again at the documents of open claims."""
    revisit(home, config, now=datetime.now(UTC), progress=silent)


def ingest(_: Connection, home: Home, config: Config) -> None:
    """Take in the files that lie in the home folder."""
    take_in(home, config, [home.path / "files"], now=datetime.now(UTC))


def process_all(_: Connection, home: Home, config: Config) -> None:
    """Run all stages."""
    process(home, config, now=datetime.now(UTC), models=FakeModels())


def send_digests(_: Connection, home: Home, config: Config) -> None:
    """Send the newest digest, twenty times."""
    for _time in range(20):
        deliver(home, config, latest(home), {})


def tell_watches(_: Connection, home: Home, config: Config) -> None:
    """Let each watch gather something new and send it, without end."""
    while True:
        now = gather_something(home)
        tell.send(home, config, {}, now=now, nightly=True)


def gather_something(home: Home) -> datetime:
    """Let each watch gather one new event, whose quote no other event has; return its time."""
    outbox, now, sentence = Outbox(home.watches), datetime.now(UTC), f"I saw it, {uuid.uuid4().hex}"
    event = Event(f"n{uuid.uuid4().hex[:16]}", EventKind.VOICE, "c1", now, "Aster is out", None,
                  Status.UNVERIFIED, 1, "One voice.", sentence, "Ada", "Ada", "Paper",
                  *[None] * 7)  # fmt: skip
    published_at = outbox.known()[2] or now
    gathered = {watch.watch_id: [event] for watch in WatchStore(home.watches).all()}
    outbox.take(gathered, known=[event.event_id], states=(), published_at=published_at, now=now)
    return now


def edit(test: Connection, home: Home, _: Config) -> None:
    """Decide twenty times a second, without end; each decision that is made is sent."""
    while True:
        time.sleep(0.05)
        note_fields = {"reason": uuid.uuid4().hex, "editor": "ada", "now": datetime.now(UTC)}
        decision = Journal(home.journal).decide(DecisionKind.NOTE, ITSELF, None, **note_fields)
        test.send(decision.decision_id)


VICTIMS: tuple[Callable[[Connection, Home, Config], None], ...] = (
    crawl_a_night, look_again, ingest, process_all, send_digests, tell_watches, edit,
)  # fmt: skip


def victim(test: Connection, place: int, home: Home, config: Config, room: int | None) -> None:
    """Run VICTIMS[place]; with `room`, no file grows by more bytes than that, as on a full disk."""
    test.send("ready")
    if room is not None:
        largest = max((file.stat().st_size for file in home.path.rglob("*") if file.is_file()), default=0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, largest + room))
    try:
        VICTIMS[place](test, home, config)
    except BusyError:
        pass  # another process holds the folder's lock, as it should
    except (OSError, duckdb.Error, sqlite3.Error, RumortrailError):
        if room is None:
            raise
    test.send("done")


