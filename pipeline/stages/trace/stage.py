"""Trace: where documents took what they say from, and whose voice each piece of evidence is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.context import RunContext
from pipeline.core.records import Edge, Origin, StageCounts
from pipeline.core.vocabulary import HEARSAY, EdgeKind
from pipeline.stages.trace.credits import REPORTING, Credit, credits_of, find_credits
from pipeline.stages.trace.model import NO_VOICE, Post, Statement, Way
from pipeline.stages.trace.near_duplicates import find_copies
from pipeline.stages.trace.origins import edge, edges, origins
from pipeline.stages.trace.publishers import HEAD, OUTLETS, TAIL, Publishers
from pipeline.stages.trace.quotations import LONGEST, Wordings, find_quotations
from pipeline.stages.trace.reach import FARTHEST, Reach, find_reach
from pipeline.stages.trace.voices import Voices
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.text.attribution import CITES

SQL = Statements(__package__, "queries")

BATCH = 200  # claims

_Followed = tuple[list[Origin], list[Edge], set[str]]


def trace(store: Store, run: RunContext) -> StageCounts:
    """Find the edges between documents and the origin of each member mention.

    Reads sources, documents, versions, links, mentions, members, claims; writes houses, signatures, copies,
    edges, origins, traced. Works on documents that are new, have a new edge or whose source's publisher group
    is told anew, and on the claims from whose documents one of them can be reached, so an origin that is
    collected late still meets the copies that came first.

    Raises ConfigError where `[trace] families` is faulty.
    """
    publishers = _look_up_groups(store, run)
    signed = find_copies(store, run)
    pointers = _point(store, run)
    fresh = [row[0] for row in store.execute(SQL["fresh"])]
    todo = [row[0] for row in store.execute(SQL["todo"])]
    for start in range(0, len(todo), BATCH):
        _trace(store, run, publishers, todo[start : start + BATCH])
        run.progress("trace", min(start + BATCH, len(todo)), len(todo))
    store.append("traced", [{"document_id": document_id, "run_id": run.run_id} for document_id in fresh])
    detail = {"signed": signed, "edges": pointers, "claims": len(todo)}
    return StageCounts(inputs=len(fresh), done=len(fresh), detail=detail)


def _look_up_groups(store: Store, run: RunContext) -> Publishers:
    """Store the publisher group of each source where ownership data are new; trace what changes anew."""
    families_path = run.config.trace.families
    publishers = Publishers.load(run.home.path / Path(families_path).expanduser() if families_path else None)
    rows = []
    for source_id, platform, url, data in store.execute(SQL["ungrouped"], {"data": publishers.digest}):
        group = publishers.group_of(source_id, platform, url)
        key, name = (group.key, group.name) if group else (None, None)
        rows.append({"source_id": source_id, "house": key, "name": name, "data": data})
    if rows:
        groups = sorted({row["house"] for row in rows if row["house"]})
        with store.transaction():
            store.append("houses", rows, replace=True)
            store.execute(SQL["untrace_groups"],
                          {"sources": [row["source_id"] for row in rows], "groups": groups})
    return publishers


def _point(store: Store, run: RunContext) -> int:
    """Store what documents point to by themselves; a document with a new edge is to be traced anew."""
    pointers = [
        edge(document_id, origin_id, None, EdgeKind(kind), words or _alike(kind, similarity), run.run_id)
        for document_id, origin_id, kind, similarity, words in store.execute(SQL["pointers"])
    ]
    if pointers:
        with store.transaction():
            store.append("edges", pointers)
            store.execute(SQL["untrace"], {"documents": sorted({link.document_id for link in pointers})})
    return len(pointers)


def _alike(kind: str, similarity: float) -> str | None:
    return f"{similarity:.0%} of the wording is the same" if kind == EdgeKind.NEAR_DUPLICATE else None


def _trace(store: Store, run: RunContext, publishers: Publishers, claims: list[str]) -> None:
    statements: dict[str, list[Statement]] = defaultdict(list)
    for statement in store.read(Statement, SQL["statements"], {"claims": claims}):
        statements[statement.claim_id].append(statement)
    documents = sorted({s.document_id for of_claim in statements.values() for s in of_claim})

    def ways_from(ids: Sequence[str]) -> list[Way]:
        return store.read(Way, SQL["ways"], {"documents": ids, "speaking": documents, "most": FARTHEST})

    reaches = find_reach({claim_id: {s.document_id for s in of_claim}
                          for claim_id, of_claim in statements.items()}, ways_from)
    reached = sorted({document_id for reach in reaches.values() for document_id in reach.documents})
    posts = _posts(store, publishers, reached)
    texts = Wordings(dict(store.execute(SQL["wordings"], {"documents": reached, "longest": LONGEST})))
    phrases = dict(store.execute(SQL["phrases"], {"documents": documents, "pattern": CITES}))
    told = {"documents": documents, "platforms": sorted(REPORTING), "longest": LONGEST}
    credits = credits_of(dict(store.execute(SQL["reports"], told)), store.execute(SQL["credited"], told))
    stored_edges: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for edge_id, document_id, origin_id in store.execute(SQL["quotations"], {"documents": reached}):
        stored_edges[document_id].append((edge_id, origin_id))

    def followed(batch: Sequence[list[Statement]]) -> list[_Followed]:
        return [_follow(of_claim, reaches[of_claim[0].claim_id], posts, texts, phrases, credits, stored_edges,
                        run.run_id) for of_claim in batch]

    rows: list[Origin] = []
    edges_by_id: dict[str, Edge] = {}
    outdated: set[str] = set()
    for claim_origins, claim_edges, ended in row_by_row(
            store, run, "trace", list(statements.values()), followed,
            lambda of_claim: of_claim[0].claim_id, unread=_unread):
        rows += claim_origins
        edges_by_id |= {claim_edge.edge_id: claim_edge for claim_edge in claim_edges}
        outdated |= ended
    with store.transaction():
        store.execute(SQL["forget_origins"], {"claims": claims})
        store.append("origins", rows)
        store.append("edges", edges_by_id.values())
        if gone_ids := sorted(outdated - edges_by_id.keys()):
            store.execute(SQL["named"], {"edges": gone_ids})


def _follow(statements: Sequence[Statement], reach: Reach, posts: Mapping[str, Post], texts: Wordings,
            phrases: Mapping[str, list[str]], credits: Mapping[str, Sequence[Credit]],
            stored_edges: Mapping[str, list[tuple[str, str]]], run_id: str) -> _Followed:
    """Return the origins of one claim's statements, the edges that their words give, and those they end."""
    quotations = find_quotations(texts, posts, reach.documents)
    voices = Voices(statements, posts, reach.ways, phrases, quotations, reach.led_on,
                    find_credits(statements, posts, credits))
    claim_edges, outdated_ids = edges(voices, run_id)
    outdated = {edge_id for document_id in reach.documents
                for edge_id, origin in stored_edges.get(document_id, ()) if origin in reach.documents}
    return origins(voices), list(claim_edges), outdated | set(outdated_ids)


def _unread(statements: Sequence[Statement]) -> _Followed:
    """Return what stands for a claim whose texts cannot be traced: nobody's voice is counted."""
    reason = "where it comes from could not be read, so it counts for nobody"
    return [Origin(s.claim_id, s.mention_id, HEARSAY, NO_VOICE.name, None, False, reason)
            for s in statements], [], set()


def _posts(store: Store, publishers: Publishers, documents: Iterable[str]) -> dict[str, Post]:
    """Read the documents by id; an agency's story in another's paper is the agency's."""
    posts = {post.document_id: post for post in store.read(Post, SQL["posts"], {"documents": documents})}
    ends = {"documents": documents, "head": HEAD, "tail": TAIL, "platforms": sorted(OUTLETS)}
    for document_id, head, tail in store.execute(SQL["ends"], ends):
        post = posts[document_id]
        story = publishers.agency(head, tail, (post.author, post.author_name))
        if story and story[0].key != post.group and post.organisation is None:
            posts[document_id] = replace(post, group=story[0].key, group_name=story[0].name, wire=story[1])
    return posts

