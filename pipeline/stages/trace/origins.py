"""From the voices of one claim to its origin rows and to the edges that its statements' words give."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.records import Edge, Origin, stable_id
from pipeline.core.text import shorten
from pipeline.core.vocabulary import HEARSAY, EdgeKind, Role, VoiceKey, VoiceKind
from pipeline.stages.trace.model import Post, Root, Statement
from pipeline.stages.trace.quotations import SHOWN
from pipeline.stages.trace.roots import find_roots
from pipeline.stages.trace.voices import Voices
from pipeline.text.attribution import Naming, naming
from pipeline.text.names import name_key

# How strong a sign that one document follows another, from 0 to 1: a repost can be nothing else, a reply may
# only answer.
STRENGTH = {
    EdgeKind.REPOST: 1.0,
    EdgeKind.QUOTE: 0.95,
    EdgeKind.NEAR_DUPLICATE: 0.9,
    EdgeKind.QUOTATION: 0.85,
    EdgeKind.ATTRIBUTION: 0.8,
    EdgeKind.SAME_SPEAKER: 0.8,
    EdgeKind.LINK: 0.7,
    EdgeKind.REPLY: 0.5,
}
QUOTED_BY_BOTH = 0.6  # who quotes what others quote too may have it from where they have it
STEP = {
    EdgeKind.REPOST: "{source} reposts it",
    EdgeKind.QUOTE: "{source} quotes it",
    EdgeKind.NEAR_DUPLICATE: "the text of {source} nearly repeats an earlier one",
    EdgeKind.QUOTATION: "{source} has its words in quotation marks",
    EdgeKind.ATTRIBUTION: "{source} names it as where this comes from",
    EdgeKind.SAME_SPEAKER: "{source} repeats it",
    EdgeKind.LINK: "{source} links to it",
    EdgeKind.REPLY: "{source} answers it and adds no knowledge of its own",
}


def edge(
    document_id: str, origin: str | None, name: str | None, kind: EdgeKind, words: str | None, run_id: str,
    strength: float = 0.0
) -> Edge:
    """Make an edge, with its kind's strength where none is given; its id tells sign and documents."""
    edge_id = stable_id("g", document_id, origin, name, kind)
    return Edge(edge_id, document_id, origin, name, kind, strength or STRENGTH[kind], words, run_id)


def origins(voices: Voices) -> list[Origin]:
    """Return one origin row for each statement of the claim, by mention id.

    A row is independent where the voice itself speaks: in its own document, or, where none is stored, in the
    earliest that quotes it. Whatever only passes a voice on is not, nor a publisher of whose group another
    spoke before.
    """
    roots = find_roots(voices)
    speaking: dict[tuple[VoiceKey, bool], Post] = {}
    for s in voices.statements:
        if _speaks_itself(voices, s, roots[s.mention_id]):
            key, post = (roots[s.mention_id].voice.key, s.negated), voices.posts[s.document_id]
            speaking[key] = min(speaking.get(key, post), post, key=lambda post: post.order)
    first: dict[tuple[VoiceKey, bool], Statement] = {}
    for s in sorted(voices.statements,
                    key=lambda s: (voices.posts[s.document_id].order, s.start_char, s.mention_id)):
        if _is_quoted_voice(voices, s, roots[s.mention_id]):
            first.setdefault((roots[s.mention_id].voice.key, s.negated), s)
    rows = []
    for s in sorted(voices.statements, key=lambda s: s.mention_id):
        root = roots[s.mention_id]
        key = (root.voice.key, s.negated)
        sister = _sister(voices.posts[s.document_id], root, speaking.get(key))
        independent = (_speaks_itself(voices, s, root) and sister is None) or (key not in speaking
                                                                               and first.get(key) == s)
        stored = root.voice.key.kind is not VoiceKind.UNSTORED and not root.undecided
        origin = root.post.document_id if stored else None
        if _is_quoted_voice(voices, s, root) and key in speaking:
            origin = speaking[key].document_id
        reason = _reason(voices, s, root, independent, sister)
        rows.append(Origin(s.claim_id, s.mention_id, root.voice.key, root.voice.name, origin, independent,
                           reason))
    return rows


def _speaks_itself(voices: Voices, statement: Statement, root: Root) -> bool:
    return root.voice.key.stored and root.statement == statement and not voices.is_carried(statement)


def _is_quoted_voice(voices: Voices, statement: Statement, root: Root) -> bool:
    return root.voice.key.stored and root.statement == statement and voices.is_carried(statement)


