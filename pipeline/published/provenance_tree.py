"""The provenance of a claim as a tree, from each origin outwards, and the words for its signs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.core.vocabulary import EdgeKind
from pipeline.published.claim_rows import Sign
from pipeline.text.names import name_key

# Of one document and of several, with braces for the one that is followed, and the sign itself.
FOLLOWS = {
    EdgeKind.LINK: ("links to {}", "link to {}", "link"),
    EdgeKind.REPLY: ("replies to {}", "reply to {}", "reply"),
    EdgeKind.REPOST: ("reposts {}", "repost {}", "repost"),
    EdgeKind.QUOTE: ("quotes {}", "quote {}", "quote post"),
    EdgeKind.ATTRIBUTION: ("names {} as its source", "name {} as their source", "named as the source"),
    EdgeKind.QUOTATION: ("has words of {} in quotes", "have words of {} in quotes", "quoted passage"),
    EdgeKind.NEAR_DUPLICATE: ("nearly repeats {}", "nearly repeat {}", "nearly the same text"),
    EdgeKind.SAME_SPEAKER: (
        "quotes the same speaker as {}", "quote the same speaker as {}", "the same speaker",
    ),
}


def follows(kind: EdgeKind, origin: str = "it", *, many: bool = False) -> str:
    """Return how one document follows `origin`, or how `many` do: "links to it"."""
    return FOLLOWS[kind][many].format(origin)


@dataclass(slots=True, eq=False)
class Branch:
    """A document, or a voice that is not stored, with the sign by which it follows what stands above it.

    `key` is the document's id, or made of the `name` of a voice that is not stored; documents have no name.
    """

    key: str
    name: str | None = None
    sign: Sign | None = None
    followers: list[Branch] = field(default_factory=list)

    def size(self) -> int:
        """Return how many documents follow it, directly or not."""
        return sum(1 + follower.size() for follower in self.followers)


def grow(documents: Iterable[str], signs: Sequence[Sign], heads: Collection[str] = ()) -> list[Branch]:
    """Return the roots of the tree, `documents` first and in their order, each with those that follow it.

    `signs` come with the strongest first: a document stands under the first that leads to a document of the
    tree or to a voice that is not stored. `heads` follow nothing. A sign that would close a circle is left
    out: documents can point at each other.
    """
    branches = {document: Branch(document) for document in documents}
    order = {key: position for position, key in enumerate(branches)}
    above: dict[str, str] = {}
    for sign in signs:
        child, origin = sign.document_id, sign.origin_document_id
        if child not in order or child in heads or child in above:
            continue
        if origin is None and sign.origin_name:
            origin = f"name:{name_key(sign.origin_name) or sign.origin_name}"
            branches.setdefault(origin, Branch(origin, sign.origin_name))
        if origin not in branches or _leads(above, origin, child):
            continue
        above[child] = origin
        branches[child].sign = sign
    for child in above:
        # Copies of a copy stand beside it: of one text nobody can tell who took it from whom.
        while _is_copy(branches[child]) and _is_copy(branches[above[child]]):
            above[child] = above[above[child]]
    for child in sorted(above, key=order.__getitem__):
        branches[above[child]].followers.append(branches[child])
    return [branch for key, branch in branches.items() if key not in above]


def _is_copy(branch: Branch) -> bool:
    return branch.sign is not None and branch.sign.kind is EdgeKind.NEAR_DUPLICATE


def _leads(above: dict[str, str], start: str, end: str) -> bool:
    """Return whether the way from `start` upwards comes to `end`."""
    while start in above and start != end:
        start = above[start]
    return start == end
