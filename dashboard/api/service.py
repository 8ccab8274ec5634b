"""What each address answers, by the readers of the published copy and the documents of the exports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from dashboard.api import cursors
from dashboard.api.parameters import (
    AsOfAsked,
    ClaimsAsked,
    EvidenceAsked,
    SearchAsked,
    SourceAsked,
    SourcesAsked,
    StoriesAsked,
)
from dashboard.api.problems import Problem
from pipeline.check.records import Checked
from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError, LimitError, RumortrailError, UnknownError
from pipeline.exports import json_documents as documents
from pipeline.exports import json_stories as told
from pipeline.exports import json_types as types
from pipeline.published import claim_list, search
from pipeline.published import stories as readers
from pipeline.published.claim import claim_of
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.meaning import Load, Make
from pipeline.published.open_copy import OpenCopy, Opener
from pipeline.published.search_terms import terms
from pipeline.published.sources import ListedSource, RecordSlice, Repeat, SourceClaim

SECONDS = 10.0
"""A statement takes at most so long; fewer where [ask] seconds says so."""
SOURCE_ROWS = 200
"""Rows of each list in the document of a source."""


class Checker(Protocol):
    """What checks a text (`pipeline.check.checker`)."""

    def check(self, text: str, *, said_at: datetime | None = None) -> Checked:
        """Return the statements of a text and the known claims that each of them speaks to."""


@dataclass(frozen=True, slots=True)
class Models:
    """How what needs a model is made, by whoever starts the server; without it, it is not offered."""

    embedder: Make | None = None
    checker: Callable[[Home, Config], Checker] | None = None


class Service:
    """Answers questions on the copy that stands now; for any number of threads."""

    def __init__(self, home: Home, models: Models) -> None:
        self.home, self.models = home, models
        self._lock = threading.Lock()
        self._opener: Opener | None = None
        self._checker: Checker | None = None

    def config(self) -> Config:
        """Return the settings, with the bounds of one answer."""
        config = Config.load(self.home.config_file)
        ask = replace(
            config.ask, seconds=min(SECONDS, config.ask.seconds), memory=config.dashboard.memory
        )
        return replace(config, ask=ask)

    def copy(self, config: Config) -> OpenCopy:
        """Return the copy that stands now."""
        with self._lock:
            if self._opener is None:
                self._opener = Opener(self.home.published, config.ask)
            opener = self._opener
        return opener.current()

    def claims(self, copy: OpenCopy, config: Config, asked: ClaimsAsked) -> types.ClaimPage:
        """Return a part of the list of claims."""
        return self._claims(copy, config, asked.filter(), asked.q, asked.sort, asked.limit, asked.cursor)

    def claim(self, copy: OpenCopy, config: Config, asked: AsOfAsked, claim_id: str) -> types.ClaimDocument:
        """Return one claim as of an instant."""
        as_of = asked.as_of()
        with copy.cursor() as cursor:
            case = claim_of(cursor, claim_id, as_of, copy.seconds)
        return documents.claim_document(case, config.publisher, as_of)

    def evidence(self, copy: OpenCopy, asked: EvidenceAsked, claim_id: str) -> types.StatementPage:
        """Return a part of the evidence of a claim."""
        as_of, start = asked.as_of(), cursors.place(copy.identity, asked.cursor)
        with copy.cursor() as cursor:
            case = claim_of(cursor, claim_id, as_of, copy.seconds)
        page = documents.statement_page(case, as_of, start, asked.limit)
        return page.model_copy(update={"next": _next(copy, start, asked.limit, page.total)})

    def stories(self, copy: OpenCopy, config: Config, asked: StoriesAsked) -> told.StoryPage:
        """Return a part of the list of stories."""
        start = cursors.place(copy.identity, asked.cursor)
        chosen = readers.Chosen(
            asked.since, asked.until, asked.moved_since, asked.org, asked.model, asked.status, asked.q,
            asked.sort,
        )  # fmt: skip
        lines, total = self._stories(copy, config, chosen, asked.limit, start)
        return told.StoryPage(
            stories=lines,
            total=total,
            next=_next(copy, start, asked.limit, total),
            published_at=documents.published_at(copy.meta()),
        )

    def story(self, copy: OpenCopy, config: Config, asked: AsOfAsked, story_id: str) -> told.StoryDocument:
        """Return one story as of an instant."""
        as_of = asked.as_of()
        file = readers.story_file(_ask_stories(copy), story_id, as_of)
        if file is None:
            raise UnknownError(f"no story {story_id!r} is published")
        if not file.claims:
            raise UnknownError(f"nothing was known of {story_id} at that time")
        return documents.story_document(file, config.publisher, as_of)

    def sources(self, copy: OpenCopy, config: Config, asked: SourcesAsked) -> told.SourcePage:
        """Return a part of the list of sources."""
        start = cursors.place(copy.identity, asked.cursor)
        found = _sources(
            copy, who=asked.who, name=asked.name, roles=[*map(str, asked.role)],
            platforms=[*map(str, asked.platform)], sort=asked.sort, limit=asked.limit, offset=start,
        )  # fmt: skip
        total = found[0].total if found else 0
        return told.SourcePage(
            sources=[documents.source_line(one, config.publisher) for one in found],
            total=total,
            next=_next(copy, start, asked.limit, total),
            published_at=documents.published_at(copy.meta()),
        )

    def source(
        self, copy: OpenCopy, config: Config, asked: SourceAsked, source_id: str
    ) -> told.SourceDocument:
        """Return one source with its track record."""
        found = _sources(copy, who=asked.who, source_id=source_id)
        if not found:
            raise UnknownError(f"no {asked.who} {source_id!r} is published")
        whose: dict[str, Any] = {"who": asked.who, "source_id": source_id}
        claims = copy.read(
            SourceClaim, "sources", "claims", **whose, show="all", limit=SOURCE_ROWS, offset=0
        )
        takes, taken = (
            copy.read(Repeat, "sources", name, source_id=source_id, limit=SOURCE_ROWS)
            if asked.who == "source"
            else []
            for name in ("takes", "taken")
        )
        slices = copy.read(RecordSlice, "sources", "slices", **whose, limit=SOURCE_ROWS)
        return documents.source_document(
            found[0], config.publisher, slices, claims, takes, taken, copy.meta()
        )

    def search(self, copy: OpenCopy, config: Config, asked: SearchAsked) -> told.SearchAnswer:
        """Return what a search finds of claims, stories and sources."""
        page = self._claims(copy, config, ClaimFilter(), asked.q, "best", asked.limit, "")
        if page.search is None:
            raise Problem("parameters", "q: There is no word in it to search for.")
        lines, total = self._stories(copy, config, readers.Chosen(words=asked.q), asked.limit, 0)
        sources = _sources(copy, who="source", name=asked.q[:100], limit=asked.limit)
        return told.SearchAnswer(
            claims=page.claims,
            claims_total=page.total,
            stories=lines,
            stories_total=total,
            sources=[documents.source_line(one, config.publisher) for one in sources],
            sources_total=sources[0].total if sources else 0,
            search=page.search,
            published_at=page.published_at,
        )

    def check(self, config: Config, text: str) -> Checked:
        """Return what is known of the statements of a text; it is kept nowhere."""
        assert self.models.checker is not None
        with self._lock:
            if self._checker is None:
                self._checker = self.models.checker(self.home, Config.load(self.home.config_file))
        return self._checker.check(text)

    def _claims(
        self, copy: OpenCopy, config: Config, filters: ClaimFilter, words: str, sort: str, limit: int,
        cursor: str,
    ) -> types.ClaimPage:
        load = Load(config.models, self.models.embedder) if self.models.embedder else None
        found = search.find(copy, words, load) if terms(words) else None
        published = documents.published_at(copy.meta())
        lines = claim_list.claims(
            copy, filters, now=published, limit=limit + 1, found=found, sort=sort,
            after=cursors.after(sort, cursor),
        )  # fmt: skip
        goes_on = len(lines) > limit
        return types.ClaimPage(
            claims=[documents.claim_line(one, config.publisher) for one in lines[:limit]],
            total=lines[0].total if lines else 0,
            next=cursors.behind(sort, lines[limit - 1].after) if goes_on else None,
            search=documents.search_words(found),
            published_at=published,
        )

    def _stories(
        self, copy: OpenCopy, config: Config, chosen: readers.Chosen, limit: int, offset: int
    ) -> tuple[list[told.StoryInList], int]:
        lines = readers.story_lines(_ask_stories(copy), chosen, limit=limit, offset=offset)
        shown = [documents.story_line(one, config.publisher) for one in lines]
        return shown, lines[0].total if lines else 0


@contextmanager
def plain_words() -> Iterator[None]:
    """Turn the errors of the readers into problems."""
    try:
        yield
    except UnknownError as error:
        hidden = "hidden" in str(error)
        words = "It is not published." if hidden else f"{str(error).partition(':')[0]}."
        raise Problem("unknown", words) from error
    except LimitError as error:
        raise Problem("too_long", "Narrow the question: it takes longer than it may.", wait=10) from error
    except DataError as error:
        if "nothing is published" in str(error):
            raise Problem("unpublished", "No run has published anything yet.", wait=600) from error
        raise Problem("body", f"{error}.") from error
    except RumortrailError as error:
        raise Problem("busy", "The server cannot answer now: whoever runs it sees why.", wait=60) from error


def _sources(
    copy: OpenCopy, *, who: str, source_id: str = "", name: str = "", roles: list[str] | None = None,
    platforms: list[str] | None = None, sort: str = "claims", limit: int = 1, offset: int = 0,
) -> list[ListedSource]:
    return copy.read(
        ListedSource, "sources", "page", who=who, source_id=source_id, name=name, roles=roles or [],
        platforms=platforms or [], sort=sort, limit=limit, offset=offset,
    )  # fmt: skip


def _ask_stories(copy: OpenCopy) -> readers.Ask:
    return lambda statement, values: copy.answer("stories", statement, values)


def _next(copy: OpenCopy, start: int, limit: int, total: int) -> str | None:
    return cursors.numbered(copy.identity, start + limit) if start + limit < total else None
