"""A claim's page: where it stands and why, its timeline, the statements that decide, and where each is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.core.config import PublisherConfig
from pipeline.pages.links import Links
from pipeline.published.claim import CaseFile


def claim_page(
    case: CaseFile,
    links: Links,
    publisher: PublisherConfig,
    *,
    day: date | None = None,
    review: dict[str, Any] | None = None,
) -> str:
    """Return the page of `case` as HTML of less than 100 KB, however many statements there are.

    `day` is the day as of which `case` was read, None for now. `review` is its ClaimReview where an editor
    signed it off: without one the page tells no program a verdict.
    """
    raise NotImplementedError


def timeline_svg(case: CaseFile) -> str:
    """Return the claim's timeline as an SVG file that needs nothing around it."""
    raise NotImplementedError


def statements_csv(case: CaseFile) -> str:
    """Return every statement of `case` as CSV, with its source, times and hashes."""
    raise NotImplementedError
