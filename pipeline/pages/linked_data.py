"""The data of a page for programs, in schema.org's words (JSON-LD)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.exports.claimreview import claimed
from pipeline.pages.rendering import NAME, Bounds
from pipeline.published.claim import CaseFile
from pipeline.published.database import published_at
from pipeline.text.sanitize import plain

_ADDRESS = 600  # characters


def claim_data(
    case: CaseFile, url: str | None, publisher: PublisherConfig, review: dict[str, Any] | None, bounds: Bounds
) -> dict[str, Any]:
    """Return the ClaimReview that an editor signed off, or else the page and its claim without a verdict.

    `url` is the page's address on the web. `bounds` are for the documents that are named, and for each text.
    """
    if review:
        data = {**review, "url": url or review["url"]}
        data["itemReviewed"] = _fewer(review["itemReviewed"], bounds)
    else:
        data = page_data(case.subject.claim, url, publisher, published_at(case.meta))
        data["mainEntity"] = _fewer({"text": case.subject.claim, **claimed(case)}, bounds)
    cut: dict[str, Any] = _cut(data, 2 * bounds.words)
    return cut


def _fewer(claim: dict[str, Any], bounds: Bounds) -> dict[str, Any]:
    """Return a claim with fewer documents, and none whose address is very long."""
    works = [work for work in claim.get("appearance", []) if len(work["url"]) <= _ADDRESS][: bounds.items]
    fewer = {key: value for key, value in claim.items() if key not in ("appearance", "firstAppearance")}
    first_work = claim.get("firstAppearance")
    if first_work and len(first_work["url"]) <= _ADDRESS:
        fewer["firstAppearance"] = first_work
    if isinstance(fewer.get("author"), list):
        fewer["author"] = fewer["author"][: bounds.items]
    return fewer | ({"appearance": works} if works else {})


def _cut(value: Any, limit: int) -> Any:
    """Return `value` with each text in it on one line of at most `limit` characters; addresses stay whole."""
    if isinstance(value, dict):
        return {key: item if key == "url" else _cut(item, limit) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item, limit) for item in value]
    return plain(value, limit) if isinstance(value, str) else value


def page_data(
    name: str, url: str | None, publisher: PublisherConfig, published: datetime | None
) -> dict[str, Any]:
    """Return a page as schema.org's WebPage."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": name,
        "inLanguage": "en",
        "publisher": {"@type": "Organization", "name": publisher.name or NAME},
    }
    if url:
        data["url"] = url
    if published:
        data["dateModified"] = f"{published:%Y-%m-%dT%H:%M:%SZ}"
    return data
