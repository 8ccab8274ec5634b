"""How long a server may make us wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic

import pytest
from scrapy import Request
from scrapy.http import Response

from crawlers.engine.retry_after import JITTER, MAX_WAIT, PatienceMiddleware, rate_limit_reset, retry_after

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
FOREVER = float("inf")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        (b"7", 7.0),
        (b" 120 ", 120.0),
        (b"Mon, 02 Mar 2026 03:01:30 GMT", 90.0),
        (b"Mon, 02 Mar 2026 02:00:00 GMT", 0.0),
        (b"-5", None),
        (b"soon", None),
        (b"", None),
        (b"\xff\xfe", None),
        (b"9" * 400, float("9" * 12)),
    ],
)
def test_retry_after(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        (b"1772420490", 90.0),
        (b"300", 300.0),
        (b"1772420300", 0.0),
        (b"2026-03-02T03:01:30Z", None),
        (b"-1", None),
        (b"9" * 400, float("9" * 12) - 1772420400),
    ],
)
def test_rate_limit_reset(value: bytes | None, seconds: float | None) -> None:
    assert rate_limit_reset(value, NOW) == seconds


def test_a_reset_that_is_far_ends_the_retries_unless_retry_after_says_otherwise() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER)
    far = str(int(datetime.now(UTC).timestamp() + 2 * MAX_WAIT))
    request, other = Request("http://a.example/1"), Request("http://a.example/2")
    middleware.process_response(request, answer(429, X_Rate_Limit_Reset=far))
    middleware.process_response(other, answer(429, X_Rate_Limit_Reset=far, Retry_After="0"))
    assert (request.meta.get("dont_retry"), other.meta.get("dont_retry")) == (True, None)


def test_githubs_header_counts_as_xs_does() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER)
    request = Request("http://a.example/1")
    middleware.process_response(request, answer(429, X_RateLimit_Reset=str(int(MAX_WAIT) + 1)))
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

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(middleware.process_request(Request(url)))
    return sum(pauses)


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_holds_back_the_whole_host_and_no_other(status: int) -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER)
    request = Request("http://a.example/1")
    middleware._until["a.example"] = monotonic() + 600
    assert middleware.process_response(request, answer(status, Retry_After="0")).status == status
    assert waited(middleware, "http://b.example/") == 0
    assert 0 < waited(middleware, "http://a.example/2") <= 600
    middleware._until["a.example"] = monotonic()
    assert waited(middleware, "http://a.example/3") == 0


def test_a_pause_that_is_too_long_ends_the_retries() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=FOREVER)
    request = Request("http://a.example/1")
    middleware.process_response(request, answer(429, Retry_After=str(int(MAX_WAIT) + 1)))
    assert request.meta["dont_retry"] is True
    assert waited(middleware, "http://a.example/2") == 0


def test_a_pause_beyond_the_time_that_is_left_ends_the_retries() -> None:
    middleware = PatienceMiddleware(delay=0.0, end=monotonic() + 5)
    request = Request("http://a.example/1")
    middleware.process_response(request, answer(503, Retry_After="30"))
    assert request.meta["dont_retry"] is True


def test_without_a_word_the_pause_doubles() -> None:
    middleware = PatienceMiddleware(delay=10.0, end=FOREVER)
    for tries, pause in enumerate((10.0, 20.0, 40.0)):
        middleware._until.clear()
        request, before = Request("http://a.example/", meta={"retry_times": tries}), monotonic()
        middleware.process_response(request, answer(429))
        until = middleware._until["a.example"]
        assert before + pause <= until <= monotonic() + pause * JITTER


def test_two_that_were_sent_off_together_do_not_come_back_together() -> None:
    until = set()
    for _ in range(20):
        middleware = PatienceMiddleware(delay=0.0, end=FOREVER)
        asked_at = monotonic()
        middleware.process_response(Request("http://a.example/"), answer(429, Retry_After="60"))
        until.add(round(middleware._until["a.example"] - asked_at))
    assert len(until) > 1
    assert min(until) >= 60


def test_other_answers_ask_for_nothing() -> None:
    middleware = PatienceMiddleware(delay=10.0, end=FOREVER)
    for status in (200, 404, 500):
        middleware.process_response(Request("http://a.example/"), answer(status, Retry_After="60"))
    assert middleware._until == {}
