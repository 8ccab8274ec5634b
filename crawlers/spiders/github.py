"""GitHub: the releases of a repository, or of an organisation's repositories.

https://docs.github.com/en/rest/releases/releases. `url` is the page of the repository (`https://github.com/OWNER/NAME`)
or of the organisation or user (`https://github.com/OWNER`). A release is an artefact: it does not speak of one.
A token (`crawlers.http.credentials`) is optional: GitHub allows 60 requests an hour without, 5000 with one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import AwareDatetime, BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen
from crawlers.spiders.base import Yield, asked, told
from crawlers.spiders.html import links_in, next_page
from crawlers.spiders.listing import ListingSpider, read_json
from pipeline.core.records import DateOrigin, Precision, Severity

REPOSITORIES = 10
"""So many repositories of an organisation are asked for their releases in a night, those pushed to last."""
PER_PAGE = 30
"""Releases a page: a page of 100 long change logs can be larger than a body may be."""

_REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_PAGE = re.compile(rf"https?://[^/]+/({_REPOSITORY})/releases/")


class _Reactions(BaseModel):
    total_count: int = 0


class _Repository(BaseModel):
    full_name: str = Field(pattern=rf"^{_REPOSITORY}$")
    pushed_at: AwareDatetime | None = None
    private: bool = False
    fork: bool = False
    archived: bool = False


class _Release(BaseModel):
    id: int = Field(ge=1)
    html_url: str = Field(pattern=_PAGE)
    tag_name: str = Field(min_length=1)
    name: str | None = None
    body: str | None = None
    draft: bool = False
    prerelease: bool = False
    published_at: AwareDatetime | None = None
    reactions: _Reactions | None = None

    def repository(self) -> str:
        """OWNER/NAME, as it is called now."""
        found = _PAGE.match(self.html_url)
        assert found is not None
        return found[1]


class GitHubSpider(ListingSpider):
    """The releases that are not older than the days for which documents are looked at again."""

    def api(self) -> str:
        """Where the API is: on a host of its own for github.com, beside the pages for an enterprise server."""
        return "https://api.github.com" if self.root() == "https://github.com" else f"{self.root()}/api/v3"

    def first(self) -> Request:
        """The repository's releases, or the organisation's repositories."""
        self.waiting: deque[str] = deque()
        path = urlsplit(self.source.url).path.strip("/")
        if "/" in path:
            return self.releases_of("/".join(path.split("/")[:2]))
        url = f"{self.api()}/users/{quote(path, safe='')}/repos?type=owner&sort=pushed&direction=desc&per_page=100"
        return self.ask_listing(url, self.repositories, headers=_ACCEPT)

    def releases_of(self, repository: str) -> Request:
        """The request for a repository's releases."""
        url = f"{self.api()}/repos/{quote(repository)}/releases?per_page={PER_PAGE}"
        return self.ask_listing(url, self.listing, headers=_ACCEPT)

    def repositories(self, response: Response) -> Iterator[Yield]:
        """Put the repositories that were pushed to lately in line; forks carry other people's releases."""
        try:
            raws, _ = self.page(read_json(response), response)
        except ValueError as error:
            self.listing_lost = True
            yield self.issue("bad_answer", told(error), place=response.url)
            return
        for raw in raws:
            try:
                one = _Repository.model_validate(raw)
            except ValueError as error:
                yield self.issue("bad_item", told(error), place=response.url)
                continue
            if not (
                one.private
                or one.fork
                or one.archived
                or one.pushed_at is None
                or one.pushed_at < self.since()
            ):
                self.waiting.append(one.full_name)
        while len(self.waiting) > REPOSITORIES:
            self.waiting.pop()
        yield from self.within_limit(list(self.again()), response)

    def since(self) -> datetime:
        """What is older is left alone."""
        return self.night.now - timedelta(days=self.night.crawl.revisit_days)

    def listing(self, response: Response) -> Iterator[Yield]:
        """One page of releases, then the next repository: also where the answer could not be read."""
        onward: list[Request] = []
        for one in super().listing(response):
            if isinstance(one, Request):
                onward.append(one)
            else:
                yield one
        yield from self.within_limit(onward or list(self.again()), response)

    def again(self) -> Iterator[Request]:
        """The next repository, or second looks when all of them could be read."""
        if self.waiting:
            yield self.releases_of(self.waiting.popleft())
        elif not self.listing_lost:
            yield from super().again()

    def within_limit(self, onward: list[Request], response: Response) -> Iterator[Yield]:
        """As many requests as GitHub still allows, by its own count; the others are told of."""
        left = _number(response, b"X-RateLimit-Remaining")
        allowed = onward if left is None else onward[:left]
        yield from allowed
        if len(allowed) < len(onward):
            self.unfinished = True
            count = len(onward) - len(allowed) + len(self.waiting)
            words = f"GitHub allows no more requests{_until(response)}; {count} were not made. A token allows more"
            yield self.issue("rate_limited", words, place=response.url)

    def lost_listing(self, failure: Failure) -> Iterator[Yield]:
        """A listing came to nothing: the next repository may fare better, unless it is the limit that is reached."""
        error = failure.value
        if isinstance(error, HttpError) and limited(error.response):
            self.listing_lost = True
            words = f"GitHub allows no more requests{_until(error.response)}. A token allows more"
            yield self.issue("rate_limited", words, place=asked(failure))
            return
        yield from super().lost_listing(failure)
        yield from self.again()

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The releases, and the next page as the Link header has it, unless this one reaches back far enough."""
        if not isinstance(answer, list):
            raise ValueError(f"a list is expected, not {type(answer).__name__}")
        return answer, None if answer and self.old(answer[-1]) else next_page(response)

    def old(self, raw: Any) -> bool:
        """Whether a release is too old to be kept; one that cannot be read is not."""
        try:
            release = _Release.model_validate(raw)
        except ValueError:
            return False
        return release.published_at is not None and release.published_at < self.since()

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A release; a draft is not published, whoever may see it."""
        release = _Release.model_validate(raw)
        if release.draft or release.published_at is None or release.published_at < self.since():
            return
        self.listed.add(str(release.id))
        yield self.release(release, response)

    def release(self, release: _Release, response: Response) -> Yield:
        """The document of a release."""
        repository = release.repository()
        body = (release.body or "").replace("\r\n", "\n").strip()
        named = (
            f": {release.name}" if release.name and release.name.strip() not in ("", release.tag_name) else ""
        )
        facts = f"Tag: {release.tag_name}" + ("\nPre-release: yes" if release.prerelease else "")
        return self.found(
            response,
            str(release.id),
            memo=repository,
            url=f"{self.root()}/{repository}/releases/tag/{quote(release.tag_name, safe='')}",
            title=f"{repository} {release.tag_name}{named}",
            text=f"{body}\n\n{facts}",
            author=repository.partition("/")[0],
            published_at=release.published_at,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            links=links_in(body),
            artefact=True,
            score=release.reactions.total_count if release.reactions else None,
        )

    def tagged(self, repository: str, tag: str) -> Request:
        """The request for one release by its tag."""
        url = f"{self.api()}/repos/{quote(repository)}/releases/tags/{quote(tag, safe='')}"
        return self.ask(url, self.single, headers=_ACCEPT)

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Each release by its id."""
        for one in seen:
            if not re.fullmatch(_REPOSITORY, one.memo or ""):
                continue  # an id that another spider had before: 404 would say nothing of what that one saw
            url = f"{self.api()}/repos/{one.memo}/releases/{one.ref}"
            yield self.ask(url, self.single, errback=partial(self.missed, seen=one), headers=_ACCEPT)

    def single(self, response: Response) -> Iterator[Yield]:
        """One release."""
        try:
            yield self.release(_Release.model_validate(read_json(response)), response)
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)


_ACCEPT = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


def limited(response: Response) -> bool:
    """Whether GitHub refuses because too much was asked for."""
    refused = response.status in (403, 429)
    return refused and (
        _number(response, b"X-RateLimit-Remaining") == 0 or b"Retry-After" in response.headers
    )


def _until(response: Response) -> str:
    """When the limit ends, as words; nothing where GitHub does not say."""
    reset = _number(response, b"X-RateLimit-Reset")
    return f" until {datetime.fromtimestamp(reset, UTC):%Y-%m-%d %H:%M} UTC" if reset else ""


def _number(response: Response, header: bytes) -> int | None:
    value = response.headers.get(header) or b""
    return int(value) if re.fullmatch(rb"\d{1,10}", value) else None
