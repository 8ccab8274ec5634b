"""Turn a noun phrase that says something of a model into a sentence: "its poor accuracy" -> "... has poor
accuracy".
"""

from __future__ import annotations

from typing import Any

from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Frame
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, first
from models.language.propositions.verb_groups import Edit
from models.language.propositions.writer import Draft, Writer
from models.lexicon import cues

Token = Any

_EVENTS = {
    "release": "released", "launch": "launched", "introduction": "introduced", "announcement": "announced",
    "debut": "launched", "rollout": "rolled out", "open-sourcing": "open-sourced", "acquisition": "acquired",
    "deployment": "deployed", "integration": "integrated", "existence": "real", "quantization": "quantized",
    "distillation": "distilled", "discontinuation": "discontinued", "delay": "delayed",
    "availability": "available",
}
# The adjective that "skepticism about its security" doubts.
_QUALITIES = {
    "security": "secure", "safety": "safe", "reliability": "reliable", "transparency": "transparent",
    "credibility": "credible", "effectiveness": "effective", "openness": "open", "legitimacy": "legitimate",
    "trustworthiness": "trustworthy", "viability": "viable", "affordability": "affordable",
    "superiority": "superior", "usefulness": "useful",
}
_UNDERTAKINGS = cues().words["undertaking"]
_VALIDITY = cues().words["validity"]
_DIFFERENCES = cues().words["difference"]
_CONCERNS = cues().words["concern"]
_OF = frozenset({"of", "in", "with", "for", "from", "by", "between"})


def statement(writer: Writer, frame: Frame) -> Draft | None:
    """Return the sentence that the noun phrase of a frame amounts to, or None where it claims nothing."""
    if frame.form == "described":
        return _apposed(writer, frame)
    tree, noun, words = writer.tree, frame.head, cues().words
    word = tree.word(noun)
    questioned = frame.saying.certainty == "questioned"
    if word in _EVENTS:
        return _event(writer, frame, questioned)
    if questioned and word in _VALIDITY:
        validated = first(
            thing for prep in children(noun, "prep") if tree.word(prep) == "of" for thing in prep.children
        )
        return _accurate(writer, frame, validated) if validated is not None else None
    if questioned and word in _UNDERTAKINGS and _definite(tree, noun):
        return _accurate(writer, frame, noun, "real")
    owner, owner_words = _owner(tree, noun)
    owner = owner if owner is not None else frame.subject
    if tree.base(noun) in _DIFFERENCES:
        return _exists(writer, frame)
    if owner is None:
        return None
    if questioned and word in words["checkable"]:
        return _accurate(writer, frame, noun)
    if questioned and word == "performance" and not children(noun, "compound"):
        return _performs(writer, frame, owner)
    if word in _QUALITIES and (questioned or _CONCERNS & set(frame.saying.cues)):
        return _quality(writer, frame, owner, _QUALITIES[word])
    if word in ("nature", "status"):
        return _described(writer, frame, owner)
    # a critic of "its reasoning" does not say that it has any
    blamed = frame.saying.verb in cues().verbs["accuse"]
    return _has(writer, frame, owner, owner_words) if _telling(tree, noun, questioned or blamed) else None


def _telling(tree: Tree, noun: Token, questioned: bool) -> bool:
    """Return whether "has noun phrase" is a claim: a property with telling words, graded if needed."""
    words = cues().words
    word = tree.word(noun)
    if word in words["stated"]:  # "the $5.5M training cost claim for X"
        figured = any(t.tag_ == "CD" for t in noun.subtree)
        return figured and any(tree.word(c) in words["property"] for c in children(noun, "compound", "nmod"))
    if word not in words["property"]:
        return False
    telling_words = [
        c for c in children(noun, "amod", "nummod", "compound")
        if tree.entity(c) is None and tree.word(c) not in words["weak"]
    ]
    if _level(tree, noun):
        return True
    graded = any(tree.word(c) in words["graded"] or c.tag_ in ("JJR", "JJS", "CD") for c in telling_words)
    if questioned or word in words["scale"]:
        return graded
    compared = word in ("improvement", "advantage", "lead", "gain", "superiority") and any(
        tree.word(c) in ("over", "on") for c in children(noun, "prep")
    )
    return bool(telling_words) or compared or word in words["telling"]


def _level(tree: Tree, noun: Token) -> bool:
    """Return whether a comparison grades the noun: "performance on par with Y", "accuracy close to Y's"."""
    par = any(tree.word(o) in ("par", "parity") for p in children(noun, "prep") for o in p.children)
    comparisons = [
        c for c in children(noun, "amod")
        if (
            c.i > noun.i
            and tree.word(c) in ("comparable", "close", "similar", "equal", "superior", "equivalent")
        )
    ]
    return par or bool(comparisons)


