"""Work that takes too long is ended; other work is not affected."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from itertools import count

import pytest
from scrapy.http import Response

from crawlers.normalise.time_limit import bounded
from crawlers.spiders import feed_formats


def test_work_without_an_end_is_ended_and_named() -> None:
    handler_before = signal.getsignal(signal.SIGVTALRM)
    with (
        pytest.raises(ValueError, match=r"^a feed that takes more than 0\.1 s of processor time to read$"),
        bounded(0.1, "a feed"),
    ):
        for _ in count():
            pass
    assert signal.getsignal(signal.SIGVTALRM) is handler_before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_library_that_swallows_the_end_is_told_again() -> None:
    with pytest.raises(ValueError, match="a feed that takes"), bounded(0.05, "a feed"):
        with suppress(Exception):
            for _ in count():
                pass
        for _ in count():
            pass


def test_the_rest_is_left_alone() -> None:
    with bounded(5, "a feed"):
        total = sum(range(1000))
    assert total == 499500
    with pytest.raises(KeyError), bounded(5, "a feed"):
        raise KeyError
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_in_another_thread_the_work_goes_on() -> None:
    sums: list[int] = []

    def work() -> None:
        with bounded(0.01, "a feed"):
            sums.append(sum(range(2_000_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(sums) == 1


@pytest.mark.parametrize("end", [">", "></channel></rss>"], ids=["cut off", "well-formed"])
def test_a_feed_of_a_hundred_thousand_attributes(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """feedparser's work grows with the square of their number: an hour for a feed of a few megabytes."""
    monkeypatch.setattr(feed_formats, "FEED_SECONDS", 0.5)
    attributes = " ".join(f'a{number}="x"' for number in range(100_000))
    with pytest.raises(ValueError, match=r"a feed that takes more than 0\.5 s"):
        feed_formats.parse_feed(
            Response(
                "http://news.example/feed", body=f'<rss version="2.0"><channel {attributes}{end}'.encode()
            ),
            10_000_000,
        )
