"""Runs a spider without a network: its requests are answered from a function, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.crawl_state import CrawlState, Sighting
from crawlers.http.warc_writer import Archive
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import FoundDocument, Lost, SourceSpider
from crawlers.spiders.crawl_run import CrawlRun
from pipeline.core.config import CrawlConfig
from pipeline.core.inbox_records import InboxIssue
from tests.crawlers.conftest import FIRST_NIGHT

Answer = Callable[[str], Any]


class Pump:
    """One source's spider over several nights; `asked` lists the URLs of the last one."""

    def __init__(self, folder: Path, made_by: type[SourceSpider], **source: Any) -> None:
        self.spider_class = made_by
        self.source = DeclaredSource.model_validate({"id": "one", "name": "One", "role": "press"} | source)
        self.state = CrawlState(folder / "crawl.sqlite")
        self.folder = folder
        self.asked: list[str] = []

    def night(self, answer: Answer, now: Any = FIRST_NIGHT, **settings: Any) -> list[Any]:
        """Return all results of the spider except requests.

        `answer` gives JSON, HTML, a Response or a status by URL.
        """
        archive = Archive(self.folder / "archive", "run")
        crawl = CrawlConfig(**settings)
        run = CrawlRun(
            "run", now, crawl, self.folder / "inbox", archive, self.state, lambda _: None, 0.0, replay=True
        )
        spider = self.spider_class(source=self.source, run=run)
        self.spider = spider
        results = self._drain(spider, answer)
        sightings = [result.sighting for result in results if isinstance(result, (FoundDocument, Lost))]
        sightings += [result for result in results if isinstance(result, Sighting)]
        self.state.save_sightings(self.source.id, sightings, now)
        if not (spider.listing_lost or spider.unfinished):
            self.state.save_listing(self.source.id, spider.read_to_the_end())
        return results

    def _drain(self, spider: SourceSpider, answer: Answer) -> list[Any]:
        async def start() -> list[Any]:
            return [request async for request in spider.start()]

        # A spider begins without waiting, and an earlier browser test in this thread has
        # left its loop running: no other can be started.
        with pytest.raises(StopIteration) as stopped:
            start().send(None)
        to_do, results = list(stopped.value.value), []
        self.asked = []
        while to_do:
            result = to_do.pop(0)
            if not isinstance(result, Request):
                results.append(result)
                continue
            self.asked.append(result.url)
            to_do = [*_ask(result, answer(result.url)), *to_do]
        return results


def _ask(request: Request, given: Any) -> list[Any]:
    response = _response(request, given)
    allowed = request.meta.get("handle_httpstatus_list", ())
    assert request.callback is not None and request.errback is not None
    if response.status == 200 or response.status in allowed:
        return list(request.callback(response, **request.cb_kwargs))
    failure = Failure(HttpError(response, "not 2xx"))
    failure.request = request  # type: ignore[attr-defined]
    return list(request.errback(failure))


def _response(request: Request, given: Any) -> Response:
    if isinstance(given, Response):
        return given.replace(url=request.url, request=request)
    if isinstance(given, int):
        return Response(request.url, status=given, request=request)
    if isinstance(given, str):
        kind = TextResponse if given.startswith(("<?xml", "---", "#")) else HtmlResponse
        headers = {
            "Content-Type": "text/html; charset=utf-8"
            if kind is HtmlResponse
            else "text/plain; charset=utf-8"
        }
        return kind(request.url, body=given.encode(), headers=headers, encoding="utf-8", request=request)
    body = json.dumps(given).encode()
    return TextResponse(request.url, body=body, headers={"Content-Type": "application/json"}, request=request)


def documents(yields: list[Any]) -> list[Any]:
    """Return the documents among a spider's results."""
    return [result.document for result in yields if isinstance(result, FoundDocument)]


def issues(yields: list[Any]) -> list[InboxIssue]:
    """Return the issues among a spider's results."""
    return [result for result in yields if isinstance(result, InboxIssue)]


def gone(yields: list[Any]) -> list[Any]:
    """Return the deletions among a spider's results."""
    return [result.gone for result in yields if isinstance(result, Lost)]
