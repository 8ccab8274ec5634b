"""How the pages name one another: by addresses that hold on any server, and under any path of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from pipeline.published.claim_rows import About


def file_name(name: str) -> str:
    """Return a file name for an id or a name: the name itself where every disk and server takes it."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name):
        return name
    words = re.sub(r"[^a-z0-9]+", "-", name[:200].lower()).strip("-")[:40].strip("-")
    return f"{words or 'x'}_{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def page_file(name: str, others: str = "index") -> str:
    """Return the file name of a page in a list; where `others` may have it, one that is nobody else's."""
    stem = file_name(name)
    return f"page__{stem}.html" if re.fullmatch(others, stem) else f"{stem}.html"


def subject_file(kind: str, name: str) -> str:
    """Return the file name of the page of a model or organisation in a site."""
    return page_file(name, "index|org-.*") if kind == "model" else f"org-{file_name(name)}.html"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of the pages, as seen from one that lies a folder below their root.

    Each page is `c/ID`, `s/ID` or `embed/ID` below the root, so all addresses inside begin with `../`.
    `suffix` is what their names end in, ".html" for files. `address` is the public address of the root, ""
    where it is unknown: a shared link then names no picture. `dashboard`: the dashboard answers beside them.
    """

    suffix: str = ""
    address: str = ""
    dashboard: bool = False

    def claim(self, claim_id: str, day: date | None = None) -> str:
        """Return the address of a claim's page; with `day`, as known at the end of that day."""
        return self._page("c", claim_id) + (f"?as_of={day}" if day else "")

    def story(self, story_id: str, day: date | None = None) -> str:
        """Return the address of a story's page; with `day`, as known at the end of that day."""
        return self._page("s", story_id) + (f"?as_of={day}" if day else "")

    def embed(self, claim_id: str) -> str:
        """Return the address of the page of a claim that other sites frame."""
        return self._page("embed", claim_id)

    def about(self, name: About) -> str | None:
        """Return the address of the page of a model, organisation or person, None where there is none."""
        if not self.dashboard:
            return f"../models/{subject_file(name.type, name.subject)}" if name.who_id is None else None
        if name.who_id is not None:
            return f"../sources?{urlencode({'id': name.who_id, 'who': 'People'}, quote_via=quote)}"
        key = "org" if name.type == "organisation" else "model"
        return f"../models?{urlencode({key: name.subject}, quote_via=quote)}"

    def claim_file(self, claim_id: str, ending: str) -> str:
        """Return the address of a file beside a claim's page: picture (`svg`), data (`csv`), card (`png`)."""
        return f"../c/{file_name(claim_id) if self.suffix else quote(claim_id, safe='')}.{ending}"

    def story_file(self, story_id: str, ending: str) -> str:
        """Return the address of a file beside a story's page."""
        return f"../s/{file_name(story_id) if self.suffix else quote(story_id, safe='')}.{ending}"

    def story_part(self, story_id: str, part: int, day: date | None = None) -> str:
        """Return the address of a page with a part of a story's time axis; the story's own has the first."""
        if part == 1:
            return self.story(story_id, day)
        query = f"?as_of={day}" if day else ""
        return f"{self.story_file(story_id, f'claims{part}')}{self.suffix}{query}"

    def absolute(self, link: str) -> str | None:
        """Return where `link` leads from anywhere on the web, None where no public address is known."""
        return f"{self.address.rstrip('/')}/{link.removeprefix('../')}" if self.address else None

    def _page(self, folder: str, name: str) -> str:
        return f"../{folder}/{file_name(name) if self.suffix else quote(name, safe='')}{self.suffix}"


def served(address: str) -> Links:
    """Return the addresses on the dashboard, whose public one is `address` ("" where it has none)."""
    return Links(address=address, dashboard=True)


def files(address: str = "") -> Links:
    """Return the addresses in a folder of files that any web server hands out at `address`."""
    return Links(suffix=".html", address=address)
