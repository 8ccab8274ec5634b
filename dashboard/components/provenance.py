"""Who took it from whom, drawn as one nested list, each document under its strongest sign.

The list is the picture too: wide screens draw it from left to right with lines, narrow ones and screen
readers have it as a list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from dashboard.components import html
from dashboard.components.times import when
from pipeline.core.vocabulary import EdgeKind
from pipeline.published.claim import EXTENTS
from pipeline.published.claim_rows import Document
from pipeline.published.provenance_tree import Branch, follows
from pipeline.text.sanitize import host_of, link

# Copies add nothing to the picture; of other signs so many leaves stand apart before they are folded.
COPIES = (EdgeKind.REPOST, EdgeKind.NEAR_DUPLICATE)
APART = 4

Documents = Mapping[str, Document]


def tree(origins: Iterable[Branch], documents: Documents) -> str:
    """Return the branches of `origins` with all that follow them."""
    drawn = "".join(branch_html(origin, documents) for origin in origins)
    return (
        '<div class="rt-tree-box" tabindex="0" role="group"'
        f' aria-label="Provenance, from the origin outwards"><ul class="rt-tree">{drawn}</ul></div>'
    )


def ordered(branches: Iterable[Branch], documents: Documents) -> list[Branch]:
    """Return the branches that something follows, the one with most first."""
    origins = [branch for branch in branches if branch.followers]
    return sorted(origins, key=lambda origin: (-origin.size(), _name(origin, documents)))


def branch_html(branch: Branch, documents: Documents) -> str:
    """Return a branch with all that follow it as an item of a list."""
    below = _below(branch.followers, documents)
    return f"<li>{_node(branch, documents)}{f'<ul>{below}</ul>' if below else ''}</li>"


def _name(branch: Branch, documents: Documents) -> str:
    return branch.name or documents[branch.key].source


def _below(followers: Iterable[Branch], documents: Documents) -> str:
    leaves: dict[EdgeKind, list[Branch]] = defaultdict(list)
    items = []
    for follower in followers:
        if follower.followers or not follower.sign:
            items.append(branch_html(follower, documents))
        else:
            leaves[follower.sign.kind].append(follower)
    for kind, siblings in leaves.items():
        if len(siblings) > (1 if kind in COPIES else APART):
            listed = "".join(f"<li>{_node(follower, documents)}</li>" for follower in siblings)
            items.append(
                f'<li><div class="rt-node rt-fold"><details><summary><b>{len(siblings):,} documents</b> '
                f"{follows(kind, many=True)}</summary>"
                f'<ul class="rt-plain">{listed}</ul></details></div></li>'
            )
        else:
            items += [branch_html(follower, documents) for follower in siblings]
    return "".join(items)


def _node(branch: Branch, documents: Documents) -> str:
    if branch.name is not None:
        return (
            f'<div class="rt-node rt-unstored"><b>{html.text(branch.name, 120)}</b>'
            '<p class="rt-small rt-soft">named there, not stored here</p></div>'
        )
    sign, document = branch.sign, documents[branch.key]
    sign_html = ""
    if sign:
        quoted = sign.words and host_of(sign.words) is None
        words = f": <q>{html.text(sign.words, 120)}</q>" if quoted else ""
        sign_html = f'<p class="rt-sign">{follows(sign.kind)}{words}</p>'
    named = document.author and document.author != document.source
    author_html = f" · {html.text(document.author, 60)}" if named else ""
    tags = html.tag(EXTENTS[document.extent], alert=True) if document.extent in EXTENTS else ""
    tags += html.tag("deleted since", alert=True) if document.gone_at else ""
    no_stance = '<span class="rt-soft rt-small">says nothing of the claim itself</span>'
    stance = html.stance(document.stance) if document.stance else no_stance
    return (
        f'<div class="rt-node {html.state(document.stance or "")}">{sign_html}'
        f'<b>{html.source_link(document.source_id, document.source, 80)}</b>'
        f'<span class="rt-soft rt-small">{author_html}</span>'
        f'<p class="rt-small rt-row rt-tight">{stance}{tags}</p><p class="rt-small rt-soft">'
        f"{when(document.published_at, document.published_precision)} · {link(document.url)}</p></div>"
    )
