"""Sending the digest to a mail host and a webhook on loopback, and what becomes of a night when they fail."""

from __future__ import annotations

import dataclasses
import json
import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest

from pipeline.core.config import Config, MailConfig, SiteConfig
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Outcome
from pipeline.decisions.journal import Journal
from pipeline.digest.deliver import WEBHOOK, deliver, latest, write_digest
from pipeline.digest.smtp import PASSWORD, USER
from pipeline.run.nightly import nightly, process
from tests.conftest import NOW, Command, InboxWriter, document
from tests.fakes import FakeModels
from tests.pipeline.digest.test_changes import full
from tests.receivers import SECRET, chat, post_office

pytestmark = pytest.mark.slow  # whole nights


def mailed(port: int, to: str = "ada@paper.example, bo@paper.example", **settings: Any) -> Config:
    defaults: dict[str, Any] = {"encrypted": False, "sender": "Desk <desk@paper.example>", "timeout": 10.0}
    return Config(mail=MailConfig(host="127.0.0.1", port=port, to=to, **defaults | settings))


@pytest.fixture
def digest(run: RunContext) -> RunContext:
    """A run that left a digest."""
    write_digest(run, full())
    return run


def test_a_digest_is_written_in_three_forms(digest: RunContext) -> None:
    names = {file.name for file in digest.home.digests.iterdir()}
    assert names == {f"20260302T030000Z{suffix}" for suffix in (".md", ".eml", ".webhook.json")}
    assert latest(digest.home) == "20260302T030000Z"


def test_it_reaches_the_mail_host_and_the_webhook(run: RunContext) -> None:
    with post_office() as (port, received), chat() as (url, posted):
        run = dataclasses.replace(run, config=mailed(port))
        write_digest(run, full())
        assert deliver(run.home, run.config, run.run_id, {WEBHOOK: url}) == (["mail", "webhook"], [])
    letter = next(line for line in received if isinstance(line, bytes))
    assert {"rcpt TO:<ada@paper.example>", "rcpt TO:<bo@paper.example>"} <= set(map(str, received))
    message = message_from_bytes(letter)
    assert message["To"] == "ada@paper.example, bo@paper.example"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    ((path, body),) = posted
    assert path == f"/services/{SECRET}"
    assert json.loads(body)["text"].startswith("Rumortrail, 2026-03-02")


def test_nothing_is_sent_where_nothing_is_wished(digest: RunContext) -> None:
    assert deliver(digest.home, Config(), digest.run_id, {}) == ([], [])
    with pytest.raises(DataError, match="left no digest"):
        deliver(digest.home, Config(), "20200101T000000Z", {WEBHOOK: "http://127.0.0.1:9/"})


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_refusing_webhook_is_told_without_its_address(digest: RunContext, status: int) -> None:
    with chat() as (other_url, other_posted), chat(status, location=other_url) as (url, _):
        channels, faults = deliver(digest.home, Config(), digest.run_id, {WEBHOOK: url})
    assert (channels, faults) == ([], [f"webhook: {WEBHOOK} answered with status {status}"])
    assert other_posted == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:1/{SECRET}",
        f"ftp://x/{SECRET}",
        f"http://[::1/{SECRET}",
        f"http://a b/{SECRET}",
        f"https://127.0.0.1:x/{SECRET}",
    ],
)
def test_a_webhook_that_cannot_be_reached_is_told_without_its_address(digest: RunContext, url: str) -> None:
    channels, (fault,) = deliver(digest.home, Config(), digest.run_id, {WEBHOOK: url})
    assert channels == []
    assert fault.startswith("webhook: ")
    assert "SECRET" not in fault


def test_a_mail_host_that_fails_keeps_nothing_from_the_webhook(run: RunContext) -> None:
    environment = {USER: "desk", PASSWORD: SECRET}
    with post_office() as (port, received), chat() as (url, posted):
        run = dataclasses.replace(run, config=mailed(port))
        write_digest(run, full())
        _, (clear,) = deliver(run.home, run.config, run.run_id, environment)
        assert "not sent in the clear" in clear
        assert received == []
        _, (starttls,) = deliver(run.home, mailed(port, encrypted=True), run.run_id, environment)
        assert SECRET not in starttls + str(received)
        _, (refused_fault,) = deliver(run.home, mailed(port, "nobody@paper.example"), run.run_id, {})
        assert refused_fault == "mail: 127.0.0.1 refused the mail for all of 1 address"
        _, (some_fault,) = deliver(
            run.home, mailed(port, "nobody@paper.example, ada@paper.example"), run.run_id, {}
        )
        assert some_fault == "mail: 127.0.0.1 refused 1 of 2 addresses; the others got the mail"
        assert deliver(run.home, mailed(1), run.run_id, {WEBHOOK: url})[0] == ["webhook"]
    assert len(posted) == 1


