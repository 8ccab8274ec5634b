"""The provenance of a claim, from each origin outwards, each document under its strongest sign."""

from __future__ import annotations

import streamlit as st

from dashboard.components import html, provenance
from dashboard.components.filters import LISTED
from dashboard.views.claim.as_of import Known
from pipeline.core.text import counted
from pipeline.published.claim_rows import Document, Sign
from pipeline.published.provenance_tree import grow


def show(known: Known) -> None:
    """Draw the tree; nothing where no document follows another."""
    signs = known.read(Sign, "signs", limit=LISTED)
    if not signs:
        return
    ids = {key for sign in signs for key in (sign.document_id, sign.origin_document_id) if key}
    values = {"documents": sorted(ids), "of": [known.claim_id] * len(ids)}
    documents = {document.document_id: document for document in known.read(Document, "documents", **values)}
    origins = provenance.ordered(grow(documents, signs), documents)
    total = signs[0].total
    cut_note = f" The {len(signs):,} strongest of {total:,} signs are shown." if total > len(signs) else ""
    lead = (
        f"{counted(sum(origin.size() for origin in origins), 'document')} that lead back to"
        f" {counted(len(origins), 'origin')}, by {counted(total, 'sign')}."
        f" Each is listed under its strongest sign; copies are folded.{cut_note}"
    )
    st.html(f'{html.section("Who took it from whom", lead)}{provenance.tree(origins, documents)}')
