"""Readers give what `read_article` gives, lose no page when they are killed, and cannot be held up by one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawlers.articles.extract import Article, read_article
from crawlers.articles.pool import Readers
from crawlers.engine.article_middleware import SMALL
from tests.crawlers.conftest import TEXT, Nights, Reply, Web, article, feed, rss, story

PAGES = sorted((Path(__file__).parents[1] / "fixtures_text").glob("*.html"))
URL = "https://news.example/a/1"
SLOW = (
    b"<html><body><article><p>" + b"A sentence of words. " * 9 + b"</p>" + b"<p>word word word</p>" * 50_000
)


def run(work: Callable[[Readers], Coroutine[Any, Any, Any]], **options: Any) -> Any:
    """What `work` comes to; nothing that it started is left."""

    async def whole() -> Any:
        readers = Readers(**options)
        try:
            return await work(readers)
        finally:
            await readers.close()

    result = asyncio.run(whole())
    assert not children()
    return result


def children() -> list[psutil.Process]:
    """The readers that run."""
    return [one for one in psutil.Process().children() if "crawlers.articles.worker" in one.cmdline()]


def ended(pid: int) -> None:
    """Kill a reader as the system does when memory is short."""
    os.kill(pid, signal.SIGKILL)


def test_the_article_is_the_same_to_the_letter_and_a_reader_that_is_killed_loses_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All by one reader, which holds no token and tells why there is no article; a killed one is replaced."""
    monkeypatch.setenv("X_BEARER_TOKEN", "canary-in-the-environment")

    async def work(readers: Readers) -> Article:
        with pytest.raises(ValueError, match="has no main text"):
            await readers.read(b"<html><body><p>Menu</p></body></html>", url=URL)
        (first,) = children()
        for page in PAGES:
            found = await readers.read(page.read_bytes(), url=URL)
            assert found == read_article(page.read_bytes(), url=URL), page
        assert children() == [first]
        assert "canary-in-the-environment" not in first.environ().values()
        ended(first.pid)  # while it waits
        assert (await readers.read(PAGES[0].read_bytes(), url=URL)).text
        (reader,) = children()
        assert reader != first
        reader.suspend()  # so that it surely has the page when it is killed
        asked = asyncio.ensure_future(readers.read(PAGES[0].read_bytes(), url=URL))
        await asyncio.sleep(0.1)
        ended(reader.pid)
        return await asked

    assert run(work) == read_article(PAGES[0].read_bytes(), url=URL)


def test_no_more_begin_than_may_and_every_page_is_read() -> None:
    async def work(readers: Readers) -> int:
        asked = [readers.read(page.read_bytes(), url=URL) for page in PAGES * 5]
        found = await asyncio.gather(*asked)
        assert found == [read_article(page.read_bytes(), url=URL) for page in PAGES * 5]
        return len(children())

    assert run(work, most=2) == 2


def test_a_page_that_ends_every_reader_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not to be imported, as where a library is broken: the reader ends before it answers.
    monkeypatch.setattr(sys, "executable", "/bin/false")

    async def work(readers: Readers) -> None:
        with pytest.raises(ValueError, match="ended 2 readers"):
            await readers.read(PAGES[0].read_bytes(), url=URL)

    run(work)


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    async def work(readers: Readers) -> Article:
        slow = asyncio.ensure_future(readers.read(SLOW, url=URL))
        good = await readers.read(PAGES[0].read_bytes(), url=URL)
        with pytest.raises(ValueError, match="takes more than 1 s of processor time"):
            await slow
        return good

    assert run(work, most=1, seconds=1.0).text


def test_a_reader_ends_with_the_one_that_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawlers.articles.worker"],
        input=b'{"url": "", "length": 9, "seconds": 1}\nhalf', capture_output=True, timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_night_reads_large_pages_beside_the_crawler(nights: Nights, web: Web) -> None:
    """Each article as `read_article` gives it, and a large page without a text takes nothing else with it."""
    long = "\n\n".join(TEXT.format(f"Paragraph {number}") for number in range(100))
    large = {f"/{number}": str(article(f"Headline {number}", long).body).encode() for number in range(6)}
    assert all(len(page) >= SMALL for page in large.values())
    web.pages = {path: Reply(page) for path, page in large.items()}
    web.pages["/none"] = Reply("<html><body>" + "<div></div>" * 2000)
    web.pages["/small"] = story("A small page")
    web.pages["/one.xml"] = rss(web, *web.pages)
    nights.sources(feed(web, "one"))
    night = nights.crawl()
    assert night.codes() == ["no_text"]
    expected = [read_article(page, url=web.url + path) for path, page in large.items()]
    found = {one["url"]: (one["title"], one["text"]) for one in night.of("document")}
    assert found.pop(f"{web.url}/small")
    assert found.pop(f"{web.url}/none") == ("T", "")  # what the feed says of it
    assert found == {one.url: (one.title, one.text) for one in expected}
