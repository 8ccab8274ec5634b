"""Claims as news: those that moved, with the evidence that moved them, new ones, and deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from dashboard.components.evidence_card import said_by
from dashboard.components.html import Template
from dashboard.data.today import Cited, Moved

QUOTES = 2
_html = Template("views/today/claims.html", said_by=said_by)
fresh, due = _html.fresh, _html.due


def moved(claim: Moved, cited: Mapping[str, Cited], spark: str, since: datetime) -> Markup:
    """Return a claim that moved: from where to where, why, and by which words."""
    evidence = [cited[key] for key in claim.evidence_ids if key in cited]
    # What was learned since stands before what was known.
    evidence = _distinct(sorted(evidence, key=lambda item: item.seen_at <= since))
    quotes = [(item, _label(item, claim, since)) for item in evidence[:QUOTES]]
    return _html.moved(claim, quotes, len(evidence) - len(quotes), spark)


def _label(item: Cited, claim: Moved, since: datetime) -> str:
    label = "Learned since" if item.seen_at > since else "Cited, known before"
    return label + (" · evidence of another claim" if item.claim_id != claim.claim_id else "")


def _distinct(evidence: Sequence[Cited]) -> list[Cited]:
    """Return the first of each group with the same words, speaker and source (a headline and its text)."""
    distinct: dict[tuple[str | None, str, str], Cited] = {}
    for item in evidence:
        distinct.setdefault((item.speaker, item.source_id, item.quote.rstrip(".")), item)
    return list(distinct.values())
