"""GitHub's search: the pull requests and commits that a query finds.

https://docs.github.com/en/rest/search/search. Support for a model is often written before the model is out,
so its name stands in a pull request or a commit first. Neither is an artefact: it prepares for the thing, and
whoever opens it is one voice.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field

from crawlers.normalise.github_pages import Search
from crawlers.normalise.html import links_in
from crawlers.normalise.markdown import markdown_text
from crawlers.normalise.validate import StatedTime
from pipeline.core.vocabulary import DateOrigin, Precision

REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
PER_PAGE = 50
"""Finds a page: the words of a pull request may be as long as 65,000 characters."""
WEB_FLOW = "web-flow"
"""The committer where GitHub itself wrote a commit: the time of any other is its writer's own clock."""

_PULL = re.compile(rf"https?://[^/]+/({REPOSITORY})/pull/(\d+)")
_COMMIT = re.compile(rf"https?://[^/]+/({REPOSITORY})/commit/([0-9a-f]{{40}})")
_REF = re.compile(rf"(pulls/\d+|commits/[0-9a-f]{{40}}) of ({REPOSITORY})")


class _User(BaseModel):
    login: str = Field(min_length=1)


class Reactions(BaseModel):
    """How often a release or a pull request was reacted to."""

    total_count: int = 0


class _PullRequest(BaseModel):
    html_url: str = Field(pattern=rf"^{_PULL.pattern}$")
    title: str = Field(min_length=1)
    body: str | None = None
    user: _User | None = None
    created_at: StatedTime = None
    reactions: Reactions | None = None

    def fields(self, root: str) -> dict[str, Any]:
        repository, number = _groups(_PULL, self.html_url)
        body, links = markdown_text(self.body or "", f"{root}/{repository}/", tags=True)
        return {
            "ref": f"pulls/{number} of {repository}",
            "url": f"{root}/{repository}/pull/{number}",
            "title": self.title,
            "text": _text(body, f"Pull request {number} of {repository}"),
            "author": self.user.login if self.user else None,
            "published_at": self.created_at,
            "links": links,
            "score": self.reactions.total_count if self.reactions else None,
        }


class _Signature(BaseModel):
    name: str | None = None
    date: StatedTime = None


class Change(BaseModel):
    """What git keeps of a commit."""

    message: str = Field(min_length=1)
    author: _Signature | None = None
    committer: _Signature | None = None


class _Commit(BaseModel):
    html_url: str = Field(pattern=rf"^{_COMMIT.pattern}$")
    commit: Change
    author: _User | None = None
    committer: _User | None = None

    def fields(self, root: str) -> dict[str, Any]:
        repository, sha = _groups(_COMMIT, self.html_url)
        title, _, body = _lines(self.commit.message).partition("\n")
        at = committed_at(self.committer.login if self.committer else None, self.commit.committer)
        undated = {"published_precision": Precision.UNKNOWN, "published_from": DateOrigin.UNKNOWN}
        return {
            "ref": f"commits/{sha} of {repository}",
            "url": f"{root}/{repository}/commit/{sha}",
            "title": title,
            "text": _text(body.strip(), f"Commit {sha[:10]} of {repository}"),
            "author": self.author.login if self.author else None,
            "author_name": self.commit.author.name if self.commit.author else None,
            "published_at": at,
            "links": links_in(body),
        } | ({} if at else undated)


_MODELS: dict[str, type[_PullRequest] | type[_Commit]] = {"pulls": _PullRequest, "commits": _Commit}


def search_path(search: Search, since: datetime) -> str:
    """Return the path of the API's search, newest first, for what is public and not older than `since`."""
    scope, qualifiers, order = {
        "pullrequests": ("issues", "is:pr is:public created", "created"),
        "commits": ("commits", "is:public committer-date", "committer-date"),
    }[search.kind]
    query = f"{search.query} {qualifiers}:>={since:%Y-%m-%d}"
    return f"/search/{scope}?{urlencode({'q': query, 'sort': order, 'order': 'desc', 'per_page': PER_PAGE})}"


def found_fields(raw: Any, root: str) -> dict[str, Any]:
    """Return the document's fields and its `ref`, from an answer of the search or from its own.

    Raises ValueError for another shape.
    """
    is_commit = isinstance(raw, dict) and "commit" in raw
    return _MODELS["commits" if is_commit else "pulls"].model_validate(raw).fields(root)


def own_path(ref: str) -> str | None:
    """Return the path of the API's answer for a `ref` of `found_fields`; None for any other ref."""
    match = _REF.fullmatch(ref)
    return f"/repos/{quote(match[2])}/{match[1]}" if match else None


def committed_at(committer: str | None, signature: _Signature | None) -> Any:
    """Return when GitHub itself wrote a commit; None where the time is the word of somebody's clock."""
    return signature.date if signature is not None and committer == WEB_FLOW else None


def _groups(pattern: re.Pattern[str], url: str) -> tuple[str, str]:
    match = pattern.fullmatch(url)
    assert match is not None
    return match[1], match[2]


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _text(body: str, fact: str) -> str:
    return f"{body}\n\n{fact}" if body else fact