def _sister(post: Post, root: Root, first: Post | None) -> Post | None:
    """Return the first document of another publisher of the group, where the group is the voice."""
    one_group = post.group is not None and post.group == root.voice.key
    return first if one_group and first is not None and first.source_id != post.source_id else None


def _reason(voices: Voices, statement: Statement, root: Root, independent: bool, sister: Post | None) -> str:
    source = voices.posts[statement.document_id].source_name
    if root.voice.key == HEARSAY:
        if voices.posts[statement.document_id].source_role is Role.AGGREGATOR:
            return f"{source} is an aggregator and adds no voice of its own; no earlier document is found."
        rumour = "an unattributed rumour is no voice"
        return f"{source} names nobody behind it, and no earlier document is found: {rumour}."
    if root.voice.key.kind is VoiceKind.UNSTORED:
        return f"{source} passes on “{root.voice.name}”, which is not stored."
    if root.undecided:
        same = f"{source} and others repeat the same text or point at each other"
        return f"{same}; which came first is not known: one voice."
    post = voices.posts[statement.document_id]
    if _is_quoted_voice(voices, statement, root) and post.wire and not voices.is_quoted(statement):
        carries = f"{source} carries a story of {root.voice.name} (“{post.wire}”)"
        heard = "; no earlier one is found." if independent else ", which is heard elsewhere already."
        return f"{carries}{heard}"
    if _is_quoted_voice(voices, statement, root):
        if independent:
            return f"{source} quotes {root.voice.name}, and no earlier document is found to do so."
        return f"{source} quotes {root.voice.name}, who is heard elsewhere already."
    if root.statement == statement:
        if sister is not None:
            group = f"publishers of one house ({post.group_name}) are one voice"
            return f"{source} says so itself, and so does {sister.source_name}: {group}."
        # A maker publishes at a place of many: "Aurel says so itself, in github.com".
        hosted = root.voice.key.kind is VoiceKind.ORGANISATION and post.organisation is None
        who = f"{root.voice.name} says so itself, in {source}" if hosted else f"{source} says so itself"
        return f"{who}; no earlier voice is found."
    if root.post.document_id == statement.document_id:
        return f"{source} says what it has {root.voice.name} say in the same document."
    if voices.is_own(statement) and voices.own_voice(statement).key == root.voice.key:
        where = "" if root.voice.name == root.post.source_name else f", in {root.post.source_name}"
        return f"{root.voice.name} had said so before{where}."
    how = STEP[root.via or EdgeKind.LINK].format(source=source)
    where = "" if root.voice.name == root.post.source_name else f" ({root.post.source_name})"
    return f"It comes from {root.voice.name}{where}: {how}."


def edges(voices: Voices, run_id: str) -> tuple[list[Edge], list[str]]:
    """Return the edges that the claim's statements give: attributions and repeated speakers.

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
        if (post := voices.posts[document_id]).wire:
            told = edge(document_id, None, post.group_name, EdgeKind.ATTRIBUTION, post.wire, run_id)
            if own := voices.citations.agencys_own(post):
                outdated.add(told.edge_id)
                told = edge(document_id, own.document_id, None, EdgeKind.ATTRIBUTION, post.wire, run_id)
            found.setdefault(told.edge_id, told)
    for q in voices.quotations:
        if q.later:
            words = shorten(q.words, SHOWN)
            strength = STRENGTH[EdgeKind.QUOTATION] if q.own else QUOTED_BY_BOTH
            said = edge(q.document_id, q.origin_document_id, None, EdgeKind.QUOTATION, words, run_id,
                        strength)
            found.setdefault(said.edge_id, said)
    for document_id, post, speaker in _repeated_speakers(voices):
        same = edge(document_id, post.document_id, None, EdgeKind.SAME_SPEAKER, speaker, run_id)
        found.setdefault(same.edge_id, same)
    return list(found.values()), sorted(outdated - found.keys())


def _repeated_speakers(voices: Voices) -> Iterator[tuple[str, Post, str]]:
    """Yield documents in which somebody says again what they said in an earlier one, and who."""
    said: dict[tuple[str, bool], list[tuple[Post, str]]] = {}
    for s in voices.statements:
        if s.speaker:
            said.setdefault((name_key(s.speaker), s.negated),
                            []).append((voices.posts[s.document_id], s.speaker))
    for told in said.values():
        earliest = min((post for post, _ in told), key=lambda post: post.order)
        for post, speaker in told:
            if post.certainly_after(earliest):
                yield post.document_id, earliest, speaker
