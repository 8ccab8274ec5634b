"""Take negation, hedging modals and "to" out of verb groups, and make the remaining verb finite."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.gazetteer import Entity
from models.language.parsing.parser import Tree
from models.lexicon import cues

Token = Any

_HEDGES = frozenset({"may", "might"})
_FUTURE = frozenset({"will", "'ll", "wo", "shall", "ll"})
_DO = frozenset({"do", "does", "did"})
_NEVER = frozenset({"not", "n't", "never", "n’t", "nt"})
_LITOTES = cues().words["litotes"]
_PLANS = cues().verbs["plan"]


@dataclass(slots=True)
class Edit:
    """The changes to a clause's tokens.

    `words` replaces some by others ("" removes), `cut` is where the clause ends early, `referred` are the
    entities that took the place of referring words.
    """

    words: dict[int, str] = field(default_factory=dict)
    negated: bool = False
    certainty: str = "asserted"
    ahead: bool | None = None
    cut: int | None = None
    referred: list[Entity] = field(default_factory=list)
    cues: list[str] = field(default_factory=list)


def edit_verb(tree: Tree, verb: Token, *, plural: bool, tense: str) -> Edit:
    """Return the changes that make the group around `verb` an assertion; `tense` is for non-finite verbs."""
    edit = Edit()
    group = sorted([c for c in verb.children if c.dep_ in ("aux", "auxpass")] + [verb], key=lambda t: t.i)
    _take_off_negations(tree, verb, edit)
    if (lent := _lent(tree, verb, tense)) is not None:
        edit.certainty, edit.ahead, edit.negated = lent[1], lent[2], edit.negated != lent[3]
        if lent[0]:
            edit.words[verb.i] = f"{lent[0]} {tree.words[verb.i]}"
            return edit
        tense = tense or "present"  # "may not fail but act": "act" alone is no clause
    remaining = []
    for token in group:
        word = tree.word(token)
        if (clitic := _clitic(token, word)) is not None:
            edit.words[token.i] = clitic
        if token.tag_ == "TO":
            edit.words[token.i] = ""
        elif word in _HEDGES or (
            word == "could" and any(t.tag_ == "VB" and tree.word(t) in ("be", "have") for t in group)
        ):
            edit.words[token.i] = ""
            edit.certainty = "hedged"
            edit.cues.append(word)
            edit.ahead = None if any(tree.word(t) == "have" for t in group) else True
            tense = tense or "present"
        elif word in _DO and token != verb:
            edit.words[token.i] = ""
            tense = tense or ("past" if word == "did" else "present")
        else:
            if word in _FUTURE and token.tag_ == "MD":
                edit.words[token.i] = "will"
                edit.certainty, edit.ahead = "predicted", True
            elif word == "ca":
                edit.words[token.i] = "can"
            remaining.append(token)
    if remaining and tense:
        _inflect(tree, edit, remaining, plural, tense)
    base = tree.base(verb)
    if base in _PLANS and any(
        c.dep_ == "xcomp" and any(tree.word(a) == "to" for a in c.children) for c in verb.children
    ):
        edit.ahead = True
        edit.certainty = "predicted"
        edit.cues.append(tree.words[verb.i].lower())
    if edit.ahead is None:
        edit.ahead = _tense(tree, group, verb, tense)
    return edit


def _take_off_negations(tree: Tree, verb: Token, edit: Edit) -> None:
    """Take the words of negation off the group around `verb`."""
    negations = [
        c for holder in (verb, *(c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")))
        for c in holder.children if c.dep_ == "neg"
    ]
    for token in negations:
        # "is a copy, not the same as ..." contrasts, it does not deny
        if token.i > token.head.i and token.head != verb:
            edit.cut = token.i
        elif tree.word(token) in _NEVER and any(tree.word(c) in _LITOTES for c in verb.children):
            edit.cues.append(tree.words[token.i].lower())  # "not unreasonable" says that it is reasonable
        elif tree.word(token) in _NEVER:
            edit.words[token.i] = ""
            edit.negated = not edit.negated
            edit.cues.append(tree.words[token.i].lower())


def _clitic(token: Token, word: str) -> str | None:
    """Return "'s" and similar forms written out."""
    if word == "'s":
        perfect = token.dep_ == "aux" or any(c.dep_ == "dobj" for c in token.head.children)
        return "has" if perfect and token.head.tag_ == "VBN" else "is"
    return {"'re": "are", "'ve": "have", "'ll": "will"}.get(word)


def _lent(tree: Tree, verb: Token, tense: str) -> tuple[str, str, bool | None, bool] | None:
    """Return what a conjoined verb takes from its head: "might be testing or using" lends "is" and the doubt.
    """
    head = verb.head
    own_subject = any(c.dep_ in ("aux", "auxpass", "nsubj", "nsubjpass") for c in verb.children)
    if verb.dep_ != "conj" or own_subject or head.tag_ != verb.tag_ or verb.tag_ not in ("VB", "VBG", "VBN"):
        return None
    lender = edit_verb(tree, head, plural=False, tense=tense)
    helpers = [c for c in head.children if c.dep_ in ("aux", "auxpass")]
    words = [lender.words.get(t.i, tree.words[t.i]) for t in sorted(helpers, key=lambda t: t.i)]
    lent = " ".join(word for word in words if word)
    alternative = any(tree.word(c) in ("or", "nor") for c in head.children if c.dep_ == "cc")
    return (lent, lender.certainty, lender.ahead, lender.negated and alternative) if lent or (
        helpers and verb.tag_ == "VB"
    ) else None


def _inflect(tree: Tree, edit: Edit, group: list[Token], plural: bool, tense: str) -> None:
    first = group[0]
    if first.tag_ == "MD" or first.tag_ in ("VBZ", "VBD", "VBP"):
        return
    base = tree.base(first)
    if first.tag_ == "VBN" and len(group) == 1 and any(c.dep_ == "dobj" for c in first.children):
        edit.ahead = False  # the tagger's participle for "X released Y"
        return
    if first.tag_ == "VBN" and len(group) == 1:  # "expected in April": a passive that lost its auxiliary
        form = {
            "past": "were" if plural else "was", "future": "will be"
        }.get(tense, "are" if plural else "is")
        edit.words[first.i] = f"{form} {tree.words[first.i]}"
    elif tense in ("future", "able"):
        edit.words[first.i] = f"{'will' if tense == 'future' else 'can'} {base}"
    else:
        form = past(base) if tense == "past" else present(base, plural)
        edit.words[first.i] = "were" if form == "was" and plural else form
    if tense == "future":
        edit.ahead = True


def _tense(tree: Tree, group: list[Token], verb: Token, tense: str) -> bool | None:
    if tense == "past" or any(t.tag_ == "VBD" for t in group) or any(
        tree.word(t) in ("has", "have", "'ve") for t in group if t != verb
    ):
        return False
    if any(
        tree.word(t) in ("about", "set", "going", "expected", "slated", "scheduled")
        for t in (verb, *verb.children)
    ):
        return True
    return None


def singular(tree: Tree, verb: Token, edit: Edit) -> None:
    """Make the finite verb of a clause agree with a name that took the place of "we" or "they"."""
    first = min([c for c in verb.children if c.dep_ in ("aux", "auxpass")] + [verb], key=lambda t: t.i)
    word = tree.word(first)
    if word in ("are", "'re", "were", "have", "'ve", "do") or (
        first.tag_ == "VBP" and first.i not in edit.words
    ):
        form = (
            {"are": "is", "'re": "is", "were": "was", "have": "has", "'ve": "has"}.get(word)
            or present(tree.base(first), False)
        )
        edit.words[first.i] = form


def adverb_role(tree: Tree, token: Token) -> str | None:
    """Return why an adverb leaves the proposition: "hedged", "reported" or "binding"; None where it stays."""
    if token.dep_ not in ("advmod", "amod", "cc", "intj", "npadvmod", "prep", "neg", "preconj"):
        return None
    word = tree.word(token)
    phrases = cues().phrases
    if word in phrases["hedged"]:
        return "hedged"
    if word in phrases["reported"]:
        return "reported"
    if token.dep_ == "advmod" and word in phrases["binding"] and not list(token.children):
        following = next((t for t in tree.tokens if t.i == token.i + 1), None)
        return None if following is not None and tree.word(following) == "of" else "binding"  # "instead of"
    return None


IRREGULAR_PAST = {
    "be": "was", "beat": "beat", "become": "became", "begin": "began", "break": "broke", "bring": "brought",
    "build": "built", "buy": "bought", "catch": "caught", "choose": "chose", "come": "came", "cost": "cost",
    "cut": "cut", "do": "did", "draw": "drew", "drive": "drove", "fall": "fell", "feed": "fed",
    "fight": "fought", "find": "found", "get": "got", "give": "gave", "go": "went", "grow": "grew",
    "have": "had", "hide": "hid", "hit": "hit", "hold": "held", "keep": "kept", "know": "knew", "lead": "led",
    "leave": "left", "let": "let", "lie": "lied", "lose": "lost", "make": "made", "mean": "meant",
    "meet": "met", "outdo": "outdid", "overfit": "overfit", "pay": "paid", "put": "put", "quit": "quit",
    "read": "read", "rise": "rose", "run": "ran", "say": "said", "see": "saw", "sell": "sold", "send": "sent",
    "set": "set", "show": "showed", "shut": "shut", "sink": "sank", "speak": "spoke", "spend": "spent",
    "spread": "spread", "stand": "stood", "steal": "stole", "take": "took", "teach": "taught", "tell": "told",
    "think": "thought", "throw": "threw", "win": "won", "write": "wrote",
}
_VOWELS = "aeiou"
_DOUBLED = frozenset({
    "ban", "chat", "commit", "drop", "flop", "grab", "plan", "rig", "scrap", "ship", "slip", "stop", "tag",
    "top", "trim",
})


def third(base: str) -> str:
    """Return the third person singular of the present: "train" -> "trains"."""
    if base in ("be", "have", "do", "go"):
        return {"be": "is", "have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def present(base: str, plural: bool) -> str:
    """Return the present for a subject of that number."""
    if not plural:
        return third(base)
    return "are" if base == "be" else base


def past(base: str) -> str:
    """Return the simple past: "train" -> "trained", "steal" -> "stole"."""
    if base in IRREGULAR_PAST:
        return IRREGULAR_PAST[base]
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    if base in _DOUBLED:
        return base + base[-1] + "ed"
    return base + "ed"
