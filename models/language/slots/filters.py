"""Separate claims about a model or its maker from talk around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.gazetteer import Entity
from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Frame
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, subject_of
from models.language.propositions.writer import Draft
from models.language.slots.claim_kind import kind_of, tells_identity
from models.lexicon import cues

Token = Any

# Kinds whose words are plain enough to hang on a topic that another sentence names.
_ANCHORED = frozenset({
    "price", "size", "licence", "safety", "training_data", "benchmark_result", "benchmark_gaming", "deal",
    "delay",
})

# Platforms that host everybody's models.
_HOSTS = frozenset({"GitHub", "Hugging Face", "Kaggle", "YouTube", "Reddit", "X"})
_PLACES = cues().words["place"]


def is_claim(tree: Tree, frame: Frame, draft: Draft) -> bool:
    """Return True if the draft says something of a named model or organisation, and not of the talk about it.
    """
    if tells_identity(draft.text, draft.entities):
        return True
    words = cues().words
    head = _head(draft.subject)
    talk = head is not None and tree.entity(head) is None and (
        tree.base(head) in words["talk"] or tree.word(head) in words["talk"]
    )
    # "Users can ..." and what a named speaker reports of users are about the model, not about talk.
    named = frame.saying.spoken and frame.saying.voice.name is not None
    users = head is not None and tree.base(head) in words["community"] and (" can " in draft.text or named)
    if talk and not users:
        return False
    if head is not None and all(tree.base(t) in words["hollow"] for t in (head, *head.conjuncts)):
        return False
    if _verdict_on_talk(tree, frame.head) or _byproduct(tree, frame.head) or (
        head is not None and frame.form == "clause" and _told_before(tree, head, draft)
    ):
        return False
    if not _core(tree, draft):
        return False
    if head is not None and head.tag_ in ("NNP", "NNPS") and frame.form == "clause":
        return True
    if frame.saying.spoken or frame.form != "clause" or frame.saying.certainty != "asserted":
        return True
    return bool(draft.subject_entities)


def about_topic(tree: Tree, frame: Frame, draft: Draft, topic: Entity | None) -> Draft | None:
    """Return a draft without a name that is plainly about the document's only topic, with the topic named.

    Such a draft is "The training cost is $6M". None for any other.
    """
    head = _head(draft.subject)
    labelled = tree.sentence.label_end > tree.sentence.start and any(c.isdigit() for c in draft.text)
    names_entity = any(
        (e := tree.entity(t)) is not None and e.type in ("model", "organisation") for t in tree.tokens
    )
    figured = any(c.isdigit() for c in draft.text)
    is_told = frame.saying.spoken or frame.saying.certainty != "asserted" or labelled
    if (
        topic is None
        or names_entity
        or head is None
        or not is_told
        or frame.form != "clause"
        or draft.entities
    ):
        return None
    definite = any(
        (c.dep_ in ("det", "poss") and tree.word(c) in ("the", "its", "their")) or c.tag_ == "CD"
        for c in head.children
    )
    words = cues().words
    unknown = any(
        t.tag_ in ("NNP", "NNPS") and tree.entity(t) is None for t in draft.tokens
        if t.i > 0 and not tree.words[t.i].isupper()
    )
    if (
        unknown or not (definite or figured) or head.tag_ not in ("NN", "NNS")
        or tree.base(head) in words["talk"] | words["community"] | words["staff"]
    ):
        return None
    if kind_of(draft.text, draft.main_verb, (), True) not in _ANCHORED:
        return None
    return replace(draft, text=f"{draft.text} ({topic.name})", entities=[topic], referred=[topic])


def _core(tree: Tree, draft: Draft) -> bool:
    """Return whether a model or organisation is named other than as a place."""
    if draft.referred:
        return True
    for token in draft.tokens:
        entity = tree.entity(token)
        if entity is None or entity.type not in ("model", "organisation") or (
            entity.name in _HOSTS and token != _head(draft.subject)
        ):
            continue
        if entity.type == "model" or token in draft.subject or not (
            token.dep_ in ("pobj", "conj") and _prep(tree, token) in _PLACES
        ):
            return True
    return False


def _told_before(tree: Tree, head: Token, draft: Draft) -> bool:
    """Return whether only earlier sentences say what the subject is: "The script runs X"."""
    if (
        head.tag_ not in ("NN", "NNS") or draft.subject_entities
        or tree.base(head) not in cues().words["told"]
    ):
        return False
    bare = all(c.dep_ in ("det", "amod", "nummod") for c in head.children if c.i < head.i)
    definite = any(c.dep_ == "det" and tree.word(c) == "the" for c in head.children)
    return definite and bare and not any(
        c.i > head.i and c.dep_ in ("prep", "relcl", "acl", "appos", "cc") for c in head.children
    )


def _verdict_on_talk(tree: Tree, verb: Token) -> bool:
    """Return whether the sentence judges a claim that it does not tell: "called the rumour untrue"."""
    talk = cues().words["reported"] | cues().words["stated"]
    objects = {
        tree.base(token) for child in children(verb, "dobj", "ccomp", "oprd")
        for token in (child, *children(child, "nsubj"))
    }
    return tree.base(verb) in ("call", "label", "deem", "consider") and bool(objects & talk)


def _byproduct(tree: Tree, verb: Token) -> bool:
    """Return whether the product is no model: "introduced a guide on using X", "released Y, a library"."""
    if tree.base(verb) not in cues().verbs["perform"]:
        return False
    things = children(verb, "dobj", "nsubjpass")
    if any(named_in(tree, thing, "model") is not None for thing in things):
        return False
    maker = subject_of(verb)
    relayed = maker is None or named_in(tree, maker, "organisation") is None
    words = cues().words["byproduct"] | ({"library", "package", "tool", "app"} if relayed else set())
    return any(tree.base(t) in words for thing in things for t in (thing, *children(thing, "appos")))


def _prep(tree: Tree, token: Token) -> str:
    while token.dep_ in ("conj", "appos"):
        token = token.head
    return tree.word(token.head) if token.dep_ == "pobj" else ""


def _head(subject: list[Token]) -> Token | None:
    inside = {token.i for token in subject}
    return next((token for token in subject if token.head.i not in inside), subject[0] if subject else None)
