"""Read attributions beside a clause: "..., according to X", "as noted by X", "citing two people familiar
with the matter".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.language.attribution.walk import Walk
from models.language.parsing.frames import Saying
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, first
from models.lexicon import cues

Token = Any

_FOUND = cues().verbs["spot"]


def credited(walk: Walk, verb: Token, saying: Saying) -> Saying:
    """Return a clause's saying, spoken by the voice that the words beside the clause name."""
    tree = walk.tree
    outer_modifiers = children(verb.head, "prep", "advcl") if verb.dep_ in ("conj", "ccomp") else []
    for modifier in (*children(verb, "prep", "advcl"), *outer_modifiers):
        if modifier.dep_ == "advcl":
            voice = walk.agent(modifier) if modifier.tag_ == "VBN" and walk.speaks(modifier) else None
            if voice is not None:
                walk.seen.add(modifier.i)
                return saying.by(voice).with_cues(tree.words[modifier.i].lower())
            continue
        holder = _holder(walk, modifier)
        if holder is None:
            continue
        voice = walk.voice_at(holder)
        if voice is not None and not (voice.kind == "author" and tree.base(holder) in cues().words["author"]):
            content = saying.by(voice).with_cues("according to")
            if voice.name or voice.kind == "community":
                return content if voice.name else content.less_sure("reported")
            return replace(
                content.less_sure("reported"), attributed_to=saying.attributed_to or words_of(tree, holder)
            )
        # "according to a viral post": a voice that is not stored
        attributed_to = saying.attributed_to or words_of(tree, holder)
        return replace(saying.less_sure("reported", "according to"), attributed_to=attributed_to)
    return saying


def _holder(walk: Walk, prep: Token) -> Token | None:
    tree = walk.tree
    if tree.word(prep) == "according":
        return first(o for to in children(prep, "prep") for o in children(to, "pobj"))
    if tree.word(prep) == "per":
        holder = first(children(prep, "pobj"))
        entity = tree.entity(holder) if holder is not None else None
        is_source = holder is not None and (
            tree.handle(holder) is not None
            or (entity is not None and walk.voice_at(holder) is not None)
        )
        return holder if is_source else None
    return None


def cited(walk: Walk, verb: Token) -> str | None:
    """Return X, as written, of "citing X", "spotted by X" or "first reported by X"."""
    tree = walk.tree
    for child in children(verb, "advcl", "acl", "dep", "prep"):
        source = None
        if tree.word(child) == "citing":
            source = first(children(child, "dobj", "pobj"))
        elif tree.base(child) in _FOUND and child.tag_ == "VBN":
            source = first(o for by in children(child, "agent") for o in children(by, "pobj"))
        if source is not None:
            return words_of(tree, source)
    return None


def words_of(tree: Tree, token: Token) -> str:
    """Return the phrase under `token` to the letter, without punctuation around it.

    Where the parse leaves a gap, the phrase ends at its relative clause.
    """
    phrase = list(token.subtree)
    if phrase[-1].i - phrase[0].i + 1 != len(phrase):
        stop = min(
            (t.i for c in children(token, "relcl") for t in c.subtree if t.i > token.i), default=token.i + 1
        )
        start = min(token.left_edge.i, token.i)
        phrase = tree.tokens[start:stop]
    return tree.verbatim(phrase).strip(" ,;.\"“”")
