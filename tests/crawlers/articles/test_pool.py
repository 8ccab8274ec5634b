"""Readers return what `read_article` returns, lose no page when killed, and no page holds them up."""

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
    """Return the result of `work`, and assert that no process is left over."""

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
    """Return the running reader processes."""
    return [
        process for process in psutil.Process().children() if "crawlers.articles.worker" in process.cmdline()
    ]


def ended(pid: int) -> None:
    """Kill a reader as the system does when memory is short."""
    os.kill(pid, signal.SIGKILL)


def test_the_article_is_the_same_to_the_letter_and_a_reader_that_is_killed_loses_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One reader reads all, holds no token and says why there is no article; a killed one is replaced."""
    monkeypatch.setenv("X_BEARER_TOKEN", "canary-in-the-environment")

    async def work(readers: Readers) -> Article:
        with pytest.raises(ValueError, match="has no main text"):
            await readers.read(b"<html><body><p>Menu</p></body></html>", url=URL)
        (first_reader,) = children()
        for page in PAGES:
            article = await readers.read(page.read_bytes(), url=URL)
            assert article == read_article(page.read_bytes(), url=URL), page
        assert children() == [first_reader]
        assert "canary-in-the-environment" not in first_reader.environ().values()
        ended(first_reader.pid)  # while it waits
        assert (await readers.read(PAGES[0].read_bytes(), url=URL)).text
        (reader,) = children()
        assert reader != first_reader
        reader.suspend()  # so that it surely has the page when it is killed
        reading = asyncio.ensure_future(readers.read(PAGES[0].read_bytes(), url=URL))
        await asyncio.sleep(0.1)
        ended(reader.pid)
        return await reading

    assert run(work) == read_article(PAGES[0].read_bytes(), url=URL)


def test_no_more_begin_than_may_and_every_page_is_read() -> None:
    async def work(readers: Readers) -> int:
        readings = [readers.read(page.read_bytes(), url=URL) for page in PAGES * 5]
        articles = await asyncio.gather(*readings)
        assert articles == [read_article(page.read_bytes(), url=URL) for page in PAGES * 5]
        return len(children())

    assert run(work, most=2) == 2


def test_a_page_that_ends_every_reader_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # The module cannot be imported, as with a broken library: the reader ends before it answers.
    monkeypatch.setattr(sys, "executable", "/bin/false")

    async def work(readers: Readers) -> None:
        with pytest.raises(ValueError, match="made the article reader crash twice"):
            await readers.read(PAGES[0].read_bytes(), url=URL)

    run(work)


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    async def work(readers: Readers) -> Article:
        slow_reading = asyncio.ensure_future(readers.read(SLOW, url=URL))
        article = await readers.read(PAGES[0].read_bytes(), url=URL)
        with pytest.raises(ValueError, match="takes more than 1 s of processor time"):
            await slow_reading
        return article

    assert run(work, most=1, seconds=1.0).text


def test_a_reader_ends_with_the_one_that_asked() -> None:
    process = subprocess.run(
        [sys.executable, "-m", "crawlers.articles.worker"],
        input=b'{"url": "", "length": 9, "seconds": 1}\nhalf', capture_output=True, timeout=120,
    )
    assert (process.returncode, process.stdout) == (0, b"")


def test_a_night_reads_large_pages_beside_the_crawler(nights: Nights, web: Web) -> None:
    """Each article equals that of `read_article`; a large page without a text affects no other page."""
    long_text = "\n\n".join(TEXT.format(f"Paragraph {number}") for number in range(100))
    pages = {f"/{number}": str(article(f"Headline {number}", long_text).body).encode() for number in range(6)}
    assert all(len(page) >= SMALL for page in pages.values())
    web.pages = {path: Reply(page) for path, page in pages.items()}
    web.pages["/none"] = Reply("<html><body>" + "<div></div>" * 2000)
    web.pages["/small"] = story("A small page")
    web.pages["/one.xml"] = rss(web, *web.pages)
    nights.sources(feed(web, "one"))
    night = nights.crawl()
    assert night.codes() == ["no_text"]
    expected = [read_article(page, url=web.url + path) for path, page in pages.items()]
    texts_by_url = {line["url"]: (line["title"], line["text"]) for line in night.of("document")}
    assert texts_by_url.pop(f"{web.url}/small")
    assert texts_by_url.pop(f"{web.url}/none") == ("T", "")  # the feed's own words
    assert texts_by_url == {article.url: (article.title, article.text) for article in expected}
