"""Platforms that answer with pages of items: how a listing is read to its end, and a broken item left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from crawlers.spiders.base import SourceSpider, Yield, told


class ListingSpider(SourceSpider):
    """A platform that answers (in JSON, unless `answer` says otherwise) with pages of items, each item a document."""

    def answer(self, response: Response) -> Any:
        """What one response says, for `page`. Raises ValueError where it cannot be read."""
        return read_json(response)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The raw items of one page and the next page's URL. Raises ValueError where the answer has another shape."""
        raise NotImplementedError

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """What one raw item is; it adds its ref to `listed`. Raises ValueError where it has another shape."""
        raise NotImplementedError

    def listing(self, response: Response) -> Iterator[Yield]:
        """One page: its items, then the next page while there is something new on this one."""
        try:
            raws, following = self.page(self.answer(response), response)
        except ValueError as error:
            self.listing_lost = True
            yield self.issue("bad_answer", told(error), place=response.url)
            return
        fresh = self.before is None
        for raw in raws:
            if len(self.listed) >= self.night.crawl.max_items:
                following = None
                yield self.cut_short(response)
                break
            before = set(self.listed)
            yield from self.one(raw, response)
            fresh = fresh or not (self.listed - before) <= self.known.keys()
        if following and fresh and raws:
            yield self.ask_listing(following, self.listing)
        else:
            yield from self.again()

    def one(self, raw: Any, response: Response) -> Iterator[Yield]:
        """One item; a broken one is an issue and takes nothing else with it."""
        try:
            yields = list(self.item(raw, response))
        except ValueError as error:
            yield self.issue("bad_item", told(error), place=response.url)
        else:
            yield from yields


def read_json(response: Response) -> Any:
    """The response as JSON. Raises ValueError where it is none."""
    try:
        return json.loads(response.body)
    except RecursionError as error:
        raise ValueError("JSON that is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
