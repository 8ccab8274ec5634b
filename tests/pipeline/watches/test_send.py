"""Sending to real servers on loopback: once, bounded, one channel without the others, and after a crash."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from functools import partial
from typing import Any

import pytest

from pipeline.core.config import Config, PublisherConfig, WatchesConfig
from pipeline.core.http import AnsweredError
from pipeline.core.vocabulary import DecisionKind, Stance, Status
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches import tell
from pipeline.watches.feed import write_feeds
from pipeline.watches.messages import compose
from pipeline.watches.outbox import MessageState
from pipeline.watches.records import QuietHours, Rhythm, Watch
from pipeline.watches.send import WAITS, Sent
from pipeline.watches.store import WatchStore
from tests.pipeline.watches.conftest import DAY, FIRST, Paper, mailing, mend, spoil
from tests.receivers import SECRET, chat, post_office

pytestmark = pytest.mark.slow  # a store for each

NOON = FIRST + timedelta(hours=9)


@contextmanager
def deaf(until: bytes | None) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the port of a host that never greets, or speaks SMTP `until` a line and then falls silent."""
    stopped, received = threading.Event(), list[bytes]()

    class Deaf(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if until is not None:
                self.wfile.write(b"220 deaf.example\r\n")
                data = False
                for line in self.rfile:
                    received.append(line)
                    if line.strip().upper() == until:
                        break
                    if not data:
                        data = line.strip().upper() == b"DATA"
                        self.wfile.write(b"354 go on\r\n" if data else b"250 well\r\n")
            else:
                received.append(b"came")
            stopped.wait(20)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Deaf) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], received
        stopped.set()
        server.shutdown()


@pytest.fixture(scope="module")
def first_copy() -> list[bytes]:
    """The copy of the first night, once it was published: it is the same for all tests."""
    return []


@pytest.fixture
def told(paper: Paper, first_copy: list[bytes]) -> Paper:
    """A paper whose first night has news."""
    paper.begin(0)
    paper.world.claim("c1", first_seen_at=paper.night)
    paper.judge("c1", Status.UNVERIFIED, 1, paper.say("c1", "alder", "Aurel trained on test sets."))
    if first_copy:
        paper.home.published.write_bytes(first_copy[0])
    else:
        paper.publish()
        first_copy.append(paper.home.published.read_bytes())
    return paper


def send(paper: Paper, config: Config, at: datetime = NOON, *, nightly: bool = True) -> Sent:
    return tell.send(paper.home, config, {}, now=at, nightly=nightly)


def letters(taken: list[Any]) -> list[bytes]:
    return [letter for letter in taken if isinstance(letter, bytes)]


def test_each_channel_is_told_once(told: Paper) -> None:
    keys: list[str] = []
    with post_office() as (port, received), chat(keys=keys) as (url, posted):
        watch = told.watch(webhook=url)
        told.look()
        config = mailing(port)
        assert (send(told, config).sent, send(told, config).sent) == (2, 0)
        told.look()
        assert send(told, config, NOON + DAY).sent == 0
    (letter,) = letters(received)
    message = message_from_bytes(letter)
    assert "rcpt TO:<ada@paper.example>" in received
    assert message["To"] == "ada@paper.example"
    assert message["Subject"] == "Desk: 1 new claim"
    assert message["List-Unsubscribe"] == f"<https://desk.paper.example/unsubscribe/{watch.token}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
    for text_part in (
        "Unverified (new), 1 independent voice. It is so.",
        "New independent voice: Alder, 2026-03-09: “Aurel trained on test sets.”",
        "https://desk.paper.example/c/c1",
        f"https://desk.paper.example/unsubscribe/{watch.token}",
    ):
        assert text_part in text
    ((_, body),) = posted
    assert json.loads(body)["text"] == "Desk: 1 new claim"
    assert len(keys) == 1 and f"<{keys[0]}@" not in message["Message-ID"]


def test_without_a_public_address_the_mail_says_in_words_how_to_stop_it(told: Paper) -> None:
    with post_office() as (port, received):
        watch = told.watch()
        told.look()
        send(told, mailing(port, publisher=PublisherConfig()))
        (letter,) = letters(received)
        assert b"List-Unsubscribe" not in letter
        assert f"`rumortrail watch remove {watch.watch_id}`".encode() in letter.replace(b"=\r\n", b"")


