"""Read speech verbs: the subject says (denies, asks, expects) the content of the complement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.language.attribution.citations import cited, credited, words_of
from models.language.attribution.statement_nouns import asked, planned, statement_noun
from models.language.attribution.walk import Walk
from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Frame, Saying, Voice
from models.language.parsing.syntax import (
    FINITE,
    children,
    finite,
    first,
    negated,
    passive,
    subject_of,
    to_infinitive,
)
from models.lexicon import cues

Token = Any

_UNSAID = {
    "will": "reported", "'ll": "reported", "shall": "reported", "must": "reported", "can": "hedged",
    "may": "hedged", "might": "hedged", "could": "hedged", "would": "hedged", "should": "hedged",
}
_KINDS = ("deny", "question", "accuse", "predict", "hedge", "perform", "say", "talk")


def speech(walk: Walk, verb: Token, subject: Token | None, saying: Saying) -> bool:
    """Follow a speech verb to its content; return False if it is none or nobody speaks."""
    tree, verbs = walk.tree, cues().verbs
    base = _phrasal(walk, verb)
    kinds = [name for name in _KINDS if base in verbs[name]]
    kind = next((name for name in kinds if name != "accuse" or _accuses(walk, verb)), None)
    if kind is None or passive(verb) or (subject is not None and subject.dep_ == "nsubjpass"):
        return False
    if kind == "talk" and saying.spoken and saying.voice.name:
        return False  # "Ada admitted that users see errors": Ada speaks, not the users
    if subject is None and kind != "talk" and any(c.i < verb.i for c in children(verb, "ccomp")):
        subject = first(c for c in children(verb, "dobj") if c.tag_ == "NNP" and c.i > verb.i)
        walk.seen.update(() if subject is None else (subject.i,))  # "X is out," opined Jane Roe.
    voice = walk.voice_at(subject, saying)
    if voice is None and subject is not None and kind in ("say", "deny", "predict", "accuse"):
        voice = _unnamed(walk, subject)
    told = credited(walk, verb, saying)  # "according to X, Y thinks that": X tells what Y thinks
    is_told = told is not saying
    if base in verbs["mind"] and voice is not None and _is_body(walk, voice, subject):
        # "Halcyon Labs fears that X": the writer tells of the fear, and nobody says X.
        walk.seen.update(t.i for c in children(verb, "ccomp", "xcomp") for t in c.subtree)
        walk.frames += [Frame(told, verb)] if is_told else []
        return True
    if subject is not None and voice is None and (
        tree.entity(subject) is not None or base not in verbs["show"]
    ):
        return False  # results do not speak: their publisher does
    if kind == "perform" and not any(_holds(walk, c) for c in children(verb, "ccomp")):
        return False
    walk.heard(voice, verb)
    is_own = subject is not None and tree.word(subject) in ("i", "we")
    if voice is not None and voice.kind == "anonymous" and subject is not None and not is_own:
        saying = replace(
            saying.less_sure("reported"),
            attributed_to=saying.attributed_to or cited(walk, subject) or words_of(tree, subject),
        )
    # who "did not deny" said nothing, and who "will say" it has not said it: the text's own voice tells it
    # "I would say that" says it
    unsaid = None if voice is None or voice.by_author or is_own else _unsaid(walk, verb)
    if kind == "deny" and negated(verb):
        teller = saying
    elif unsaid is not None:
        teller, kind = saying.less_sure(unsaid), kind if kind in ("say", "perform") else "talk"
    elif is_told:
        behind = told.attributed_to or told.voice.name
        spoken = replace(told.by(voice), attributed_to=behind).less_sure("reported")
        teller = told if kind == "hedge" else spoken
    else:
        teller = saying.by(voice)
    for adverb in children(verb, "advmod"):
        if tree.word(adverb) in cues().phrases["reported"]:  # "reportedly told staff that"
            teller = teller.less_sure("reported", tree.word(adverb))
    inner = _said(teller, tree.words[verb.i].lower(), base, kind, negated(verb))
    if inner is None:  # "cannot confirm that X": X is nobody's statement
        walk.seen.update(t.i for c in children(verb, "ccomp", "xcomp", "dobj") for t in c.subtree)
        return True
    inner = replace(inner, attributed_to=inner.attributed_to or cited(walk, verb))
    is_followed = False
    for child in list(verb.children):
        if child.i not in walk.seen and _complement(walk, child, inner, verb, subject, kind):
            is_followed = True
    if kind == "accuse" and accused(walk, verb, inner):
        is_followed = True
    if is_followed or kind in ("deny", "question", "hedge", "accuse"):
        return True
    return voice is not None and kind == "say" and base not in verbs["deed"]


def _unsaid(walk: Walk, verb: Token) -> str | None:
    """Return how surely the text tells what somebody will, can or may say; None where it is said."""
    auxiliaries = [walk.tree.word(c) for c in children(verb, "aux")]
    return next((_UNSAID[word] for word in auxiliaries if word in _UNSAID), None)


def _unnamed(walk: Walk, subject: Token) -> Voice | None:
    """Return the voice of a body that nobody can tell by name: "a startup", "the watchdog", "companies"."""
    words, base = cues().words, walk.tree.base(subject)
    if walk.tree.entity(subject) is not None or base not in words["company"] | words["body"]:
        return None
    is_crowd = subject.tag_ == "NNS" and base in words["company"]
    return Voice("community" if is_crowd else "anonymous")


def _is_body(walk: Walk, voice: Voice, subject: Token | None) -> bool:
    is_company = subject is not None and walk.tree.base(subject) in cues().words["company"]
    return is_company or voice.name == voice.organisation is not None


def _accuses(walk: Walk, verb: Token) -> bool:
    """Return whether the verb tells what for: "charges X with Y", not "charges X $5"."""
    prep = first(c for c in children(verb, "prep")
                 if walk.tree.word(c) in ("of", "for", "on", "with", "as", "over"))
    is_price = any(t.text == "$" and (prep is None or t.i < prep.i) for t in verb.subtree)
    return not is_price and (prep is not None or bool(children(verb, "ccomp")))


def _phrasal(walk: Walk, verb: Token) -> str:
    """Return the verb's base form, with its particle where they mean something together: "walk_back"."""
    base = walk.tree.base(verb)
    particle = first(c for c in verb.children if c.dep_ in ("prt", "advmod") and c.i == verb.i + 1)
    phrasal_verb = f"{base}_{walk.tree.word(particle)}" if particle is not None else base
    return phrasal_verb if phrasal_verb in cues().verbs["deny"] else base


