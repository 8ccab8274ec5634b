"""The page that stops a watch's mail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import server
from dashboard.feeds import unsubscribe
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.records import Channel, Watch, WatchDraft
from pipeline.watches.store import WatchStore

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
NAME = "Otters <script>alert(1)</script> & Borea"


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    app = Starlette(routes=unsubscribe.routes(home), middleware=server.middleware())
    with TestClient(app, base_url="http://localhost") as test_client:
        yield test_client


@pytest.fixture
def watch(home: Home) -> Watch:
    draft = WatchDraft(NAME, "ada", ClaimFilter(), mail="reader@paper.example")
    return WatchStore(home.watches).add(draft, now=datetime(2026, 3, 1, tzinfo=UTC))


def stopped(home: Home, watch: Watch) -> bool:
    return WatchStore(home.watches).get(watch.watch_id).mail_stopped_at is not None


class Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str | None]] = []
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(attributes)
        if tag == "input":
            self.fields[str(attributes["name"])] = str(attributes["value"])
        assert tag not in ("script", "img", "iframe", "link")


def test_a_look_changes_nothing_and_offers_one_button(client: TestClient, home: Home, watch: Watch) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/unsubscribe/{watch.token}")
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert not stopped(home, watch)
    page = client.get(f"/unsubscribe/{watch.token}").text
    form_parser = Forms(page)
    assert form_parser.forms == [{"method": "post"}] and form_parser.fields == ONE_CLICK
    assert "Stop these mails?" in page and "It was made by <bdi>ada</bdi>" in page
    assert "Otters &lt;script&gt;" in page and "reader@paper.example" not in page


@pytest.mark.parametrize(
    "form", [{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}], ids=["form", "parts"]
)
def test_one_click_stops_it_without_cookie_or_origin(
    client: TestClient, home: Home, watch: Watch, form: dict[str, Any]
) -> None:
    answer = client.post(f"/unsubscribe/{watch.token}", **form)
    assert answer.status_code == 200 and "The mails are stopped" in answer.text
    assert stopped(home, watch)
    first = WatchStore(home.watches).get(watch.watch_id).mail_stopped_at
    repeated = client.post(f"/unsubscribe/{watch.token}", **form)
    assert repeated.status_code == 200 and "The mails are stopped" in repeated.text
    assert WatchStore(home.watches).get(watch.watch_id).mail_stopped_at == first
    page = client.get(f"/unsubscribe/{watch.token}").text
    assert "The mails were stopped before" in page and not Forms(page).forms


def test_the_button_of_the_page_itself_works(client: TestClient, home: Home, watch: Watch) -> None:
    """A form of ours sends the origin "null", since the pages give no referrer."""
    own_headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert client.post(f"/unsubscribe/{watch.token}", data=ONE_CLICK, headers=own_headers).status_code == 200
    assert stopped(home, watch)


@pytest.mark.parametrize(
    "body",
    [b"", b"List-Unsubscribe=No", b"x" * 1_000_000, b"List-Unsubscribe=One-Click" + b"&" * 5_000,
     b"\xff\xfe\x00", b"List-Unsubscribe=One-Clickety"],
    ids=["none", "no", "long", "late", "bytes", "other"],
)  # fmt: skip
def test_what_is_not_the_form_changes_nothing(
    client: TestClient, home: Home, watch: Watch, body: bytes
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(f"/unsubscribe/{watch.token}", content=body, headers=kind)
    assert answer.status_code == 400 and "nothing was changed" in answer.text
    assert Forms(answer.text).forms and not stopped(home, watch)


def test_a_page_of_another_site_cannot_send_it(client: TestClient, home: Home, watch: Watch) -> None:
    foreign = {"Origin": "https://evil.example"}
    assert client.post(f"/unsubscribe/{watch.token}", data=ONE_CLICK, headers=foreign).status_code == 403
    assert not stopped(home, watch)


@pytest.mark.parametrize(
    "token", ["nosuch", "a" * 5_000, "%00", "%2e%2e%2fdecisions.sqlite", "'--", "%ff", "é"]
)
def test_a_token_that_is_unknown_is_told_in_plain_words(
    client: TestClient, home: Home, watch: Watch, token: str
) -> None:
    address = f"/unsubscribe/{token}"
    for answer in (client.get(address), client.post(address, data=ONE_CLICK)):
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            assert "No mail comes from here" in answer.text and token not in answer.text.split("</style>")[1]
    assert not stopped(home, watch)


def test_a_watch_that_was_removed_sends_nothing(client: TestClient, home: Home, watch: Watch) -> None:
    WatchStore(home.watches).remove(watch.watch_id)
    answer = client.post(f"/unsubscribe/{watch.token}", data=ONE_CLICK)
    assert answer.status_code == 200 and "A watch that was removed sends nothing" in answer.text


@pytest.mark.parametrize("mail", ["", "bo@paper.example"], ids=["none", "another"])
def test_an_old_link_stops_the_mail_to_its_reader_for_good_where_the_watch_has_another_address_or_none(
    client: TestClient, home: Home, watch: Watch, mail: str
) -> None:
    store = WatchStore(home.watches)
    draft = WatchDraft("Feed", "ada", ClaimFilter(), atom=True, mail=mail)
    store.change(watch.watch_id, draft)
    page = client.get(f"/unsubscribe/{watch.token}").text
    assert "sends no mail to your address now" in page and Forms(page).forms == [{"method": "post"}]
    outcome = client.post(f"/unsubscribe/{watch.token}", data=ONE_CLICK).text
    assert "The mails are stopped" in outcome and "nor later, if its owner puts your address back" in outcome
    assert "bo@" not in page + outcome
    changed_watch = store.change(watch.watch_id, replace(draft, mail="Reader@paper.example"))
    assert Channel.MAIL not in changed_watch.channels
    assert (Channel.MAIL in store.change(watch.watch_id, draft).channels) == bool(mail)


def test_an_old_link_whose_address_nobody_knows_says_so_and_stops_the_mail_to_all(
    client: TestClient, home: Home, watch: Watch
) -> None:
    with closing(sqlite3.connect(home.watches)) as connection, connection:
        connection.execute("UPDATE readers SET mail = ''")  # as a watch without an address was upgraded
    store = WatchStore(home.watches)
    store.change(watch.watch_id, watch)
    page = client.get(f"/unsubscribe/{watch.token}").text
    assert "nobody can tell to which address" in page and Forms(page).forms == [{"method": "post"}]
    outcome = client.post(f"/unsubscribe/{watch.token}", data=ONE_CLICK).text
    assert "The mails are stopped" in outcome and "sends no more mail to anybody" in outcome
    assert stopped(home, watch)


def test_without_watches_no_file_is_made(client: TestClient, home: Home) -> None:
    assert client.post("/unsubscribe/x", data=ONE_CLICK).status_code == 200
    assert not home.watches.exists()


def test_a_damaged_file_is_told(client: TestClient, home: Home) -> None:
    home.watches.write_bytes(b"no database" * 1_000)
    for answer in (client.get("/unsubscribe/x"), client.post("/unsubscribe/x", data=ONE_CLICK)):
        assert answer.status_code == 500 and "nothing was changed" in answer.text