def test_a_watch_that_cannot_be_read_keeps_nothing_from_the_others_and_is_told_each_night(
    told: Paper,
) -> None:
    with post_office() as (port, received):
        broken, gathering = (told.watch(name=name, mail="bo@paper.example", atom=True) for name in "XY")
        told.watch()
        write_feeds(told.home, told.config)
        told.look()
        told.outbox.bundle(partial(compose, config=mailing(port), now=FIRST), now=FIRST, nightly=True)
        spoil(told.home.watches, broken.watch_id)
        report = send(told, mailing(port))
        assert (report.sent, len(letters(received))) == (2, 2)
        (fault,) = report.faults
        assert f"watch {broken.watch_id} is stored with a fault" in fault
        write_feeds(told.home, told.config)
        feeds = {file.stem for file in told.home.watch_feeds.glob("*.atom")}
        assert feeds == {broken.watch_id, gathering.watch_id}
        mend(told.home.watches, broken.watch_id)
        assert (send(told, mailing(port)).sent, len(letters(received))) == (1, 3)


def test_a_host_that_refuses_keeps_nothing_from_the_others_and_is_tried_a_few_times(told: Paper) -> None:
    with post_office() as (port, received), chat() as (url, posted), chat(500) as (broken_url, _):
        told.watch(mail="nobody@paper.example", webhook=url)
        told.watch(webhook=broken_url)
        told.look()
        report = send(told, mailing(port))
        assert (report.sent, len(letters(received)), len(posted)) == (2, 1, 1)
        assert len(report.faults) == 2
        assert not any(word in str(report.faults) for word in ("paper.example", SECRET, url, "Desk"))
        assert send(told, mailing(port), NOON + WAITS[0] - timedelta(seconds=1)).faults == []
        now, ends = NOON, list[list[str]]()
        for wait in (*WAITS, DAY):
            now += wait
            ends.append(send(told, mailing(port), now, nightly=False).faults)
    assert [len(faults) for faults in ends] == [2, 2, 2, 2, 0]
    for attempt, faults in enumerate(ends):
        assert all(("given up" if attempt == 3 else "tried again") in fault for fault in faults)
    unsent = told.outbox.unsent(now)
    assert {(item.state, item.channel) for item in unsent} == {("failed", "mail"), ("failed", "webhook")}


def test_a_host_that_never_answers_is_bounded_and_asked_once(told: Paper) -> None:
    with deaf(None) as (port, received), chat() as (url, posted):
        for name in "abc":
            told.watch(name=name)
        told.watch(mail="", webhook=url)
        told.look()
        report = send(told, mailing(port, timeout=0.3))
    assert (report.sent, len(report.faults), len(received), len(posted)) == (1, 1, 1, 1)
    assert {(item.state, item.messages) for item in told.outbox.unsent(NOON)} == {(MessageState.WAITING, 1)}
    # Nothing was handed over, so that the message can be sent again.
    with post_office() as (port, later_received):
        assert send(told, mailing(port), NOON + DAY).sent == 3
        assert len(letters(later_received)) == 3


def test_a_host_that_takes_it_and_is_silent_gets_it_twice_at_most(told: Paper) -> None:
    with deaf(b".") as (port, received):
        told.watch()
        told.look()
        reports = [send(told, mailing(port, timeout=0.5), NOON + n * DAY) for n in range(4)]
    ids = [line for line in received if line.lower().startswith(b"message-id:")]
    assert (len(ids), len(set(ids))) == (2, 1)
    assert [len(report.faults) for report in reports] == [1, 1, 0, 0]
    assert "nobody knows whether it came" in reports[1].faults[0]


@pytest.mark.parametrize("cut_off", [1, 2])
def test_what_was_cut_off_is_sent_once_more_with_the_same_id(told: Paper, cut_off: int) -> None:
    with post_office() as (port, received):
        told.watch()
        told.look()
        send(told, mailing(1))
        next_noon = NOON + DAY
        (message,) = told.outbox.due(next_noon)
        for _ in range(cut_off):
            told.outbox.begin(message)
        report = send(told, mailing(port), next_noon)
        assert (report.sent, len(report.faults)) == ((1, 0) if cut_off == 1 else (0, 1))
        for letter in letters(received):
            assert f"Message-ID: <{message.message_id}@paper.example>".encode() in letter
            assert letter == message.body


