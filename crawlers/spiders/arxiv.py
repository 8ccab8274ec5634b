"""arXiv: the papers that answer a query, newest first, each with its abstract.

https://info.arxiv.org/help/api/user-manual.html. `url` is the query
(`https://export.arxiv.org/api/query?search_query=…`); the spider sorts and pages it. A paper is an artefact:
the thing itself, not a report of it. arXiv keeps withdrawn papers, with a comment that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser
from pydantic import BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from w3lib.url import (
    add_or_replace_parameter,
    add_or_replace_parameters,
    url_query_cleaner,
    url_query_parameter,
)

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.ssrf_guard import Refused, refuse_entities
from crawlers.normalise.html import links_in
from crawlers.normalise.time_limit import bounded
from crawlers.normalise.validate import MAX_NAME, StatedTime
from crawlers.spiders.base import Yield
from crawlers.spiders.feed_formats import FEED_SECONDS, fault_of
from crawlers.spiders.listing import ListingSpider, batches
from pipeline.core.inbox_records import InboxLink
from pipeline.core.text import one_line
from pipeline.core.vocabulary import Precision

PER_PAGE = 100

_ID = re.compile(
    r"https?://(?:export\.)?arxiv\.org/abs/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d{1,4}))?$"
)
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")


class _Named(BaseModel):
    name: str = ""


class _Category(BaseModel):
    term: str | None = None


class _Paper(BaseModel):
    """An entry in feedparser's names.

    `published` is when the first version was submitted, `updated` when the latest one was. It was announced
    later: in the month that its number has, or, numbered in the last days of it, at the start of the next.
    """

    id: str = Field(pattern=_ID)
    title: str = Field(min_length=1)
    summary: str = ""
    published: StatedTime = None
    updated: StatedTime = None
    authors: list[_Named] = []
    tags: list[_Category] = []
    arxiv_comment: str = ""
    arxiv_journal_ref: str = ""
    arxiv_doi: str = ""

    def number(self) -> str:
        """Return the paper's own id, without its version."""
        return self._match()[1]

    def month(self) -> str | None:
        """Return the month in which arXiv numbered it, shortly before it was public (since April 2007)."""
        digits = self.number()
        return f"20{digits[:2]}-{digits[2:4]}" if digits[0].isdecimal() else None

    def version(self) -> int:
        """Return the number of the version."""
        return int(self._match()[2] or 1)

    def _match(self) -> re.Match[str]:
        match = _ID.match(self.id)
        assert match is not None
        return match

    def text(self) -> str:
        """Return the abstract, then arXiv's other statements, one a line; line breaks are arXiv's."""
        version = self.version()
        dated = isinstance(self.updated, datetime) and version > 1
        date_suffix = f" of {self.updated:%Y-%m-%d}" if dated else ""
        facts = {
            "Comment": one_line(self.arxiv_comment),
            "Journal reference": one_line(self.arxiv_journal_ref),
            "Categories": ", ".join(category.term for category in self.tags if category.term),
            "Version": f"{version}{date_suffix}",
        }
        fact_lines = "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
        return "\n\n".join(part for part in (one_line(self.summary), fact_lines) if part)

    def writers(self) -> str:
        """Return the authors' names, as many as an author field holds."""
        names = [one_line(author.name) for author in self.authors if author.name.strip()]
        shown = ", ".join(names)
        if len(shown) <= MAX_NAME:
            return shown
        shown_names = shown[: MAX_NAME - 20].rpartition(", ")[0].split(", ")
        return f"{', '.join(shown_names)} and {len(names) - len(shown_names)} more"


