"""Predicates that judge or relay what hangs on them: "it is not true that", "is rumoured to", "is seen as".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.language.attribution.statement_nouns import statement_noun, topic
from models.language.attribution.walk import Walk
from models.language.parsing.frames import Frame, Saying, Voice
from models.language.parsing.syntax import children, finite, first, negated, passive, subject_of
from models.lexicon import cues

Token = Any

# How sure "X is ... that" makes X.
_STANCES = {
    "confident": "asserted", "certain": "asserted", "sure": "asserted", "convinced": "asserted",
    "adamant": "asserted", "optimistic": "hedged", "worried": "hedged", "concerned": "hedged",
    "afraid": "hedged", "hopeful": "hedged", "skeptical": "questioned", "sceptical": "questioned",
    "doubtful": "questioned", "unsure": "questioned", "dubious": "questioned",
}
# How sure "X is ... to do it" makes the deed.
_PROSPECTS = {
    "likely": "hedged", "unlikely": "hedged", "poised": "predicted", "set": "predicted", "due": "predicted"
}


def truth(walk: Walk, verb: Token, saying: Saying) -> bool:
    """Follow "It is not true that ...", "the rumour that ... is false", "X is confident that ...", "X is
    likely to ...".

    Returns False if the clause is none of these.
    """
    tree = walk.tree
    subject = subject_of(verb)
    if subject is None:
        subject = first(children(verb, "expl"))
    if tree.base(verb) != "be" or subject is None:
        return False
    holder = first(children(verb, "acomp", "attr", "oprd"))
    word = tree.word(holder) if holder is not None else ""
    not_ = negated(verb) or (holder is not None and negated(holder))
    if holder is not None and word in _PROSPECTS:
        for child in (*children(holder, "xcomp"), *children(verb, "xcomp")):
            if child.tag_ == "VB":
                new = saying.less_sure(_PROSPECTS[word], word)
                walk.clause(child, new.turned() if (word == "unlikely") != not_ else new, subject, "future")
                return True
    if holder is not None and word in _STANCES:
        return _stands(walk, verb, holder, subject, saying)
    new_ = _judged(saying, word, not_)
    if new_ is None:
        return False
    if tree.word(subject) not in ("it", "this", "that"):
        return statement_noun(walk, subject, new_)
    for place in (verb, holder):
        for child in children(place, "ccomp", "advcl", "acl", "csubj", "relcl") if place is not None else []:
            if finite(child) and child.i not in walk.seen:
                walk.clause(child, new_, None)
                return True
    return word in cues().words["false"] | cues().words["true"]


def _stands(walk: Walk, verb: Token, holder: Token, subject: Token, saying: Saying) -> bool:
    """ "X is confident that ...", "users are skeptical of ..."."""
    voice = walk.voice_at(subject, saying)
    if voice is None:
        return False
    walk.voices.heard(voice)
    word = walk.tree.word(holder)
    certainty = "questioned" if negated(verb) else _STANCES[word]
    new = saying.by(voice).less_sure(certainty, word)
    for place in (holder, verb):
        for child in children(place, "ccomp", "xcomp"):
            if finite(child) and child.i not in walk.seen:
                walk.clause(child, new, None)
                return True
    any(topic(walk, prep, new, holder) for prep in children(holder, "prep"))
    return True


def _judged(saying: Saying, word: str, not_: bool) -> Saying | None:
    words = cues().words
    if word in words["true"]:
        return saying.turned().with_cues("not", word) if not_ else saying.with_cues(word)
    if word in words["false"]:
        return saying.with_cues("not", word) if not_ else saying.turned().with_cues(word)
    if word in words["doubtful"]:
        return saying.less_sure("questioned", word)
    if word in words["likely"]:
        return saying.less_sure("questioned" if not_ else "hedged", word)
    return None


def raising(walk: Walk, verb: Token, subject: Token | None, saying: Saying) -> bool:
    """Follow "is rumoured to", "is expected to", "appears to", "is seen as", "is praised for" to the content.

    Returns False if the clause is none of these.
    """
    tree, verbs = walk.tree, cues().verbs
    base, word = tree.base(verb), tree.words[verb.i].lower()
    headline = base == "set" and bool(children(verb, "xcomp"))  # "X set to release Y"
    is_passive = headline or (verb.tag_ == "VBN" and (passive(verb) or subject is not None))
    agent = walk.agent(verb) if is_passive else None
    if base in ("appear", "seem") and not is_passive:
        new, tense = saying.less_sure("hedged", word), "present"
    elif not is_passive:
        return False
    elif base in verbs["report"]:
        new = (
            saying.by(agent).with_cues(word) if agent
            else replace(saying, voice=Voice("anonymous")).less_sure("reported", word)
        )
        tense = "present"
    elif base in verbs["await"]:
        new, tense = saying.less_sure("predicted", word), "future"
    elif base in verbs["hold"] and not walk.praises(verb) and _as_what(walk, verb) is None:
        new = saying.by(agent) if agent else saying
        new, tense = new.less_sure("hedged" if base in verbs["hedge"] else "asserted", word), "present"
    elif base in verbs["regard"] and (held := _as_what(walk, verb)) is not None and subject is not None:
        new = (
            saying.by(agent) if agent else replace(saying, voice=Voice("community"))
        ).less_sure("reported", word)
        told = new.turned().with_cues("not") if negated(verb) else new
        if held.dep_ == "pcomp":  # "is noted as not being open"
            walk.clause(held, told, subject, "present")
        else:
            walk.frames.append(Frame(told, held, "predicate", subject))
        return True
    elif base in verbs["praise"] or base in ("accuse", "question", "doubt"):
        return _given_for(walk, verb, subject, saying)
    else:
        return False
    return _relayed(walk, verb, subject, new.turned().with_cues("not") if negated(verb) else new, tense)


def _relayed(walk: Walk, verb: Token, subject: Token | None, saying: Saying, tense: str) -> bool:
    for child in verb.children:
        if child.i in walk.seen:
            continue
        if child.dep_ == "xcomp" and child.tag_[:1] == "V":
            walk.clause(child, saying, subject, tense)
            return True
        if (
            child.dep_ in ("oprd", "acomp")
            and walk.tree.base(verb) in ("appear", "seem", "consider", "believe")
        ):
            walk.frames.append(Frame(saying, child, "predicate", subject))
            return True
        if child.dep_ in ("ccomp", "advcl") and finite(child):
            walk.clause(child, saying, None)
            return True
    return False


def _as_what(walk: Walk, verb: Token) -> Token | None:
    """Return what something "is seen as"."""
    for child in verb.children:
        if child.dep_ == "prep" and walk.tree.word(child) == "as":
            return first(
                c for c in children(child, "pobj", "amod", "advmod", "acomp", "pcomp")
                if c.dep_ != "pcomp" or c.tag_ == "VBG"
            )
        if child.dep_ in ("advmod", "acomp", "oprd") and any(
            walk.tree.word(c) == "as" and c.i < child.i for c in child.children
        ):
            return child
    return None


def _given_for(walk: Walk, verb: Token, subject: Token | None, saying: Saying) -> bool:
    """ "X is praised for its Y", "X is accused of doing Y", "X was questioned for its claim that ..."."""
    tree = walk.tree
    base, word = tree.base(verb), tree.words[verb.i].lower()
    agent = walk.agent(verb)
    new = (
        saying.by(agent).with_cues(word) if agent
        else replace(saying, voice=Voice("community")).less_sure("reported", word)
    )
    if base in ("question", "doubt"):
        new = new.less_sure("questioned")
    for prep in children(verb, "prep"):
        if tree.word(prep) not in ("for", "of"):
            continue
        for child in children(prep, "pcomp", "pobj"):
            if child.dep_ == "pcomp" and child.tag_ == "VBG":
                walk.clause(child, new, subject, "past" if base == "accuse" else "present")
                return True
            if child.dep_ == "pobj":
                if not statement_noun(walk, child, new):
                    walk.frames.append(Frame(new, child, "has", subject))
                return True
    return False
