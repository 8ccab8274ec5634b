"""Addresses of GitHub's pages that a source is read from: a search, or a place in a repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

FILE = re.compile(r"(?!(?:.*/)?\.{1,2}(?:/|$))[^/\x00-\x1f\\]+(?:/[^/\x00-\x1f\\]+)*")
"""The path of a file or folder in a repository; no step of it is `.` or `..`."""
_PLACE = re.compile(rf"/([A-Za-z0-9-]+/[\w.-]+)/(tree|blob)/([\w.-]+)/({FILE.pattern})/?")


@dataclass(frozen=True, slots=True)
class Search:
    """A search of GitHub that a source's address names."""

    kind: Literal["pullrequests", "commits"]
    query: str


def github_search(url: str) -> Search | None:
    """Return what the address of a GitHub source searches for; None for the page of a repository or owner.

    Raises ValueError for a search of something else, or for nothing.
    """
    parts = urlsplit(url)
    if parts.path.strip("/") != "search":
        return None
    parameters = parse_qs(parts.query)
    query, kind = parameters.get("q", [""])[0].strip(), parameters.get("type", [""])[0]
    if not query:
        raise ValueError("a search has a query (q=...)")
    if kind == "pullrequests":
        return Search("pullrequests", query)
    if kind == "commits":
        return Search("commits", query)
    raise ValueError("a search has type=pullrequests or type=commits")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or a folder of one branch of a repository on GitHub."""

    repository: str
    branch: str
    path: str
    folder: bool

    def page(self, root: str, path: str) -> str:
        """Return the page of a file of the branch, on the server at `root`."""
        return f"{root}/{self.repository}/blob/{self.branch}/{quote(path)}"

    def raw(self, root: str, path: str) -> str:
        """Return where a file of the branch can be had as it is."""
        if root == "https://github.com":
            return f"https://raw.githubusercontent.com/{self.repository}/{self.branch}/{quote(path)}"
        return f"{root}/{self.repository}/raw/{self.branch}/{quote(path)}"


def place_in_repository(url: str) -> Place:
    """Return the file or folder at an address. Raises ValueError for an address of something else."""
    match = _PLACE.fullmatch(unquote(urlsplit(url).path))
    if match is None:
        raise ValueError("the page of a folder (OWNER/NAME/tree/BRANCH/FOLDER) or file (…/blob/BRANCH/FILE)")
    return Place(match[1], match[3], match[4].rstrip("/"), match[2] == "tree")
