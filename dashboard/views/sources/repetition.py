"""Who takes from whom, on the page of a source: repetition, which is no confirmation and adds no voice."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.components import html
from pipeline.core.text import counted
from pipeline.published.provenance_tree import FOLLOWS
from pipeline.published.sources import ListedSource, Repeat
from pipeline.text.sanitize import plain

_SIGNS: dict[str, str] = {kind: noun for kind, (_, _, noun) in FOLLOWS.items()}


def section(source: ListedSource, takes: Sequence[Repeat], taken: Sequence[Repeat]) -> Markup:
    """Return whom it repeats and who repeats it, each with a finding for a title, and the signs of it."""
    sides = [
        (_takes(source, takes), takes, _table("Taken from", takes)),
        (_taken(taken), taken, _table("Taken by", taken)),
    ]
    return _html.section_of(sides)


def _table(head: str, repeats: Sequence[Repeat]) -> Markup:
    columns = [(head, False), ("Claims", True), ("Documents", True), ("Signs", False)]
    body = ((_html.name(r), f"{r.claims:,}", f"{r.documents:,}", _html.signs(r)) for r in repeats)
    return html.table(columns, body)


def _takes(source: ListedSource, takes: Sequence[Repeat]) -> str:
    claims = counted(source.claims, "claim")
    part = f"Of {claims} it only passes on {source.repeated:,}" if source.repeated else ""
    if not takes:
        return f"{part}, from origins that are not known" if part else "It is not known to repeat anybody"
    others = takes[0].total - 1
    others_text = f" and {counted(others, 'other')}" if others else ""
    origins = f"It takes {_most(takes)} from {plain(takes[0].name, 80)}{others_text}"
    return f"{part}. {origins}" if part else origins


def _taken(taken: Sequence[Repeat]) -> str:
    if not taken:
        return "Nobody is known to repeat it"
    name, total = plain(taken[0].name, 80), taken[0].total
    if total == 1:
        return f"{name} repeats it ({counted(taken[0].claims, 'claim')})"
    if len(taken) > 1 and taken[1].claims == taken[0].claims:
        return f"{total:,} sources repeat it, none more than {counted(taken[0].claims, 'claim')}"
    return f"{total:,} sources repeat it, most often {name} ({counted(taken[0].claims, 'claim')})"


def _most(repeats: Sequence[Repeat]) -> str:
    """Return how many claims come from the first of `repeats`, and whether none has as many."""
    claims = counted(repeats[0].claims, "claim")
    if len(repeats) == 1:
        return claims
    return f"most ({claims})" if repeats[0].claims > repeats[1].claims else f"no more than {claims} each"


def _words(signs: Sequence[str]) -> str:
    """Return signs, as "link: 3", in words."""
    parts = [sign.rpartition(": ") for sign in signs]
    return " · ".join(
        f"{_SIGNS.get(kind) or plain(html.spaced(kind), 40)} ({plain(count, 12)})" for kind, _, count in parts
    )


_html = html.Template("views/sources/repetition.html", words=_words)
