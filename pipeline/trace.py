"""Trace: where documents took what they say from, and whose voice each piece of evidence is."""

from __future__ import annotations

from collections import defaultdict

from pipeline.attribution import CITES
from pipeline.context import RunContext
from pipeline.near_duplicates import find_copies
from pipeline.origins import edge, edges, origins
from pipeline.provenance import Post, Statement, Way
from pipeline.records import Edge, EdgeKind, Origin, StageCounts
from pipeline.store import Store
from pipeline.voices import Voices

BATCH = 200  # claims


def trace(store: Store, run: RunContext) -> StageCounts:
    """Find the edges between documents and the origin of each member mention.

    Reads documents, versions, links, mentions, members, claims; writes signatures, copies, edges, origins, traced. Works
    on documents that are new or have a new edge and on the claims from whose documents one of them can be reached, so
    an origin that is collected late still meets the copies that came first.
    """
    signed = find_copies(store, run)
    pointers = _point(store, run)
    fresh = [row[0] for row in store.execute("trace", "fresh")]
    todo = [row[0] for row in store.execute("trace", "todo")]
    for start in range(0, len(todo), BATCH):
        _trace(store, run, todo[start : start + BATCH])
        run.progress("trace", min(start + BATCH, len(todo)), len(todo))
    store.append("traced", [{"document_id": document_id, "run_id": run.run_id} for document_id in fresh])
    detail = {"signed": signed, "edges": pointers, "claims": len(todo)}
    return StageCounts(inputs=len(fresh), done=len(fresh), detail=detail)


def _point(store: Store, run: RunContext) -> int:
    """Store what documents point to by themselves; a document with a new edge is to be traced anew."""
    found = [
        edge(document_id, origin_id, None, EdgeKind(kind), words or _alike(kind, similarity), run.run_id)
        for document_id, origin_id, kind, similarity, words in store.execute("trace", "pointers")
    ]
    with store.transaction():
        store.append("edges", found)
        store.execute("trace", "untrace", {"documents": sorted({item.document_id for item in found})})
    return len(found)


def _alike(kind: str, similarity: float) -> str | None:
    return f"{similarity:.0%} of the wording is the same" if kind == EdgeKind.NEAR_DUPLICATE else None


def _trace(store: Store, run: RunContext, claims: list[str]) -> None:
    statements: dict[str, list[Statement]] = defaultdict(list)
    for statement in store.read(Statement, "trace", "statements", {"claims": claims}):
        statements[statement.claim_id].append(statement)
    documents = sorted({s.document_id for told in statements.values() for s in told})
    ways: dict[str, list[Way]] = defaultdict(list)
    reached = set(documents)
    for way in store.read(Way, "trace", "ways", {"documents": documents}):
        ways[way.document_id].append(way)
        reached.add(way.origin_document_id)
    posts = {post.document_id: post for post in store.read(Post, "trace", "posts", {"documents": sorted(reached)})}
    phrases = dict(store.execute("trace", "phrases", {"documents": documents, "pattern": CITES}))
    rows: list[Origin] = []
    found: dict[str, Edge] = {}
    outdated: set[str] = set()
    for told in statements.values():
        voices = Voices(told, posts, _within(told, ways), phrases)
        rows += origins(voices)
        named, old = edges(voices, run.run_id)
        found |= {item.edge_id: item for item in named}
        outdated |= set(old)
    with store.transaction():
        store.execute("trace", "forget_origins", {"claims": claims})
        store.append("origins", rows)
        store.append("edges", found.values())
        store.execute("trace", "named", {"edges": sorted(outdated - found.keys())})


def _within(statements: list[Statement], ways: dict[str, list[Way]]) -> list[Way]:
    """The ways that can be gone from the statements' documents."""
    seen = {statement.document_id for statement in statements}
    queue, found = sorted(seen), []
    while queue:
        for way in ways.get(queue.pop(), ()):
            found.append(way)
            if way.origin_document_id not in seen:
                seen.add(way.origin_document_id)
                queue.append(way.origin_document_id)
    return found
