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
    documents = {document.document_id: _document(document) for document in story.spread}
    branches = grow(documents, [_sign(document) for document in story.spread if document.kind])
    origins = provenance.ordered(branches, documents)
    alone = [branch.key for branch in branches if not branch.followers]
    total = story.spread[0].total
    st.html(_html.head(origins, total, len(story.spread), sum(origin.size() for origin in origins)))
    st.html(evidence_card.first(story.first[:FIRST]))
    if origins:
        st.html(provenance.tree(origins, documents))
    unlinked = [document for document in story.spread if document.document_id in alone]
    if unlinked:
        st.html(_html.alone(unlinked))


def _document(document: Spread) -> Document:
    return Document(
        document.document_id, document.source, document.source_id, document.author, document.url,
        document.said_at, document.said_precision, document.seen_at, document.gone_at, None,
        document.stances[0] if document.stances else None,
    )  # fmt: skip


def _sign(document: Spread) -> Sign:
    assert document.kind
    return Sign(
        document.document_id,
        document.follows_id,
        None if document.follows_id else document.follows,
        document.kind,
        None,
        1,
    )
