"""The base of all spiders: what they yield, how failures are reported, how a listing is read to its end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.crawl_state import Listing, Seen, Sighting
from crawlers.http.failures import describe
from crawlers.normalise.reader import READER
from crawlers.normalise.urls import MAX_GIVEN
from crawlers.normalise.validate import LANGUAGE, MAX_NAME, MAX_TITLE, document
from crawlers.sources import DeclaredSource
from crawlers.spiders.crawl_run import CrawlRun
from pipeline.core.inbox_records import InboxAlias, InboxDocument, InboxGone, InboxIssue
from pipeline.core.text import one_line, shorten
from pipeline.core.vocabulary import IssueStage, Severity

SECOND_LOOKS = 100
"""Documents of earlier runs that one source checks again in a run at most, longest unchecked first."""
GONE_STATUSES = (404, 410)
"""The answers by which a server says that a page does not exist any more."""

_LONGEST = {"title": MAX_TITLE, "headline": MAX_TITLE, "author": MAX_NAME, "author_name": MAX_NAME}


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document, its response, the `others` it needed, and the sighting that the state keeps.

    `undated` says why the time that was stated is not believed.
    """

    document: InboxDocument
    response: Response
    sighting: Sighting
    others: tuple[Response, ...] = ()
    undated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A document that an earlier run saw and that the platform now says is gone."""

    gone: InboxGone
    sighting: Sighting


Yield = FoundDocument | Lost | Sighting | InboxIssue | InboxAlias | Request


class SourceSpider(Spider):
    """Collects one declared source.

    `listed` holds the refs in this run's listing, `known` those of earlier runs that still count. A listing
    is `listing_lost` when it cannot be read, `unchanged` when the server says so, `unfinished` when a part is
    left out, `cut` when it has more than is read or an item that cannot be read. `whole_before` is when a run
    began that found everything: what no run had found by then was not there. `asked` are the sites that this
    run asked; `roams` says that it led to one that it may not ask (`crawlers.engine.sites`), unless each of
    its requests stands `apart`.
    """

    apart = False

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.run = run
        self.known: dict[str, Seen] = {}
        self.listed: set[str] = set()
        self.validators: Listing = Listing(source.url)
        self.listing_lost = False
        self.unchanged = False
        self.unfinished = False
        self.cut = False
        self.asked: set[str] = set()
        self.roams = False
        self.before: Listing | None = None
        self.whole_before: datetime | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Mark the listing as not collected and ask for it; in a revisit ask only for documents to check."""
        state = self.run.state
        if self.run.looks is not None:
            seen = state.named(self.source.id, self.run.looks[self.source.id])
            self.known = {document.ref: document for document in seen}
            for request in self.revisit(seen):
                yield request
            return
        earlier = state.seen(self.source.id, self.run.now, self.run.crawl.revisit_days)
        self.known = {document.ref: document for document in earlier}
        previous = state.listing(self.source.id)
        same_url = previous is not None and previous.url == self.source.url
        self.before = previous if previous and previous.complete and same_url else None
        self.whole_before = previous.whole_at if previous and same_url else None
        state.save_listing(self.source.id, Listing(self.source.url, whole_at=self.whole_before))
        yield self.first()

    def root(self) -> str:
        """Return the scheme and host of the source's address."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.source.url))

    def first(self) -> Request:
        """Return the request for the listing, or for the answer that leads to it."""
        raise NotImplementedError

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield requests that check documents of earlier runs, at their own addresses."""
        raise NotImplementedError

    # --- requests -------------------------------------------------------------------------------------

    def ask(
        self,
        url: str,
        callback: Callable[..., Any],
        *,
        errback: Callable[[Failure], Any] | None = None,
        headers: dict[str, str] | None = None,
        statuses: tuple[int, ...] = (),
        **keep: Any,
    ) -> Request:
        """Return a request whose failure becomes an issue.

        `keep` is passed on to `callback`, which gets answers with one of `statuses` besides 2xx.
        """
        meta: dict[str, Any] = {"handle_httpstatus_list": statuses} if statuses else {}
        errback = errback or self.failed
        return Request(url, callback, errback=errback, headers=headers, cb_kwargs=keep, meta=meta)

    def ask_listing(self, url: str, callback: Callable[..., Any], **options: Any) -> Request:
        """Return a request as `ask` does, whose failure means that the listing cannot be read."""
        return self.ask(url, callback, errback=self.lost_listing, **options)

    def ask_again(self, url: str, callback: Callable[..., Any], document: Seen, /, **options: Any) -> Request:
        """Return a request as `ask` does, for one document of an earlier run that may be gone."""
        return self.ask(url, callback, errback=partial(self.missed, seen=document), **options)

    def failed(self, failure: Failure) -> Iterator[Yield]:
        """Report a request that failed."""
        yield self.failure_issue(failure)

    def lost_listing(self, failure: Failure) -> Iterator[Yield]:
        """Report a listing that failed; documents of earlier runs then wait for the next run."""
        self.listing_lost = True
        yield self.failure_issue(failure, Severity.ERROR)

    def unsettled(self, failure: Failure) -> Iterator[Yield]:
        """Report a second look that failed: nothing is lost by it, and nothing is known to be gone."""
        yield self.failure_issue(failure, Severity.WARNING)

    def missed(self, failure: Failure, seen: Seen) -> Iterator[Yield]:
        """Report a request for a document of an earlier run that failed: gone if the server says so."""
        evidence = self.gone_evidence(failure)
        if evidence is not None and seen.last_present is not None:
            yield self.lost(seen, evidence)
            return
        yield Sighting(seen.ref, seen.url, present=None)
        yield self.failure_issue(failure, Severity.WARNING, place=seen.url)

    def gone_evidence(self, failure: Failure) -> str | None:
        """Return how the server says that a page does not exist any more; None where it does not say so."""
        error = failure.value
        if isinstance(error, HttpError) and error.response.status in GONE_STATUSES:
            return f"HTTP {error.response.status} at {error.response.url}"
        return None

    def again(self) -> Iterator[Request]:
        """Yield requests for SECOND_LOOKS known documents that the listing lacks, longest unchecked first."""
        unlisted = [seen for ref, seen in self.known.items() if ref not in self.listed]
        yield from self.revisit(unlisted[:SECOND_LOOKS])

    def read_to_the_end(self) -> Listing:
        """Return the listing as it is remembered after a run that lost and left out nothing of it."""
        whole_at = self.whole_before if self.cut or self.unchanged else self.run.now
        return replace(self.validators, complete=True, whole_at=whole_at)

    # --- the listing as a witness ---------------------------------------------------------------------

    def witnesses(self) -> list[Request]:
        """Return requests that show whether the listing can be read: if not, nothing is believed gone."""
        return [self._overhear(self.first())]

    def _overhear(self, request: Request) -> Request:
        return request.replace(
            callback=partial(self._heard, by=request.callback, **request.cb_kwargs),
            errback=partial(self._heard, by=request.errback),
            cb_kwargs={},
        )

    def _heard(self, answer: Any, by: Any, **keep: Any) -> Iterator[Yield]:
        """Yield the listing's issues and what else leads to it; its documents are left for the next crawl."""
        for result in by(answer, **keep):
            leads_on = isinstance(result, Request) and result.errback == self.lost_listing
            if isinstance(result, InboxIssue):
                yield result
            elif leads_on and not self.listed and not self.listing_lost:
                yield self._overhear(result)

    # --- results --------------------------------------------------------------------------------------

    def issue(
        self, code: str, message: str, *, place: str | None, severity: Severity = Severity.ERROR
    ) -> InboxIssue:
        """Return an issue of this source, at the time now."""
        during = IssueStage.CRAWL if self.run.looks is None else IssueStage.REVISIT
        return InboxIssue(self.source.id, code, message, severity, self.run.clock(), place, during)

    def failure_issue(
        self, failure: Failure, severity: Severity | None = None, place: str | None = None
    ) -> InboxIssue:
        """Return the issue for a failed request, at the address that was asked for or at `place`."""
        fault = describe(failure.value)
        place, severity = place or requested_url(failure), severity or fault.severity
        return self.issue(fault.code, fault.message, place=place, severity=severity)

    def bad_answer(
        self, error: ValueError, place: str, severity: Severity = Severity.WARNING, code: str = "bad_answer"
    ) -> InboxIssue:
        """Return the issue for an answer that cannot be read."""
        return self.issue(code, error_line(error), place=place, severity=severity)

    def bad_listing(self, error: ValueError, place: str, code: str = "bad_answer") -> InboxIssue:
        """Mark the listing as lost and return the issue for it."""
        self.listing_lost = True
        return self.bad_answer(error, place, Severity.ERROR, code)

    def malformed(self, fault: str, response: Response) -> InboxIssue:
        """Return the issue for a feed that was read although something is wrong with it."""
        message = f"the feed is not well-formed and was read as far as possible: {fault}"
        return self.issue("malformed_feed", message, place=response.url, severity=Severity.WARNING)

    def cut_short(self, response: Response) -> InboxIssue:
        """Return the issue for a listing that holds more than is read."""
        self.cut = True
        most = self.run.crawl.max_items
        message = f"only the first {most} of its items were read ([crawl] max_items = {most})"
        return self.issue("max_items", message, place=response.url, severity=Severity.INFO)

    def found(
        self,
        response: Response,
        ref: str,
        *,
        memo: str | None = None,
        others: tuple[Response, ...] = (),
        **fields: Any,
    ) -> Yield:
        """Return a document (a known one keeps its URL), or an issue where its fields are not valid."""
        earlier = self.known.get(ref)
        if earlier is not None and earlier.last_present is not None:
            fields["url"] = earlier.url
        fields = _bearable(fields)
        defaults: dict[str, Any] = {"source": self.source.id, "platform": self.source.platform}
        try:
            undated: list[str] = []
            record = document(**defaults | fields, seen_at=self.run.clock(), undated=undated.append)
        except ValueError as error:
            return self.bad_answer(error, str(fields.get("url") or ref), Severity.ERROR, "bad_item")
        assert record.url is not None
        at = self.run.sent_at(response, *others)
        sighting = Sighting(ref, record.url, memo, at=at)
        record = replace(record, asked_at=at if at < record.seen_at else None, reader=READER)
        return FoundDocument(record, response, sighting, others, tuple(undated))

    def still_there(self, seen: Seen, response: Response) -> Sighting:
        """Return the sighting of a document that `response` shows to exist but has no words of."""
        return Sighting(seen.ref, seen.url, at=self.run.sent_at(response))

    def lost(self, seen: Seen, evidence: str) -> Lost:
        """Return the deletion of a document."""
        last_present = seen.last_present
        gone = InboxGone(seen.url, self.source.id, self.run.clock(), evidence, last_present_at=last_present)
        return Lost(gone, Sighting(seen.ref, seen.url, present=False, at=self.run.sent_at()))


def _bearable(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a document's fields, what only accompanies its text cut or left out: that costs no document."""
    shortened = {name: shorten(text, limit) for name, limit in _LONGEST.items()
                 if isinstance(text := fields.get(name), str)}  # fmt: skip
    language = fields.get("language")
    valid = isinstance(language, str) and re.fullmatch(LANGUAGE, language)
    return fields | shortened | {"language": language if valid else None}


def spider_of(crawler: Crawler) -> SourceSpider:
    """Return the spider of `crawler`, which is one of ours."""
    assert isinstance(crawler.spider, SourceSpider)
    return crawler.spider


def error_line(error: ValueError) -> str:
    """Return an error's message on one line; for an invalid record, each field and what is wrong with it."""
    if isinstance(error, ValidationError):
        faults = error.errors()[:5]
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
    return one_line(error, 500)


def requested_url(failure: Failure) -> str:
    """Return the URL that was asked for before any redirect, cut where it is too long to be fetched."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition to Twisted's class
    redirects: list[str] = request.meta.get("redirect_urls") or [request.url]
    return redirects[0] if len(redirects[0]) <= MAX_GIVEN else shorten(redirects[0], 200)
