"""Watches as they are kept: by several processes at once, in a file that only its owner reads."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.errors import DataError, FaultyRowError
from pipeline.core.sqlite import opened
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches import database
from pipeline.watches.addresses import feed_path, unsubscribe_address
from pipeline.watches.messages import compose
from pipeline.watches.outbox import MessageState, Outbox
from pipeline.watches.records import Channel, QuietHours, Rhythm, WatchDraft, mail_address
from pipeline.watches.store import WatchStore
from tests.conftest import NOW
from tests.pipeline.watches.conftest import spoil
from tests.worlds.stories import hostile_texts

META = ClaimFilter(organisations=("Meta",), words='"test set"', single=True)
DRAFT = WatchDraft("Meta", "ada", META, atom=True, mail="ada@paper.example",
                   webhook="https://chat.example/hooks/SECRET", rhythm=Rhythm.AT_ONCE,
                   quiet=QuietHours.of("22:00-07:00"), zone="Europe/Berlin")  # fmt: skip


@pytest.fixture
def watches(tmp_path: Path) -> WatchStore:
    return WatchStore(tmp_path / "home" / "watches.sqlite")


def test_it_is_kept_as_it_was_made_changed_and_removed(watches: WatchStore) -> None:
    assert watches.all() == []
    watch = watches.add(DRAFT, now=NOW)
    assert watches.all() == [watch] == [watches.get(watch.watch_id)]
    assert {field: getattr(watch, field) for field in WatchDraft.__slots__} == {
        field: getattr(DRAFT, field) for field in WatchDraft.__slots__
    }
    assert watch.channels == (Channel.ATOM, Channel.MAIL, Channel.WEBHOOK)
    assert (watch.created_at, len(watch.token) >= 32) == (NOW, True)
    changed_watch = watches.change(watch.watch_id, replace(DRAFT, name="Llama", webhook=""))
    assert (changed_watch.name, changed_watch.token, watches.all()) == ("Llama", watch.token, [changed_watch])
    assert watches.remove(watch.watch_id) == changed_watch
    for call in (watches.get, watches.remove, lambda watch_id: watches.change(watch_id, DRAFT)):
        with pytest.raises(DataError, match="there is no watch"):
            call(watch.watch_id)


def test_it_is_found_by_its_id_and_else_by_its_name(watches: WatchStore) -> None:
    watch = watches.add(DRAFT, now=NOW)
    named_like_it = watches.add(replace(DRAFT, name=watch.watch_id), now=NOW)
    assert watches.find(watch.watch_id) == watches.find(DRAFT.name) == watch
    watches.change(named_like_it.watch_id, DRAFT)
    with pytest.raises(DataError, match=r"2 watches are called .* name one by its id"):
        watches.find(DRAFT.name)
    with pytest.raises(DataError, match="there is no watch 'Nothing'"):
        watches.find("Nothing")


def test_one_that_cannot_be_read_hides_no_other_and_can_be_removed(watches: WatchStore) -> None:
    sound, broken = watches.add(DRAFT, now=NOW), watches.add(replace(DRAFT, name="Old"), now=NOW)
    spoil(watches.path, broken.watch_id)
    (faulty,) = watches.faulty()
    assert (faulty.watch_id, faulty.name, faulty.owner) == (broken.watch_id, "Old", DRAFT.owner)
    assert "the filter has no 'shape'" in faulty.fault and "Old" not in faulty.fault
    assert watches.all() == [sound]
    for call in (watches.get, watches.find):
        with pytest.raises(FaultyRowError, match="stored with a fault"):
            call(broken.watch_id)
    assert watches.remove(broken.watch_id) == faulty
    assert (watches.all(), watches.faulty()) == ([sound], [])


def test_only_its_owner_reads_the_file_and_no_log_shows_an_address(watches: WatchStore) -> None:
    watch = watches.add(DRAFT, now=NOW)
    assert stat.S_IMODE(watches.path.stat().st_mode) == 0o600
    assert not any(secret in repr(watch) for secret in ("paper.example", "SECRET", watch.token))


def test_mail_is_stopped_by_whoever_has_the_token(watches: WatchStore) -> None:
    assert watches.unsubscribe("any", now=NOW) is None
    made, other_watch = watches.add(DRAFT, now=NOW), watches.add(DRAFT, now=NOW)
    assert watches.unsubscribe("any", now=NOW) is None
    stopped = watches.unsubscribe(made.token, now=NOW)
    assert stopped and stopped.watch.channels == (Channel.ATOM, Channel.WEBHOOK)
    assert watches.of_token(made.token) == stopped == watches.unsubscribe(made.token, now=NOW.replace(day=9))
    assert (stopped.known, stopped.mailed) == (True, True)
    assert watches.get(other_watch.watch_id).channels == other_watch.channels
    # Another reader's address was not stopped; this one was.
    assert Channel.MAIL not in watches.change(made.watch_id, DRAFT).channels
    assert Channel.MAIL in watches.change(made.watch_id, replace(DRAFT, mail="bo@paper.example")).channels
    # A change to another address or to none does not restart the mail either.
    for address in ("ada@paper.example", "Ada@paper.example"):
        assert Channel.MAIL not in watches.change(made.watch_id, replace(DRAFT, mail=address)).channels
        watches.change(made.watch_id, replace(DRAFT, mail=""))
    assert watches.change(made.watch_id, DRAFT).mail_stopped_at == NOW


def test_a_token_stops_the_mail_to_its_own_address_alone(watches: WatchStore) -> None:
    watch = watches.add(DRAFT, now=NOW)
    bo = replace(DRAFT, mail="bo@paper.example")
    their_watch = watches.change(watch.watch_id, bo)
    assert their_watch.token != watch.token
    reader = watches.unsubscribe(watch.token, now=NOW)
    assert reader and (reader.stopped_at, reader.known, reader.mailed) == (NOW, True, False)
    assert watches.get(watch.watch_id) == their_watch == watches.change(watch.watch_id, bo)
    assert Channel.MAIL in their_watch.channels and their_watch.mail_stopped_at is None
    # A returning address is recognised as having stopped the mail.
    changed_back = watches.change(watch.watch_id, replace(DRAFT, mail="Ada@paper.example"))
    assert (changed_back.token, changed_back.mail_stopped_at) == (watch.token, NOW)
    assert watches.unsubscribe(their_watch.token, now=NOW.replace(day=9))
    assert watches.get(watch.watch_id) == changed_back
    watches.remove(watch.watch_id)
    assert watches.of_token(watch.token) is watches.of_token(their_watch.token) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nBcc: x@y.example"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"owner": ""}, "owner"),
        ({"atom": False, "mail": "", "webhook": ""}, "choose one"),
        ({"zone": "Mars/Olympus"}, "time zone"),
        ({"zone": "../../etc/passwd"}, "time zone"),
        ({"zone": ""}, "time zone"),
        ({"webhook": "ftp://x.example/SECRET"}, "webhook"),
        ({"webhook": "https://u:p@x.example/SECRET"}, "webhook"),
        ({"webhook": "https://x.example/SECRET\r\nX: 1"}, "webhook"),
        ({"filter": ClaimFilter(statuses=("true",))}, "none of statuses"),
        ({"filter": ClaimFilter(kinds=("x" * 900,))}, "none of kinds"),
        ({"filter": ClaimFilter(sources=("x",) * 51)}, "at most 50"),
        ({"filter": ClaimFilter(words="x" * 301)}, "longer than"),
    ],
)
def test_what_cannot_be_kept_is_told_without_its_address(
    watches: WatchStore, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(DataError, match=told) as error:
        watches.add(replace(DRAFT, **change), now=NOW)
    assert "SECRET" not in str(error.value)
    assert watches.all() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ada@paper.example", "ada@paper.example"),
        (" Ada.B+x@Paper.Example ", "Ada.B+x@paper.example"),
        ("ada@zeitung-münchen.example", "ada@xn--zeitung-mnchen-osb.example"),
        ("ada@localhost", "ada@localhost"),
        *((text, None) for text in (
            "", "ada", "@x.example", "ada@", "Ada <ada@x.example>", "a@x.example, b@x.example",
            "a b@x.example", "a@x.example\r\nBcc: b@x.example", "ä@x.example", ".a@x.example",
            "a..b@x.example", '"a"@x.example', "a@-x.example", "a@x.example>", f"{'a' * 65}@x.example",
            f"a@{'x' * 300}.example",
        )),
    ],
)  # fmt: skip
def test_a_mail_address_is_one_plain_address(given: str, kept: str | None) -> None:
    assert mail_address(given) == kept


@given(st.text() | st.sampled_from(hostile_texts("http://127.0.0.1:9")))
def test_whatever_is_taken_for_an_address_is_safe_in_a_header(given: str) -> None:
    address = mail_address(given) or "a@b"
    assert address.isascii() and address.isprintable() and " " not in address


def _add(path: Path, count: int) -> None:
    for _ in range(count):
        WatchStore(path).add(DRAFT, now=NOW)


def test_several_processes_begin_one_file(watches: WatchStore) -> None:
    context = get_context("forkserver")
    processes = [context.Process(target=_add, args=(watches.path, 5)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(watches.all()) == 20


def test_a_file_of_another_version(watches: WatchStore, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watches.add(DRAFT, now=NOW)
    steps = dict(database.SCHEMAS)
    monkeypatch.setattr(database, "SCHEMAS", steps | {"later": "CREATE TABLE later (one INTEGER) STRICT"})
    assert watches.all() == [watch]  # brought to the next version
    with closing(sqlite3.connect(watches.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(steps) + 1,)
        assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)
    monkeypatch.setattr(database, "SCHEMAS", steps)
    with pytest.raises(DataError, match="newer Rumortrail"):
        watches.all()


@contextmanager
def version(watches: WatchStore, monkeypatch: pytest.MonkeyPatch, steps: int) -> Iterator[sqlite3.Connection]:
    """Make the file as an older version did, and yield it open."""
    with monkeypatch.context() as patch:
        patch.setattr(database, "SCHEMAS", dict(list(database.SCHEMAS.items())[:steps]))
        with database.connected(watches.path) as connection:
            yield connection


FIRST_VERSION = """
INSERT INTO watches VALUES ('w1', 'Meta', 'ada', '', 0, 'Ada@paper.example', '', 'nightly', '', 'UTC', 'T1',
                            '2026-03-01T00:00:00Z', NULL, NULL, NULL);
