"""Nouns that carry a statement: "a rumour that ...", "skepticism about ...", "Meta's decision to ..."."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.language.attribution.walk import Walk
from models.language.parsing.frames import Frame, Saying, Voice
from models.language.parsing.syntax import children, finite, first, subject_of, to_infinitive
from models.lexicon import cues

Token = Any

_KINDS = ("reported", "doubted", "denied", "stated")
_ABOUT = cues().words["about"]
_FIGURED = frozenset({"cost", "price", "pricing", "performance"})


def carried(walk: Walk, verb: Token, subject: Token | None, saying: Saying) -> bool:
    """Follow statement nouns among a verb's arguments: "raised concerns that", "reports that ... fuelled the
    rumour".

    Returns False if there is none.
    """
    is_followed = False
    if _has_it(walk, verb, subject, saying):
        return True
    voice = walk.voice_at(subject, saying)
    inner = saying.by(voice) if voice is not None and not saying.spoken else saying
    for child in children(verb, "nsubj", "nsubjpass", "dobj", "attr"):
        is_followed = (
            statement_noun(walk, child, saying if child.dep_.startswith("nsubj") else inner, verb)
            or is_followed
        )
        is_followed = (child.dep_ == "dobj" and planned(walk, child, subject, saying)) or is_followed
    return is_followed


def _has_it(walk: Walk, verb: Token, subject: Token | None, saying: Saying) -> bool:
    """Follow "Rumour has it that ..." to its content."""
    words = cues().words
    if (
        walk.tree.base(verb) != "have" or subject is None
        or walk.tree.word(subject) not in words["reported"] | {"word"}
    ):
        return False
    content = first(c for c in children(verb, "ccomp") if finite(c))
    if content is None:
        return False
    word = walk.tree.word(subject)
    walk.clause(content, replace(saying, voice=Voice("anonymous")).less_sure("reported", word), None)
    return True


def planned(walk: Walk, noun: Token, subject: Token | None, saying: Saying) -> bool:
    """Follow "X has no plans to do Y", "X reveals plans to do Y", "X's roadmap outlines plans to do Y" to X
    doing Y.

    Returns False if the clause is none of these.
    """
    tree = walk.tree
    if tree.word(noun) not in cues().words["ahead"] or subject is None or children(noun, "poss"):
        return False
    deed = first(c for c in children(noun, "acl") if c.tag_ == "VB" and to_infinitive(c))
    is_had = tree.base(noun.head) == "have"
    doer = subject if is_had else _planner(walk, noun.head, subject)
    if deed is None or doer is None or deed.i in walk.seen:
        return False
    inner = saying.less_sure("predicted", tree.word(noun))
    denied = is_had and (
        any(tree.word(c) == "no" for c in children(noun, "det"))
        or any(c.dep_ == "neg" for c in noun.head.children)
    )
    # "revealing plans to do Y and to do Z": the parser hangs Z on the verb
    for planned_deed in (
        deed,
        *(c for c in children(noun.head, "conj") if c.tag_ == "VB" and to_infinitive(c) and c.i > deed.i),
    ):
        walk.clause(planned_deed, inner.turned().with_cues("no") if denied else inner, doer, "future")
    return True


def _planner(walk: Walk, verb: Token, subject: Token) -> Token | None:
    """Return who has the plans: the subject, if it is or speaks for an organisation, else its owner."""
    voice = walk.voice_at(subject)
    if walk.tree.base(verb) not in cues().verbs["plans_told"]:
        return None
    if voice is not None and voice.organisation:
        return subject
    return first(
        c for c in children(subject, "poss", "compound", "nmod")
        if (e := walk.tree.entity(c)) is not None and e.type == "organisation"
    )


def statement_noun(walk: Walk, noun: Token, saying: Saying, verb: Token | None = None) -> bool:
    """Follow a statement noun, an argument of `verb`, to its content; return False without either."""
    tree = walk.tree
    word = tree.word(noun)
    kind = next((name for name in _KINDS if word in cues().words[name]), None)
    if kind is None or (noun.i in walk.seen and noun.dep_ != "ROOT"):
        return False
    inner = _by_noun(walk, noun, kind, saying)
    if kind == "stated" and any(tree.word(c) in _FIGURED for c in children(noun, "compound")):
        walk.seen.add(noun.i)
        walk.frames.append(Frame(inner, noun, "noun"))
        return True
    if verb is not None and any(tree.word(c) == "no" for c in children(noun, "det")):
        if kind != "stated":
            return False
        inner = inner.less_sure("questioned", "no " + word)
    if _content(walk, noun, inner, verb):
        walk.seen.add(noun.i)
        return True
    return False


def _by_noun(walk: Walk, noun: Token, kind: str, saying: Saying) -> Saying:
    """Return how the content of a statement noun is said."""
    owner = next((walk.voice_at(c) for c in children(noun, "poss")), None)
    inner = saying.with_cues(walk.tree.word(noun))
    if kind == "doubted":
        return inner.less_sure("questioned")
    if kind == "denied":
        return inner.turned()
    if kind == "reported":
        if saying.denied:
            return inner
        if not saying.spoken and saying.certainty in ("asserted", "reported"):
            is_outlet = owner is not None and owner.kind == "outlet"
            inner = inner.by(owner) if is_outlet else replace(inner, voice=owner or Voice("anonymous"))
        return inner.less_sure("reported")
    if owner is not None and not saying.denied and saying.certainty != "questioned":
        return inner.by(owner)
    return inner


def _content(walk: Walk, noun: Token, saying: Saying, verb: Token | None) -> bool:
    is_followed = False
    for child in children(noun, "acl", "relcl", "ccomp", "advcl", "appos"):
        if child.i in walk.seen:
            continue
        subject = subject_of(child)
        if child.tag_ == "VBG" and walk.speaks(child) and subject is None:
            walk.clause(child, saying, noun if walk.voice_at(noun) is not None else None)
            is_followed = True
        elif child.dep_ != "appos" and finite(child) and _is_statement(walk, child, subject):
            walk.clause(child, asked(walk, child, saying), None)
            is_followed = True
    if is_followed:
        return True
    verb_prepositions = children(verb, "prep") if verb is not None and noun.dep_ in ("dobj", "attr") else []
    prepositions = [
        prep for prep in [*children(noun, "prep"), *verb_prepositions]
        if walk.tree.word(prep) in _ABOUT and prep.i > noun.i
    ]
    return any(topic(walk, prep, saying, noun) for prep in prepositions)


def _is_statement(walk: Walk, clause: Token, subject: Token | None) -> bool:
    """Return whether a clause is a statement ("that X did Y") and not a relative clause ("that did Y")."""
    if subject is None:
        return any(
            walk.tree.word(c) in ("that", "whether", "if") for c in children(clause, "mark", "det", "nsubj")
        )
    return subject.tag_ not in ("WDT", "WP")


def topic(walk: Walk, prep: Token, saying: Saying, noun: Token) -> bool:
    """Follow "about" or "of" after a statement noun or an adjective to a clause, a deed, or a noun phrase."""
    for child in children(prep, "pcomp", "pobj"):
        if child.dep_ == "pcomp" and child.tag_[:1] == "V":
            opening = first(child.children)
            if finite(child) or (opening is not None and walk.tree.word(opening) in ("whether", "if")):
                walk.clause(child, saying.less_sure("questioned"), None)
                return True
            owner = subject_of(child)
            walk.clause(
                child, saying, owner if owner is not None else first(children(noun, "poss")), "present"
            )
            return True
        if child.dep_ == "pobj":
            deed = first(
                c for c in children(child, "acl")
                if c.tag_ == "VBG" and c.i not in walk.seen and not walk.speaks(c)
            )
            if deed is not None and walk.tree.word(noun) not in cues().words["doubted"]:
                walk.clause(deed, saying, child, "present")
            elif not statement_noun(walk, child, saying):
                walk.frames.append(Frame(saying, child, "noun"))
            return True
    return False


def act(walk: Walk, noun: Token, saying: Saying) -> None:
    """Follow "Meta's decision to use X", "its inability to do Y" to the deed."""
    tree, words = walk.tree, cues().words
    word = tree.word(noun)
    owner = first(c for c in children(noun, "poss") if c.tag_ != "PRP$" or tree.word(c) in ("its", "their"))
    deed = first(c for c in children(noun, "acl") if c.tag_ == "VB" and to_infinitive(c))
    if owner is None or deed is None or deed.i in walk.seen:
        return
    deed_saying = saying.less_sure("predicted", word) if word in words["ahead"] else saying
    deed_saying = deed_saying.turned().with_cues(word) if word in words["failed"] else deed_saying
    tense = "future" if word in words["ahead"] else "able" if word in ("ability", "inability") else "past"
    walk.clause(deed, deed_saying, owner, tense)


def asked(walk: Walk, clause: Token, saying: Saying) -> Saying:
    """Return the saying, made a question where the clause asks: "whether ...", "why ..."."""
    words = {walk.tree.word(c) for c in clause.children}
    return (
        saying.less_sure("questioned") if words & {"whether", "if", "why", "how", "what", "which"} else saying
    )
