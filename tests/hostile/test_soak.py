"""Kills of any command at any moment, alone, in parallel and on full disks: nothing is lost.

`make test` kills a few; `make soak` kills $RUMORTRAIL_SOAK_KILLS.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.archive.verify import verify
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from pipeline.published.claim_filter import ClaimFilter
from pipeline.run.nightly import nightly
from pipeline.store.store import Store
from pipeline.watches import outbox, tell
from pipeline.watches.records import Rhythm, WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, query_published
from tests.crawlers.conftest import Nights, Web, feed, rss, story
from tests.fakes import FakeModels
from tests.hostile.killed import (
    VICTIMS,
    crawl_a_night,
    gather_something,
    ingest,
    look_again,
    process_all,
    settings,
    tell_watches,
    victim,
)
from tests.processes import Started, read_until_told
from tests.receivers import chat, post_office

KILLS = int(os.environ.get("RUMORTRAIL_SOAK_KILLS", "12"))
LONGEST = 2.5  # seconds after which an unfinished process is killed
FULL = 0.2  # share of processes that meet a full disk
WHOLE = 10  # rounds after which a run comes to its end, however slow the machine is
NIGHT, REVISIT, PROCESS = (VICTIMS.index(action) for action in (crawl_a_night, look_again, process_all))


def chosen(chance: random.Random) -> list[int]:
    """Return places of VICTIMS that run side by side: one, two, or two nights and a revisit."""
    count = chance.choice((1, 1, 2, 3))
    return [NIGHT, NIGHT, REVISIT] if count == 3 else chance.sample(range(len(VICTIMS)), count)


def test_whatever_is_killed_the_next_run_finishes_the_work(
    nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    home: Home = nights.home
    paths = [f"/{number}" for number in range(20)]
    web.pages = {path: story(f"Model Aster has 70b parameters, says page {path}.") for path in paths}
    web.pages["/f.xml"] = rss(web, *paths)
    nights.sources(feed(web, "f"))
    urls = {web.url + path for path in paths}
    (home.path / "files").mkdir()
    for number in range(3):
        rows = [{"url": f"https://file.example/{number}-{n}", "platform": "news",
                 "published_at": f"{NOW:%Y-%m-%d}", "text": f"Model Birch has {n}b parameters."}
                for n in range(6)]  # fmt: skip
        (home.path / "files" / f"{number}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
        urls |= {str(row["url"]) for row in rows}
    keys: list[str] = []
    with post_office() as (port, post), chat(keys=keys) as (hook, _):
        config = settings(port)
        assert not nightly(home, config, now=NOW, models=FakeModels()).broken
        monkeypatch.setattr(outbox, "KEPT", timedelta(days=9_999))  # all sent messages are compared below
        _watch(home, hook)
        reader = Started(read_until_told, home)
        chance = random.Random(2026)
        decisions_sent: list[str] = []
        kills, rounds = 0, 0
        while kills < KILLS:
            rounds += 1
            if rounds % WHOLE == 0:
                assert Started(victim, PROCESS, home, config, None).told() == "done"
            rooms = [(victim_number, chance.randrange(500_000) if chance.random() < FULL else None)
                     for victim_number in chosen(chance)]  # fmt: skip
            processes = [
                Started(victim, victim_number, home, config, file_room) for victim_number, file_room in rooms
            ]
            wait = chance.uniform(0, LONGEST)
            for process in processes:
                kills += not process.ended(wait)
                process.kill()
                decisions_sent += _sent(process)
            assert {entry.decision_id for entry in Journal(home.journal).read()} >= set(decisions_sent)
        reader.connection.send("stop")
        read_count, _, errors = reader.told()
        assert (errors, read_count > 0) == ([], True)
        assert len(list(home.digests.glob("*.md"))) > rounds // WHOLE, "runs did not come to their end"
        ingested = Started(victim, VICTIMS.index(ingest), home, config, None)
        assert ingested.told() == "done"
        report = nightly(home, config, now=NOW.replace(year=NOW.year + 1), models=FakeModels())
        assert (report.broken, report.exit_code) == ((), 0)
        assert verify(home, config).damages == []
        with closing(Store.open(home.work)) as store:
            document_counts = store.execute("SELECT url, count(*) FROM store.documents GROUP BY url")
        assert {url: times for url, times in document_counts if times > 1} == {}
        assert {url for url, _ in document_counts} >= urls
        assert {url for (url,) in query_published(home, "SELECT url FROM documents")} >= urls
        _send_what_waits(home, config)
        letters = [letter for letter in post if isinstance(letter, bytes)]
        digests = {file.read_bytes() for file in home.digests.glob("*.eml")}
        assert digests & set(letters)
        _each_once_or_twice(home, [letter for letter in letters if letter not in digests], keys)


def test_a_watch_s_messages_come_once_or_twice_with_one_id(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "KEPT", timedelta(days=9_999))
    keys: list[str] = []
    chance = random.Random(2026)
    with post_office() as (port, post), chat(keys=keys) as (hook, _):
        config = settings(port)
        _watch(home, hook)
        for _ in range(max(8, KILLS // 4)):
            process = Started(victim, VICTIMS.index(tell_watches), home, config, None)
            process.ended(chance.uniform(0.05, 0.8))
            process.kill()
        _send_what_waits(home, config)
        _each_once_or_twice(home, [letter for letter in post if isinstance(letter, bytes)], keys)


def _watch(home: Home, hook: str) -> None:
    """Store a watch that sends at once, by mail and to a webhook, and has one event to send.

    If each victim is killed before its first event on a busy machine, this event is still sent.
    """
    draft = WatchDraft("Desk", "ada", ClaimFilter(), mail="w@paper.example", webhook=hook,
                       rhythm=Rhythm.AT_ONCE)  # fmt: skip
    WatchStore(home.watches).add(draft, now=NOW)
    gather_something(home)


def _send_what_waits(home: Home, config: Config) -> None:
    later_time = datetime.now(UTC) + timedelta(days=60)
    while tell.send(home, config, {}, now=later_time, nightly=True).sent:
        later_time += timedelta(days=2)


def _each_once_or_twice(home: Home, letters: list[bytes], keys: list[str]) -> None:
    """Assert that each message of a watch came once, or twice with one id where it was cut off."""
    with closing(sqlite3.connect(home.watches)) as connection:
        rows = connection.execute("SELECT message_id, channel, body, state, begun FROM messages").fetchall()
        assert connection.execute("SELECT count(*) FROM pending").fetchone() == (0,)
    bodies = {body: message_id for message_id, channel, body, *_ in rows if channel == "mail"}
    arrivals = Counter([*(bodies.get(letter, str(letter[:300])) for letter in letters), *keys])
    assert set(arrivals) <= {message_id for message_id, *_ in rows}
    for message_id, channel, _body, state, times_begun in rows:
        assert state in ("sent", "unknown"), (channel, state)
        assert arrivals[message_id] <= 2
        # Once, but for what was cut off between its handing over and the note of how that ended.
        assert arrivals[message_id] == 1 or times_begun >= 1, (
            channel,
            state,
            times_begun,
            arrivals[message_id],
        )
        assert arrivals[message_id] or state == "unknown"
    posted = [body for _, channel, body, *_ in rows if channel == "webhook"]
    quotes = Counter(quote for body in posted for quote in re.findall(rb"I saw it, [0-9a-f]{32}", body))
    assert set(quotes.values()) == {1}, "an event was told in two messages"


def _sent(one: Started) -> list[str]:
    """Return the decisions that a killed editor had made."""
    messages = []
    try:
        while one.connection.poll():
            messages.append(one.connection.recv())
    except EOFError:
        pass
    return [message for message in messages if message != "done"]
