"""Answer small questions about spaCy's dependency labels (CLEAR style) for all readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Token = Any

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
SUBJECTS = ("nsubj", "nsubjpass", "csubj")


def finite(verb: Token) -> bool:
    """Return True if a verb heads a finite clause."""
    if verb.tag_ == "VB" and subject_of(verb) is not None and not any(
        c.tag_ in ("TO", "MD") for c in verb.children
    ):
        return True  # the tagger's "perform" in "reports that both perform poorly"
    return (
        verb.tag_ in FINITE or any(c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE for c in verb.children)
    )


def subject_of(verb: Token) -> Token | None:
    """Return the verb's own subject."""
    subject = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
    # "Is Some Model delayed?": the parser misses a subject after its verb
    if subject is None and verb.dep_ == "ROOT":
        return next(
            (c for c in verb.children if c.dep_ == "dep" and c.tag_ in ("NNP", "NNPS") and c.i < verb.i), None
        )
    return subject


def children(token: Token, *deps: str) -> list[Token]:
    """Return the children with one of those labels, in order."""
    return [child for child in token.children if child.dep_ in deps]


def beside_the_main_clause(token: Token) -> bool:
    """Return True if a word stands in a participle clause ("released X, saying that", "citing concerns") or a
    relative one ("Ann Lee, who foretold X, has left").
    """
    return any((word.dep_ == "advcl" and word.tag_ == "VBG") or word.dep_ == "relcl"
               for word in (token, *token.ancestors))


def first(tokens: Iterable[Token]) -> Token | None:
    """Return the first of some tokens."""
    return next(iter(tokens), None)


def negated(verb: Token) -> bool:
    """Return True if a "not" hangs on the verb."""
    return any(child.dep_ == "neg" for child in verb.children)


def passive(verb: Token) -> bool:
    """Return True if the verb has a passive auxiliary."""
    return any(child.dep_ == "auxpass" for child in verb.children)


def to_infinitive(verb: Token) -> bool:
    """Return True if a "to" stands before the verb."""
    return any(child.tag_ == "TO" for child in verb.children)
