"""How a dated claim will be resolved: the text of its first sight, and those that were put beside it."""

from __future__ import annotations

import streamlit as st

from dashboard.components import html
from dashboard.components.resolution import lines
from dashboard.components.times import when
from dashboard.views.claim.as_of import Known
from pipeline.published.claim_rows import Resolution


def show(known: Known) -> None:
    """Draw the resolution texts; nothing where the claim is not dated."""
    if texts := known.read(Resolution, "resolutions"):
        lead = ("Written when the claim was first judged, and never changed. Where later rules, or another "
                "reading of the claim, give another text, that one is shown beside it.")
        st.html(f'{html.section("How it will be resolved", lead)}{"".join(map(_text, texts))}')


def _text(resolution: Resolution) -> str:
    added = "" if resolution.number == 1 else f"Added since then ({html.text(resolution.why, 60)}). "
    written = f"{added}Written {when(resolution.written_at)} by {html.text(resolution.rules, 40)}"
    return f'<p class="rt-small rt-soft">{written}</p>{lines(resolution.text)}'
