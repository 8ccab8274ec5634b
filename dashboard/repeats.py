"""Who takes from whom, as the page of a source tells it: repetition, which is no confirmation and adds no voice."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import pieces
from dashboard.rows.sources import ListedSource, Repeat

_SIGNS = {
    "link": "link",
    "reply": "reply",
    "repost": "repost",
    "quote": "quote post",
    "attribution": "attribution",
    "quotation": "passage in quotation marks",
    "near_duplicate": "nearly the same text",
    "same_speaker": "the same person quoted",
}


def section(source: ListedSource, takes: Sequence[Repeat], taken: Sequence[Repeat]) -> str:
    """Whom it repeats and who repeats it, each with a finding for a title and the signs that show it."""
    sides = [
        _side(_takes(source, takes), "Taken from", takes),
        _side(_taken(taken), "Taken by", taken),
    ]
    lead = "Repetition is no confirmation: nobody below adds a voice to a claim, however many they are."
    return pieces.section("Who repeats whom", lead) + f'<div class="rt-slices">{"".join(sides)}</div>'


def _takes(source: ListedSource, takes: Sequence[Repeat]) -> str:
    if not takes:
        return "It repeats nobody that is known"
    chief = takes[0]
    others = f", and from {pieces.plural(chief.total - 1, 'other')}" if chief.total > 1 else ""
    part = (
        f"It only passes on {source.repeated:,} of {pieces.plural(source.claims, 'claim')}. "
        if source.repeated
        else ""
    )
    return (
        f"{part}It takes {'most' if chief.total > 1 else 'it'} from {pieces.text(chief.name, 80)} "
        f"({pieces.plural(chief.claims, 'claim')}){others}"
    )


def _taken(taken: Sequence[Repeat]) -> str:
    if not taken:
        return "Nobody is known to repeat it"
    chief = taken[0]
    if chief.total == 1:
        return f"{pieces.text(chief.name, 80)} repeats it ({pieces.plural(chief.claims, 'claim')})"
    return (
        f"{chief.total:,} sources repeat it, most often {pieces.text(chief.name, 80)} "
        f"({pieces.plural(chief.claims, 'claim')})"
    )


def _side(title: str, head: str, found: Sequence[Repeat]) -> str:
    if not found:
        return f"<div><h3>{title}</h3></div>"
    cut = (
        f'<p class="rt-soft rt-small">The first {len(found):,} of {found[0].total:,}.</p>'
        if found[0].total > len(found)
        else ""
    )
    columns = [(head, False), ("Claims", True), ("Documents", True), ("Signs", False)]
    return f"<div><h3>{title}</h3>{pieces.table(columns, map(_row, found))}{cut}</div>"


def _row(item: Repeat) -> tuple[str, ...]:
    name = (
        pieces.source_link(item.source_id, item.name)
        if item.source_id
        else f'{pieces.text(item.name, 120)} <span class="rt-soft rt-small">(not stored)</span>'
    )
    signs = " · ".join(map(_sign, item.signs)) or "by way of others"
    return name, f"{item.claims:,}", f"{item.documents:,}", f'<span class="rt-small">{signs}</span>'


def _sign(sign: str) -> str:
    """ "link: 3" in words."""
    kind, _, count = sign.rpartition(": ")
    return f"{_SIGNS.get(kind) or pieces.text(pieces.spaced(kind), 40)} ({pieces.text(count, 12)})"
