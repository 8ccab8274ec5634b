"""Turns a noun phrase that says something of a model into a sentence: "the model's poor accuracy" -> "... has poor accuracy"."""

from __future__ import annotations

from typing import Any

from models.language.cues import cues
from models.language.frames import Frame
from models.language.parse import Tree
from models.language.predicates import Edit
from models.language.propositions import Draft, Writer
from models.language.references import named_in

Token = Any

# What a model or its maker can be said to have.
_PROPERTIES = frozenset(
    """performance accuracy speed cost costs price prices pricing quality ability abilities capability capabilities inability lack
    support tendency superiority improvement improvements decline degradation regression bias biases limitation limitations size
    window context advantage advantages efficiency latency throughput license licence licensing censorship transparency valuation
    score scores issue issues problem problems bug bugs weakness weaknesses strength strengths requirement requirements reliability
    usage limit limits restriction restrictions policy policies consumption gain gains increase reduction drop rate rates nature
    hallucination hallucinations success failure failures dominance lead training budget expense expenses architecture feature
    features mode reasoning coding security risk risks flaw flaws vulnerability vulnerabilities speedup compatibility length parameters
    results skills creativity usability power intelligence affordability openness effectiveness versatility complexity verbosity value behavior behaviour""".split()
)
_EVENTS = {
    "release": "released", "launch": "launched", "introduction": "introduced", "announcement": "announced", "debut": "launched",
    "rollout": "rolled out", "open-sourcing": "open-sourced", "acquisition": "acquired", "deployment": "deployed",
    "integration": "integrated", "existence": "real", "quantization": "quantized", "distillation": "distilled", "discontinuation": "discontinued", "delay": "delayed", "availability": "available",
}  # fmt: skip
# "performance" says nothing until it is graded.
_SCALES = frozenset("performance quality behavior behaviour results budget parameters size reasoning usage policy policies".split())
_GRADES = frozenset(
    """strong poor good bad better superior inferior impressive high low slow fast severe significant limited weak outstanding
    exceptional excellent great terrible remarkable competitive comparable similar consistent inconsistent solid top leading
    subpar lackluster disappointing mediocre unmatched notable state-of-the-art sota massive small large huge tiny efficient
    enhanced improved degraded declining robust reliable unreliable dense sparse excessive heavy extreme""".split()
)
# What "skepticism about its security" doubts, and what "doubts about its costs" are about.
_QUALITIES = {
    "security": "secure", "safety": "safe", "reliability": "reliable", "transparency": "transparent", "credibility": "credible",
    "effectiveness": "effective", "openness": "open", "legitimacy": "legitimate", "trustworthiness": "trustworthy",
    "viability": "viable", "affordability": "affordable", "superiority": "superior", "usefulness": "useful",
}  # fmt: skip
_CHECKABLE = frozenset("cost costs price pricing benchmark benchmarks results scores score figure figures claim claims numbers budget statements".split())
_WEAK = frozenset("overall general actual current recent various respective different other new own future specific certain possible potential ongoing".split())
_OF = frozenset({"of", "in", "with", "for", "from", "by", "between"})


