"""From the voices of one claim to its origin rows and to the edges that its statements' words give."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.attribution import Naming, naming, normalise
from pipeline.context import stable_id
from pipeline.provenance import HEARSAY, Post, Root, Statement
from pipeline.records import Edge, EdgeKind, Origin, Role
from pipeline.voices import Voices

# How strong a sign that one document follows another, from 0 to 1: a repost can be nothing else, a reply may only answer.
STRENGTH = {
    EdgeKind.REPOST: 1.0,
    EdgeKind.QUOTE: 0.95,
    EdgeKind.NEAR_DUPLICATE: 0.9,
    EdgeKind.ATTRIBUTION: 0.8,
    EdgeKind.SAME_SPEAKER: 0.8,
    EdgeKind.LINK: 0.7,
    EdgeKind.REPLY: 0.5,
}
STEP = {
    EdgeKind.REPOST: "{source} reposts it",
    EdgeKind.QUOTE: "{source} quotes it",
    EdgeKind.NEAR_DUPLICATE: "the text of {source} nearly repeats an earlier one",
    EdgeKind.ATTRIBUTION: "{source} names it as where this comes from",
    EdgeKind.SAME_SPEAKER: "{source} repeats it",
    EdgeKind.LINK: "{source} links to it",
    EdgeKind.REPLY: "{source} answers it and adds no knowledge of its own",
}


def edge(document_id: str, origin: str | None, name: str | None, kind: EdgeKind, words: str | None, run_id: str) -> Edge:
    """One edge with its strength; the same sign between the same two is the same edge."""
    return Edge(stable_id("g", document_id, origin, name, kind), document_id, origin, name, kind, STRENGTH[kind], words, run_id)


def origins(voices: Voices) -> list[Origin]:
    """One origin row for each statement of the claim, by mention id.

    A row is independent where the voice itself speaks: in its own document, or, where none is stored, in the earliest
    that quotes it. Whatever only passes a voice on is not.
    """
    roots = voices.roots()
    speaking = {(r.voice.key, s.negated) for s in voices.statements if _speaks_itself(voices, s, r := roots[s.mention_id])}
    first: dict[tuple[str, bool], Statement] = {}
    for s in sorted(voices.statements, key=lambda s: (voices.posts[s.document_id].order, s.start_char, s.mention_id)):
        if _is_quoted_voice(voices, s, roots[s.mention_id]):
            first.setdefault((roots[s.mention_id].voice.key, s.negated), s)
    rows = []
    for s in sorted(voices.statements, key=lambda s: s.mention_id):
        root = roots[s.mention_id]
        key = (root.voice.key, s.negated)
        independent = _speaks_itself(voices, s, root) or (key not in speaking and first.get(key) == s)
        stored = not root.voice.key.startswith("unstored:") and not root.undecided
        origin = root.post.document_id if stored else None
        if _is_quoted_voice(voices, s, root) and key in speaking:
            origin = _own_document(voices, roots, key) or origin
        reason = _reason(voices, s, root, independent)
        rows.append(Origin(s.claim_id, s.mention_id, root.voice.key, root.voice.name, origin, independent, reason))
    return rows


def _speaks_itself(voices: Voices, statement: Statement, root: Root) -> bool:
    counts = root.voice.key != HEARSAY and not root.voice.key.startswith("unstored:")
    return counts and root.statement == statement and not voices.is_quoted(statement)


def _is_quoted_voice(voices: Voices, statement: Statement, root: Root) -> bool:
    counts = root.voice.key != HEARSAY and not root.voice.key.startswith("unstored:")
    return counts and root.statement == statement and voices.is_quoted(statement)


def _own_document(voices: Voices, roots: dict[str, Root], key: tuple[str, bool]) -> str | None:
    own = [
        voices.posts[s.document_id]
        for s in voices.statements
        if (roots[s.mention_id].voice.key, s.negated) == key and _speaks_itself(voices, s, roots[s.mention_id])
    ]
    return min(own, key=lambda post: post.order).document_id if own else None


def _reason(voices: Voices, statement: Statement, root: Root, independent: bool) -> str:
    source = voices.posts[statement.document_id].source_name
    if root.voice.key == HEARSAY:
        if voices.posts[statement.document_id].source_role is Role.AGGREGATOR:
            return f"{source} is an aggregator and adds no voice of its own; no earlier document is found."
        return f"{source} names nobody behind it, and no earlier document is found: an unattributed rumour is no voice."
    if root.voice.key.startswith("unstored:"):
        return f"{source} passes on “{root.voice.name}”, which is not stored."
    if root.undecided:
        return f"{source} and others repeat the same text or point at each other; which came first is not known: one voice."
    if _is_quoted_voice(voices, statement, root):
        if independent:
            return f"{source} quotes {root.voice.name}, and no earlier document is found to do so."
        return f"{source} quotes {root.voice.name}, who is heard elsewhere already."
    if root.statement == statement:
        return f"{source} says so itself; no earlier voice is found."
    if root.post.document_id == statement.document_id:
        return f"{source} says what it has {root.voice.name} say in the same document."
    how = STEP[root.via or EdgeKind.LINK].format(source=source)
    return f"It comes from {root.voice.name} ({root.post.source_name}): {how}."


def edges(voices: Voices, run_id: str) -> tuple[list[Edge], list[str]]:
    """The edges that the claim's statements give: attributions and repeated speakers.

    Also the ids of edges that may stand from before and only named a voice whose document is stored by now.
    """
    found: dict[str, Edge] = {}
    outdated = set()
    for s in voices.statements:
        words = voices.behind(s)
        if words:
            post = voices.attributed_post(s)
            name = edge(s.document_id, None, words, EdgeKind.ATTRIBUTION, words, run_id)
            if post:
                outdated.add(name.edge_id)
                name = edge(s.document_id, post.document_id, None, EdgeKind.ATTRIBUTION, words, run_id)
            elif naming(words) is Naming.NOBODY:
                continue
            found.setdefault(name.edge_id, name)
    for document_id in voices.by_document:
        for post, words in voices.cited_posts(document_id):
            cited = edge(document_id, post.document_id, None, EdgeKind.ATTRIBUTION, words, run_id)
            found.setdefault(cited.edge_id, cited)
    for document_id, post, speaker in _repeated_speakers(voices):
        same = edge(document_id, post.document_id, None, EdgeKind.SAME_SPEAKER, speaker, run_id)
        found.setdefault(same.edge_id, same)
    return list(found.values()), sorted(outdated - found.keys())


def _repeated_speakers(voices: Voices) -> Iterator[tuple[str, Post, str]]:
    """Documents in which somebody says again what they said in a document that is known to be earlier."""
    said: dict[tuple[str, bool], list[tuple[Post, str]]] = {}
    for s in voices.statements:
        if s.speaker:
            said.setdefault((normalise(s.speaker), s.negated), []).append((voices.posts[s.document_id], s.speaker))
    for told in said.values():
        earliest = min((post for post, _ in told), key=lambda post: post.order)
        for post, speaker in told:
            if post.certainly_after(earliest):
                yield post.document_id, earliest, speaker
