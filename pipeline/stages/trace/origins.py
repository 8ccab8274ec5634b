"""From the voices of one claim to its origin rows and to the edges that its statements' words give."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.records import Edge, Origin, stable_id
from pipeline.core.text import shorten
from pipeline.core.vocabulary import HEARSAY, RUMOUR, EdgeKind, Role, VoiceKey, VoiceKind
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
QUOTED_BY_BOTH = 0.6  # whoever quotes what others quote too may have it from the same place
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
    earliest that quotes it. A row that only passes a voice on is not independent, nor is that of a publisher
    if another publisher of its group spoke before.
    """
    roots = find_roots(voices)
    speaking: dict[tuple[VoiceKey, bool], Post] = {}
    for statement in voices.statements:
        if _speaks_itself(voices, statement, roots[statement.mention_id]):
            key, post = ((roots[statement.mention_id].voice.key, statement.negated),
                         voices.posts[statement.document_id])
            speaking[key] = min(speaking.get(key, post), post, key=lambda post: post.order)
    first: dict[tuple[VoiceKey, bool], Statement] = {}
    for statement in sorted(voices.statements,
                            key=lambda statement: (voices.posts[statement.document_id].order,
                                                   statement.start_char, statement.mention_id)):
        if _is_quoted_voice(voices, statement, roots[statement.mention_id]):
            first.setdefault((roots[statement.mention_id].voice.key, statement.negated), statement)
    rows = []
    for statement in sorted(voices.statements, key=lambda statement: statement.mention_id):
        root = roots[statement.mention_id]
        key = (root.voice.key, statement.negated)
        sister = _sister(voices.posts[statement.document_id], root, speaking.get(key))
        independent = ((_speaks_itself(voices, statement, root) and sister is None)
                       or (key not in speaking and first.get(key) == statement))
        stored = root.voice.key.kind is not VoiceKind.UNSTORED and not root.undecided
        origin = root.post.document_id if stored else None
        if _is_quoted_voice(voices, statement, root) and key in speaking:
            origin = speaking[key].document_id
        reason = _reason(voices, statement, root, independent, sister)
        rows.append(Origin(statement.claim_id, statement.mention_id, root.voice.key, root.voice.name, origin,
                           independent, reason))
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
        return f"{source} names nobody behind it, and no earlier document is found: an {RUMOUR} is no voice."
    if root.voice.key.kind is VoiceKind.UNSTORED:
        return f"{source} passes on “{root.voice.name}”, which is not stored."
    if root.undecided:
        repetition = f"{source} and others repeat the same text or point at each other"
        return f"{repetition}; which came first is not known: one voice."
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
            group = f"publishers owned by {post.group_name} count as one voice"
            return f"{source} says so itself, and so does {sister.source_name}: {group}."
        # A maker publishes at a place of many: "Aurel says so itself, in github.com".
        hosted = root.voice.key.kind is VoiceKind.ORGANISATION and post.organisation is None
        clause = f"{root.voice.name} says so itself, in {source}" if hosted else f"{source} says so itself"
        return f"{clause}; no earlier voice is found."
    if root.post.document_id == statement.document_id:
        return f"{source} says what it has {root.voice.name} say in the same document."
    if voices.is_own(statement) and voices.own_voice(statement).key == root.voice.key:
        place = "" if root.voice.name == root.post.source_name else f", in {root.post.source_name}"
        return f"{root.voice.name} had said so before{place}."
    step = STEP[root.via or EdgeKind.LINK].format(source=source)
    place = "" if root.voice.name == root.post.source_name else f" ({root.post.source_name})"
    return f"It comes from {root.voice.name}{place}: {step}."


def edges(voices: Voices, run_id: str) -> tuple[list[Edge], list[str]]:
    """Return the edges that the claim's statements give: attributions and repeated speakers.

    Also return the ids of older edges that only named a voice whose document is stored by now.
    """
    edges_by_id: dict[str, Edge] = {}
    outdated = set()
    for document_id in voices.by_document:  # first, since their words show more than the name alone
        for cited, phrase in voices.cited_posts(document_id):
            cited_edge = edge(document_id, cited.document_id, None, EdgeKind.ATTRIBUTION, phrase, run_id)
            edges_by_id.setdefault(cited_edge.edge_id, cited_edge)
    for statement in voices.statements:
        words = voices.behind(statement)
        if words:
            post = voices.attributed_post(statement)
            attribution = edge(statement.document_id, None, words, EdgeKind.ATTRIBUTION, words, run_id)
            if post:
                outdated.add(attribution.edge_id)
                attribution = edge(statement.document_id, post.document_id, None, EdgeKind.ATTRIBUTION, words,
                                   run_id)
            elif naming(words) is Naming.NOBODY:
                continue
            edges_by_id.setdefault(attribution.edge_id, attribution)
    for document_id in voices.by_document:
        if (post := voices.posts[document_id]).wire:
            wire_edge = edge(document_id, None, post.group_name, EdgeKind.ATTRIBUTION, post.wire, run_id)
            if agency := voices.citations.agencys_own(post):
                outdated.add(wire_edge.edge_id)
                wire_edge = edge(document_id, agency.document_id, None, EdgeKind.ATTRIBUTION, post.wire,
                                 run_id)
            edges_by_id.setdefault(wire_edge.edge_id, wire_edge)
    for quotation in voices.quotations:
        if quotation.later:
            words = shorten(quotation.words, SHOWN)
            strength = STRENGTH[EdgeKind.QUOTATION] if quotation.own else QUOTED_BY_BOTH
            quote_edge = edge(quotation.document_id, quotation.origin_document_id, None, EdgeKind.QUOTATION,
                              words, run_id, strength)
            edges_by_id.setdefault(quote_edge.edge_id, quote_edge)
    for document_id, post, speaker in _repeated_speakers(voices):
        speaker_edge = edge(document_id, post.document_id, None, EdgeKind.SAME_SPEAKER, speaker, run_id)
        edges_by_id.setdefault(speaker_edge.edge_id, speaker_edge)
    return list(edges_by_id.values()), sorted(outdated - edges_by_id.keys())


def _repeated_speakers(voices: Voices) -> Iterator[tuple[str, Post, str]]:
    """Yield documents in which somebody says again what they said in an earlier one, and who."""
    by_speaker: dict[tuple[str, bool], list[tuple[Post, str]]] = {}
    for statement in voices.statements:
        if statement.speaker:
            by_speaker.setdefault((name_key(statement.speaker), statement.negated),
                                  []).append((voices.posts[statement.document_id], statement.speaker))
    for appearances in by_speaker.values():
        earliest = min((post for post, _ in appearances), key=lambda post: post.order)
        for post, speaker in appearances:
            if post.certainly_after(earliest):
                yield post.document_id, earliest, speaker