def _owner(tree: Tree, noun: Token) -> tuple[Token | None, list[Token]]:
    """Return the owner of a property, and the words of the phrase that name the owner."""
    for child in children(noun, "poss"):
        is_named = (
            named_in(tree, child, "model", "organisation") is not None or child.tag_ == "PRP$"
            or tree.base(child) in ("model", "company")
        )
        return (child, list(child.subtree)) if is_named else (None, [])
    for child in children(noun, "compound", "nmod", "amod"):
        if tree.entity(child) is not None:
            return child, list(child.subtree)
    for prep in [*children(noun, "prep"), *_beside(noun)]:
        if tree.word(prep) in _OF:
            for thing in children(prep, "pobj"):
                if named_in(tree, thing, "model", "organisation") is not None:
                    return thing, list(prep.subtree)
    return None, []


def _beside(noun: Token) -> list[Token]:
    """Return the prepositions after an object that the parser hung on its verb."""
    return [c for c in children(noun.head, "prep") if c.i > noun.i] if noun.dep_ in ("dobj", "attr") else []


def _astray(tree: Tree, noun: Token) -> list[Token]:
    """Return the "with Y" of "with performance on par with Y" where the parser hung it on the noun before."""
    outer = noun.head.head if noun.dep_ == "pobj" else None
    if outer is None or not _level(tree, noun):
        return []
    return [c for c in children(outer, "prep") if c.i > noun.i and tree.word(c) in ("with", "to")]


def _event(writer: Writer, frame: Frame, questioned: bool) -> Draft | None:
    """Write "the release of X on Y" or "X's release" as "X is released on Y"."""
    tree, noun, phrases = writer.tree, frame.head, writer.phrases
    owner, owner_words = _owner(tree, noun)
    if owner is None or (questioned and children(noun, "amod")):
        return None
    of_phrase = first(c for c in children(noun, "prep") if tree.word(c) == "of")
    thing = first(children(of_phrase, "pobj")) if of_phrase is not None else None
    thing = thing if thing is not None else owner
    if named_in(tree, thing, "model") is None:
        return None
    edit = Edit()
    head = phrases.noun_phrase(thing, edit, tight=False)
    adjuncts = [
        c for c in children(noun, "prep", "npadvmod")
        if tree.word(c) in ("on", "in", "by", "under", "at", "with", "to")
    ]
    adjuncts += [c for c in _beside(noun) if noun.dep_ == "dobj" and tree.word(c) in ("to", "on", "in")]
    excluded = {t.i for t in (*owner_words, *head)}
    modifiers = [t for c in adjuncts for t in phrases.kept(c, edit) if t.i not in excluded]
    if not writer.settler.settle([*head, *modifiers], frame.saying, edit):
        return None
    verb = "are" if writer.plural(thing) else "is"
    text = f"{phrases.render(head, edit)} {verb} {_EVENTS[tree.word(noun)]} {phrases.render(modifiers, edit)}"
    return writer.draft(text, "release", head, modifiers, frame, edit)


def _has(writer: Writer, frame: Frame, owner: Token, drop: list[Token]) -> Draft | None:
    """Write "owner has noun phrase"; `drop` are the words that name the owner."""
    tree, noun, phrases = writer.tree, frame.head, writer.phrases
    edit = Edit(words={token.i: "" for token in drop})
    phrase = [
        t for t in phrases.kept(noun, edit) if not (t.head == noun and t.dep_ in ("det", "poss", "neg"))
    ]
    if tree.word(noun) in cues().words["stated"]:
        phrase = [t for t in phrase if t != noun]
    preps = [*_beside(noun), *_astray(tree, noun)]
    preps = [c for c in preps if not phrases.leaves(c, noun.head, noun, edit)]
    phrase += [t for c in preps for t in phrases.kept(c, edit)]
    phrase = [t for t in phrase if t.i not in edit.words]
    edit.words.clear()
    head = phrases.noun_phrase(owner, edit, tight=True)
    if (
        not phrase or not writer.settler.settle([*head, *phrase], frame.saying, edit)
        or not writer.settler.owner(owner, edit)
    ):
        return None
    verb = "have" if writer.plural(owner) else "has"
    text = f"{phrases.render(head, edit)} {verb} {writer.article(noun, phrase)}{phrases.render(phrase, edit)}"
    return writer.draft(text, "have", head, phrase, frame, edit)


def _described(writer: Writer, frame: Frame, owner: Token) -> Draft | None:
    """Write "its open-source nature" as "owner is open-source"."""
    traits = [c for c in children(frame.head, "amod", "compound") if writer.tree.entity(c) is None]
    words = [t for c in traits for t in c.subtree]
    edit = Edit()
    head = writer.phrases.noun_phrase(owner, edit, tight=True)
    if (
        not words or not writer.settler.settle([*head, *words], frame.saying, edit)
        or not writer.settler.owner(owner, edit)
    ):
        return None
    verb = "are" if writer.plural(owner) else "is"
    text = f"{writer.phrases.render(head, edit)} {verb} {writer.phrases.render(words, edit)}"
    return writer.draft(text, "be", head, words, frame, edit)


