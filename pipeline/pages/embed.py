"""A claim inside somebody else's page: a frame without script of at most 10 KB."""

from __future__ import annotations

from typing import Literal

from pipeline.core.config import PublisherConfig
from pipeline.pages.links import Links
from pipeline.published.claim import CaseFile

Theme = Literal["", "light", "dark"]


def claim_embed(case: CaseFile, links: Links, publisher: PublisherConfig, theme: Theme = "") -> str:
    """Return the page that a frame shows; without `theme` it follows the reader's system."""
    raise NotImplementedError


def embed_code(case: CaseFile, links: Links) -> str | None:
    """Return the line of HTML that shows the claim in another page; None without a public address."""
    raise NotImplementedError
