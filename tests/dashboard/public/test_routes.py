"""What is answered at /c/ID, /s/ID and /embed/ID, with which status and headers, and for how many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import server
from dashboard.public import answers, routes
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Status
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.pages import style
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.pipeline.pages.reading import only_ours
from tests.pipeline.pages.test_claim import LYRA
from tests.worlds.builder import World
from tests.worlds.sample import MERGED, TAKEN_OVER

KEPT = {"follow_redirects": False}


@pytest.fixture(scope="module")
def client(sample_home: Home) -> Iterator[TestClient]:
    app = Starlette(routes=routes.routes(sample_home), middleware=server.middleware())
    with TestClient(app, base_url="http://localhost") as test_client:
        yield test_client


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"/c/{LYRA}", 200, "Independent voices"),
        (f"/c/{LYRA}?as_of=2026-03-09", 200, "As known on 9 March 2026"),
        (f"/c/{LYRA}?as_of=2026-03-11", 200, "As known at the end of a day"),
        (f"/c/{LYRA}?as_of=2020-01-01", 404, "Nothing was known of this claim at the end of 1 January 2020"),
        (f"/c/{LYRA}?as_of=yesterday", 400, "as_of must be a day such as 2026-03-09"),
        (f"/c/{LYRA}?as_of=9999-12-31", 400, "as_of must be a day"),
        ("/c/nope", 404, "No claim has this address"),
        ("/c/%3Cscript%3E", 404, "No claim has this address"),
        ("/c/nope.svg", 404, "No claim has this address"),
        ("/s/sborealis", 200, "How large Borealis 3 is"),
        ("/s/nope", 404, "No story has this address"),
        ("/s/sborealis?as_of=2020-01-01", 404, "Nothing was known of this story"),
        (f"/embed/{LYRA}", 200, "evidence and sources"),
        ("/embed/nope", 404, "No claim has this address"),
    ],
)  # fmt: skip
def test_pages(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in answer.text
    only_ours(answer.text.replace('<base target="_blank">', ""))
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "__" not in answer.text


@pytest.mark.parametrize(
    ("path", "media"),
    [
        (f"/c/{LYRA}.png", "image/png"),
        (f"/c/{LYRA}.svg", "image/svg+xml"),
        (f"/c/{LYRA}.csv", "text/csv; charset=utf-8"),
        ("/s/sborealis.png", "image/png"),
        ("/s/sborealis.svg", "image/svg+xml"),
        ("/s/sborealis.csv", "text/csv; charset=utf-8"),
    ],
)
def test_files(client: TestClient, path: str, media: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert answer.headers["content-security-policy"] == style.FILE_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.slow
def test_a_merged_claim_and_a_story_that_was_taken_over_lead_on(client: TestClient) -> None:
    for path, heir_id in ((f"/c/{MERGED}", LYRA), (f"/embed/{MERGED}", LYRA), (f"/s/{TAKEN_OVER}", "s")):
        answer = client.get(path, **KEPT)  # type: ignore[arg-type]
        assert answer.status_code == 302 and answer.headers["location"].startswith(f"./{heir_id}")
        assert client.get(path).status_code == 200
    answer = client.get(f"/c/{MERGED}.svg?as_of=2026-03-10", **KEPT)  # type: ignore[arg-type]
    assert answer.headers["location"] == f"./{LYRA}.svg?as_of=2026-03-10"


@pytest.mark.parametrize("path", [f"/embed/{LYRA}", f"/c/{LYRA}.png", "/s/sborealis.png"])
def test_an_embed_and_a_card_tell_of_now_whatever_day_is_asked_for(client: TestClient, path: str) -> None:
    # Both show the date of the copy, so an earlier state under that date would be false.
    now = client.get(path)
    for day in ("2026-03-08", "2020-01-01", "yesterday"):
        answer = client.get(f"{path}?as_of={day}")
        assert (answer.status_code, answer.content) == (200, now.content)
        assert answer.headers["etag"] == now.headers["etag"]


@pytest.mark.slow
def test_the_way_on_to_an_embed_and_a_card_keeps_no_day(client: TestClient) -> None:
    for path, target in (
        (f"/embed/{MERGED}?as_of=2026-03-10&theme=dark", f"./{LYRA}?theme=dark"),
        (f"/c/{MERGED}.png?as_of=2026-03-10", f"./{LYRA}.png"),
        (f"/s/{TAKEN_OVER}.png?as_of=2026-03-10", "./sborealis.png"),
    ):
        assert client.get(path, **KEPT).headers["location"] == target  # type: ignore[arg-type]


def test_only_an_embed_may_be_framed(client: TestClient) -> None:
    embed_headers, page = client.get(f"/embed/{LYRA}").headers, client.get(f"/c/{LYRA}").headers
    assert "x-frame-options" not in embed_headers
    assert "frame-ancestors *" in embed_headers["content-security-policy"]
    assert embed_headers["cross-origin-resource-policy"] == "cross-origin"
    assert page["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page["content-security-policy"]
    assert page["cross-origin-resource-policy"] == "same-origin"
    assert client.get("/embed/nope").headers["x-frame-options"] == "DENY"
    assert 'data-theme="dark"' in client.get(f"/embed/{LYRA}?theme=dark").text
    assert "data-theme=" not in client.get(f"/embed/{LYRA}?theme=%22%3E").text.partition("<style>")[0]


def test_a_page_that_is_the_same_is_not_sent_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"/c/{LYRA}")
    assert first.headers["cache-control"] == "public, max-age=60"
    monkeypatch.setattr(answers, "make", None)  # the second request makes no page
    tag = first.headers["etag"]
    repeated = client.get(f"/c/{LYRA}", headers={"If-None-Match": f'"x", {tag}'})
    assert (repeated.status_code, repeated.content, repeated.headers["etag"]) == (304, b"", tag)
    assert client.get(f"/c/{LYRA}", headers={"If-None-Match": "*"}).status_code == 304
    assert client.get(f"/c/{LYRA}").content == first.content


def test_a_copy_that_is_replaced_has_other_pages(sample_home: Home, home: Home) -> None:
    home.published.write_bytes(sample_home.published.read_bytes())
    with TestClient(Starlette(routes=routes.routes(home)), base_url="http://localhost") as client:
        first = client.get(f"/c/{LYRA}")
        new_copy = home.published.with_suffix(".new")
        new_copy.write_bytes(sample_home.published.read_bytes())
        new_copy.rename(home.published)
        assert client.get(f"/c/{LYRA}").headers["etag"] != first.headers["etag"]


@pytest.mark.slow
def test_a_sign_off_that_is_taken_back_is_told_no_more(home: Home, store: Store) -> None:
    world, night = World(store), NOW + timedelta(hours=1)
    world.run(night, timedelta(minutes=9))
    world.source("Alder")
    world.claim("c1", first_seen_at=night)
    mention = world.say("c1", "alder", night - timedelta(hours=3))
    world.judge("c1", night, [(night, Status.CONTRADICTED, 0.5, "It is so.")], 1, rests_on=(mention,))
    journal = Journal(home.journal)
    decision = journal.decide(
        DecisionKind.STATUS, "c1", "contradicted", reason="it was counted", editor="ada", now=night
    )
    run = RunContext(run_id=world.run_id, now=night, home=home, config=Config())
    copy_journal(store, run)
    publish(store, run)
    home.config_file.write_text('[publisher]\nname = "The Paper"\nurl = "https://desk.paper.example"\n')
    with TestClient(Starlette(routes=routes.routes(home)), base_url="http://localhost") as client:
        signed = client.get("/c/c1")
        tag = signed.headers["etag"]
        assert "ClaimReview" in signed.text
        picture = client.get("/c/c1.svg").headers["etag"]
        assert client.get("/c/c1", headers={"If-None-Match": tag}).status_code == 304
        journal.undo(decision.decision_id, reason="one was miscounted", editor="bo", now=night)
        for headers in ({}, {"If-None-Match": tag}):
            answer = client.get("/c/c1", headers=headers)
            assert answer.status_code == 200 and "ClaimReview" not in answer.text
            assert "was taken back on" in answer.text and "The status shown is as of" in answer.text
            assert answer.headers["etag"] != tag
        assert "was taken back on" in client.get("/embed/c1").text
        assert "was taken back on" not in client.get(f"/c/c1?as_of={NOW - timedelta(days=1):%Y-%m-%d}").text
        assert client.get("/c/c1.svg").headers["etag"] == picture, "the journal is no part of it"
        home.journal.write_bytes(b"no database" * 1000)
        answer = client.get("/c/c1")
        assert answer.status_code == 200 and "ClaimReview" not in answer.text


def test_nothing_published_is_told_in_plain_words(home: Home) -> None:
    with TestClient(Starlette(routes=routes.routes(home)), base_url="http://localhost") as client:
        answer = client.get(f"/c/{LYRA}")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
        assert answer.headers["retry-after"] == "60"
        assert "Nothing is published here yet" in answer.text
        home.published.write_bytes(b"no database")
        assert client.get(f"/c/{LYRA}").status_code == 503


def test_a_crawler_of_all_pages_takes_turns(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most_running, lock = 0, 0, threading.Lock()
    full, go_on = threading.Event(), threading.Event()

    def slow(*_: Any) -> answers.Answer:
        nonlocal running, most_running
        with lock:
            running += 1
            most_running = max(most_running, running)
            if running == routes.AT_ONCE:
                full.set()
        go_on.wait(60)
        with lock:
            running -= 1
        return answers.Answer(b"made")

    monkeypatch.setattr(answers, "make", slow)
    monkeypatch.setattr(routes, "WAITING", 6)
    statuses: list[int] = []

    def ask(number: int) -> None:
        statuses.append(client.get(f"/c/c{number}").status_code)
        if statuses.count(503) == 4:  # all refusals were sent before any page was made
            full.wait(60)
            go_on.set()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert most_running == routes.AT_ONCE
    assert sorted(statuses) == [200] * 6 + [503] * 4


def test_a_hidden_claim_is_not_shown(sample_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.core.errors import HiddenError

    def hidden(*_: Any) -> None:
        raise HiddenError("it is hidden: ada decided so")

    monkeypatch.setattr(answers, "claim_of", hidden)
    with TestClient(Starlette(routes=routes.routes(sample_home)), base_url="http://localhost") as client:
        for path in (f"/c/{LYRA}", f"/embed/{LYRA}", f"/c/{LYRA}.png"):
            answer = client.get(path)
            assert answer.status_code == 410
            assert "An editor decided not to show this claim" in answer.text
            assert "ada" not in answer.text
