"""Answers in JSON from the published copy: for the interface for programs, and for assistants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.core.errors import NothingAskedError, NotYetKnownError, UnknownError
from pipeline.core.home import Home
from pipeline.exports import json_claims as of_claims
from pipeline.exports import json_cursors as cursors
from pipeline.exports import json_documents as documents
from pipeline.exports import json_sources as of_sources
from pipeline.exports import json_stories as of_stories
from pipeline.exports.overtaken import current_claim, current_story
from pipeline.published import claim_list, search
from pipeline.published import stories as readers
from pipeline.published.claim import AsOf, claim_of
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.database import published_at
from pipeline.published.meaning import Load
from pipeline.published.open_copy import OpenCopy
from pipeline.published.search_terms import terms
from pipeline.published.sources import ListedSource, RecordSlice, Repeat, SourceClaim

SOURCE_ROWS = 200
"""Rows of each list in the document of a source."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers from one open copy. `claim` and `story` take from the journal of its `home` what editors
    took back since. Without `load`, search does not look for what means the same.

    Each method raises UnknownError for an id that is not published, CursorError for a text that is no cursor,
    and DataError where the copy cannot answer in time.
    """

    copy: OpenCopy
    home: Home
    publisher: PublisherConfig = field(default_factory=PublisherConfig)
    load: Load | None = None

    def claims(
        self, filters: ClaimFilter, *, words: str = "", sort: str = "checkworthy", limit: int = 50,
        cursor: str = "",
    ) -> of_claims.ClaimPage:
        """Return a part of the claims that pass `filters` and have `words`, in an order of `claim_list`."""
        hits = search.find(self.copy, words, self.load) if terms(words) else None
        published = published_at(self.copy.meta())
        lines = claim_list.claims(
            self.copy, filters, now=published, limit=limit + 1, found=hits, sort=sort,
            after=cursors.after(sort, cursor),
        )  # fmt: skip
        has_more = len(lines) > limit
        return of_claims.ClaimPage(
            claims=[documents.claim_line(claim, self.publisher) for claim in lines[:limit]],
            total=lines[0].total if lines else 0,
            next=cursors.behind(sort, lines[limit - 1].after) if has_more else None,
            search=documents.search_words(hits),
            published_at=published,
        )

    def claim(
        self, claim_id: str, as_of: AsOf, *, statements: int = documents.STATEMENTS,
        rows: int = documents.ROWS,
    ) -> of_claims.ClaimDocument:
        """Return one claim as of an instant, with at most so many statements and rows of other lists."""
        with self.copy.cursor() as cursor:
            published = claim_of(cursor, claim_id, as_of, self.copy.seconds)
            case = current_claim(published, cursor, self.home, as_of, seconds=self.copy.seconds)
        return documents.claim_document(case, self.publisher, as_of, statements=statements, rows=rows)

    def evidence(
        self, claim_id: str, as_of: AsOf, *, limit: int, cursor: str = ""
    ) -> of_claims.StatementPage:
        """Return a part of the evidence of a claim."""
        start = cursors.place(self.copy.identity, cursor)
        with self.copy.cursor() as connection:
            case = claim_of(connection, claim_id, as_of, self.copy.seconds)
        page = documents.statement_page(case, as_of, start, limit)
        return page.model_copy(update={"next": self._next(start, limit, page.total)})

    def stories(self, chosen: readers.Chosen, *, limit: int, cursor: str = "") -> of_stories.StoryPage:
        """Return a part of the list of stories."""
        start = cursors.place(self.copy.identity, cursor)
        lines = readers.story_lines(self._ask_stories, chosen, limit=limit, offset=start)
        total = lines[0].total if lines else 0
        return of_stories.StoryPage(
            stories=[documents.story_line(story, self.publisher) for story in lines],
            total=total,
            next=self._next(start, limit, total),
            published_at=published_at(self.copy.meta()),
        )

    def story(
        self, story_id: str, as_of: AsOf, *, rows: int = documents.STATEMENTS
    ) -> of_stories.StoryDocument:
        """Return one story as of an instant, with at most `rows` of each list."""
        with self.copy.cursor() as cursor:
            file = readers.story_of(cursor, story_id, as_of, seconds=self.copy.seconds)
            if file is None:
                raise UnknownError(f"no story {story_id!r} is published")
            if not file.claims:
                raise NotYetKnownError(f"nothing was known of {story_id} at that time")
            file = current_story(file, cursor, self.home, as_of, seconds=self.copy.seconds)
        return documents.story_document(file, self.publisher, as_of, rows=rows)

    def sources(
        self, *, who: str, name: str = "", roles: Sequence[str] = (), platforms: Sequence[str] = (),
        sort: str = "claims", limit: int = 50, cursor: str = "",
    ) -> of_sources.SourcePage:
        """Return a part of the list of sources, or of those who are quoted."""
        start = cursors.place(self.copy.identity, cursor)
        sources = self._sources(
            who=who, name=name, roles=list(roles), platforms=list(platforms), sort=sort, limit=limit,
            offset=start,
        )  # fmt: skip
        total = sources[0].total if sources else 0
        return of_sources.SourcePage(
            sources=[documents.source_line(source, self.publisher) for source in sources],
            total=total,
            next=self._next(start, limit, total),
            published_at=published_at(self.copy.meta()),
        )

    def source(self, source_id: str, who: str) -> of_sources.SourceDocument:
        """Return one source with its track record."""
        sources = self._sources(who=who, source_id=source_id)
        if not sources:
            raise UnknownError(f"no {who} {source_id!r} is published")
        parameters: dict[str, Any] = {"who": who, "source_id": source_id, "limit": SOURCE_ROWS}
        claims = self.copy.read(SourceClaim, "sources", "claims", **parameters, show="all", offset=0)
        takes, taken = (
            self.copy.read(Repeat, "sources", name, source_id=source_id, limit=SOURCE_ROWS)
            if who == "source"
            else []
            for name in ("takes", "taken")
        )
        slices = self.copy.read(RecordSlice, "sources", "slices", **parameters)
        return documents.source_document(
            sources[0], self.publisher, slices, claims, takes, taken, self.copy.meta()
        )

    def search(self, words: str, *, limit: int) -> of_sources.SearchAnswer:
        """Return what is found of claims, stories and sources. Raises NothingAskedError without a word."""
        page = self.claims(ClaimFilter(), words=words, sort="best", limit=limit)
        if page.search is None:
            raise NothingAskedError("there is no word in it to search for")
        stories = self.stories(readers.Chosen(words=words), limit=limit)
        sources = self.sources(who="source", name=words[:100], limit=limit)
        return of_sources.SearchAnswer(
            claims=page.claims,
            claims_total=page.total,
            stories=stories.stories,
            stories_total=stories.total,
            sources=sources.sources,
            sources_total=sources.total,
            search=page.search,
            published_at=page.published_at,
        )

    def _sources(
        self, *, who: str, source_id: str = "", name: str = "", roles: Sequence[str] = (),
        platforms: Sequence[str] = (), sort: str = "claims", limit: int = 1, offset: int = 0,
    ) -> list[ListedSource]:
        return self.copy.read(
            ListedSource, "sources", "page", who=who, source_id=source_id, name=name, roles=list(roles),
            platforms=list(platforms), sort=sort, limit=limit, offset=offset,
        )  # fmt: skip

    def _ask_stories(self, statement: str, values: dict[str, Any]) -> readers.Answer:
        return self.copy.answer("stories", statement, values)

    def _next(self, start: int, limit: int, total: int) -> str | None:
        return cursors.numbered(self.copy.identity, start + limit) if start + limit < total else None
