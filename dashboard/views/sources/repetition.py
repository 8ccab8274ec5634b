"""Who takes from whom, as the page of a source tells it: repetition, which is no confirmation and adds no voice."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components import html
from dashboard.data.sources import ListedSource, Repeat
from pipeline.published.provenance_tree import FOLLOWS
from pipeline.text.sanitize import line

_SIGNS: dict[str, str] = {kind: noun for kind, (_, _, noun) in FOLLOWS.items()}


def section(source: ListedSource, takes: Sequence[Repeat], taken: Sequence[Repeat]) -> str:
    """Whom it repeats and who repeats it, each with a finding for a title and the signs that show it."""
    sides = [
        _side(_takes(source, takes), "Taken from", takes),
        _side(_taken(taken), "Taken by", taken),
    ]
    lead = "Repetition is no confirmation: nobody below adds a voice to a claim, however many they are. Rumour with nobody behind it has no origin to be listed."
    return html.section("Who repeats whom", lead) + f'<div class="rt-slices">{"".join(sides)}</div>'


def _takes(source: ListedSource, takes: Sequence[Repeat]) -> str:
    part = (
        f"It only passes on {source.repeated:,} of {html.plural(source.claims, 'claim')}"
        if source.repeated
        else ""
    )
    if not takes:
        return f"{part}, from nobody who is known" if part else "It repeats nobody that is known"
    others = takes[0].total - 1
    also = f" and {html.plural(others, 'other')}" if others else ""
    told = f"It takes {_most(takes)} from {html.text(takes[0].name, 80)}{also}"
    return f"{part}. {told}" if part else told


def _taken(taken: Sequence[Repeat]) -> str:
    if not taken:
        return "Nobody is known to repeat it"
    name, total = html.text(taken[0].name, 80), taken[0].total
    if total == 1:
        return f"{name} repeats it ({html.plural(taken[0].claims, 'claim')})"
    if len(taken) > 1 and taken[1].claims == taken[0].claims:
        return f"{total:,} sources repeat it, none more than {html.plural(taken[0].claims, 'claim')}"
    return f"{total:,} sources repeat it, most often {name} ({html.plural(taken[0].claims, 'claim')})"


def _most(found: Sequence[Repeat]) -> str:
    """How many claims come from the first, where none comes from the second as often."""
    told = html.plural(found[0].claims, "claim")
    if len(found) == 1:
        return told
    return f"most ({told})" if found[0].claims > found[1].claims else f"no more than {told} each"


def _side(title: str, head: str, found: Sequence[Repeat]) -> str:
    if not found:
        return f"<div><h3>{title}</h3></div>"
    cut = (
        f'<p class="rt-soft rt-small">The first {len(found):,} of {found[0].total:,}.</p>'
        if found[0].total > len(found)
        else ""
    )
    columns = [(head, False), ("Claims", True), ("Documents", True), ("Signs", False)]
    return f"<div><h3>{title}</h3>{html.table(columns, map(_row, found))}{cut}</div>"


def _row(item: Repeat) -> tuple[str, ...]:
    name = (
        html.source_link(item.source_id, item.name)
        if item.source_id
        else f'{html.text(item.name, 120)} <span class="rt-soft rt-small">(not stored)</span>'
    )
    signs = " · ".join(map(_sign, item.signs)) or "by way of others"
    return name, f"{item.claims:,}", f"{item.documents:,}", f'<span class="rt-small">{signs}</span>'


def _sign(sign: str) -> str:
    """ "link: 3" in words."""
    kind, _, count = sign.rpartition(": ")
    return f"{_SIGNS.get(kind) or html.text(html.spaced(kind), 40)} ({line(count, 12)})"
