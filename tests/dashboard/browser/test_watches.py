"""Make a watch, receive its mail after a night, stop the mails from the mail itself: in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from playwright.sync_api import expect

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts
from pipeline.run.nightly import nightly
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, InboxWriter, document
from tests.dashboard.browser.test_editing import sign_in
from tests.dashboard.conftest import PASSWORD, Watched, served
from tests.fakes import FakeModels
from tests.receivers import free_port, post_office

pytestmark = pytest.mark.browser

SETTINGS = """
[mail]
host = "127.0.0.1"
port = {mail}
encrypted = false
sender = "Rumortrail <desk@paper.example>"

[publisher]
name = "The Paper"
url = "http://127.0.0.1:{port}"
"""


def test_before_the_first_night_and_then_make_a_watch_receive_its_mail_after_a_night_and_stop_it(
    watch: Callable[..., Watched], home: Home, write_inbox: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])
    port = free_port()
    with post_office() as (mail, received):
        home.config_file.write_text(SETTINGS.format(mail=mail, port=port), "utf-8")
        Accounts(home.accounts).put("ada", PASSWORD)
        with served(home, port) as base:
            watched = watch(base)
            for path in ("/", "/claim?id=x", "/runs"):
                expect(watched.visit(path).locator(".rt-empty")).to_contain_text("Nothing is published yet")
            watched.untouched()
            write_inbox([document()])
            _night(home, 0)
            page = sign_in(watched, "claims?q=aster")
            page.get_by_role("button", name="Watch these claims").click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_label("Name").fill("Aster")
            dialog.get_by_label("Mail address").fill("victim@evil.example")
            dialog.get_by_role("button", name="Make this watch").click()
            expect(dialog.get_by_role("alert")).to_contain_text("rumortrail watch add")
            dialog.get_by_label("Mail address").fill("ada@paper.example")
            dialog.get_by_role("button", name="Make this watch").click()
            page.get_by_text("The watch is made. From the next run on it tells you what moves.").wait_for()

            text = "Model Aster has 70b parameters."
            fields = {"source": "post", "text": text, "seen_at": "2026-03-03T03:00:00Z"}
            write_inbox([document("https://post.example/1", **fields)], "r2", "post")
            _night(home, 1)
            (letter,) = [message_from_bytes(line, EmailMessage, policy=SMTP) for line in received
                         if isinstance(line, bytes)]  # fmt: skip
            assert letter["To"] == "ada@paper.example"
            assert letter["Subject"] == "Aster: 1 new independent voice"
            address = letter["List-Unsubscribe"].strip("<>")
            assert address.startswith(f"{base}/unsubscribe/")
            body = letter.get_body(("plain",))
            assert body is not None and text in body.get_content() and address in body.get_content()

            page = watched.visit("/watches")
            expect(page.locator(".rt-watch")).to_contain_text("by mail to ada@paper.example, each night")
            expect(page.locator(".rt-watch")).not_to_contain_text("nothing in the last 30 days")
            page.get_by_text("In the last week it would have sent").click()
            expect(page.locator(".rt-week")).to_contain_text(text)

            page.goto(address)
            (watch_kept,) = WatchStore(home.watches).all()
            assert watch_kept.mail_stopped_at is None, "a look changes nothing"
            page.get_by_role("button", name="Stop the mails").click()
            page.get_by_role("heading", name="The mails are stopped").wait_for()
            (watch_kept,) = WatchStore(home.watches).all()
            assert watch_kept.mail_stopped_at is not None
            page = watched.visit("/watches")
            expect(page.locator(".rt-watch")).to_contain_text("mail stopped by a reader")
            page.get_by_role("button", name="Remove").click()
            page.get_by_role("dialog").get_by_role("button", name="Remove it").click()
            page.get_by_text("You have no watch yet").wait_for()
            watched.untouched()


def _night(home: Home, number: int) -> None:
    now, config = NOW + timedelta(days=number), Config.load(home.config_file)
    assert nightly(home, config, now=now, models=FakeModels()).broken == ()