def _apposed(writer: Writer, frame: Frame) -> Draft | None:
    """Write "X, an open-source model with ..." as "X is an open-source model"."""
    edit = Edit()
    head = [frame.subject]
    places = {t.i for c in frame.head.children if c.i < frame.head.i for t in c.subtree} | {frame.head.i}
    phrase = [t for t in writer.phrases.kept(frame.head, edit) if t.i in places]
    if not writer.settler.settle([*head, *phrase], frame.saying, edit):
        return None
    text = f"{writer.phrases.render(head, edit)} is {writer.phrases.render(phrase, edit)}"
    return writer.draft(text, "be", head, phrase, frame, edit)


def _quality(writer: Writer, frame: Frame, owner: Token, adjective: str) -> Draft | None:
    """Write "owner is adjective" as a doubt: `statement` asks for doubted qualities only."""
    edit = Edit(certainty="questioned")
    head = writer.phrases.noun_phrase(owner, edit, tight=True)
    preps = [c for c in children(frame.head, "prep") if writer.tree.word(c) in ("over", "to", "for")]
    tail = [t for c in preps for t in writer.phrases.kept(c, edit) if t not in head]
    if not writer.settler.settle([*head, *tail], frame.saying, edit) or not writer.settler.owner(owner, edit):
        return None
    verb = "are" if writer.plural(owner) else "is"
    text = f"{writer.phrases.render(head, edit)} {verb} {adjective} {writer.phrases.render(tail, edit)}"
    return writer.draft(text, "be", head, tail, frame, edit)


def _definite(tree: Tree, noun: Token) -> bool:
    """Return True for "the $5 billion investment", "X's funding": definite, with a name or a sum."""
    specified = any(t.tag_ == "CD" or tree.entity(t) is not None for t in noun.subtree)
    return specified and any(
        c.dep_ == "poss" or (c.dep_ == "det" and tree.word(c) in ("the", "this")) for c in noun.children
    )


def _performs(writer: Writer, frame: Frame, owner: Token) -> Draft | None:
    """Write "doubts about X's performance against Y" as "X performs well against Y"."""
    tree, noun = writer.tree, frame.head
    edit = Edit()
    head = writer.phrases.noun_phrase(owner, edit, tight=True)
    # "there is skepticism about X's performance compared to Y": the parser hangs the comparison on the verb
    comparisons = [
        c for a in noun.ancestors for c in children(a, "prep")
        if c.i > noun.i and tree.word(c) in ("against", "compared")
    ]
    preps = [
        *(
            c for c in [*children(noun, "prep"), *_beside(noun)]
            if tree.word(c) in ("against", "compared", "over", "in", "on")
        ),
        *comparisons,
    ]
    tail = [t for c in preps for t in writer.phrases.kept(c, edit) if t not in head]
    if not writer.settler.settle([*head, *tail], frame.saying, edit) or not writer.settler.owner(owner, edit):
        return None
    verb = "perform" if writer.plural(owner) else "performs"
    return writer.draft(
        f"{writer.phrases.render(head, edit)} {verb} well {writer.phrases.render(tail, edit)}", "perform",
        head, tail, frame, edit,
    )


def _accurate(writer: Writer, frame: Frame, noun: Token, trait: str = "accurate") -> Draft | None:
    """Write "doubts about X's stated costs" as "X's stated costs are accurate"; a plan "is real"."""
    edit = Edit()
    conjoined = {t.i for c in children(noun, "conj", "cc") for t in c.subtree}
    phrase = [t for t in writer.phrases.noun_phrase(noun, edit, tight=True) if t.i not in conjoined]
    if not writer.settler.settle(phrase, frame.saying, edit):
        return None
    verb = "are" if writer.tree.word(noun).endswith("s") else "is"
    return writer.draft(
        f"{writer.phrases.render(phrase, edit)} {verb} {trait}", "be", phrase, [], frame, edit
    )


def _exists(writer: Writer, frame: Frame) -> Draft | None:
    """Write "stark differences between X and Y" as "there are stark differences between X and Y"."""
    noun = frame.head
    if children(noun, "poss"):
        return None
    plural = writer.plural(noun)
    edit = Edit(words={c.i: "" if plural else "a" for c in children(noun, "det")})
    preps = [c for c in noun.head.children if c.i > noun.i and writer.tree.word(c) in ("compared", "between")]
    phrase = writer.phrases.kept(noun, edit) + [t for c in preps for t in writer.phrases.kept(c, edit)]
    if not writer.settler.settle(phrase, frame.saying, edit):
        return None
    return writer.draft(
        f"There {'are' if plural else 'is'} {writer.phrases.render(phrase, edit)}", "be", phrase, [], frame,
        edit,
    )
