"""How long a server may make the crawler wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic

import pytest
from scrapy import Request
from scrapy.http import Response

from crawlers.engine.retry_after import JITTER, MAX_WAIT, PatienceMiddleware, rate_limit_reset, retry_after
from crawlers.http.failures import HostPaused
from tests.crawlers.conftest import Nights, Reply, Web, feed, rss, story

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
FOREVER = float("inf")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), (b"7", 7.0), (b" 120 ", 120.0), (b"Mon, 02 Mar 2026 03:01:30 GMT", 90.0),
        (b"Mon, 02 Mar 2026 02:00:00 GMT", 0.0), (b"-5", None), (b"soon", None), (b"", None),
        (b"\xff\xfe", None), (b"9" * 400, float("9" * 12)),
    ],
)
def test_retry_after(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), (b"1772420490", 90.0), (b"300", 300.0), (b"1772420300", 0.0),
        (b"2026-03-02T03:01:30Z", None), (b"-1", None), (b"9" * 400, float("9" * 12) - 1772420400),
    ],
)
def test_rate_limit_reset(value: bytes | None, seconds: float | None) -> None:
    assert rate_limit_reset(value, NOW) == seconds


def test_a_reset_that_is_far_ends_the_retries_unless_retry_after_says_otherwise() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={})
    far_reset = str(int(datetime.now(UTC).timestamp() + 2 * MAX_WAIT))
    request, other_request = Request("http://a.example/1"), Request("http://a.example/2")
    middleware.process_response(request, answer(429, X_Rate_Limit_Reset=far_reset))
    middleware.process_response(other_request, answer(429, X_Rate_Limit_Reset=far_reset, Retry_After="0"))
    assert (request.meta.get("dont_retry"), other_request.meta.get("dont_retry")) == (True, None)


def test_githubs_header_counts_as_xs_does() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={})
    request = Request("http://a.example/1")
    middleware.process_response(request, answer(429, X_RateLimit_Reset=str(2 * int(MAX_WAIT))))
    assert request.meta.get("dont_retry") is True


def answer(status: int, **headers: str) -> Response:
    return Response(
        "http://a.example/",
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def waited(middleware: PatienceMiddleware, url: str) -> float:
    """Return for how many seconds a request would be held back."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        middleware.pauses.clear()  # the pause is over

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(middleware.process_request(Request(url)))
    return sum(pauses)


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_holds_back_the_whole_host_and_no_other(status: int) -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={})
    request = Request("http://a.example/1")
    middleware.pauses["a.example"] = monotonic() + MAX_WAIT
    assert middleware.process_response(request, answer(status, Retry_After="0")).status == status
    assert waited(middleware, "http://b.example/") == 0
    assert 0 < waited(middleware, "http://a.example/2") <= MAX_WAIT
    assert waited(middleware, "http://a.example/3") == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_is_too_long_is_kept_by_all_sources_until_it_is_over(status: int) -> None:
    pauses: dict[str, float] = {}
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses=pauses)
    request, started_at = Request("http://a.example/1"), monotonic()
    middleware.process_response(request, answer(status, Retry_After="900"))
    assert request.meta["dont_retry"] is True
    middleware.process_response(request, answer(429, Retry_After="1"))
    second_middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses=pauses)
    for middleware_asked in (middleware, second_middleware):
        with pytest.raises(HostPaused, match=r"a\.example .* left alone for another 1[56] min"):
            waited(middleware_asked, "http://a.example/2")
    assert waited(middleware, "http://b.example/") == 0
    assert started_at + 900 <= pauses["a.example"] <= monotonic() + 900 + MAX_WAIT * (JITTER - 1)
    pauses["a.example"] -= 890
    assert 5 < waited(second_middleware, "http://a.example/2") < 10 + MAX_WAIT * (JITTER - 1)
    pauses["a.example"] = monotonic() - 1
    assert waited(second_middleware, "http://a.example/2") == 0


def test_a_403_asks_for_a_short_pause_alone() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={})
    middleware.process_response(Request("http://a.example/1"), answer(403, Retry_After="3600"))
    assert middleware.pauses == {}
    middleware.process_response(Request("http://a.example/1"), answer(403, Retry_After="60"))
    assert waited(middleware, "http://a.example/2") > 50


def test_githubs_403_counts_where_its_headers_say_that_nothing_is_left() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={})
    request = Request("http://a.example/1")
    middleware.process_response(request, answer(403, X_RateLimit_Remaining="7", X_RateLimit_Reset="60"))
    assert middleware.pauses == {}
    middleware.process_response(request, answer(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="60"))
    assert waited(middleware, "http://a.example/2") > 50


def test_a_pause_that_was_drawn_out_meanwhile_is_waited_for() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={"a.example": monotonic() + 5})

    async def sleep(seconds: float) -> None:
        middleware.process_response(Request("http://a.example/"), answer(429, Retry_After="3600"))

    with pytest.MonkeyPatch.context() as patch, pytest.raises(HostPaused):
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(middleware.process_request(Request("http://a.example/1")))


def test_after_a_long_pause_is_asked_for_no_source_asks_the_host(nights: Nights, web: Web) -> None:
    busy = Reply("slow down", 429, headers={"Retry-After": "3600"})
    paths = [f"/a{number}" for number in range(9)]
    web.pages = {
        "/f.xml": rss(web, *paths), "/g.xml": rss(web, "/b"), "/b": story("b"), **dict.fromkeys(paths, busy),
    }
    nights.sources(feed(web, "f"), feed(web, "g"))
    night = nights.crawl(obey_robots=False, per_host=1)
    assert sum(web.asked(path) for path in paths) == 1
    assert "http_429" in night.codes("f") and "rate_limited" in night.codes("f")
    assert (night.codes("g"), night.crawls["g"].outcome) == (["rate_limited"], "failed")
    assert (web.asked("/g.xml"), web.asked("/b")) == (0, 0)


def test_a_pause_beyond_the_time_that_is_left_ends_the_retries() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=monotonic() + 5, pauses={})
    request = Request("http://a.example/1")
    middleware.process_response(request, answer(503, Retry_After="30"))
    assert request.meta["dont_retry"] is True
    with pytest.raises(HostPaused, match="left alone for another 1 min"):
        waited(middleware, "http://a.example/2")


def test_without_a_word_the_pause_doubles() -> None:
    middleware = PatienceMiddleware(delay=10.0, end=FOREVER, pauses={})
    for try_count, pause in enumerate((10.0, 20.0, 40.0)):
        middleware.pauses.clear()
        request, started_at = Request("http://a.example/", meta={"retry_times": try_count}), monotonic()
        middleware.process_response(request, answer(429))
        paused_until = middleware.pauses["a.example"]
        assert started_at + pause <= paused_until <= monotonic() + pause * JITTER


def test_two_that_were_sent_off_together_do_not_come_back_together() -> None:
    pauses_end = set()
    for _ in range(20):
        middleware = PatienceMiddleware(delay=0.0, end=FOREVER, pauses={})
        asked_at = monotonic()
        middleware.process_response(Request("http://a.example/"), answer(429, Retry_After="60"))
        pauses_end.add(round(middleware.pauses["a.example"] - asked_at))
    assert len(pauses_end) > 1
    assert min(pauses_end) >= 60


def test_other_answers_ask_for_nothing() -> None:
    middleware = PatienceMiddleware(delay=10.0, end=FOREVER, pauses={})
    for status in (200, 404, 500):
        middleware.process_response(Request("http://a.example/"), answer(status, Retry_After="60"))
    assert middleware.pauses == {}