def test_quiet_hours_bundle_and_lose_nothing(told: Paper) -> None:
    with post_office() as (port, received):
        told.watch(quiet=QuietHours.of("22:00-07:00"))  # the night's runs are at 03:00
        told.look()
        assert send(told, mailing(port), told.night).sent == 0
        assert told.outbox.held() == [("Desk", 1)]
        told.begin(1)
        denial = told.say("c1", "aurel", "It is not true.", Stance.DENIES)
        told.judge("c1", Status.DISPUTED, 2, denial)
        told.publish()
        told.look()
        assert send(told, mailing(port), told.night).sent == 0
        # A revisit, or `rumortrail watch send`, after the quiet hours.
        assert send(told, mailing(port), told.night + timedelta(hours=4), nightly=False).sent == 1
        assert told.outbox.held() == []
    (letter,) = letters(received)
    assert b"Subject: Desk: 1 new claim, 1 status change, 1 first denial\r\n" in letter


def test_a_week_is_one_message(told: Paper) -> None:
    with post_office() as (port, received):
        told.watch(rhythm=Rhythm.WEEKLY)
        told.look()
        for number in range(1, 9):
            told.begin(number)
            if number in (1, 3):
                source = {1: "birch", 3: "cedar"}[number]
                told.say("c1", source, f"{source} saw it.")
                told.publish()
                told.look()
            assert send(told, mailing(port), told.night).sent == (number == 7), number
    (letter,) = letters(received)
    text = message_from_bytes(letter).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert [source in text for source in ("Alder", "Birch", "Cedar")] == [True] * 3


def test_at_once_is_told_by_a_revisit_and_nightly_is_not(told: Paper) -> None:
    with post_office() as (port, received):
        told.watch(name="now", rhythm=Rhythm.AT_ONCE)
        told.watch(name="night")
        told.look()
        assert send(told, mailing(port), nightly=False).sent == 1
        assert send(told, mailing(port)).sent == 1
    assert [b"Subject: now" in letter for letter in letters(received)] == [True, False]


def test_what_waits_goes_with_its_watch_and_with_its_reader(told: Paper) -> None:
    with post_office() as (port, received), chat() as (url, posted):
        removed_watch, stopped_watch = told.watch(name="gone"), told.watch(name="stopped", webhook=url)
        told.look()
        config = mailing(1, watches=WatchesConfig())
        assert len(send(told, config).faults) == 2  # the mail host, asked once, and the webhook
        watches = WatchStore(told.home.watches)
        watches.remove(removed_watch.watch_id)
        watches.unsubscribe(stopped_watch.token, now=NOON)
        assert send(told, mailing(port), NOON + DAY).sent == 1
        assert (letters(received), len(posted)) == ([], 1)


def test_what_waits_goes_to_the_address_that_was_put_in_its_place(told: Paper) -> None:
    with post_office() as (port, received):
        watch = told.watch(mail="nobody@paper.example")
        told.look()
        assert len(send(told, mailing(port)).faults) == 1
        watches = WatchStore(told.home.watches)
        changed_watch = watches.change(watch.watch_id, replace(watch, mail="bo@paper.example"))
        watches.unsubscribe(watch.token, now=NOON)
        assert send(told, mailing(port), NOON + DAY).sent == 1
    (letter,) = letters(received)
    assert "rcpt TO:<bo@paper.example>" in received
    assert message_from_bytes(letter)["To"] == "bo@paper.example"
    assert b"nobody@" not in letter
    text = letter.replace(b"=\r\n", b"").decode()
    assert changed_watch.token in text and watch.token not in text


@pytest.mark.parametrize("cut_off", [False, True])
def test_what_an_editor_hid_is_taken_out_of_what_waits(told: Paper, cut_off: bool) -> None:
    with post_office() as (port, received), chat() as (url, posted):
        told.watch(name="both", webhook=url)
        told.watch(ClaimFilter(words="sets"), name="hidden")
        told.begin(1)
        for claim, text_shown in (("c2", "Borealis is late."), ("c3", "Corona is late.")):
            told.world.claim(claim, text_shown, mention_id=f"m-{claim}", first_seen_at=told.night)
            told.judge(claim, Status.UNVERIFIED, 1, told.say(claim, "alder", text_shown))
        told.world.rivals("c2", "c1", "number", "none / 2")
        told.publish()
        told.look()
        assert send(told, mailing(1)).sent == 1  # the webhook
        ids = {message.message_id for message in told.outbox.due(NOON + DAY)}
        if cut_off:
            for message in told.outbox.due(NOON + DAY):
                told.outbox.begin(message)
        told.world.decide(DecisionKind.HIDE, "c1", None, told.night)
        told.begin(2)
        told.publish()
        told.look()
        assert list(told.outbox.due(NOON + DAY)) == []
        assert send(told, mailing(port), NOON + DAY, nightly=False).sent == 1
    (letter,), (_, first) = letters(received), posted[0]
    assert message_from_bytes(letter)["Message-ID"].partition("@")[0][1:] in ids
    text = message_from_bytes(letter).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert all(f"{model} is late" in text for model in ("Borealis", "Corona")) and "test sets" not in text
    assert (len(posted), b"test sets" in first) == (1, True), "it was told before it was hidden"