class ArxivSpider(ListingSpider):
    """The papers of one query.

    Pages are read back as far as the days for which documents are checked again; what stands on them is kept,
    however long ago it was submitted.
    """

    # AutoThrottle would shorten the pause that arXiv asks for (crawlers.engine.scrapy_settings.PAUSES).
    custom_settings = {"AUTOTHROTTLE_ENABLED": False}  # noqa: RUF012  # Scrapy's own name and type
    flaw: str | None = None

    def first(self) -> Request:
        """Return the request for the query's newest papers."""
        order = {"sortBy": "submittedDate", "sortOrder": "descending"}
        paging = {"start": "0", "max_results": str(PER_PAGE)}
        return self.ask_listing(add_or_replace_parameters(self.source.url, order | paging), self.listing)

    def listing(self, response: Response) -> Iterator[Yield]:
        """Yield one page, and an issue for what is wrong with its XML."""
        self.flaw = None
        yield from super().listing(response)
        if self.flaw:
            yield self.malformed(self.flaw, response)

    def answer(self, response: Response) -> tuple[int, list[dict[str, Any]]]:
        """Return how many papers the query has, and the entries sent. Raises ValueError for an error."""
        try:
            refuse_entities(response.body)
        except Refused as error:
            raise ValueError(str(error)) from error
        with bounded(FEED_SECONDS, "an answer"):
            parsed = feedparser.parse(BytesIO(response.body))
        total = str(parsed.feed.get("opensearch_totalresults") or "")
        if not total.isdecimal():
            words = response.body[:200].decode("utf-8", "replace")
            raise ValueError(f"not an answer from arXiv's API: {words!r}")
        # Plain dictionaries: feedparser's own give `published` where `updated` is not there.
        entries = [dict(entry) for entry in parsed.entries]
        for entry in entries:
            if "/api/errors" in str(entry.get("id")):
                raise ValueError(f"arXiv answers: {entry.get('summary')}")
        self.flaw = fault_of(parsed)
        return int(total[:9]), entries

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the entries, and the next page unless this one reaches back far enough."""
        total, entries = answer
        start = int((url_query_parameter(response.url, "start") or "0")[:9])
        if not entries and start < total:
            raise ValueError(f"arXiv has {total} papers and sent none from number {start} on")
        end = start + len(entries)
        if end >= total or self.old(entries[-1]):
            return entries, None
        return entries, add_or_replace_parameter(response.url, "start", str(end))

    def old(self, raw: Any) -> bool:
        """Return whether an entry is too old to be kept; False for one that cannot be read."""
        try:
            submitted = _Paper.model_validate(raw).published
        except ValueError:
            return False
        return isinstance(submitted, datetime) and submitted < self.run.since

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a paper, whenever it was submitted, unless it is not looked at again."""
        paper = _Paper.model_validate(raw)
        if paper.number() not in self.outlived:
            self.listed.add(paper.number())
            yield self.paper(paper, response)

    def paper(self, paper: _Paper, response: Response) -> Yield:
        """Return the document of a paper; a later version changes its text, never its address or its time."""
        ref = paper.number()
        dois = _DOI.findall(paper.arxiv_doi)  # authors type them, and sometimes several
        cited = links_in(f"{paper.summary} {paper.arxiv_comment}")
        month = paper.month()
        return self.found(
            response,
            ref,
            url=f"https://arxiv.org/abs/{ref}",
            title=one_line(paper.title),
            text=paper.text(),
            author=paper.writers(),
            published_at=month,
            published_precision=Precision.MONTH if month else None,
            not_before=paper.published,
            links=(*(InboxLink(f"https://doi.org/{doi}") for doi in dois), *cited),
            artefact=True,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield requests by id, many at once; a paper that is left out is then asked for at its own page."""
        for batch in batches(seen, PER_PAGE):
            query = {"id_list": ",".join(batch), "max_results": str(len(batch))}
            url = add_or_replace_parameters(url_query_cleaner(self.source.url), query)
            yield self.ask(url, self.by_id, errback=self.unsettled, batch=batch)

    def by_id(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """Yield the papers that were asked for by id; absence is no evidence that a paper is gone."""
        try:
            _, entries = self.answer(response)
        except ValueError as error:
            yield self.bad_answer(error, response.url)
            return
        for raw in entries:
            try:
                paper = _Paper.model_validate(raw)
            except ValueError as error:
                yield self.bad_item(error, response)
                continue
            if batch.pop(paper.number(), None):
                yield self.paper(paper, response)
        for missing in batch.values():
            yield self.ask_again(f"{self.root()}/abs/{missing.ref}", self.there, missing, seen=missing)

    def there(self, response: Response, seen: Seen) -> Iterator[Yield]:
        """Note that a paper that the API left out is not gone; its abstract is not read from its page."""
        yield Sighting(seen.ref, seen.url, present=None)
