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
        f"<li>{html.tag(names.get(change.event, change.event), alert=change.event == 'hedged')}"
        f' {html.text(change.reason, 600)} <span class="rt-soft rt-small">seen {when(change.at)}</span></li>'
        for change in happenings
    )
    return _list("Quotes that were softened or taken back", items)


def _edits(known: Known, edited: Sequence[rows.Edited]) -> str:
    if not edited:
        return ""
    telling = [edit for edit in edited if edit.change != Change.TRIVIAL]
    trivial = [edit for edit in edited if edit.change == Change.TRIVIAL]
    wordings: dict[tuple[str, int], Wording] = {}
    if telling:
        document_ids = sorted({edit.document_id for edit in telling})
        wordings = {
            (version.document_id, version.number): Wording(version.title, version.text, version.headline)
            for version in known.read(rows.Worded, "wordings", documents=document_ids)
        }
    items = "".join(_edit(edit, wordings) for edit in telling)
    if trivial:
        listed = "".join(f"<li>{_which(edit)}</li>" for edit in trivial)
        items += (
            f"<details><summary>{counted(len(trivial), 'trivial edit')}: typography, counters, clocks,"
            f' links</summary><ul class="rt-plain rt-trail">{listed}</ul></details>'
        )
    return f'<h3 class="rt-sub">Versions, and what changed</h3>{items}'


def _edit(edit: rows.Edited, wordings: dict[tuple[str, int], Wording]) -> str:
    before, after = (wordings.get((edit.document_id, number)) for number in (edit.number - 1, edit.number))
    note = (
        html.tag("the page notes a correction")
        if edit.noted
        else html.tag("no note on the page", alert=True)
    )
    changed = html.tag(f"{html.spaced(edit.change)} changed" if edit.change in set(Change) else edit.change)
    return (
        f'<article class="rt-edit"><div class="rt-row rt-tight">{changed}{note}</div><p>{_which(edit)}</p>'
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
        f"<li>{html.tag('deleted', alert=True)} {html.text(doc.title, 160) if doc.title else 'a document'}, "
        f"{html.text(doc.source, 80)} · {link(doc.url)}<br>"
        f'<span class="rt-soft rt-small">{html.between(doc.gone_after, doc.gone_at)}; '
        f"how we know: {html.text(doc.gone_evidence or 'not recorded', 200)}</span></li>"
        for doc in gone
    )
    return _list("Deleted", items)


def _list(title: str, items: str) -> str:
    return f'<h3 class="rt-sub">{title}</h3><ul class="rt-plain rt-trail">{items}</ul>'
