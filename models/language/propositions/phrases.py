"""Choose the words under a head that stay in a proposition, and put them together again."""

from __future__ import annotations

import re
from typing import Any

from models.language.parsing.frames import ORDER
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, finite, subject_of
from models.language.propositions.verb_groups import Edit, adverb_role
from models.language.wording import capitalised, without_markup
from models.lexicon import cues

Token = Any

_MARKS = cues().words["mark"]
_SPLIT_MARKS = cues().words["split_mark"]
_TIME_MARKS = cues().words["time_mark"]
_REMARKS = cues().verbs["remark"]
_GAP_BEFORE = re.compile(r"\s+([,.;:!?)\]%}])")
_END_MARKS = " ,;:.!?-–—"
# Single quotation marks; one within a word is an apostrophe.
_OPENS, _CLOSES = re.compile(r"(?<!\w)[‘'](?=\w)"), re.compile(r"(?<=[\w.,!?])[’'](?!\w)")
_DANGLING = re.compile(
    r"(?:,?\s+(?:and|or|but|with|as|the|a|an|of|to|in|for|on|by|from|that|which|both|than|and the (?:issue"
    r"|question|matter|point)))+$"
)
_CREDIT = re.compile(
    r",? as (?:\w+ed|shown|seen|told|per)(?: (?:by|in|on):?(?: @?\w+)?)?$|, as (?:\w+ed|shown|seen"
    r"|told) by @?\w+ .*$"
    r"|, (?:announced|detailed|shared|reported|noted|mentioned|highlighted|described|shown)(?: (?:by|in"
    r"|on):?(?: @?\w+)?)?$"
)


class Phrases:
    """Picks and renders the words of one tree; `heads` are the verbs that speak for themselves elsewhere."""

    def __init__(self, tree: Tree, heads: set[int]) -> None:
        self._tree = tree
        self._heads = heads

    def kept(self, head: Token, edit: Edit) -> list[Token]:
        """Return the words under `head` that a proposition keeps; `edit` notes hedging adverbs that go."""
        tokens: list[Token] = []
        stack = [head]
        while stack:
            token = stack.pop()
            tokens.append(token)
            stack.extend(child for child in token.children if not self.leaves(child, token, head, edit))
        return tokens

    def noun_phrase(self, noun: Token, edit: Edit, *, tight: bool) -> list[Token]:
        """Return a noun phrase without relative clauses and asides; `tight` also ends it at its first comma.
        """
        tokens = self.kept(noun, edit)
        if noun.dep_ == "poss":
            tokens = [t for t in tokens if t.dep_ != "case"]
        if tight and not any(t.dep_ == "conj" for t in tokens):
            stop = next(
                (t.i for t in tokens if t.i > noun.i and self._tree.word(t) in (",", "(", ":", ";")), None
            )
            tokens = [t for t in tokens if stop is None or t.i < stop]
        return tokens

    def leaves(self, child: Token, parent: Token, head: Token, edit: Edit) -> bool:
        """Return True if the words under `child` leave the proposition of `head`."""
        tree = self._tree
        word = tree.word(child)
        if edit.words.get(child.i) == "" or child.dep_ in ("parataxis", "intj", "meta", "preconj"):
            return True
        if (
            child.i in self._heads and child.i != head.i
            and child.dep_ in ("conj", "advcl", "acl", "parataxis", "relcl", "dep", "ccomp", "pcomp")
        ):
            return child.dep_ in ("conj", "advcl", "relcl", "dep") or (
                child.dep_ == "acl" and child.tag_ == "VBG"
            )
        if child.dep_ == "appos" and child.i in self._heads and child.i != head.i:
            return True  # "X, an open model with ..." has a frame of its own
        if child.dep_ == "agent" and tree.base(parent) in cues().verbs["perform"] and any(
            tree.handle(c) is not None for c in child.children
        ):
            return True  # "is introduced by @somebody": the account only relays it
        if (role := adverb_role(tree, child)) is not None:
            if role in ("hedged", "reported"):
                edit.certainty = max(edit.certainty, role, key=ORDER.index)
                edit.cues.append(word)
            return True
        if child.dep_ in ("mark", "cc") and parent == head and child.i < head.i:
            return word in _MARKS
        if child.dep_ == "cc":
            return any(self.leaves(c, parent, head, edit) for c in children(parent, "conj") if c.i > child.i)
        talk = child.tag_ == "NNS" and tree.base(child) in (
            "comparison", "concern", "mention", "question", "comment", "discussion", "complaint"
        )
        if child.dep_ == "conj" and (
            word in ("others", "some", "users") or talk
            or (parent == head and child.tag_[:1] == "V" and self._own_clause(child))
        ):
            return True
        if child.dep_ == "relcl" or (child.dep_ == "advcl" and parent == head):
            return self._aside(child)
        if child.tag_ == "VBG" and child.dep_ in ("acl", "dep", "xcomp", "conj"):
            return self._remark(child)
        return child.dep_ == "prep" and self._adjunct(child, parent == head)

    def _own_clause(self, verb: Token) -> bool:
        return finite(verb) and subject_of(verb) is not None

    def _remark(self, verb: Token) -> bool:
        """Return whether the writer comments: "..., highlighting its potential"."""
        base = self._tree.base(verb)
        if self._after_comma(verb):
            return verb.dep_ != "conj" or base in cues().verbs["fluff"]
        return verb.dep_ in ("conj", "acl") and base in _REMARKS

    def _adjunct(self, prep: Token, outermost: bool) -> bool:
        word = self._tree.word(prep)
        if word == "according":
            return True
        if word not in ("per", "despite", "with") or not self._after_comma(prep):
            return False
        if word == "with" and self._crowd(prep):
            return True  # ", with some expressing hope that"
        return outermost and (word != "with" or any(c.dep_ == "pcomp" for c in prep.children))

    def _crowd(self, prep: Token) -> bool:
        tree, crowd = self._tree, cues().words["community"]
        has_users = any(c.tag_ == "NNS" and tree.base(c) in crowd for c in prep.children)
        opening = prep.i + 1 < len(tree.tokens) and tree.word(tree.tokens[prep.i + 1]) in crowd
        return has_users or (opening and any(t.tag_ == "VBG" for t in prep.subtree))

    def _aside(self, clause: Token) -> bool:
        """Return whether a clause is an aside: set off by a comma, or with a frame of its own."""
        mark = next((self._tree.word(c) for c in children(clause, "mark")), "")
        comma = self._after_comma(clause)
        if clause.dep_ != "advcl":
            return comma
        if clause.tag_ == "VB":
            return False
        if clause.tag_ == "VBG":
            return (
                self._tree.base(clause) in cues().verbs["fluff"] or (comma and mark not in ("while", "when"))
            )
        return mark in _SPLIT_MARKS or (comma and mark not in _TIME_MARKS)

    def _after_comma(self, token: Token) -> bool:
        left = min(t.i for t in token.subtree)
        return left > 0 and self._tree.word(self._tree.tokens[left - 1]) in (",", "-", ";", ":", "--")

    def render(self, tokens: list[Token], edit: Edit, beside: list[Token] | None = None) -> str:
        """Return the tokens' words as `edit` changes them.

        Commas around omitted words go too; the tokens of `beside` count as present.
        """
        tree = self._tree
        parts: list[str] = []
        last: int | None = None
        inside = {t.i for t in (*tokens, *(beside or ())) if edit.words.get(t.i) != ""}
        for token in sorted(set(tokens), key=lambda t: t.i):
            word = edit.words.get(token.i, tree.words[token.i])
            if not word or (word == "," and not {token.i - 1, token.i + 1} <= inside):
                continue
            touching = last is not None and token.i == last + 1 and tree.starts[token.i] == tree.ends[last]
            if parts and not (touching and not {token.i, token.i - 1} <= edit.words.keys()):
                parts.append(" ")
            parts.append(word)
            last = token.i
        return "".join(parts)


