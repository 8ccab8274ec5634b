"""Facts for every page: the rows of `meta.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the published copy holds."""

    claims: int
    evidence: int
    documents: int
    sources: int
    oldest: datetime | None
    newest: datetime | None
    since: datetime | None
    undated: int