def _said(saying: Saying, word: str, base: str, kind: str, not_: bool) -> Saying | None:
    """Return how the content of a speech verb is said; None where a negated verb leaves nothing said."""
    inner = replace(saying, verb=base.replace("_", " ")).with_cues(word)
    if kind == "deny":
        # "did not deny" is no denial, and no admission either
        return inner.less_sure("reported", "not") if not_ else replace(inner, denied=not inner.denied)
    if kind == "talk":
        return saying
    if not_:  # "does not believe that", "does not expect that" deny softly; "did not say that" says nothing
        softened = replace(inner, denied=not inner.denied).with_cues("not").less_sure("hedged")
        return softened if kind in ("hedge", "predict") else None
    certainty = {"question": "questioned", "hedge": "hedged", "predict": "predicted"}.get(kind)
    return inner.less_sure(certainty) if certainty else inner


def _complement(
    walk: Walk, child: Token, saying: Saying, verb: Token, subject: Token | None, kind: str
) -> bool:
    tree = walk.tree
    indirect = child.dep_ == "advcl" and kind in ("question", "hedge") and any(
        tree.word(c) in ("if", "whether") for c in child.children
    )
    if indirect or (child.dep_ in ("ccomp", "parataxis") and _holds(walk, child)):
        dobj = first(c for c in children(verb, "dobj") if c.i < child.i)
        doer = None if subject_of(child) is not None else dobj if dobj is not None else subject
        tense = "" if not to_infinitive(child) else "future" if kind == "predict" else "present"
        walk.clause(child, asked(walk, child, saying), doer, tense)
        return True
    if child.tag_ == "VBG" and child.dep_ in ("xcomp", "ccomp", "pcomp"):
        if tree.base(verb) in cues().verbs["own_act"]:  # "denied training on test sets"
            walk.clause(child, saying, subject, "past")
            return True
        target = first(children(verb, "dobj"))
        if child.dep_ == "xcomp" and target is not None:  # "showing X achieving 80 %"
            walk.clause(child, saying, target, "present")
            return True
        return False
    if child.dep_ in ("dobj", "attr", "oprd"):
        return _object(walk, child, saying, verb, subject, kind)
    if child.dep_ == "prep" and kind == "talk" and tree.base(verb) in ("congratulate", "celebrate", "thank"):
        launched = first(
            o for o in children(child, "pobj")
            if tree.word(o) in ("launch", "release", "debut", "announcement")
        )
        if launched is not None:  # "congratulated X on the launch of Y"
            walk.frames.append(Frame(saying, launched, "noun"))
            return True
    if child.dep_ == "prep" and tree.word(child) in ("as", "to", "on", "about", "that"):
        return any(statement_noun(walk, thing, saying) for thing in children(child, "pobj"))
    return False


