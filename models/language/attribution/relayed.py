"""Read predicates that judge or relay a complement: "it is not true that", "is rumoured to", "is seen as".
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

# The certainty that X expresses with "X is ... that".
_STANCES = {
    "confident": "asserted", "certain": "asserted", "sure": "asserted", "convinced": "asserted",
    "adamant": "asserted", "optimistic": "hedged", "worried": "hedged", "concerned": "hedged",
    "afraid": "hedged", "hopeful": "hedged", "skeptical": "questioned", "sceptical": "questioned",
    "doubtful": "questioned", "unsure": "questioned", "dubious": "questioned",
}
# The certainty of the deed in "X is ... to do it".
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
    predicate = first(children(verb, "acomp", "attr", "oprd"))
    word = tree.word(predicate) if predicate is not None else ""
    denied = negated(verb) or (predicate is not None and negated(predicate))
    if predicate is not None and word in _PROSPECTS:
        for child in (*children(predicate, "xcomp"), *children(verb, "xcomp")):
            if child.tag_ == "VB":
                inner = saying.less_sure(_PROSPECTS[word], word)
                walk.clause(
                    child, inner.turned() if (word == "unlikely") != denied else inner, subject, "future"
                )
                return True
    if predicate is not None and word in _STANCES:
        return _stands(walk, verb, predicate, subject, saying)
    judged = _judged(saying, word, denied)
    if judged is None:
        return False
    if tree.word(subject) not in ("it", "this", "that"):
        return statement_noun(walk, subject, judged)
    for node in (verb, predicate):
        for child in children(node, "ccomp", "advcl", "acl", "csubj", "relcl") if node is not None else []:
            if finite(child) and child.i not in walk.seen:
                walk.clause(child, judged, None)
                return True
    return word in cues().words["false"] | cues().words["true"]


def _stands(walk: Walk, verb: Token, holder: Token, subject: Token, saying: Saying) -> bool:
    """Follow "X is confident that ...", "users are skeptical of ..." to the content."""
    voice = walk.voice_at(subject, saying)
    if voice is None:
        return False
    walk.heard(voice, verb)
    word = walk.tree.word(holder)
    certainty = "questioned" if negated(verb) else _STANCES[word]
    inner = saying.by(voice).less_sure(certainty, word)
    for node in (holder, verb):
        for child in children(node, "ccomp", "xcomp"):
            if finite(child) and child.i not in walk.seen:
                walk.clause(child, inner, None)
                return True
    any(topic(walk, prep, inner, holder) for prep in children(holder, "prep"))
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
    if base == "have" and any(tree.word(c) == "yet" for c in children(verb, "advmod")):
        inner, tense = saying.turned().with_cues("yet"), "past"  # "has yet to launch": it did not launch
    elif base in ("appear", "seem") and not is_passive:
        inner, tense = saying.less_sure("hedged", word), "present"
    elif not is_passive:
        return False
    elif base in verbs["report"]:
        inner = (
            saying.by(agent).with_cues(word) if agent
            else replace(saying, voice=Voice("anonymous")).less_sure("reported", word)
        )
        tense = "present"
    elif base in verbs["await"]:
        inner, tense = saying.less_sure("predicted", word), "future"
    elif base in verbs["hold"] and not walk.praises(verb) and _as_what(walk, verb) is None:
        inner = saying.by(agent) if agent else saying
        inner, tense = inner.less_sure("hedged" if base in verbs["hedge"] else "asserted", word), "present"
    elif base in verbs["regard"] and (trait := _as_what(walk, verb)) is not None and subject is not None:
        inner = (
            saying.by(agent) if agent else replace(saying, voice=Voice("community"))
        ).less_sure("reported", word)
        trait_saying = inner.turned().with_cues("not") if negated(verb) else inner
        if trait.dep_ == "pcomp":  # "is noted as not being open"
            walk.clause(trait, trait_saying, subject, "present")
        else:
            walk.frames.append(Frame(trait_saying, trait, "predicate", subject))
        return True
    elif base in verbs["praise"] or base in ("accuse", "question", "doubt"):
        return _given_for(walk, verb, subject, saying)
    else:
        return False
    return _relayed(walk, verb, subject, inner.turned().with_cues("not") if negated(verb) else inner, tense)


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
    """Return the complement of "is seen as"."""
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
    """Follow "X is praised for its Y", "is accused of doing Y", "was questioned for its claim that ..."."""
    tree = walk.tree
    base, word = tree.base(verb), tree.words[verb.i].lower()
    agent = walk.agent(verb)
    inner = (
        saying.by(agent).with_cues(word) if agent
        else replace(saying, voice=Voice("community")).less_sure("reported", word)
    )
    if base in ("question", "doubt"):
        inner = inner.less_sure("questioned")
    for prep in children(verb, "prep"):
        if tree.word(prep) not in ("for", "of"):
            continue
        for child in children(prep, "pcomp", "pobj"):
            if child.dep_ == "pcomp" and child.tag_ == "VBG":
                walk.clause(child, inner, subject, "past" if base == "accuse" else "present")
                return True
            if child.dep_ == "pobj":
                if not statement_noun(walk, child, inner):
                    walk.frames.append(Frame(inner, child, "has", subject))
                return True
    return False
