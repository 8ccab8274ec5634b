"""GitHub: releases of a repository or of an organisation's repositories, or what a search finds.

https://docs.github.com/en/rest/releases/releases. `url` is the page of the repository
(`https://github.com/OWNER/NAME`), of the organisation or user (`https://github.com/OWNER`), or of a search
(`crawlers.spiders.github_search`). A release is an artefact: the thing itself, not a report of it. A token
(`crawlers.http.credentials`) is optional: GitHub allows 60 requests an hour without, 5000 with one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.failures import describe
from crawlers.normalise.github_pages import github_search
from crawlers.normalise.markdown import markdown_text
from crawlers.normalise.validate import StatedTime
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import Yield, requested_url
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.github_search import REPOSITORY, Reactions, found_fields, own_path, search_path
from crawlers.spiders.listing import ListingSpider, header_number, read_json, refused_by
from pipeline.core.text import counted
from pipeline.core.vocabulary import Severity

REPOSITORIES = 10
"""Repositories of an organisation that are read in a run at most, those pushed to last."""
PAGES = 5
"""Pages of the list of repositories, 100 each: only a whole list tells later what was private."""
PER_PAGE = 30
"""Releases a page: a page of 100 long change logs can be larger than a body may be."""
LIMITS = (403, 429)
"""The answers by which GitHub may say that too much was asked for."""
NOTED = "repositories/"
"""What the ref of a note on a repository begins with: it is no document, and not looked at again."""
ACCEPT = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}

_PAGE = re.compile(rf"https?://[^/]+/({REPOSITORY})/releases/")


class _Repository(BaseModel):
    id: int = Field(ge=1)
    full_name: str = Field(pattern=rf"^{REPOSITORY}$")
    pushed_at: StatedTime = None
    updated_at: StatedTime = None
    private: bool = False
    fork: bool = False
    archived: bool = False

    def lively(self, moment: datetime) -> bool:
        """Return whether anything was done to it at `moment` or later: also that it was made public."""
        times = (self.pushed_at, self.updated_at)
        return any(isinstance(time, datetime) and time >= moment for time in times)

    def ref(self) -> str:
        """Return what it is remembered by, which a new name does not change."""
        return f"{NOTED}{self.id}"


class _Release(BaseModel):
    id: int = Field(ge=1)
    html_url: str = Field(pattern=_PAGE)
    tag_name: str = Field(min_length=1)
    name: str | None = None
    body: str | None = None
    draft: bool = False
    prerelease: bool = False
    published_at: StatedTime = None
    reactions: Reactions | None = None

    def before(self, moment: datetime) -> bool:
        """Return whether GitHub says that it was published before `moment`."""
        return isinstance(self.published_at, datetime) and self.published_at < moment

    def repository(self) -> str:
        """Return OWNER/NAME, as the repository is called now."""
        match = _PAGE.match(self.html_url)
        assert match is not None
        return match[1]


class GitHubSpider(ListingSpider):
    """The releases of a repository or of an organisation's repositories, or the finds of a search.

    Pages are read back as far as the days for which documents are checked again; what stands on them is kept,
    however old it says it is. `cut_off` says that GitHub ended a search before it was whole, and `revealed`
    are the names of an organisation's repositories that an earlier, whole list of them lacked.
    """

    cut_off = False

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(source=source, run=run)
        self.waiting: deque[str] = deque()
        self.public: dict[str, _Repository] = {}
        self.pages = 0
        self.every = True
        self.revealed: set[str] = set()

    def api(self) -> str:
        """Return the API's root: a host of its own for github.com, beside the pages for other servers."""
        return "https://api.github.com" if self.root() == "https://github.com" else f"{self.root()}/api/v3"

    def first(self) -> Request:
        """Return the request for the releases, for the organisation's repositories, or for the search."""
        self.waiting.clear()
        self.public, self.pages, self.every = {}, 0, True
        self.known = {ref: seen for ref, seen in self.known.items() if not ref.startswith(NOTED)}
        if search := github_search(self.source.url):
            url = f"{self.api()}{search_path(search, self.run.since)}"
            return self.ask_listing(url, self.listing, headers=ACCEPT)
        path = urlsplit(self.source.url).path.strip("/")
        if "/" in path:
            return self.releases_of("/".join(path.split("/")[:2]))
        query = "type=owner&sort=pushed&direction=desc&per_page=100"
        url = f"{self.api()}/users/{quote(path, safe='')}/repos?{query}"
        return self.ask_listing(url, self.repositories, headers=ACCEPT)

    def releases_of(self, repository: str) -> Request:
        """Return the request for a repository's releases."""
        url = f"{self.api()}/repos/{quote(repository)}/releases?per_page={PER_PAGE}"
        return self.ask_listing(url, self.listing, headers=ACCEPT)

    def repositories(self, response: Response) -> Iterator[Yield]:
        """Queue the repositories with recent pushes, but no forks: those carry other people's releases."""
        try:
            raws, following = super().page(read_json(response), response)
        except ValueError as error:
            yield self.bad_listing(error, response.url)
            return
        self.pages += 1
        for raw in raws:
            try:
                repository = _Repository.model_validate(raw)
            except ValueError as error:
                self.every = False
                yield self.bad_item(error, response, Severity.ERROR)
                continue
            if repository.private or repository.ref() in self.public:
                continue
            self.public[repository.ref()] = repository
            unwanted = repository.fork or repository.archived
            if not unwanted and repository.lively(self.run.since):
                self.waiting.append(repository.full_name)
        while len(self.waiting) > REPOSITORIES:
            self.waiting.pop()
        if following and raws and self.pages < PAGES:
            yield from self.within_limit(iter([self.ask_listing(following, self.repositories)]), response)
            return
        if self.every and following is None:
            yield from self.noted_public(self.public.values())
        else:
            self.cut = True
        yield from self.within_limit(self.again(), response)

    def noted_public(self, public: Collection[_Repository]) -> Iterator[Sighting]:
        """Yield a note on each repository of a whole list, read or not, and set what is `revealed`."""
        if any(ref.startswith(NOTED) for ref in self.read_before):
            self.revealed = {repo.full_name for repo in public if repo.ref() not in self.read_before}
        for repo in public:
            yield Sighting(repo.ref(), f"{self.api()}/{repo.ref()}", present=None)

    def listing(self, response: Response) -> Iterator[Yield]:
        """Yield one page of releases, then ask for the next repository, even if the page cannot be read."""
        yields = list(super().listing(response))
        if self.cut_off:
            self.unfinished = True
            message = "GitHub ended the search before it was whole; the next run reads it again"
            yields.append(self.issue("incomplete", message, place=response.url, severity=Severity.WARNING))
            self.cut_off = False
        if not any(isinstance(result, Request) for result in yields):
            yields += self.again()
        yield from self.within_limit(iter(yields), response)

    def again(self) -> Iterator[Request]:
        """Ask for the next repository, or for second looks when all of them could be read."""
        if self.waiting:
            yield self.releases_of(self.waiting.popleft())
        elif not self.listing_lost:
            yield from super().again()

    def remaining(self, response: Response) -> int | None:
        """Return GitHub's own count of the requests that it still allows."""
        return header_number(response, b"X-RateLimit-Remaining")

    def counted(self, request: Request, response: Response) -> bool:
        """Return whether both are searches, or neither is: GitHub counts searches by themselves."""
        searches = f"{self.api()}/search/"
        return request.url.startswith(searches) == response.url.startswith(searches)

    def limited(self, response: Response, count: int) -> Yield:
        """Return the issue that GitHub allows no more; the next run reads the listing in full."""
        self.unfinished = True
        unmade = counted(count + len(self.waiting), "request was", "requests were")
        return self._limited(response, f"; {unmade} not made", response.url)

    def lost_listing(self, failure: Failure) -> Iterator[Yield]:
        """Report a listing that failed, then try the next repository unless the limit is reached."""
        if (answer := limited_by(failure)) is not None:
            self.listing_lost = True
            yield self._limited(answer, "", requested_url(failure))
            return
        yield from super().lost_listing(failure)
        yield from self.again()

    def _limited(self, response: Response, unmade: str, place: str) -> Yield:
        reset = header_number(response, b"X-RateLimit-Reset")
        until = f" until {datetime.fromtimestamp(reset, UTC):%Y-%m-%d %H:%M} UTC" if reset else ""
        message = f"GitHub allows no more requests{until}{unmade}. A token allows more"
        return self.issue("rate_limited", message, place=place)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the releases, and the next page unless this one reaches back far enough."""
        if isinstance(answer, dict) and isinstance(answer.get("items"), list):
            self.cut_off = answer.get("incomplete_results") is True
            return super().page(answer["items"], response)
        raws, following = super().page(answer, response)
        return raws, None if raws and self.old(raws[-1]) else following

    def old(self, raw: Any) -> bool:
        """Return whether a release is too old to be kept; False for one that cannot be read."""
        try:
            release = _Release.model_validate(raw)
        except ValueError:
            return False
        return release.before(self.run.since)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a release or a find; a draft is not published, whoever may see it."""
        if github_search(self.source.url):
            self.listed.add(found_fields(raw, self.root())["ref"])
            yield from self.reread(raw, response)
            return
        release = _Release.model_validate(raw)
        if release.draft or release.published_at is None or str(release.id) in self.outlived:
            return
        self.listed.add(str(release.id))
        yield from self.reread(raw, response)

    def reread(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a release, a pull request or a commit."""
        if isinstance(raw, dict) and "tag_name" not in raw:
            fields = found_fields(raw, self.root())
            yield self.found(response, fields.pop("ref"), **fields)
            return
        release = _Release.model_validate(raw)
        repository = release.repository()
        body, links = markdown_text(release.body or "", f"{self.root()}/{repository}/", tags=True)
        own_name = release.name and release.name.strip() not in ("", release.tag_name)
        facts = f"Tag: {release.tag_name}" + ("\nPre-release: yes" if release.prerelease else "")
        hidden = self.was_hidden(release)
        yield self.found(
            response,
            str(release.id),
            memo=repository,
            url=f"{self.root()}/{repository}/releases/tag/{quote(release.tag_name, safe='')}",
            title=f"{repository} {release.tag_name}" + (f": {release.name}" if own_name else ""),
            text=f"{body}\n\n{facts}",
            author=repository.partition("/")[0],
            published_at=None if hidden else release.published_at,
            not_before=self.absent_until if hidden else None,
            links=links,
            artefact=True,
            score=release.reactions.total_count if release.reactions else None,
        )

    def was_hidden(self, release: _Release) -> bool:
        """Return whether a release was not public when GitHub says that it was published.

        Its repository was private then: it turns up only now, and a whole listing after that time lacked it.
        """
        if self.absent_until is None or not release.before(self.absent_until):
            return False
        return release.repository() in self.revealed and str(release.id) not in self.read_before

    def tagged(self, repository: str, tag: str) -> Request:
        """Return the request for one release by its tag."""
        url = f"{self.api()}/repos/{quote(repository)}/releases/tags/{quote(tag, safe='')}"
        return self.ask(url, self.single, headers=ACCEPT)

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each release by its id, and for each find at its own address."""
        for document in seen:
            if path := own_path(document.ref):
                yield self.ask_again(f"{self.api()}{path}", self.single, document, headers=ACCEPT)
                continue
            if not re.fullmatch(REPOSITORY, document.memo or ""):
                continue  # an id that another spider had before: 404 would say nothing of what that one saw
            url = f"{self.api()}/repos/{document.memo}/releases/{document.ref}"
            yield self.ask_again(url, self.single, document, headers=ACCEPT)


def limited_by(failure: Failure) -> Response | None:
    """Return the answer by which GitHub refused because too much was asked for; None for other failures."""
    answer = refused_by(failure, *LIMITS)
    return answer if answer is not None and is_limited(answer) else None


def may_pass(failure: Failure) -> bool:
    """Return whether another run may get the answer: the failure passes, or is for too many requests."""
    return describe(failure.value).passing or limited_by(failure) is not None


def is_limited(response: Response) -> bool:
    """Return whether GitHub refuses because too much was asked for."""
    spent = header_number(response, b"X-RateLimit-Remaining") == 0
    return response.status in LIMITS and (spent or b"Retry-After" in response.headers)
