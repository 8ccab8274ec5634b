"""Price lists of models: one JSON file with an entry for each model, as LiteLLM keeps it on GitHub.

`url` is the file's page (`https://github.com/OWNER/NAME/blob/BRANCH/FILE.json`). An entry bears no time: only
when it was first seen is known. A statement is the list's word, never that of the model's maker.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawlers.crawl_state import Seen, Sighting
from crawlers.normalise.github_pages import place_in_repository
from crawlers.spiders.base import SourceSpider, Yield
from crawlers.spiders.listing import LAG, read_json
from crawlers.spiders.registry_facts import facts_of_entry

EVER = 36_500
"""Days for which a known entry counts: a price may change at any time."""
LONGEST = 300
"""Characters of an entry's name; what is longer names no model."""

_EXAMPLE = "sample_spec"
"""The entry that explains the others."""


class PriceListSpider(SourceSpider):
    """The entries of one list that are new, or say something else than before."""

    def first(self) -> Request:
        """Return the request for the list."""
        place = place_in_repository(self.source.url)
        return self.ask_listing(place.raw(self.root(), place.path), self.entries)

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield one request for the list, which has all entries; a night has read it already."""
        if seen and self.run.looks is not None:
            place = place_in_repository(self.source.url)
            wanted = frozenset(document.ref for document in seen)
            yield self.ask(place.raw(self.root(), place.path), self.entries, wanted=wanted)

    def entries(self, response: Response, wanted: frozenset[str] | None = None) -> Iterator[Yield]:
        """Yield the statement of each entry that is new, or that says something else than before.

        The first reading only notes what is there, since nothing says how long it has been. Of more than
        `max_items` such entries the rest waits for the next run. `wanted` are the entries of a revisit,
        whatever they say.
        """
        try:
            prices = read_json(response)
            if not isinstance(prices, dict):
                raise ValueError(f"expected an object with an entry for each model, not {_kind(prices)}")
        except ValueError as error:
            yield self.bad_listing(error, response.url)
            return
        place = place_in_repository(self.source.url)
        page = place.page(self.root(), place.path)
        known = {
            document.ref: document for document in self.run.state.seen(self.source.id, self.run.now, EVER)
        }
        yielded, faults = 0, list[str]()
        for key, entry in prices.items():
            if yielded >= self.run.crawl.max_items:
                self.unfinished = True
                yield self.cut_short(response)
                break
            if key == _EXAMPLE or (wanted is not None and key not in wanted):
                continue
            if not isinstance(entry, dict) or not 0 < len(key) <= LONGEST:
                faults.append(f"{key[:80]!r} is {_kind(entry)}, or its name is no model's")
                continue
            facts = facts_of_entry(key, entry)
            if not (text := facts.text(self.run.now.date())):
                continue
            self.listed.add(key)
            statement = json.dumps([facts.context, facts.read, facts.written, facts.through])
            memo = hashlib.sha256(statement.encode()).hexdigest()[:16]
            url = f"{page}?{urlencode({'entry': key}, errors='replace')}"
            seen = known.get(key)
            if seen is None and self.whole_before is None and wanted is None:
                yield Sighting(key, url, memo, present=None)
            elif seen is None or seen.memo != memo or wanted is not None:
                yielded += 1
                title = f"{facts.name} ({key})"
                after = self.whole_before - LAG if self.whole_before and seen is None else None
                yield self.found(response, key, memo=memo, url=url, title=title, text=text, not_before=after)
        if faults:
            fault = ValueError(f"{len(faults)} entries cannot be read; the first: {faults[0]}")
            yield self.bad_answer(fault, response.url, code="bad_item")
        if not self.listed:
            yield self.bad_listing(ValueError("no entry says anything of a model"), response.url)


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"
