"""Read nouns beside a name that describe it: "X, an open-source model with performance on par with Y"."""

from __future__ import annotations

import re
from typing import Any

from models.language.attribution.walk import Walk
from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Frame, Saying
from models.language.parsing.syntax import children, finite, first, subject_of
from models.lexicon import cues

Token = Any

# Words that make "X is a ... model" a checkable claim: its licence or its size.
_LOOKED_UP = re.compile(r"\bopen\b|\bproprietary\b|\bclosed\b|\blicen[cs]ed\b|\bfree\b|\d", re.IGNORECASE)


_DONE = cues().verbs["launch"]


def apposed(walk: Walk, noun: Token, saying: Saying) -> bool:
    """Read a noun beside a model's name; return False if it is no such noun or says nothing checkable."""
    tree = walk.tree
    name = noun.head
    entity = tree.entity(name) if noun.dep_ == "appos" else None
    if (
        entity is None or entity.type != "model" or noun.i < name.i
        or tree.base(noun) not in cues().words["model"]
    ):
        return False
    noun_saying = _teller(walk, noun, saying)
    left = [t for c in noun.children if c.i < noun.i for t in c.subtree]
    is_followed = named_in(tree, noun, "model") is None and _LOOKED_UP.search(tree.surface(left)) is not None
    if is_followed:
        walk.frames.append(Frame(noun_saying, noun, "described", name))
    for prep in (c for c in children(noun, "prep") if tree.word(c) == "with"):
        trait = first(children(prep, "pobj"))
        if trait is not None and tree.entity(trait) is None:
            walk.frames.append(Frame(noun_saying, trait, "noun", name))
            is_followed = True
    for participle in (c for c in children(noun, "acl") if tree.base(c) in cues().verbs["report"]):
        content = first(children(participle, "xcomp"))
        if content is not None:  # "a model claimed to be as good as Y"
            walk.clause(content, noun_saying.less_sure("reported", tree.word(participle)), name, "present")
            is_followed = True
    for deed in (c for c in children(noun, "acl", "relcl") if c.tag_[:1] == "V" and c.i not in walk.seen):
        if tree.base(deed) in cues().verbs["beside"] or deed.dep_ == "relcl":
            walk.clause(deed, noun_saying, name, "" if finite(deed) else "present")
            is_followed = True
    return is_followed


def _teller(walk: Walk, noun: Token, saying: Saying) -> Saying:
    """Return how the noun beside a name is said: by the sentence's speaker, else as the sentence itself."""
    root = next((a for a in noun.ancestors if a.dep_ == "ROOT"), noun)
    subject = subject_of(root)
    is_silent = subject is None or (walk.tree.handle(subject) is None and walk.tree.base(root) in _DONE)
    return saying if is_silent else saying.by(walk.voice_at(subject, saying))