def _holds(walk: Walk, clause: Token) -> bool:
    """Return whether a complement can be true or false: no "what" or "how" clause, and with a subject or a
    finite verb.
    """
    wh_words = {"what", "how", "where", "when", "who"}
    if any(walk.tree.word(c) in wh_words and c.i < clause.i for c in clause.children):
        return False
    return finite(clause) or clause.tag_ == "VBN" or subject_of(clause) is not None


def _object(walk: Walk, noun: Token, saying: Saying, verb: Token, subject: Token | None, kind: str) -> bool:
    if any(c.i > noun.i and subject_of(c) is None and c.tag_ in FINITE for c in children(verb, "ccomp")):
        return False  # "mentioned X scored 50 %": the object is that clause's subject
    for child in children(noun, "acl", "relcl"):
        if child.tag_ in ("VBD", "VBZ") and subject_of(child) is None and child.i == noun.i + 1:
            walk.clause(child, saying, noun)
            return True
    if planned(walk, noun, subject, saying):
        return True
    if kind in ("perform", "talk"):
        return kind == "talk" and statement_noun(walk, noun, saying)
    if statement_noun(walk, noun, saying, verb):
        return True
    if walk.praises(verb):
        return accused(walk, verb, saying)
    if (as_what := _as(walk, noun, verb)) is not None and kind in ("say", "hedge", "accuse"):
        walk.frames.append(Frame(saying, as_what, "predicate", noun))
        return True
    is_followed = kind != "say" or walk.tree.base(verb) not in cues().verbs["deed"]
    if is_followed:
        walk.frames.append(Frame(saying, noun, "noun"))
    for conjunct in (noun, *noun.conjuncts):
        for child in children(conjunct, "acl", "relcl"):
            if child.tag_ == "VBG" and walk.speaks(child):
                walk.clause(child, saying, subject)
                is_followed = True
    return is_followed


def _as(walk: Walk, noun: Token, verb: Token) -> Token | None:
    """Return Y of "describes X as Y", where X is a known name or a pronoun."""
    if noun.tag_ != "PRP" and named_in(walk.tree, noun, "model", "organisation") is None:
        return None
    as_prep = first(
        c for holder in (verb, noun) for c in children(holder, "prep") if walk.tree.word(c) == "as"
    )
    if as_prep is None:
        return None
    return first(
        c for c in children(as_prep, "pobj", "amod", "pcomp", "advmod", "prep")
        if c.tag_[:2] in ("NN", "JJ", "VB")
    )


def accused(walk: Walk, verb: Token, saying: Saying) -> bool:
    """Follow "accuses X of doing Y" and "praises X for its Y"; return False if there is no such Y."""
    tree = walk.tree
    target = first(children(verb, "dobj", "nsubjpass"))
    praising = tree.base(verb) in cues().verbs["praise"]
    for prep in children(verb, "prep"):
        if tree.word(prep) not in ("of", "for") or target is None:
            continue
        for deed in children(prep, "pcomp", "pobj"):
            if deed.dep_ == "pcomp":
                walk.clause(deed, saying, target, "present" if praising else "past")
            else:
                walk.frames.append(
                    Frame(saying, deed, "engaged in" if tree.base(verb) == "accuse" else "has", target)
                )
            return True
    return False
