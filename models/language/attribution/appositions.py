"""Nouns beside a name that say something of it: "X, an open-source model with performance on par with Y"."""

from __future__ import annotations

import re
from typing import Any

from models.language.attribution.walk import Walk
from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Frame, Saying
from models.language.parsing.syntax import children, finite, first, subject_of
from models.lexicon import cues

Token = Any

# What makes "X is a ... model" a claim that can be looked up: how it is licensed, how large it is.
_LOOKED_UP = re.compile(r"\bopen\b|\bproprietary\b|\bclosed\b|\blicen[cs]ed\b|\bfree\b|\d", re.IGNORECASE)


_DONE = cues().verbs["launch"]


def apposed(walk: Walk, noun: Token, saying: Saying) -> bool:
    """Read a noun that stands beside a model's name; return False if it is none or says nothing that can be
    checked.
    """
    tree = walk.tree
    name = noun.head
    known = tree.entity(name) if noun.dep_ == "appos" else None
    if (
        known is None or known.type != "model" or noun.i < name.i
        or tree.base(noun) not in cues().words["model"]
    ):
        return False
    said = _teller(walk, noun, saying)
    before = [t for c in noun.children if c.i < noun.i for t in c.subtree]
    found = named_in(tree, noun, "model") is None and _LOOKED_UP.search(tree.surface(before)) is not None
    if found:
        walk.frames.append(Frame(said, noun, "described", name))
    for prep in (c for c in children(noun, "prep") if tree.word(c) == "with"):
        held = first(children(prep, "pobj"))
        if held is not None and tree.entity(held) is None:
            walk.frames.append(Frame(said, held, "noun", name))
            found = True
    for relayed in (c for c in children(noun, "acl") if tree.base(c) in cues().verbs["report"]):
        told = first(children(relayed, "xcomp"))
        if told is not None:  # "a model claimed to be as good as Y"
            walk.clause(told, said.less_sure("reported", tree.word(relayed)), name, "present")
            found = True
    for deed in (c for c in children(noun, "acl", "relcl") if c.tag_[:1] == "V" and c.i not in walk.seen):
        if tree.base(deed) in cues().verbs["beside"] or deed.dep_ == "relcl":
            walk.clause(deed, said, name, "" if finite(deed) else "present")
            found = True
    return found


def _teller(walk: Walk, noun: Token, saying: Saying) -> Saying:
    """Return the saying of what stands beside a name: by whom the sentence has speak, else as the sentence is
    said.
    """
    root = next((a for a in noun.ancestors if a.dep_ == "ROOT"), noun)
    subject = subject_of(root)
    silent = subject is None or (walk.tree.handle(subject) is None and walk.tree.base(root) in _DONE)
    return saying if silent else saying.by(walk.voice_at(subject, saying))
