"""Tell what a word can refer to within its own sentence: what is named before it, what its verb allows."""

from __future__ import annotations

from typing import Any

from models.gazetteer import Entity
from models.language.names.entity_spans import THINGS, before, distinct, heads, named_in, sole
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, passive
from models.lexicon import cues

Token = Any

_SUBJECTS = ("nsubj", "nsubjpass")
_DONE_TO = cues().verbs["done_to_models"]
_DONE_BY = cues().verbs["done_by_models"]
_OF_MODELS = cues().words["of_models"]
_MODELS_ONLY = cues().verbs["models_only"]


def governing(tree: Tree, token: Token) -> Token | None:
    """Return the subject of a clause above the pronoun that stands to its left."""
    for ancestor in token.ancestors:
        for child in children(ancestor, *_SUBJECTS):
            if child.i < token.i and token not in child.subtree:
                return child
    return None


def introduced(tree: Tree, token: Token, subject: Token) -> Entity | None:
    """Return Y of "X introduced Y, praising its speed": "its" is Y's, not X's."""
    verb = subject.head
    if tree.base(verb) not in cues().verbs["perform"] or _finite_between(token, verb):
        return None
    things = [t for t in children(verb, "dobj") if t.i < token.i]
    return named_in(tree, things[0], *THINGS) if things else None


def _finite_between(token: Token, ancestor: Token) -> bool:
    """Return whether a finite adverbial clause ("as it does so") lies between the pronoun and the verb."""
    for link in token.ancestors:
        if link == ancestor:
            return False
        if link.dep_ == "advcl" and link.tag_ != "VBG":
            return True
    return False


def nearest(tree: Tree, token: Token) -> Entity | None:
    """Return the one known thing that the sentence names before the pronoun, with nothing else in between."""
    if intervening(tree, token):
        return None
    possessive = token.tag_ == "PRP$"  # an account speaks of something else as "it"
    if not possessive and any(
        tree.entity(t) is not None and t.dep_ == "pobj" and t.head.head == token.head
        for t in tree.tokens[: token.i]
    ):
        return None  # "with X, it wins": "it" is not X
    earlier = [
        e for t in tree.tokens[: token.i]
        if (e := tree.entity(t)) is not None and (possessive or tree.handle(t) is None)
    ]
    return None if any(e.type == "hardware" for e in earlier) else sole(earlier)


def matter(tree: Tree, token: Token) -> Token | None:
    """Return the owned noun that a subject "it" stands for: "X's valuation, calling it absurd".

    None where the verb is one that models do.
    """
    base = tree.base(token.head)
    if token.dep_ not in _SUBJECTS or base in _DONE_BY or base in _DONE_TO:
        return None
    nouns = [
        t for t in tree.tokens[: token.i]
        if t.tag_ == "NN" and t.dep_ in (*_SUBJECTS, "dobj", "pobj", "attr") and tree.entity(t) is None
    ]
    last = nouns[-1] if nouns else None
    if last is None or tree.base(last) not in cues().words["matter"]:
        return None
    return (
        last if any(tree.entity(c) is not None for c in children(last, "poss", "compound", "nmod")) else None
    )


def intervening(tree: Tree, token: Token) -> bool:
    """Return True if the sentence brings in another thing before the pronoun that it could stand for."""
    return any(_unknown_name(tree, t) or _other_thing(tree, t, token) for t in tree.tokens[: token.i])


def _unknown_name(tree: Tree, token: Token) -> bool:
    if token.tag_ == "CD":
        return "." in tree.word(token) and token.dep_ in ("poss", "nsubj", "pobj", "compound")
    is_unknown = (
        token.tag_ in ("NNP", "NNPS") and token.dep_ in ("poss", "compound", "nmod")
        and tree.names[token.i] is None
    )
    return is_unknown and any(c.isupper() or c.isdigit() for c in tree.words[token.i])


def _other_thing(tree: Tree, noun: Token, pronoun: Token) -> bool:
    if (
        noun.tag_ not in ("NN", "NNP") or noun.dep_ not in (*_SUBJECTS, "dobj", "attr")
        or noun.head == pronoun.head
    ):
        return False
    words = cues().words
    word = tree.word(noun)
    if tree.names[noun.i] is not None or word in words["community"]:
        return False
    if noun.dep_ == "attr" and children(noun.head, "expl") and any(
        tree.entity(t) is not None for t in noun.subtree
    ):
        return False  # "there is a call for X to ...": "it" is X
    if noun.dep_ in ("dobj", "attr") and word in words["stated"] | words["doubted"] | words["reported"]:
        return False
    return not any(tree.entity(c) is not None for c in children(noun, "compound", "nmod"))


def fitting(tree: Tree, token: Token, found: Entity) -> Entity | None:
    """Return `found`, or the model named last where the verb is a model's and `found` a maker; None if
    neither fits.
    """
    verb = token.head
    base = tree.base(verb)
    if found.type == "organisation" and base == "be" and any(
        tree.base(c) in cues().words["model"] for c in children(verb, "attr")
    ):
        return None  # no organisation is a model
    if (
        found.type == "organisation" and token.tag_ == "PRP$" and token.head.i > token.i
        and tree.base(token.head) in _OF_MODELS
    ):
        return None
    if found.type == "organisation" and token.dep_ in _SUBJECTS and (
        (base in ("begin", "start") and children(verb, "xcomp"))
        or any(tree.word(c) in ("available", "live", "out") for c in children(verb, "acomp"))
    ):
        return None  # "it is beginning to roll out", "it is available": rather the product
    of_models = base in _DONE_BY or (base in _DONE_TO and passive(verb))
    if found.type != "organisation" or token.dep_ not in _SUBJECTS or not of_models:
        return found
    subjects = [
        e for t in tree.tokens[: token.i] if t.dep_ in _SUBJECTS and (e := heads(tree, t)) is not None
    ]
    models = [e for e in subjects if e.type == "model"] or distinct(before(tree, token), "model")
    if len(models) == 1:
        return models[0]
    return None if token.dep_ == "nsubjpass" or base in _MODELS_ONLY else found


def others_named(tree: Tree, token: Token, organisation: str) -> bool:
    """Return True if a thing that is not the organisation's is named before the word."""
    return any(e.type in THINGS and organisation not in (e.name, e.owner) for e in before(tree, token))