def statement(writer: Writer, frame: Frame) -> Draft | None:
    """The sentence that the noun phrase of a frame amounts to, or None where it claims nothing."""
    tree, noun = writer.tree, frame.head
    if tree.word(noun) in _EVENTS:
        return _event(writer, frame)
    if frame.saying.certainty == "questioned" and tree.word(noun) in ("validity", "accuracy", "credibility", "plausibility", "truth", "truthfulness"):
        of = next((p for c in noun.children if c.dep_ == "prep" and tree.word(c) == "of" for p in c.children), None)
        return writer.accurate(frame, of) if of is not None else None
    if frame.saying.certainty == "questioned" and tree.word(noun) in _CHECKABLE and _owner(tree, noun)[0] is not None:
        return writer.accurate(frame, noun)
    if tree.word(noun) in cues().words["stated"]:  # "the $5.5M training cost claim for X"
        telling = [c for c in noun.children if c.dep_ in ("compound", "nmod") and tree.word(c) in _PROPERTIES]
        if not telling:
            return None
    doubted = frame.saying.certainty == "questioned" or bool({"concern", "concerns", "worry", "worries"} & set(frame.saying.cues))
    if doubted and tree.word(noun) in _QUALITIES:
        owner, _ = _owner(tree, noun)
        return writer.quality(frame, owner, noun, _QUALITIES[tree.word(noun)]) if owner is not None else None
    if tree.word(noun) in ("nature", "status"):
        owner, _ = _owner(tree, noun)
        traits = [c for c in noun.children if c.dep_ in ("amod", "compound") and tree.entity(c) is None]
        return writer.described(frame, owner, [t for c in traits for t in c.subtree]) if owner is not None and traits else None
    if tree.base(noun) in ("difference", "discrepancy", "gap", "disparity", "inconsistency"):
        return writer.exists(frame, noun)
    if tree.word(noun) not in _PROPERTIES | cues().words["stated"]:
        return None
    owner, drop = _owner(tree, noun)
    if owner is None:
        return None
    telling = [c for c in noun.children if c.dep_ in ("amod", "nummod", "compound") and tree.entity(c) is None and tree.word(c) not in _WEAK]
    if tree.word(noun) in _SCALES and not any(tree.word(c) in _GRADES or c.tag_ in ("JJR", "JJS", "CD") for c in telling):
        return None
    if frame.saying.certainty == "questioned" and not any(tree.word(c) in _GRADES or c.tag_ in ("JJR", "JJS", "CD") for c in telling):
        return None
    if not telling and tree.word(noun) not in ("lack", "inability", "superiority", "dominance", "censorship", "degradation", "versatility", "effectiveness", "openness", "complexity", "verbosity"):
        return None
    edit = Edit()
    for token in drop:
        edit.words[token.i] = ""
    return writer.has(frame, owner, noun, edit)


def _owner(tree: Tree, noun: Token) -> tuple[Token | None, list[Token]]:
    """Whose property it is, and the words of the phrase that say so."""
    for child in noun.children:
        if child.dep_ == "poss":
            named = named_in(tree, child, "model", "organisation") is not None
            return (child, list(child.subtree)) if named or child.tag_ == "PRP$" or tree.base(child) in ("model", "company") else (None, [])
    for child in noun.children:
        if child.dep_ in ("compound", "nmod", "amod") and tree.entity(child) is not None:
            return child, list(child.subtree)
    preps = [c for c in noun.children if c.dep_ == "prep"]
    if noun.dep_ in ("dobj", "attr"):
        preps += [c for c in noun.head.children if c.dep_ == "prep" and c.i > noun.i]
    for prep in preps:
        if tree.word(prep) in _OF:
            for thing in prep.children:
                if thing.dep_ == "pobj" and named_in(tree, thing, "model", "organisation") is not None:
                    return thing, list(prep.subtree)
    return None, []


def _event(writer: Writer, frame: Frame) -> Draft | None:
    """ "the release of X", "X's release": "X is released"."""
    tree, noun = writer.tree, frame.head
    owner, drop = _owner(tree, noun)
    if owner is None or frame.saying.certainty == "questioned" and any(c.dep_ == "amod" for c in noun.children):
        return None
    of = next((c for c in noun.children if c.dep_ == "prep" and tree.word(c) == "of"), None)
    thing = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    if thing is None:
        thing = owner
    elif named_in(tree, thing, "model", "organisation") is None:
        return None
    if named_in(tree, thing, "model") is None:
        return None
    edit = Edit()
    for token in drop:
        edit.words[token.i] = ""
    return writer.became(frame, thing, noun, _EVENTS[tree.word(noun)], edit)