def test_a_host_that_never_answers_ends_in_time(run: RunContext) -> None:
    class Dripping(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            stopped.wait(20)

    stopped = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        run = dataclasses.replace(run, config=mailed(server.server_address[1], timeout=0.3))
        write_digest(run, full())
        channels, faults = deliver(run.home, run.config, run.run_id, {})
        stopped.set()
        server.shutdown()
    assert (channels, len(faults)) == ([], 1)


@pytest.fixture
def crawled(write_inbox: InboxWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    write_inbox([document()])
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])


def test_a_failed_delivery_is_an_issue_and_never_a_lost_night(
    home: Home, crawled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WEBHOOK, f"http://127.0.0.1:1/{SECRET}")
    report = nightly(home, mailed(1), now=NOW, models=FakeModels())
    assert (report.outcome, report.exit_code, report.published) == (Outcome.PARTIAL, 1, True)
    failures = [issue for issue in report.changes.issues if issue.code == "delivery_failed"]
    assert [issue.times for issue in failures] == [2]
    for file in (path for path in home.path.rglob("*") if path.is_file()):
        assert b"SECRET" not in file.read_bytes(), file


def test_a_night_is_told_and_written_as_a_site_and_a_replay_or_a_process_is_not(
    home: Home, crawled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an editor hides is gone from the feed and from the site with the next night."""
    config = Config(site=SiteConfig(out="public"))
    with chat() as (url, posted):
        monkeypatch.setenv(WEBHOOK, url)
        nightly(home, config, now=NOW, models=FakeModels(), replay=True)
        process(home, config, now=NOW + timedelta(hours=1), models=FakeModels())
        assert posted == []
        assert not (home.path / "public").exists()
        feed = home.changes_feed.read_text("utf-8")
        assert feed.count("<entry>") == 1
        assert nightly(home, config, now=NOW + timedelta(days=1), models=FakeModels()).exit_code == 0
        assert len(posted) == 1
        [page] = (home.path / "public/c").glob("*.html")
        claim = feed.partition("Claim ")[2].partition(".")[0]
        assert page.stem == claim
        Journal(home.journal).decide(DecisionKind.HIDE, claim, None, reason="private", editor="ada", now=NOW)
        nightly(home, config, now=NOW + timedelta(days=2), models=FakeModels())
    assert "<entry>" not in home.changes_feed.read_text("utf-8")
    files = [path for path in (home.path / "public").rglob("*") if path.is_file()]
    assert files
    for file in files:
        assert claim not in file.name and claim.encode() not in file.read_bytes()


def test_a_broken_digest_or_feed_is_an_issue(home: Home, crawled: None) -> None:
    (home.path / "feeds").write_text("a file where a folder belongs")
    report = process(
        home, mailed(1, to="ada@paper.example\nBcc: x@paper.example"), now=NOW, models=FakeModels()
    )
    assert (report.exit_code, report.published) == (1, True)
    assert {issue.code for issue in report.changes.issues} == {"stage_failed"}
    assert (home.digests / f"{report.run_id}.md").exists()


def test_the_command_tells_what_it_did(
    digest: RunContext, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("deliver", "--home", digest.home.path)
    monkeypatch.delenv(WEBHOOK, raising=False)
    code, _, message = command(*arguments)
    assert (code, "nothing to send" in message) == (2, True)
    with chat() as (url, _):
        monkeypatch.setenv(WEBHOOK, url)
        assert command(*arguments)[::2] == (0, "20260302T030000Z sent by webhook\n")
    monkeypatch.setenv(WEBHOOK, f"http://127.0.0.1:1/{SECRET}")
    code, _, message = command(*arguments)
    assert (code, "SECRET" in message) == (1, False)


def test_a_home_without_a_digest(home: Home) -> None:
    with pytest.raises(DataError, match="rumortrail nightly"):
        latest(home)
    with pytest.raises(ConfigError, match="https://"):
        home.config_file.write_text("[publisher]\nurl = 'ftp://x'\n")
        Config.load(home.config_file)
