"""A page of a few words: why there is no page at an address, and where to go on."""

from __future__ import annotations

from pipeline.core.config import PublisherConfig
from pipeline.pages.links import Links


def notice_page(title: str, words: str, links: Links, publisher: PublisherConfig) -> str:
    """Return a page that says `words` under `title`."""
    raise NotImplementedError
