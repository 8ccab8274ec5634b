"""Who took it from whom: from each origin outwards, each document under the strongest sign that it follows another.

One nested list is the picture too: wide screens draw it from left to right with lines, narrow ones and screen readers
have it as a list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from dashboard.components import html
from dashboard.components.filters import LISTED
from dashboard.components.times import when
from dashboard.data import claim_context as rows
from dashboard.views.claim.as_of import Known
from pipeline.text.sanitize import host_of, link

# What the document that follows does to the one it follows.
FOLLOWS = {
    "link": "links to it",
    "reply": "replies to it",
    "repost": "reposts it",
    "quote": "quotes it",
    "attribution": "attributes it to this voice",
    "quotation": "has it in quotation marks",
    "near_duplicate": "has almost its text",
    "same_speaker": "quotes the same speaker",
}
# Copies add nothing to the picture; of other signs so many leaves stand apart before they are folded.
COPIES = ("repost", "near_duplicate")
APART = 4


@dataclass(slots=True, eq=False)
class Branch:
    """A document, or a voice that is not stored, with the sign by which it follows what stands above it."""

    node: rows.Node | None
    name: str
    sign: rows.Sign | None = None
    followers: list[Branch] = field(default_factory=list)

    def size(self) -> int:
        """How many documents follow it, directly or not."""
        return sum(1 + one.size() for one in self.followers)


def show(known: Known) -> None:
    """Draw the trail; nothing where no document follows another."""
    signs = known.read(rows.Sign, "signs", limit=LISTED)
    if not signs:
        return
    ids = {i for sign in signs for i in (sign.document_id, sign.origin_document_id) if i}
    nodes = known.read(rows.Node, "nodes", documents=sorted(ids))
    origins = grow(nodes, signs)
    total = signs[0].total
    cut = f" The {len(signs):,} strongest of {total:,} signs are shown." if total > len(signs) else ""
    lead = (
        f"From {html.plural(len(origins), 'origin')} outwards: {html.plural(sum(o.size() for o in origins), 'document')} "
        f"that follow, by {html.plural(total, 'sign')}. Each stands under its strongest sign; copies are folded.{cut}"
    )
    st.html(
        f'{html.section("Who took it from whom", lead)}<div class="rt-tree-box" tabindex="0" role="group" aria-label="Provenance, from the origin outwards"><ul class="rt-tree">{"".join(_branch(origin) for origin in origins)}</ul></div>'
    )


def grow(nodes: Sequence[rows.Node], signs: Sequence[rows.Sign]) -> list[Branch]:
    """The origins with those that follow them, the largest first; `signs` come with the strongest first.

    A sign that would lead in a circle is left out: documents can point at each other.
    """
    found = {node.document_id: Branch(node, node.source) for node in nodes}
    above: dict[str, str] = {}
    for sign in signs:
        child = sign.document_id
        # The name is written now with a capital, now without.
        origin = sign.origin_document_id or f"name:{' '.join((sign.origin_name or '').split()).casefold()}"
        if sign.origin_document_id is None:
            found.setdefault(origin, Branch(None, sign.origin_name or ""))
        if child not in found or origin not in found or child in above or _leads(above, origin, child):
            continue
        above[child] = origin
        found[child].sign = sign
        found[origin].followers.append(found[child])
    _gather_copies(found, above)
    heads = [branch for key, branch in found.items() if key not in above and branch.followers]
    for branch in found.values():
        branch.followers.sort(key=_time)
    return sorted(heads, key=lambda head: (-head.size(), head.name))


def _gather_copies(found: dict[str, Branch], above: dict[str, str]) -> None:
    """Copies of a copy stand beside it: of one text nobody can tell who took it from whom of those that have it."""
    for key, branch in found.items():
        while branch.sign and branch.sign.kind == "near_duplicate" and _is_copy(found[above[key]]):
            parent = found[above[key]]
            parent.followers.remove(branch)
            above[key] = above[above[key]]
            found[above[key]].followers.append(branch)


def _is_copy(branch: Branch) -> bool:
    return branch.sign is not None and branch.sign.kind == "near_duplicate"


def _time(branch: Branch) -> datetime:
    assert branch.node, "what is not stored follows nothing"
    return branch.node.published_at or branch.node.seen_at


def _leads(above: dict[str, str], start: str, end: str) -> bool:
    """Whether one comes from `start` upwards to `end`."""
    while start in above and start != end:
        start = above[start]
    return start == end


def _branch(branch: Branch) -> str:
    below = _below(branch.followers)
    return f"<li>{_node(branch)}{f'<ul>{below}</ul>' if below else ''}</li>"


def _below(followers: Iterable[Branch]) -> str:
    leaves: dict[str, list[Branch]] = defaultdict(list)
    shown = []
    for one in followers:
        kind = one.sign.kind if one.sign else ""
        if one.followers:
            shown.append(_branch(one))
        else:
            leaves[kind].append(one)
    for kind, alike in leaves.items():
        if len(alike) > (1 if kind in COPIES else APART):
            shown.append(_folded(kind, alike))
        else:
            shown += map(_branch, alike)
    return "".join(shown)


def _folded(kind: str, alike: list[Branch]) -> str:
    verb = {"repost": "repost it", "near_duplicate": "have almost its text"}.get(kind, f"follow it alike: {FOLLOWS.get(kind, kind)}")
    listed = "".join(f"<li>{_node(one)}</li>" for one in alike)
    return (
        f'<li><div class="rt-node rt-fold"><details><summary><b>{len(alike):,} documents</b> {verb}</summary>'
        f'<ul class="rt-plain">{listed}</ul></details></div></li>'
    )


def _node(branch: Branch) -> str:
    sign, node = branch.sign, branch.node
    how = ""
    if sign:
        told = sign.words if host_of(sign.words) is None else None
        words = f": <q>{html.text(told, 120)}</q>" if told else ""
        how = f'<p class="rt-sign">{FOLLOWS.get(sign.kind, "follows it")}{words}</p>'
    if node is None:
        return (
            f'<div class="rt-node rt-unstored"><b>{html.text(branch.name, 120)}</b>'
            '<p class="rt-small rt-soft">named there, not stored here</p></div>'
        )
    by = f" · {html.text(node.author, 60)}" if node.author and node.author != node.source else ""
    gone = html.tag("deleted since", alert=True) if node.gone_at else ""
    stance = html.stance(node.stance) if node.stance else '<span class="rt-soft rt-small">says nothing of the claim itself</span>'
    return (
        f'<div class="rt-node {html.state(node.stance or "")}">{how}<b>{html.source_link(node.source_id, node.source, 80)}</b>'
        f'<span class="rt-soft rt-small">{by}</span>'
        f'<p class="rt-small rt-row rt-tight">{stance}{gone}</p>'
        f'<p class="rt-small rt-soft">{when(node.published_at, node.published_precision)} · {link(node.url)}</p></div>'
    )
