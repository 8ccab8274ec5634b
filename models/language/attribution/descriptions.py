"""Find whom a common noun means that stands for an organisation: "the company", "the watchdog"."""

from __future__ import annotations

from typing import Any

from models.language.names.document import Document
from models.language.names.entity_spans import THINGS
from models.language.names.introductions import REACH, introduced_as
from models.language.parsing.frames import Voice
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children
from models.lexicon import cues

Token = Any

_ANY_COMPANY = frozenset({"company", "firm"})


def owner_of(tree: Tree, token: Token) -> str | None:
    """Return the organisation whose member `token` is: "Meta exec", "Meta's VP", "an engineer at Meta".
    """
    for child in token.children:
        entity = tree.entity(child)
        if (
            child.dep_ in ("compound", "poss", "nmod", "amod") and entity
            and entity.type == "organisation"
        ):
            return entity.name
        if child.dep_ == "prep" and tree.word(child) in ("at", "from", "of", "for"):
            for noun in child.children:
                noun_entity = tree.entity(noun)
                if noun_entity and noun_entity.type == "organisation":
                    return noun_entity.name
    return None


def is_definite(tree: Tree, token: Token) -> bool:
    """Return whether a singular noun points back: "the company", "this startup"."""
    return token.tag_ == "NN" and any(tree.word(c) in ("the", "this", "that") for c in children(token, "det"))


def company(tree: Tree, token: Token, document: Document) -> Voice | None:
    """Return the voice of "the company": the owner beside it ("the Halcyon team"), else whom the text
    introduces by that word, else the unknown name that was a subject last, else the known one named last.
    """
    if owner := owner_of(tree, token):
        return Voice("named", owner, owner)
    if not is_definite(tree, token):
        return None  # "a startup", "companies"
    introduced = _introduced(tree, token, document)
    if introduced is not None and (document.outsider or tree.base(token) not in _ANY_COMPANY):
        return introduced[1]
    if document.outsider:
        return Voice("named", document.outsider)
    for entity in document.entities_before(tree.sentence.part, tree.starts[token.i]):
        name = entity.name if entity.type == "organisation" else entity.owner
        if entity.type in THINGS and name:
            is_nearer = introduced is not None and introduced[0] > entity.start
            return introduced[1] if introduced and is_nearer else Voice("named", name, name)
    return introduced[1] if introduced else None


def body(tree: Tree, token: Token, document: Document) -> Voice | None:
    """Return the voice of "the ministry": the one that is introduced so; of "the watchdog" else the last body
    that is named.
    """
    if not is_definite(tree, token):
        return None
    if (introduced := _introduced(tree, token, document)) is not None:
        return introduced[1]
    if tree.base(token) not in cues().words["overseer"]:
        return None
    name = document.body_before(tree.sentence.part, tree.starts[token.i], REACH)
    return Voice("named", name) if name else None


def _introduced(tree: Tree, token: Token, document: Document) -> tuple[int, Voice] | None:
    """Return whom the text, else the title, introduces by a noun, and where; -1 for the title."""
    noun = tree.word(token)
    found = introduced_as(noun, tree.text, tree.starts[token.i])
    title = document.part("title") if tree.sentence.part == "text" else ""
    if found is None and (in_title := introduced_as(noun, title, len(title))) is not None:
        found = -1, in_title[1]
    if found is None:
        return None
    known = next((e for e in document.written(found[1]) if e.type == "organisation"), None)
    name = known.name if known else found[1]
    return found[0], Voice("named", name, known.name if known else None)
