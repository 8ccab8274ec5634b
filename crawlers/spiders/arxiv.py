"""arXiv: the papers that answer a query, newest first, each with its abstract.

https://info.arxiv.org/help/api/user-manual.html. `url` is the query
(`https://export.arxiv.org/api/query?search_query=…`); how it is sorted and paged is the spider's. A paper is an
artefact: the thing itself, not word of it. arXiv keeps what is withdrawn, with a comment that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
from pydantic import AwareDatetime, BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameters, url_query_cleaner

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.ssrf_guard import Refused, refuse_entities
from crawlers.normalise.text_repair import bounded
from crawlers.normalise.validate import MAX_NAME
from crawlers.spiders.base import Yield, told
from crawlers.spiders.feed_formats import FEED_SECONDS
from crawlers.spiders.html import links_in
from crawlers.spiders.listing import ListingSpider
from pipeline.core.records import DateOrigin, InboxLink, Precision, Severity

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
    """An entry, in feedparser's names. `published` is the first version's time, `updated` that of the one told of."""

    id: str = Field(pattern=_ID)
    title: str = Field(min_length=1)
    summary: str = ""
    published: AwareDatetime
    updated: AwareDatetime | None = None
    authors: list[_Named] = []
    tags: list[_Category] = []
    arxiv_comment: str = ""
    arxiv_journal_ref: str = ""
    arxiv_doi: str = ""

    def named(self) -> tuple[str, int]:
        """The paper's own id, and the number of the version."""
        found = _ID.match(self.id)
        assert found is not None
        return found[1], int(found[2] or 1)

    def text(self) -> str:
        """The abstract, then what arXiv states besides, one fact a line; lines are broken by arXiv's mailer, not the authors."""
        version = self.named()[1]
        of = f" of {self.updated:%Y-%m-%d}" if self.updated and version > 1 else ""
        told = {
            "Comment": _flat(self.arxiv_comment),
            "Journal reference": _flat(self.arxiv_journal_ref),
            "Categories": ", ".join(category.term for category in self.tags if category.term),
            "Version": f"{version}{of}",
        }
        facts = "\n".join(f"{name}: {value}" for name, value in told.items() if value)
        return "\n\n".join(part for part in (_flat(self.summary), facts) if part)

    def writers(self) -> str:
        """The authors' names, as many as an author field holds."""
        names = [_flat(author.name) for author in self.authors if author.name.strip()]
        shown = ", ".join(names)
        if len(shown) <= MAX_NAME:
            return shown
        kept = shown[: MAX_NAME - 20].rpartition(", ")[0].split(", ")
        return f"{', '.join(kept)} and {len(names) - len(kept)} more"


