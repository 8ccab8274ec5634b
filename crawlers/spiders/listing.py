"""Platforms that answer with pages of items: how a listing is read to its end, and a broken item skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import FoundDocument, SourceSpider, Yield
from crawlers.spiders.crawl_run import CrawlRun
from pipeline.core.text import encodable
from pipeline.core.vocabulary import DateOrigin, Precision, Severity

ALT_TEXT = "[Alt text]"
"""The line above the words for a picture, which the platform does not show in the post's text."""
LAG = timedelta(hours=1)
"""How long a platform's listing may lack what is public already."""

_NEXT = re.compile(r'<([^<>]+)>\s*;[^<]*?\brel\s*=\s*"?next"?', re.IGNORECASE)


class ListingSpider(SourceSpider):
    """A platform that answers, in JSON unless `answer` says otherwise, with pages of items.

    Where `order_tells_all`, a page without anything new ends the listing: what follows is older. `barren`
    counts the items since the last page that had anything to keep.
    """

    order_tells_all = True

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(source, run)
        self.barren = 0

    def answer(self, response: Response) -> Any:
        """Return the parsed response, for `page`. Raises ValueError where it cannot be read."""
        return read_json(response)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return a page's raw items and the next page's URL. Raises ValueError for another shape."""
        if not isinstance(answer, list):
            raise ValueError(f"expected a list of items, not {type(answer).__name__}")
        return answer, next_page(response)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield what one raw item gives, and add its ref to `listed`. Raises ValueError for another shape."""
        raise NotImplementedError

    def listing(self, response: Response) -> Iterator[Yield]:
        """Yield the items of one page, then ask for the next page while this one has something new."""
        try:
            raws, following = self.page(self.answer(response), response)
        except ValueError as error:
            yield self.bad_listing(error, response.url)
            return
        earlier, repeated = frozenset(self.listed), False
        for raw in raws:
            if len(self.listed) >= self.run.crawl.max_items:
                following = None
                yield self.cut_short(response)
                break
            for result in self.one(raw, response):
                repeated = repeated or (isinstance(result, FoundDocument) and result.sighting.ref in earlier)
                yield result
        added = self.listed - earlier
        self.barren = 0 if added else self.barren + len(raws)
        if following and repeated and not added:
            following, self.cut = None, True
            message = "a page has only what pages before it had; the listing was not followed further"
            yield self.issue("repeated_page", message, place=response.url, severity=Severity.WARNING)
        elif following and self.barren >= self.run.crawl.max_items:
            following = None
            yield self.cut_short(response)
        has_news = bool(added) and not (self.order_tells_all and added <= self.known.keys())
        goes_on = self.before is None or has_news
        if following and goes_on and raws:
            yield self.ask_listing(following, self.listing)
        else:
            yield from self.again()

    def one(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield what one item gives; a broken item becomes an issue and takes nothing else with it."""
        try:
            yields = list(self.item(raw, response))
        except ValueError as error:
            self.cut = True
            yield self.bad_item(error, response, Severity.ERROR)
        else:
            yield from yields

    @cached_property
    def read_before(self) -> set[str]:
        """Return the refs of all that earlier runs found."""
        return self.run.state.refs(self.source.id)

    @cached_property
    def outlived(self) -> set[str]:
        """Return the refs that earlier runs found and that are not looked at again; a document that is gone
        may return.
        """
        gone = self.run.state.gone(self.source.id, self.run.now, self.run.crawl.revisit_days)
        return self.read_before - self.known.keys() - {document.ref for document in gone}

    @property
    def absent_until(self) -> datetime | None:
        """Return a time at which nothing that this run is the first to find was public; None where none is
        known.
        """
        return self.whole_before - LAG if self.whole_before else None

    def reread(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield what an item gives that was asked for by itself. Raises ValueError for another shape."""
        raise NotImplementedError

    def single(self, response: Response) -> Iterator[Yield]:
        """Yield what the answer for one item gives."""
        try:
            yields = list(self.reread(read_json(response), response))
        except ValueError as error:
            yield self.bad_answer(error, response.url)
        else:
            yield from yields

    def bad_item(self, error: ValueError, response: Response, severity: Severity = Severity.WARNING) -> Yield:
        """Return the issue for an item that cannot be read."""
        return self.bad_answer(error, response.url, severity, "bad_item")

    def found(self, response: Response, ref: str, **fields: Any) -> Yield:
        """Return a document as every spider does; an API states its time to the second."""
        defaults = {"published_precision": Precision.SECOND, "published_from": DateOrigin.API}
        return super().found(response, ref, **defaults | fields)

    def worded(self, response: Response, ref: str, text: str, **fields: Any) -> Iterator[Yield]:
        """Yield the document of a post; of one without words (a picture alone), that a known one is there."""
        if text or fields.get("title"):
            yield self.found(response, ref, text=text, **fields)
        elif ref in self.known:
            yield self.still_there(self.known[ref], response)

    def deleted(self, ref: str, evidence: str) -> Iterator[Yield]:
        """Yield the deletion of an item that an earlier run saw; nothing for an item that was never seen."""
        if ref in self.known:
            yield self.lost(self.known[ref], evidence)

    # --- the platform's own limit ---------------------------------------------------------------------

    def remaining(self, response: Response) -> int | None:
        """Return how many more requests the platform allows; None where it does not say."""
        return None

    def counted(self, request: Request, response: Response) -> bool:
        """Return whether the count that `response` states holds for `request`."""
        return True

    def limited(self, response: Response, count: int) -> Yield:
        """Return the issue that the platform allows no more requests, `count` of which were not made."""
        raise NotImplementedError

    def within_limit(self, yields: Iterator[Yield], response: Response) -> Iterator[Yield]:
        """Yield all of `yields`, but only as many requests as the platform still allows by its own count."""
        requests: list[Request] = []
        for result in yields:
            if isinstance(result, Request) and self.counted(result, response):
                requests.append(result)
            else:
                yield result
        remaining = self.remaining(response)
        allowed = requests if remaining is None else requests[:remaining]
        yield from allowed
        if len(allowed) < len(requests):
            yield self.limited(response, len(requests) - len(allowed))


def read_json(response: Response) -> Any:
    """Return the response as JSON; half of a surrogate pair in it, which no address can hold, is U+FFFD.

    Raises ValueError where it is not JSON.
    """
    try:
        text = response.body.decode(json.detect_encoding(response.body), "replace")
        parsed = json.loads(text.removeprefix("\ufeff"))
        if "\\ud" in text.lower():
            parsed = json.loads(encodable(json.dumps(parsed, ensure_ascii=False)))
        return parsed
    except RecursionError as error:
        raise ValueError("JSON that is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error


def with_alt_text(text: str, descriptions: Iterable[str | None]) -> str:
    """Return a post's text and its writer's words for each picture, under a line that says what they are."""
    described = (f"{ALT_TEXT}\n{words.strip()}" for words in descriptions if words and words.strip())
    return "\n\n".join(filter(None, (text, *described)))


def batches(seen: list[Seen], size: int) -> Iterator[dict[str, Seen]]:
    """Yield `seen` by ref, in groups of at most `size`."""
    for start in range(0, len(seen), size):
        yield {document.ref: document for document in seen[start : start + size]}


def refused_by(failure: Failure, *statuses: int) -> Response | None:
    """Return the server's refusal with one of `statuses` (any, where none is given), else None."""
    error = failure.value
    if not isinstance(error, HttpError) or (statuses and error.response.status not in statuses):
        return None
    return error.response


def header_number(response: Response, header: bytes) -> int | None:
    """Return the whole number in a header, which may have a decimal part (598.0); None for no number."""
    match = re.fullmatch(rb"(\d{1,10})(?:\.\d*)?", response.headers.get(header) or b"")
    return int(match[1]) if match else None


def next_page(response: Response) -> str | None:
    """Return the next page's URL from the response's Link header (RFC 8288), if it is on the same host."""
    header = (response.headers.get(b"Link") or b"").decode("latin-1")
    match = _NEXT.search(header)
    if not match:
        return None
    url = urljoin(response.url, match[1])
    return url if urlsplit(url).netloc == urlsplit(response.url).netloc else None
