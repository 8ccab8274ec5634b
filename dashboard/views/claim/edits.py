"""The fate of the texts behind a claim: softened quotes, each edit sentence by sentence, and deletions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components import html
from dashboard.components.filters import LISTED
from dashboard.components.times import when
from dashboard.data import claim as rows
from dashboard.views.claim.as_of import Known
from pipeline.core.text import counted
from pipeline.core.vocabulary import Change
from pipeline.published.claim_rows import Happening
from pipeline.text.diff import Wording, hunks, titles
from pipeline.text.inline_diff import Fate, Words, sentences
from pipeline.text.sanitize import link, safe

EDITS = 20
"""Edits that are shown sentence by sentence; comparing long texts takes time."""
LONGEST = 60_000
"""Characters of the longest text that is compared here; `rumortrail edits` compares longer ones."""
_ELEMENTS = {Fate.REMOVED: ("<del>", "</del>"), Fate.ADDED: ("<ins>", "</ins>"), Fate.KEPT: ("", "")}


def show(known: Known) -> None:
    """Draw the section; nothing where no text was touched."""
    hedged = known.read(Happening, "happenings", events=["hedged", "corrected"], limit=LISTED)
    edited = known.read(rows.Edited, "edited", limit=EDITS)
    gone = known.read(rows.Gone, "gone")
    if not (hedged or edited or gone):
        return
    lead = "What became of the documents behind this claim since we first saw them."
    if edited and edited[0].total > len(edited):
        lead += f" The newest {len(edited):,} of {edited[0].total:,} edits are shown."
    head = html.section("Edited and deleted", lead)
    st.html(f"{head}{_hedges(hedged)}{_edits(known, edited)}{_gone(gone)}")


def _hedges(happenings: Sequence[Happening]) -> str:
    if not happenings:
        return ""
    names = {"hedged": "softened without a note", "corrected": "corrected with a note"}
    items = "".join(
        f"<li>{html.tag(names.get(one.event, one.event), alert=one.event == 'hedged')}"
        f' {html.text(one.reason, 600)} <span class="rt-soft rt-small">seen {when(one.at)}</span></li>'
        for one in happenings
    )
    return _list("Statements that were softened or taken back", items)


def _edits(known: Known, edited: Sequence[rows.Edited]) -> str:
    if not edited:
        return ""
    telling = [one for one in edited if one.change != Change.TRIVIAL]
    trivial = [one for one in edited if one.change == Change.TRIVIAL]
    wordings: dict[tuple[str, int], Wording] = {}
    if telling:
        ids = sorted({one.document_id for one in telling})
        wordings = {
            (one.document_id, one.number): Wording(one.title, one.text, one.headline)
            for one in known.read(rows.Worded, "wordings", documents=ids)
        }
    shown = "".join(_edit(one, wordings) for one in telling)
    if trivial:
        listed = "".join(f"<li>{_which(one)}</li>" for one in trivial)
        shown += (
            f"<details><summary>{counted(len(trivial), 'trivial edit')}: typography, counters, clocks,"
            f' links</summary><ul class="rt-plain rt-trail">{listed}</ul></details>'
        )
    return f'<h3 class="rt-sub">Versions, and what changed</h3>{shown}'


def _edit(one: rows.Edited, wordings: dict[tuple[str, int], Wording]) -> str:
    before, after = (wordings.get((one.document_id, number)) for number in (one.number - 1, one.number))
    note = (
        html.tag("the page notes a correction")
        if one.noted
        else html.tag("no note on the page", alert=True)
    )
    changed = html.tag(f"{html.spaced(one.change)} changed" if one.change in set(Change) else one.change)
    return (
        f'<article class="rt-edit"><div class="rt-row rt-tight">{changed}{note}</div><p>{_which(one)}</p>'
        f"{_difference(before, after)}</article>"
    )


def _which(edited: rows.Edited) -> str:
    return (
        f"Version {edited.number}, {html.text(edited.source, 80)} · {link(edited.url)} "
        f'<span class="rt-soft rt-small">changed {html.between(edited.unchanged_at, edited.seen_at)}</span>'
    )


def _difference(before: Wording | None, after: Wording | None) -> str:
    """Return the sentences that differ, headline first; what went is struck, what came is underlined."""
    if before is None or after is None:
        return _note("The version before is not stored.")
    if max(len(before.text), len(after.text)) > LONGEST:
        return _note("Too long to compare here: <code>rumortrail edits</code> shows it.")
    lines = [_line("headline", parts) for hunk in titles(before, after) for parts in sentences(hunk)]
    lines += [_line("", parts) for hunk in hunks(before, after) for parts in sentences(hunk)]
    return f'<div class="rt-diff">{"".join(lines)}</div>' if lines else ""


def _note(words: str) -> str:
    return f'<p class="rt-soft rt-small">{words}</p>'


def _line(label: str, parts: Sequence[Words]) -> str:
    name = f'<span class="rt-label">{label}</span> ' if label else ""
    words = " ".join(
        f"{_ELEMENTS[part.fate][0]}{safe(part.text, 2_000)}{_ELEMENTS[part.fate][1]}" for part in parts
    )
    return f'<p dir="auto">{name}{words}</p>'


def _gone(gone: Sequence[rows.Gone]) -> str:
    if not gone:
        return ""
    items = "".join(
        f"<li>{html.tag('deleted', alert=True)} {html.text(one.title, 160) if one.title else 'a document'}, "
        f"{html.text(one.source, 80)} · {link(one.url)}<br>"
        f'<span class="rt-soft rt-small">{html.between(one.gone_after, one.gone_at)}; '
        f"how we know: {html.text(one.gone_evidence or 'not recorded', 200)}</span></li>"
        for one in gone
    )
    return _list("Deleted", items)


def _list(title: str, items: str) -> str:
    return f'<h3 class="rt-sub">{title}</h3><ul class="rt-plain rt-trail">{items}</ul>'
