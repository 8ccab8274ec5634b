"""What a page tells programs of itself, in schema.org's words (JSON-LD)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.exports.claimreview import claimed
from pipeline.exports.wording import published_at
from pipeline.pages.rendering import NAME
from pipeline.published.claim import CaseFile


def claim_data(
    case: CaseFile, url: str | None, publisher: PublisherConfig, review: dict[str, Any] | None, most: int
) -> dict[str, Any]:
    """Return the ClaimReview that an editor signed off, or else the page and its claim without a verdict.

    `url` is the page's address on the web. At most `most` documents are named.
    """
    if review:
        reviewed = {**review["itemReviewed"]}
        reviewed["appearance"] = reviewed.get("appearance", [])[:most]
        return {**review, "url": url or review["url"], "itemReviewed": reviewed}
    claim = {"text": case.subject.claim, **claimed(case)}
    claim["appearance"] = claim.get("appearance", [])[:most]
    page = page_data(case.subject.claim, url, publisher, published_at(case.meta))
    return {**page, "mainEntity": claim}


def page_data(
    name: str, url: str | None, publisher: PublisherConfig, published: datetime | None
) -> dict[str, Any]:
    """Return a page as schema.org's WebPage."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": name,
        "inLanguage": "en",
        "publisher": {"@type": "Organization", "name": publisher.name or NAME},
    }
    if url:
        told["url"] = url
    if published:
        told["dateModified"] = f"{published:%Y-%m-%dT%H:%M:%SZ}"
    return told