INSERT INTO messages VALUES ('m1', 'w1', 'mail', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z', x'41',
                             'waiting', 1, 2, NULL, NULL)
"""


SECOND_VERSION = f"""
INSERT INTO watches VALUES ('w1', 'Meta', 'ada', '', 0, 'Ada@paper.example', '', 'nightly', '', 'UTC', 'T1',
                            '2026-03-01T00:00:00Z', NULL, NULL, NULL);
INSERT INTO watches VALUES ('w2', 'Meta', 'ada', '', 0, 'ada@paper.example', '', 'nightly', '', 'UTC', 'T2',
                            '2026-03-02T00:00:00Z', '{NOW:%FT%TZ}', '{NOW:%FT%TZ}', NULL);
INSERT INTO mail_stops VALUES ('w2', 'ada@paper.example', '{NOW:%FT%TZ}');
INSERT INTO mail_stops VALUES ('w1', 'bo@paper.example', '{NOW:%FT%TZ}');
INSERT INTO messages VALUES ('m1', 'w1', 'mail', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z', x'41',
                             'waiting', 1, 2, NULL, NULL, 0);
INSERT INTO message_events VALUES ('m1', 1, '{{}}');
INSERT INTO pending VALUES (1, 'w1', 'e1', '2026-03-01T00:00:00Z', '{{}}')
"""


def test_what_waits_in_a_file_of_the_first_version_is_sent(
    watches: WatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with version(watches, monkeypatch, 1) as connection:
        for statement in FIRST_VERSION.split(";"):
            connection.execute(statement)
    outbox = Outbox(watches.path)
    outbox.take({}, known=(), states=(), published_at=NOW, now=NOW, hidden={"c1"})
    outbox.bundle(partial(compose, config=Config(), now=NOW), now=NOW, nightly=True)
    (message,) = outbox.due(NOW)
    assert (message.message_id, message.body, message.begun, message.tries) == ("m1", b"A", 1, 2)
    assert watches.all() == [message.watch]


def test_what_waits_in_a_file_of_the_first_version_is_lost_to_no_other_reader_in_silence(
    watches: WatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with version(watches, monkeypatch, 1) as connection:
        for statement in FIRST_VERSION.split(";"):
            connection.execute(statement)
    outbox, compose_now = Outbox(watches.path), partial(compose, config=Config(), now=NOW)
    # The same address in other letter case is the same reader.
    watches.change("w1", replace(DRAFT, mail="ada@paper.example"))
    outbox.bundle(compose_now, now=NOW, nightly=True)
    assert [message.body for message in outbox.due(NOW)] == [b"A"]
    watches.change("w1", replace(DRAFT, mail="bo@paper.example"))
    outbox.bundle(compose_now, now=NOW, nightly=True)
    assert list(outbox.due(NOW)) == []
    (unsent,) = outbox.unsent(NOW)
    assert (unsent.state, unsent.messages, unsent.ended_at) == (MessageState.FAILED, 1, NOW)
    assert unsent.fault == "The message was addressed to another reader and was dropped during the upgrade"


def test_tokens_and_stops_of_the_second_version_hold(
    watches: WatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with version(watches, monkeypatch, 2) as connection:
        for statement in SECOND_VERSION.split(";"):
            connection.execute(statement)
    first, second = watches.all()
    assert (first.token, first.mail_stopped_at, first.paused_at) == ("T1", None, None)
    assert (second.token, second.mail_stopped_at, second.paused_at) == ("T2", NOW, NOW)
    readers = [watches.of_token(token) for token in ("T1", "T2")]
    assert [reader and reader.watch for reader in readers] == [first, second]
    with database.connected(watches.path) as connection:
        tables = ("messages", "message_events", "pending", "mail_stops")
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        assert [table in names for table in tables] == [True, True, True, False]
        for table in tables[:3]:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1
    # A reader who stopped the mail stays stopped, and may return with a token of their own.
    bo = watches.change("w1", replace(DRAFT, mail="Bo@paper.example"))
    assert (bo.mail_stopped_at, bo.token != "T1", len(bo.token) >= 32) == (NOW, True, True)
    # A message composed for another address is not sent.
    assert list(Outbox(watches.path).due(NOW)) == []
    watches.remove("w1")
    with database.connected(watches.path) as connection:
        for table in tables[:3]:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_mail_that_was_stopped_while_its_watch_had_no_address_stays_stopped(watches: WatchStore) -> None:
    watch = watches.add(DRAFT, now=NOW)
    watches.change(watch.watch_id, replace(DRAFT, mail=""))
    reader = watches.of_token(watch.token)
    assert reader and (reader.stopped_at, reader.known, reader.mailed) == (None, True, False)
    assert watches.unsubscribe(watch.token, now=NOW)
    assert Channel.MAIL in watches.change(watch.watch_id, replace(DRAFT, mail="bo@paper.example")).channels
    assert Channel.MAIL not in watches.change(watch.watch_id, DRAFT).channels


@pytest.mark.parametrize("stopped", ["without an address", "with a new one"])
def test_a_token_of_the_second_version_whose_address_nobody_knows_stops_the_mail_to_all(
    watches: WatchStore, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    with version(watches, monkeypatch, 2) as connection:
        for statement in SECOND_VERSION.replace("'Ada@paper.example', ''", "'', ''").split(";"):
            connection.execute(statement)
    if stopped == "with a new one":
        cy = watches.change("w1", replace(DRAFT, mail="cy@paper.example"))
        assert (cy.token != "T1", Channel.MAIL in cy.channels) == (True, True)
        assert [outgoing.state for outgoing in Outbox(watches.path).unsent(NOW)] == [MessageState.WAITING]
    reader = watches.unsubscribe("T1", now=NOW)
    assert reader and (reader.stopped_at, reader.known, reader.mailed) == (NOW, False, False)
    for mail in ("cy@paper.example", "ada@paper.example", "", "Ada@paper.example"):
        changed_watch = watches.change("w1", replace(DRAFT, mail=mail))
        assert (changed_watch.mail_stopped_at, Channel.MAIL in changed_watch.channels) == (NOW, False)
    assert not Outbox(watches.path).unsent(NOW) or stopped == "without an address"
    assert watches.of_token("T1") == watches.unsubscribe("T1", now=NOW.replace(day=9))


def test_no_step_deletes_what_refers_to_a_table_made_anew(
    watches: WatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with version(watches, monkeypatch, 2) as connection:
        for statement in SECOND_VERSION.split(";"):
            connection.execute(statement)

    @contextmanager
    def checking(path: Path, name: str) -> Iterator[sqlite3.Connection]:
        """Open a file as an SQLite does that was built to check foreign keys."""
        with opened(path, name) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection

    monkeypatch.setattr(database, "opened", checking)
    with database.connected(watches.path) as connection:
        for table in ("messages", "message_events", "pending"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_step_that_fails_leaves_the_file_as_it_was(
    watches: WatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watches.add(DRAFT, now=NOW)
    with monkeypatch.context() as patch:
        broken_step = "CREATE TABLE later (one INTEGER) STRICT;\nCREATE TABLE watches (x)"
        patch.setattr(database, "SCHEMAS", dict(database.SCHEMAS) | {"later": broken_step})
        with pytest.raises(DataError, match="cannot be used"):
            watches.all()
    assert watches.all() == [watch]


def test_a_damaged_file_is_told(watches: WatchStore) -> None:
    watches.path.parent.mkdir()
    watches.path.write_bytes(b"no database" * 900)
    with pytest.raises(DataError, match="is damaged"):
        watches.all()


def test_addresses() -> None:
    assert feed_path(ClaimFilter()) == "/feeds/claims.atom"
    assert feed_path(ClaimFilter(organisations=("R&D",), due=True)) == "/feeds/claims.atom?org=R%26D&due=true"
    assert unsubscribe_address(PublisherConfig(), "t/t") is None
    desk = PublisherConfig(url="https://desk.example/base/")
    assert unsubscribe_address(desk, "t/t") == "https://desk.example/base/unsubscribe/t%2Ft"
