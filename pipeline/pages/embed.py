"""A claim inside somebody else's page: a frame without script of at most 10 KB."""

from __future__ import annotations

from typing import Literal

from markupsafe import escape

from pipeline.core.config import PublisherConfig
from pipeline.exports.wording import finding
from pipeline.pages.links import Links
from pipeline.pages.rendering import Bounds, fitting, render
from pipeline.published.claim import CaseFile
from pipeline.published.database import published_at
from pipeline.text.sanitize import plain

Theme = Literal["", "light", "dark"]
LARGEST = 10_000
"""Bytes that the page in a frame has at most."""
HEIGHT = 240
"""Pixels that the frame is high."""


def claim_embed(case: CaseFile, links: Links, publisher: PublisherConfig, theme: Theme = "") -> str:
    """Return the page that a frame shows; without `theme` it follows the reader's system.

    Its links open beside the page that frames it.
    """

    def make(bounds: Bounds) -> str:
        return render(
            "embed.html",
            links,
            publisher,
            subject=case.subject,
            title=plain(case.subject.claim, 110),
            finding=finding(case),
            meta=case.meta,
            published=published_at(case.meta),
            theme=theme,
            bounds=bounds,
        )

    return fitting(make, LARGEST)


def frame(claim_id: str, claim: str, links: Links) -> str | None:
    """Return the line of HTML that shows a claim in another page; None without a public address."""
    address = links.absolute(links.embed(claim_id))
    if address is None:
        return None
    title = escape(plain(claim, 120))
    return (
        f'<iframe src="{escape(address)}" title="{title}" width="100%" height="{HEIGHT}"'
        ' style="border:0;max-width:40rem" loading="lazy"></iframe>'
    )
