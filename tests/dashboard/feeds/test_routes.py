"""The addresses of calendars and feeds."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import feedparser
import icalendar
import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import server
from dashboard.feeds import answers, routes
from dashboard.feeds.routes import CALENDAR, calendar_path, watch_path
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.addresses import FEED, feed_path
from pipeline.watches.records import WatchDraft
from pipeline.watches.store import WatchStore
from tests.hostile.inputs import TEXTS


@pytest.fixture(scope="module")
def app(sample_home: Home) -> Starlette:
    return Starlette(routes=routes.routes(sample_home), middleware=server.middleware())


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://localhost") as test_client:
        yield test_client


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content).events


def test_the_calendar_has_the_deadlines_of_a_filter(client: TestClient) -> None:
    (event,) = events(client.get(CALENDAR))
    assert event["SUMMARY"].startswith("Missed: Aurora Labs will release Aster 3")
    assert len(events(client.get(calendar_path(ClaimFilter(organisations=("Aurora Labs",)))))) == 1
    assert not events(client.get(calendar_path(ClaimFilter(organisations=("Northwind AI",)))))
    calendar_response = client.get(calendar_path(ClaimFilter(("expired",), words="Aster")))
    assert "claims about AI models · “Aster” · expired" in calendar_response.text.replace("\r\n ", "")


def entries(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    return list(feed.entries)


def test_the_feed_has_what_moved_among_the_claims_of_a_filter(client: TestClient) -> None:
    broad = entries(client.get(FEED))
    narrow = entries(client.get(feed_path(ClaimFilter(organisations=("Aurora Labs",)))))
    assert broad and narrow and {entry.id for entry in narrow} < {entry.id for entry in broad}
    assert not entries(client.get(feed_path(ClaimFilter(organisations=("Nobody",)))))


def test_a_watch_has_a_calendar_and_a_feed_that_follow_it(client: TestClient, sample_home: Home) -> None:
    store = WatchStore(sample_home.watches)
    watch = store.add(WatchDraft("Otters", "ada", ClaimFilter(organisations=("Nobody",)), atom=True),
                      now=datetime(2026, 3, 1, tzinfo=UTC))
    try:
        assert not events(client.get(watch_path(watch.watch_id, "ics")))
        assert not entries(client.get(watch_path(watch.watch_id, "atom")))
        store.change(watch.watch_id, WatchDraft("Seals", "ada", ClaimFilter(), atom=True))
        calendar = client.get(watch_path(watch.watch_id, "ics"))
        assert len(events(calendar)) == 1
        assert "claims about AI models · Seals" in calendar.text.replace("\r\n ", "")
        assert entries(client.get(watch_path(watch.watch_id, "atom")))
        for text in ("Otters", watch.token, "ada"):
            assert text not in calendar.text
    finally:
        store.remove(watch.watch_id)
    removed = client.get(watch_path(watch.watch_id, "ics"))
    assert removed.status_code == 404 and "it was removed" in removed.text
    for watch_id in ("w", "%00", "a" * 5_000, "..%2fdecisions"):
        assert client.get(f"/watch/{watch_id}.atom").status_code == 404


def test_who_has_it_is_told_that_it_is_the_same_until_another_copy_is_published(
    client: TestClient, sample_home: Home
) -> None:
    first = client.get(CALENDAR)
    etag = first.headers["etag"]
    repeated = client.get(CALENDAR, headers={"If-None-Match": f'"x", {etag}'})
    assert (repeated.status_code, repeated.content, repeated.headers["etag"]) == (304, b"", etag)
    assert client.get(CALENDAR, headers={"If-None-Match": f"W/{etag}"}).status_code == 304
    assert first.headers["cache-control"] == "max-age=300"
    assert client.get(f"{CALENDAR}?due=true").headers["etag"] != etag
    before = sample_home.published.stat()
    try:
        os.utime(sample_home.published, ns=(before.st_atime_ns, before.st_mtime_ns + 10**9))
        assert client.get(CALENDAR, headers={"If-None-Match": etag}).status_code == 200
    finally:
        os.utime(sample_home.published, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("query", ["x=1", "status=perhaps", "single=maybe", "since=soon", "org=" + "a" * 301,
                                   "&".join(f"org={n}" for n in range(400)), "%ff%fe=1", "org"])
def test_a_filter_that_is_none_is_told(client: TestClient, query: str) -> None:
    answer = client.get(f"{CALENDAR}?{query}")
    assert answer.status_code == 400 and answer.headers["cache-control"] == "no-store"
    assert "filter" in answer.text or "allowed" in answer.text or "characters" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_hostile_filters_change_nothing(client: TestClient, text: str) -> None:
    query = quote(text[:280].encode("utf-8", "surrogatepass"))
    for path in (CALENDAR, FEED):
        answer = client.get(f"{path}?q={query}&org={query}")
        assert answer.status_code in (200, 400)
        assert "<script" not in answer.text and "\u202e" not in answer.text
        if path == FEED and answer.status_code == 200:
            ET.fromstring(answer.text)


def test_nothing_but_reading(client: TestClient) -> None:
    assert client.post(CALENDAR).status_code == client.post(FEED).status_code == 405
    assert client.get(CALENDAR, headers={"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("fault", ["filter = 'status=perhaps'", "rhythm = 'yearly'", "created_at = ''"])
def test_a_watch_that_is_stored_with_a_fault_is_not_asked_for_again_and_again(
    client: TestClient, sample_home: Home, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = WatchStore(sample_home.watches)
    draft = WatchDraft("Otters", "ada", ClaimFilter(), atom=True)
    watch, other = (store.add(draft, now=datetime(2026, 3, 1, tzinfo=UTC)) for _ in range(2))
    try:
        with closing(sqlite3.connect(sample_home.watches)) as connection, connection:
            connection.execute(f"UPDATE watches SET {fault} WHERE watch_id = ?", (watch.watch_id,))
        for form in ("ics", "atom"):
            answer = client.get(watch_path(watch.watch_id, form))
            assert answer.status_code == 404 and "retry-after" not in answer.headers
            assert "cannot be read" in answer.text and "perhaps" not in answer.text
            assert client.get(watch_path(other.watch_id, form)).status_code == 200
        assert watch.watch_id in caplog.text and watch.token not in caplog.text
    finally:
        with closing(sqlite3.connect(sample_home.watches)) as connection, connection:
            connection.execute("DELETE FROM watches")


def test_before_the_first_night_there_is_none(tmp_path: Path) -> None:
    with TestClient(Starlette(routes=routes.routes(Home(tmp_path)))) as client:
        answer = client.get(CALENDAR)
        assert (answer.status_code, answer.text) == (503, "Nothing is published yet.")
        (tmp_path / "published.duckdb").write_bytes(b"no copy")
        for path in (CALENDAR, FEED):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
            assert "cannot be read now" in answer.text and str(tmp_path) not in answer.text
            assert client.get(f"{path}?x=1").status_code == 400
        (tmp_path / "watches.sqlite").write_bytes(b"no watches" * 100)
        answer = client.get(watch_path("w", "atom"))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        (tmp_path / "rumortrail.toml").write_text("nonsense", "utf-8")
        assert client.get(CALENDAR).status_code == 503


def test_of_too_many_at_once_some_are_refused_and_the_rest_made_once(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_calendars = []
    monkeypatch.setattr(answers, "WAITING", 5)
    monkeypatch.setattr(routes, "_made", lambda *_: made_calendars.append(1) or b"BEGIN")

    async def ask() -> list[int]:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client:
            requests = (client.get(f"{CALENDAR}?single=true") for _ in range(30))
            return [answer.status_code for answer in await asyncio.gather(*requests)]

    statuses = asyncio.run(ask())
    assert sorted(set(statuses)) == [200, 503] and statuses.count(200) >= 5
    assert len(made_calendars) == 1
