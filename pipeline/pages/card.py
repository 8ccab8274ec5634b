"""The picture that a shared link shows (Open Graph): 1200 x 630 pixels, the same bytes each time."""

from __future__ import annotations

from pipeline.core.config import PublisherConfig
from pipeline.published.claim import CaseFile


def claim_card(case: CaseFile, publisher: PublisherConfig) -> bytes:
    """Return the card of a claim as PNG."""
    raise NotImplementedError
