"""Who spoke of the story first, and who took it from whom."""

from __future__ import annotations

import streamlit as st

from dashboard.components import evidence_card, html, provenance
from pipeline.published.claim_rows import Document, Sign
from pipeline.published.provenance_tree import grow
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import Spread

FIRST = 6
"""So many of those who spoke first at about the same time are shown."""
_html = html.Template("views/story/spread.html")


def show(story: StoryFile) -> None:
    """Draw the origin and the spread: from whom it began, who followed, and who speaks without following."""
    if not story.spread:
        return
    documents = {one.document_id: _document(one) for one in story.spread}
    branches = grow(documents, [_sign(one) for one in story.spread if one.kind])
    origins = provenance.ordered(branches, documents)
    alone = [branch.key for branch in branches if not branch.followers]
    total = story.spread[0].total
    st.html(_html.head(origins, total, len(story.spread), sum(origin.size() for origin in origins)))
    st.html(evidence_card.first(story.first[:FIRST]))
    if origins:
        st.html(provenance.tree(origins, documents))
    rest = [one for one in story.spread if one.document_id in alone]
    if rest:
        st.html(_html.alone(rest))


def _document(one: Spread) -> Document:
    return Document(
        one.document_id, one.source, one.source_id, one.author, one.url, one.said_at, one.said_precision,
        one.seen_at, one.gone_at, None, one.stances[0] if one.stances else None,
    )  # fmt: skip


def _sign(one: Spread) -> Sign:
    assert one.kind
    return Sign(one.document_id, one.follows_id, None if one.follows_id else one.follows, one.kind, None, 1)
