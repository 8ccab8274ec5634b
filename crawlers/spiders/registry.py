"""Registries of models: a TOML file for each model in a git repository, as models.dev keeps them on GitHub.

`url` is the folder's page (`https://github.com/OWNER/NAME/tree/BRANCH/FOLDER`). The repository's history says
when each file was added or changed. A statement is the registry's word, never that of the model's maker.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.failures import describe
from crawlers.normalise.github_pages import FILE, place_in_repository
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import SECOND_LOOKS, Yield
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.github import ACCEPT, GitHubSpider, limited_by, may_pass
from crawlers.spiders.github_search import Change, committed_at
from crawlers.spiders.listing import next_page, read_json, refused_by
from crawlers.spiders.registry_facts import Facts, facts_of_files, read_toml
from pipeline.core.vocabulary import Severity

COMMITS = 50
"""Commits whose files are asked for in a run at most, the newest first; the others wait for the next run."""
MODELS = 100
"""Models whose files are read in a run at most; the commits that changed the others wait."""

_SHA = re.compile(r"[0-9a-f]{40}")
_PATH = re.compile(rf"\A{FILE.pattern}\Z")


class _File(BaseModel):
    filename: str = Field(pattern=_PATH, max_length=300)
    status: str = ""


class _Commit(BaseModel):
    """A commit, with the files that it changed where it was asked for by itself."""

    sha: str = Field(pattern=rf"^{_SHA.pattern}$")
    files: list[Any] = []
    change: Change = Field(alias="commit")
    committer: Any = None


@dataclass(slots=True)
class _Touched:
    """A model whose file was changed: by which commits, whether one of them made it `new`, and when."""

    commits: set[str] = field(default_factory=set)
    new: bool = False
    added: datetime | None = None


class RegistrySpider(GitHubSpider):
    """The statements of one registry that are new, or are others than before.

    `read_paths` are the files that this run asks for, `unanswered` those of each commit of which it knows no
    more than before.
    """

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(source=source, run=run)
        self.place = place_in_repository(source.url)
        self.read = 0
        self.touched: dict[str, _Touched] = {}
        self.removed: set[str] = set()
        self.read_paths: set[str] = set()
        self.unanswered: dict[str, set[str]] = {}

    def raw(self, path: str) -> str:
        """Return where a file of the branch can be had as it is."""
        return self.place.raw(self.root(), path)

    def first(self) -> Request:
        """Return the request for the commits that changed the folder lately."""
        self.waiting.clear()
        since = f"{self.run.since:%Y-%m-%dT%H:%M:%SZ}"
        query = {"sha": self.place.branch, "path": self.place.path, "since": since, "per_page": "100"}
        url = f"{self.api()}/repos/{self.place.repository}/commits?{urlencode(query)}"
        return self.ask_listing(url, self.listing, headers=ACCEPT)

    def old(self, raw: Any) -> bool:
        """Return False: only commits of the last days are asked for."""
        return False

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Queue a commit that was not read before."""
        sha = _Commit.model_validate(raw).sha
        self.listed.add(sha)
        if sha not in self.known:
            self.waiting.append(sha)
        yield from ()

    def again(self) -> Iterator[Request]:
        """Ask for the next commit's files, or for second looks when there is none."""
        if self.waiting:
            yield self.next_commit()
        elif not self.listing_lost:
            yield from self.second_looks()

    def next_commit(self) -> Request:
        """Return the request for the files of the newest commit that waits."""
        self.read += 1
        url = f"{self.api()}/repos/{self.place.repository}/commits/{self.waiting.popleft()}"
        return self.ask(url, self.commit, errback=self.commit_failed, headers=ACCEPT)

    def commit(self, response: Response) -> Iterator[Yield]:
        """Note which models' files a commit changed, then go on."""
        try:
            commit = _Commit.model_validate(read_json(response))
        except ValueError as error:
            yield self.bad_item(error, response, Severity.ERROR)
        else:
            yield from self.noted(commit, response)
        yield from self.go_on(response)

    def noted(self, commit: _Commit, response: Response) -> Iterator[Yield]:
        """Note the files of a commit; what a newer one did to a file counts more than what this one did."""
        login = commit.committer.get("login") if isinstance(commit.committer, dict) else None
        committed = committed_at(login, commit.change.committer)
        at = committed if isinstance(committed, datetime) else None
        models = 0
        if next_page(response):
            message = f"only the first {len(commit.files)} files of a commit were read"
            yield self.issue("max_items", message, place=response.url, severity=Severity.INFO)
        for raw in commit.files:
            try:
                file = _File.model_validate(raw)
            except ValueError as error:
                yield self.bad_item(error, response)
                continue
            path = file.filename
            is_model = path.startswith(f"{self.place.path}/") and path.endswith(".toml")
            if not is_model or path in self.removed:
                continue
            if file.status == "removed" and path not in self.touched:
                self.removed.add(path)
                seen = self.known.get(path)
                if seen is not None and seen.last_present is not None and len(self.read_paths) < MODELS:
                    # A commit that was read in an earlier run may have put it back.
                    yield from self.revisit([seen])
                continue
            models += 1
            touched = self.touched.setdefault(path, _Touched())
            touched.commits.add(commit.sha)
            if file.status == "added":
                touched.new, touched.added = True, at
        if not models:
            yield self.done_with(commit.sha)

    def done_with(self, sha: str) -> Sighting:
        """Return the mark that a commit need not be read again."""
        return Sighting(sha, f"{self.root()}/{self.place.repository}/commit/{sha}", present=None)

    def commit_failed(self, failure: Failure) -> Iterator[Yield]:
        """Report a commit that could not be read; it is asked for again in the next run."""
        if (answer := limited_by(failure)) is not None:
            yield self.limited(answer, 1)
            yield from self.models()
            return
        yield self.failure_issue(failure)
        yield from self.go_on(None)

    def go_on(self, response: Response | None) -> Iterator[Yield]:
        """Ask for the next commit's files where one may be asked for, else for the models."""
        yields: list[Yield] = []
        if self.waiting and self.read < COMMITS:
            request: Iterator[Yield] = iter([self.next_commit()])
            yields = list(request if response is None else self.within_limit(request, response))
            yield from yields
        if not any(isinstance(result, Request) for result in yields):
            yield from self.models()

    def models(self) -> Iterator[Yield]:
        """Ask for the models' files, those longest unchecked first, as many as a run reads.

        A commit is done with when all files that it changed were answered.
        """
        for path, touched in self.touched.items():
            for sha in touched.commits:
                self.unanswered.setdefault(sha, set()).add(path)
        rank = {ref: number for number, ref in enumerate(self.known)}
        order = sorted(self.touched, key=lambda path: rank.get(path, -1))
        paths = order[:MODELS]
        waiting = {sha for path in order[MODELS:] for sha in self.touched[path].commits}
        if waiting_count := len(waiting) + len(self.waiting):
            self.unfinished = True
            message = f"{waiting_count} commit{' waits' if waiting_count == 1 else 's wait'} for the next run"
            yield self.issue("max_items", message, place=self.source.url, severity=Severity.INFO)
        for path in paths:
            memo = self.memo(path, self.touched[path])
            if path not in self.known:  # a run that ends before its file has come asks for it again
                yield Sighting(path, self.page_of(path), memo, present=None)
            yield self.model(path, memo)
        yield from self.second_looks()

    def answered(self, path: str, failure: Failure | None = None) -> Iterator[Sighting]:
        """Yield the marks of the commits whose last file this was; none after a failure that may pass."""
        if failure is not None and may_pass(failure):
            return
        for sha in sorted(self.touched[path].commits) if path in self.touched else ():
            self.unanswered[sha].discard(path)
            if not self.unanswered[sha]:
                yield self.done_with(sha)

    def memo(self, path: str, touched: _Touched) -> str:
        """Return what is kept of a statement: its time, and the day on which it was first read.

        A file that was only changed says most of what it says since a time that is not known.
        """
        seen = self.known.get(path)
        if seen is not None and seen.memo:
            return seen.memo
        at = touched.added
        just_added = touched.new and at is None and path not in self.read_before
        after = self.absent_until if just_added else None
        day = f"{at or self.run.now:%Y-%m-%d}"
        return json.dumps({"at": _iso(at), "after": _iso(after), "day": day})

    def model(self, path: str, memo: str) -> Request:
        """Return the request for a model's file."""
        self.read_paths.add(path)
        seen = self.known.get(path)
        if seen is not None and seen.last_present is not None:
            errback = partial(self.missed_file, path=path, seen=seen)
        else:
            errback = partial(self.later, path=path, memo=memo)
        return self.ask(self.raw(path), self.file, errback=errback, path=path, memo=memo)

    def missed_file(self, failure: Failure, path: str, seen: Seen) -> Iterator[Yield]:
        """Report the file of a known model that failed: gone if the server says so."""
        yield from self.missed(failure, seen)
        yield from self.answered(path, failure)

    def later(self, failure: Failure, path: str, memo: str) -> Iterator[Yield]:
        """Report a file that could not be had; after a passing failure it is asked for in the next run."""
        yield self.failure_issue(failure)
        present = None if describe(failure.value).passing else False
        yield Sighting(path, self.page_of(path), memo, present=present)
        yield from self.answered(path, failure)

    def file(self, response: Response, path: str, memo: str) -> Iterator[Yield]:
        """Ask for the price in the file of what the maker serves, which need not be there."""
        try:
            model = read_toml(response.body)
            facts_of_files(model, {})
        except ValueError as error:
            yield self.bad_answer(error, response.url, Severity.ERROR, "bad_item")
            yield from self.answered(path)
            return
        maker, _, name = path.removeprefix(f"{self.place.path}/").partition("/")
        keep: dict[str, Any] = {"path": path, "memo": memo, "model": model, "page": response}
        url = self.raw(f"providers/{maker}/models/{name}")
        errback = partial(self.unserved, **keep)
        yield self.ask(url, self.served, errback=errback, **keep)

    def served(
        self, response: Response, path: str, memo: str, model: dict[str, Any], page: Response
    ) -> Iterator[Yield]:
        """Yield the statement with the price; a file of prices that cannot be read says nothing."""
        served: dict[str, Any] = {}
        try:
            served = read_toml(response.body)
        except ValueError as error:
            yield self.bad_answer(error, response.url)
        yield from self.statement(path, memo, facts_of_files(model, served), page, (response,))
        yield from self.answered(path)

    def unserved(
        self, failure: Failure, path: str, memo: str, model: dict[str, Any], page: Response
    ) -> Iterator[Yield]:
        """Yield the statement without a price where the maker serves no such model."""
        if refused_by(failure, 404, 410):
            yield from self.statement(path, memo, facts_of_files(model, {}), page, ())
            yield from self.answered(path)
            return
        yield self.failure_issue(failure, Severity.WARNING)
        yield Sighting(path, self.page_of(path), memo, present=None)
        yield from self.answered(path, failure)

    def statement(
        self, path: str, memo: str, facts: Facts, page: Response, others: tuple[Response, ...]
    ) -> Iterator[Yield]:
        """Yield the document of what the registry says of a model."""
        memo_fields = json.loads(memo)
        at, after = memo_fields["at"], memo_fields["after"]
        text = facts.text(date.fromisoformat(memo_fields["day"]))
        if not text:
            return
        name = path.removeprefix(f"{self.place.path}/").removesuffix(".toml")
        yield self.found(
            page,
            path,
            memo=memo,
            others=others,
            url=self.page_of(path),
            title=f"{facts.name} ({name})",
            text=text,
            published_at=datetime.fromisoformat(at) if at else None,
            not_before=datetime.fromisoformat(after) if after else None,
        )

    def page_of(self, path: str) -> str:
        """Return the page of a file of the branch."""
        return self.place.page(self.root(), path)

    def second_looks(self) -> Iterator[Request]:
        """Yield requests for known models that no commit of this run changed, longest unchecked first."""
        handled = self.read_paths | self.removed
        models = [seen for ref, seen in self.known.items() if ref not in handled and not _SHA.fullmatch(ref)]
        yield from self.revisit(models[:SECOND_LOOKS])

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each model's file."""
        for document in seen:
            if not _SHA.fullmatch(document.ref):
                yield self.model(document.ref, document.memo or self.memo(document.ref, _Touched()))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