class ArxivSpider(ListingSpider):
    """The papers of one query that are not older than the days for which documents are looked at again."""

    # AutoThrottle would shorten the pause that arXiv asks for (crawlers.engine.scrapy_settings.PAUSES) as far as the host is quick.
    custom_settings = {"AUTOTHROTTLE_ENABLED": False}  # noqa: RUF012  # Scrapy's own name and type
    flaw: str | None = None

    def first(self) -> Request:
        """The query's newest papers."""
        how = {
            "sortBy": "submittedDate",
            "sortOrder": "descending",
            "start": "0",
            "max_results": str(PER_PAGE),
        }
        return self.ask_listing(add_or_replace_parameters(self.source.url, how), self.listing)

    def listing(self, response: Response) -> Iterator[Yield]:
        """One page, and word of what is wrong with its XML."""
        self.flaw = None
        yield from super().listing(response)
        if self.flaw:
            words = f"read as well as could be: {self.flaw}"
            yield self.issue("malformed_feed", words, place=response.url, severity=Severity.WARNING)

    def answer(self, response: Response) -> tuple[int, list[dict[str, Any]]]:
        """How many papers the query has, and the entries sent. Raises ValueError where arXiv tells of an error instead."""
        try:
            refuse_entities(response.body)
        except Refused as error:
            raise ValueError(str(error)) from error
        with bounded(FEED_SECONDS, "an answer"):
            parsed = feedparser.parse(BytesIO(response.body))
        total = str(parsed.feed.get("opensearch_totalresults") or "")
        if not total.isdecimal():
            words = response.body[:200].decode("utf-8", "replace")
            raise ValueError(f"no answer of arXiv's API: {words!r}")
        # Plain dictionaries: feedparser's own give `published` where `updated` is not there.
        entries = [dict(entry) for entry in parsed.entries]
        for entry in entries:
            if "/api/errors" in str(entry.get("id")):
                raise ValueError(f"arXiv answers: {entry.get('summary')}")
        fault = parsed.get("bozo_exception")
        harmless = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
        self.flaw = str(fault)[:300] if fault is not None and not isinstance(fault, harmless) else None
        return int(total[:9]), entries

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The entries, and the next page unless this one reaches back far enough."""
        total, entries = answer
        start = int(parse_qs(urlsplit(response.url).query).get("start", ["0"])[0][:9])
        if not entries and start < total:
            raise ValueError(f"arXiv has {total} papers and sent none from the {start}th on")
        end = start + len(entries)
        if end >= total or self.old(entries[-1]):
            return entries, None
        return entries, add_or_replace_parameters(response.url, {"start": str(end)})

    def old(self, raw: Any) -> bool:
        """Whether an entry is too old to be kept; one that cannot be read is not."""
        try:
            paper = _Paper.model_validate(raw)
        except ValueError:
            return False
        return paper.published < self.night.now - timedelta(days=self.night.crawl.revisit_days)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A paper, unless it is an old one."""
        paper = _Paper.model_validate(raw)
        if not self.old(raw):
            self.listed.add(paper.named()[0])
            yield self.paper(paper, response)

    def paper(self, paper: _Paper, response: Response) -> Yield:
        """The document of a paper; a later version changes its text, never its address or its time."""
        ref, _ = paper.named()
        dois = _DOI.findall(paper.arxiv_doi)  # authors type them, and sometimes several
        return self.found(
            response,
            ref,
            url=f"https://arxiv.org/abs/{ref}",
            title=_flat(paper.title),
            text=paper.text(),
            author=paper.writers(),
            published_at=paper.published,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            links=(
                *(InboxLink(f"https://doi.org/{doi}") for doi in dois),
                *links_in(f"{paper.summary} {paper.arxiv_comment}"),
            ),
            artefact=True,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """By id, many at once; a paper that does not come back is asked for at its own page."""
        for begin in range(0, len(seen), PER_PAGE):
            batch = {one.ref: one for one in seen[begin : begin + PER_PAGE]}
            asked = {"id_list": ",".join(batch), "max_results": str(len(batch))}
            url = add_or_replace_parameters(url_query_cleaner(self.source.url), asked)
            yield self.ask(url, self.by_id, errback=self.unsettled, batch=batch)

    def by_id(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """The papers that were asked for by id; absence is no evidence."""
        try:
            _, entries = self.answer(response)
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
            return
        for raw in entries:
            try:
                paper = _Paper.model_validate(raw)
            except ValueError as error:
                yield self.issue("bad_item", told(error), place=response.url, severity=Severity.WARNING)
                continue
            if batch.pop(paper.named()[0], None):
                yield self.paper(paper, response)
        for one in batch.values():
            yield self.ask(
                f"{self.root()}/abs/{one.ref}", self.there, errback=partial(self.missed, seen=one), seen=one
            )

    def there(self, response: Response, seen: Seen) -> Iterator[Yield]:
        """The page of a paper that the API left out: it is not gone, and its abstract is not read from here."""
        yield Sighting(seen.ref, seen.url, present=None)


def _flat(text: str) -> str:
    return " ".join(text.split())
