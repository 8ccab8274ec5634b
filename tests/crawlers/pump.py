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
from crawlers.spiders.base import Found, Lost, SourceSpider
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
        """Return what the spider yields but requests.

        `answer` gives JSON, HTML, a Response or a status by URL.
        """
        archive = Archive(self.folder / "archive", "run")
        crawl = CrawlConfig(**settings)
        run = CrawlRun(
            "run", now, crawl, self.folder / "inbox", archive, self.state, lambda _: None, 0.0, replay=True
        )
        spider = self.spider_class(source=self.source, run=run)
        self.spider = spider
        yields = self._drain(spider, answer)
        seen = [one.sighting for one in yields if isinstance(one, (Found, Lost))]
        seen += [one for one in yields if isinstance(one, Sighting)]
        self.state.save_sightings(self.source.id, seen, now)
        if not (spider.listing_lost or spider.unfinished):
            self.state.save_listing(self.source.id, spider.read_to_the_end())
        return yields

    def _drain(self, spider: SourceSpider, answer: Answer) -> list[Any]:
        async def start() -> list[Any]:
            return [one async for one in spider.start()]

        # A spider begins without waiting, and a browser that was driven before in this thread has
        # left its loop running: no other can be started.
        with pytest.raises(StopIteration) as begun:
            start().send(None)
        waiting, yields = list(begun.value.value), []
        self.asked = []
        while waiting:
            one = waiting.pop(0)
            if not isinstance(one, Request):
                yields.append(one)
                continue
            self.asked.append(one.url)
            waiting = [*_ask(one, answer(one.url)), *waiting]
        return yields


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
    """The documents among what a spider yielded."""
    return [one.document for one in yields if isinstance(one, Found)]


def issues(yields: list[Any]) -> list[InboxIssue]:
    """The issues among what a spider yielded."""
    return [one for one in yields if isinstance(one, InboxIssue)]


def gone(yields: list[Any]) -> list[Any]:
    """The deletions among what a spider yielded."""
    return [one.gone for one in yields if isinstance(one, Lost)]