Change = Callable[[WatchStore, Watch], object]


def stop(watches: WatchStore, watch: Watch) -> None:
    watches.unsubscribe(watch.token, now=NOON)


def pause(watches: WatchStore, watch: Watch) -> None:
    watches.pause(watch.watch_id, NOON)


def pause_and_go_on(watches: WatchStore, watch: Watch) -> None:
    pause(watches, watch)
    watches.pause(watch.watch_id, None)


def mail_nobody(watches: WatchStore, watch: Watch) -> None:
    watches.change(watch.watch_id, replace(watch, mail="", atom=True))


@pytest.mark.parametrize("change", [stop, pause, pause_and_go_on, mail_nobody])
@pytest.mark.parametrize("cut_off", [False, True])
def test_a_channel_that_is_off_gets_nothing_that_waited_or_was_cut_off(
    told: Paper, change: Change, cut_off: bool
) -> None:
    with post_office() as (port, received):
        watch = told.watch()
        told.look()
        send(told, Config())
        if cut_off:
            (message,) = told.outbox.due(NOON + DAY)
            told.outbox.begin(message)
        change(WatchStore(told.home.watches), watch)
        assert send(told, mailing(port), NOON + DAY) == Sent()
    assert received == [] and told.outbox.unsent(NOON) == []


def test_what_is_refused_while_its_reader_stops_it_is_not_tried_again(
    told: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = told.watch()
    told.look()

    def refuse(*given: Any) -> None:
        given[-1].begin()
        stop(WatchStore(told.home.watches), watch)
        raise AnsweredError("451")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.watches.send.hand_over", refuse)
        assert len(send(told, mailing(1)).faults) == 1
    with post_office() as (port, received):
        assert send(told, mailing(port), NOON + DAY) == Sent()
    assert received == []


def test_a_round_sends_nothing_that_was_stopped_while_it_sent(
    told: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_watches = [told.watch(name="a"), told.watch(name="b")]
    told.look()
    handed_ids: list[str] = []

    def take(watch: Watch, *given: Any) -> None:
        given[-1].begin()
        handed_ids.append(watch.watch_id)
        for other_watch in both_watches:
            if other_watch.watch_id != watch.watch_id:
                stop(WatchStore(told.home.watches), other_watch)

    monkeypatch.setattr("pipeline.watches.send.hand_over", take)
    assert (send(told, mailing(1)).sent, len(handed_ids)) == (1, 1)


def test_a_webhook_in_the_own_network_is_refused_unless_allowed(told: Paper) -> None:
    with chat() as (url, posted):
        told.watch(mail="", webhook=url.replace("127.0.0.1", "localhost"))
        told.look()
        (fault,) = send(told, mailing(1, watches=WatchesConfig())).faults
        assert "its address is not public" in fault and posted == []
        assert send(told, mailing(1), NOON + DAY).sent == 1


def test_mail_without_a_host_waits_and_is_told(told: Paper) -> None:
    told.watch()
    told.look()
    for day in range(9):
        (fault,) = send(told, Config(), NOON + day * DAY).faults
        assert "[mail] host names no server" in fault
    with post_office() as (port, _):
        assert send(told, mailing(port), NOON + 10 * DAY).sent == 1


def test_two_who_send_at_once_send_each_message_once(told: Paper) -> None:
    with post_office() as (port, received):
        for number in range(8):
            told.watch(name=f"w{number}")
        told.look()
        threads = [threading.Thread(target=send, args=(told, mailing(port))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        send(told, mailing(port))
        assert len(letters(received)) == len(set(letters(received))) == 8