def uncontrasted(tokens: list[Token], tree: Tree) -> list[Token]:
    """Return the tokens of a denied clause without its contrast: "not X but rather Y" denies X alone."""
    stop = next(
        (t.i for t in tokens if tree.word(t) in ("but", "rather") and t.dep_ in ("cc", "advmod")), None
    )
    return [
        t for t in tokens if (stop is None or t.i < stop) and tree.word(t) not in ("either", "yet", "anymore")
    ]


def _without_odd_quotes(text: str) -> str:
    """Return a text without single quotation marks around all of it, or at an end without their partner."""
    opens, closes = _OPENS.search(text), _CLOSES.search(text)
    begins, ends = text[:1] in tuple("'‘"), text[-1:] in tuple("'’") and not text.endswith("s'")
    inside = text[1:-1]
    around = begins and ends and not _OPENS.search(inside) and not _CLOSES.search(inside)
    if begins and (around or not closes):
        text = text.lstrip(f"'‘{_END_MARKS}")
    if ends and (around or not opens):
        text = text.rstrip(f"'’{_END_MARKS}")
    return text


def tidy(text: str) -> str:
    """Put a proposition's spacing, quotes, first letter and end in order."""
    text = re.sub(r"[\"“”]|\(\s*\)|\[\s*\]", "", without_markup(text))
    text = _GAP_BEFORE.sub(r"\1", re.sub(r"\s+", " ", text)).strip()
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = re.sub(r"(?:,\s*)+,", ",", text)
    text = _DANGLING.sub("", _CREDIT.sub("", text.rstrip(" .,;:")))
    text = re.sub(r"\s*\((?:source|link|here|image|video|tweet|(?:reddit |x )?post)\)", "", text, flags=re.I)
    if text.count("(") != text.count(")"):
        text = re.sub(r"\s*\([^()]*$", "", text).replace("(", "").replace(")", "")
    return capitalised(_without_odd_quotes(text.strip(_END_MARKS)))
