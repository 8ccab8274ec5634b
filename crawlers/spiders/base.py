"""What all spiders share: what they yield, how a fault is told, and how a listing is read to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from math import ceil, floor
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.articles.pool import Readers
from crawlers.crawl_state import CrawlState, Listing, Seen, Sighting
from crawlers.http.credentials import Session
from crawlers.http.failures import Fault, tell
from crawlers.http.scrapy_patches import SENT
from crawlers.http.warc_writer import Archive
from crawlers.normalise.urls import MAX_GIVEN
from crawlers.normalise.validate import document
from crawlers.sources import DeclaredSource
from pipeline.core.config import CrawlConfig
from pipeline.core.records import InboxCrawl, InboxDocument, InboxGone, InboxIssue, IssueStage, Severity

SECOND_LOOKS = 100
"""So many documents that earlier nights saw are looked at again in one source and night, longest unchecked first."""
GONE_STATUSES = (404, 410)
"""The answers by which a server says that what was there is not there any more."""


@dataclass(frozen=True, slots=True)
class Night:
    """What the spiders of one night share.

    `now` is the night's clock at its start and `started` the monotonic one; `ended` hears of each source's end.
    In a `replay` the clock stands still: everything bears `now`. `looks` are the refs to look at again, by their
    source, where no listing is asked for (`crawlers.engine.revisit`); None in a night.
    `sessions` are the tokens that platforms gave tonight, by the root of the API that each is for.
    """

    run_id: str
    now: datetime
    crawl: CrawlConfig
    inbox: Path
    archive: Archive
    state: CrawlState
    ended: Callable[[InboxCrawl], None]
    started: float
    sessions: dict[str, Session] = field(default_factory=dict, repr=False)
    replay: bool = False
    looks: Mapping[str, tuple[str, ...]] | None = None
    readers: Readers | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the night began."""
        return monotonic() - self.started

    def at(self) -> datetime:
        """The time now, rounded up to a whole second: what an answer shows was so by then, at the latest."""
        return self._clock(self.elapsed, ceil)

    def asked(self, *responses: Response) -> datetime:
        """When the first of `responses` was asked for, rounded down: what they show was so then, or later.

        Without a response that tells it, the time now, rounded down.
        """
        sent = [s for r in responses if r.request is not None and (s := r.meta.get(SENT)) is not None]
        return self._clock(min(sent, default=monotonic()) - self.started, floor)

    def _clock(self, elapsed: float, rounded: Callable[[float], int]) -> datetime:
        if self.replay:
            return self.now
        return datetime.fromtimestamp(rounded(self.now.timestamp() + elapsed), UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """A document, the response that its text was read from, and `others` that it needed; the state keeps `sighting`."""

    document: InboxDocument
    response: Response
    sighting: Sighting
    others: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A document that an earlier night saw and that the platform now says is gone."""

    gone: InboxGone
    sighting: Sighting


Yield = Found | Lost | Sighting | InboxIssue | Request


class SourceSpider(Spider):
    """Collects one declared source.

    `listed` holds the refs that tonight's listing had, `known` those of the nights that still count. A listing is
    `lost` when it could not be read, `unchanged` when the server says so, `unfinished` when a part was not asked for.
    """

    def __init__(self, source: DeclaredSource, night: Night) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.night = night
        self.known: dict[str, Seen] = {}
        self.listed: set[str] = set()
        self.validators: Listing = Listing(source.url)
        self.listing_lost = False
        self.unchanged = False
        self.unfinished = False
        self.before: Listing | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Mark the listing as not yet collected, then ask for it; in a revisit ask for what is to be looked at alone."""
        state, crawl = self.night.state, self.night.crawl
        if self.night.looks is not None:
            seen = state.named(self.source.id, self.night.looks[self.source.id])
            self.known = {one.ref: one for one in seen}
            for request in self.revisit(seen):
                yield request
            return
        self.known = {
            seen.ref: seen for seen in state.seen(self.source.id, self.night.now, crawl.revisit_days)
        }
        before = state.listing(self.source.id)
        self.before = before if before and before.complete and before.url == self.source.url else None
        state.save_listing(self.source.id, Listing(self.source.url))
        yield self.first()

    def root(self) -> str:
        """The scheme and host of the source's address."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.source.url))

    def first(self) -> Request:
        """The request for the listing, or for what leads to it."""
        raise NotImplementedError

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Requests that look at documents of earlier nights again, each at its own address."""
        raise NotImplementedError

    # --- asking ---------------------------------------------------------------------------------------

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
        """A request whose faults become issues; `keep` is handed to `callback`, `statuses` reach it besides 2xx."""
        meta: dict[str, Any] = {"handle_httpstatus_list": statuses} if statuses else {}
        return Request(
            url, callback, errback=errback or self.failed, headers=headers, cb_kwargs=keep, meta=meta
        )

    def ask_listing(self, url: str, callback: Callable[..., Any], **options: Any) -> Request:
        """As `ask`, for a listing: without it the night knows nothing of the source."""
        return self.ask(url, callback, errback=self.lost_listing, **options)

    def failed(self, failure: Failure) -> Iterator[Yield]:
        """A request came to nothing."""
        fault = tell(failure.value)
        yield self.issue(fault.code, fault.message, place=asked(failure), severity=fault.severity)

    def lost_listing(self, failure: Failure) -> Iterator[Yield]:
        """As `failed`, for a listing; what earlier nights saw is then left for the next night."""
        self.listing_lost = True
        fault = tell(failure.value)
        yield self.issue(fault.code, fault.message, place=asked(failure), severity=Severity.ERROR)

    def unsettled(self, failure: Failure) -> Iterator[Yield]:
        """A second look came to nothing: nothing is lost by it, and nothing is known to be gone."""
        fault = tell(failure.value)
        yield self.issue(fault.code, fault.message, place=asked(failure), severity=Severity.WARNING)

    def missed(self, failure: Failure, seen: Seen) -> Iterator[Yield]:
        """A request for one document of an earlier night came to nothing: gone if the server says so."""
        evidence = self.gone_evidence(failure)
        if evidence is not None and seen.last_present is not None:
            yield self.lost(seen, evidence)
            return
        fault: Fault = tell(failure.value)
        yield Sighting(seen.ref, seen.url, present=None)
        yield self.issue(fault.code, fault.message, place=seen.url, severity=Severity.WARNING)

    def gone_evidence(self, failure: Failure) -> str | None:
        """The server's own word that what was asked for is not there; None where it did not say so."""
        error = failure.value
        if isinstance(error, HttpError) and error.response.status in GONE_STATUSES:
            return f"HTTP {error.response.status} at {error.response.url}"
        return None

    def again(self) -> Iterator[Request]:
        """Ask again for what earlier nights saw and tonight's listing did not have, oldest check first, bounded."""
        rest = [seen for ref, seen in self.known.items() if ref not in self.listed]
        yield from self.revisit(rest[:SECOND_LOOKS])

    def cut_short(self, response: Response) -> InboxIssue:
        """A listing that holds more than is read."""
        words = f"only [crawl] max_items = {self.night.crawl.max_items} of its items were read"
        return self.issue("max_items", words, place=response.url, severity=Severity.INFO)

    # --- the listing as a witness ---------------------------------------------------------------------

    def witnesses(self) -> list[Request]:
        """The listing, asked for only to see whether it can be read: where it cannot, nothing is believed gone."""
        return [self._overhear(self.first())]

    def _overhear(self, request: Request) -> Request:
        return request.replace(
            callback=partial(self._heard, by=request.callback, **request.cb_kwargs),
            errback=partial(self._heard, by=request.errback),
            cb_kwargs={},
        )

    def _heard(self, answer: Any, by: Any, **keep: Any) -> Iterator[Yield]:
        """What is wrong with the listing, and what else leads to it; all that it holds is left for the night."""
        for one in by(answer, **keep):
            if isinstance(one, InboxIssue):
                yield one
            elif (
                isinstance(one, Request)
                and one.errback == self.lost_listing
                and not self.listed
                and not self.listing_lost
            ):
                yield self._overhear(one)

    # --- telling --------------------------------------------------------------------------------------

    def issue(
        self, code: str, message: str, *, place: str | None, severity: Severity = Severity.ERROR
    ) -> InboxIssue:
        """Something that went wrong."""
        during = IssueStage.CRAWL if self.night.looks is None else IssueStage.REVISIT
        return InboxIssue(self.source.id, code, message, severity, self.night.at(), place, during)

    def found(
        self,
        response: Response,
        ref: str,
        *,
        memo: str | None = None,
        others: tuple[Response, ...] = (),
        **fields: Any,
    ) -> Yield:
        """A document, or the issue that it is; a document of an earlier night keeps the URL it had."""
        before = self.known.get(ref)
        if before is not None and before.last_present is not None:
            fields["url"] = before.url
        given: dict[str, Any] = {"source": self.source.id, "platform": self.source.platform}
        try:
            made = document(**given | fields, seen_at=self.night.at())
        except ValueError as error:
            return self.issue("bad_item", told(error), place=str(fields.get("url") or ref))
        assert made.url is not None
        at = self.night.asked(response, *others)
        sighting = Sighting(ref, made.url, memo, at=at)
        made = replace(made, asked_at=at if at < made.seen_at else None)
        return Found(made, response, sighting, others)

    def still_there(self, seen: Seen, response: Response) -> Sighting:
        """A document that `response` shows to be there, and has no words of."""
        return Sighting(seen.ref, seen.url, at=self.night.asked(response))

    def lost(self, seen: Seen, evidence: str) -> Lost:
        """A document that is gone."""
        gone = InboxGone(
            seen.url, self.source.id, self.night.at(), evidence, last_present_at=seen.last_present
        )
        return Lost(gone, Sighting(seen.ref, seen.url, present=False, at=self.night.asked()))


def told(error: ValueError) -> str:
    """An error on one line; of a record that does not fit, each field and what is wrong with it."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:5]
        )
    return " ".join(str(error).split())[:500]


def asked(failure: Failure) -> str:
    """The URL that was asked for first, before any redirect; shortened where it is longer than any that is fetched."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition to Twisted's class
    redirects: list[str] = request.meta.get("redirect_urls") or [request.url]
    return redirects[0] if len(redirects[0]) <= MAX_GIVEN else f"{redirects[0][:200]}..."
