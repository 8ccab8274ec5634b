"""Put names in the place of referring words, so that a proposition stands alone."""

from __future__ import annotations

import re
from typing import Any

from models.language.names.entity_spans import named_in
from models.language.parsing.frames import Saying
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children
from models.language.propositions.coreference import FIRST, PERSONAL, PLURAL, SINGULAR, References, Referent
from models.language.propositions.verb_groups import Edit, singular
from models.lexicon import cues

Token = Any

_NEW = cues().words["new"]
_POINTING_BACK = cues().words["pointing_back"]
# These may stay where their noun stands in the proposition; others would leave it incomplete.
_LEFT = frozenset({"its", "their"})
_VERSION = re.compile(r"\d\.\d")


class Settler:
    """Substitutes the referring words of one tree."""

    def __init__(self, tree: Tree, references: References) -> None:
        self._tree = tree
        self._references = references

    def settle(self, tokens: list[Token], saying: Saying, edit: Edit) -> bool:
        """Put into `edit` the names that the tokens refer to; return False if a referent stays unknown."""
        tree = self._tree
        places = [t.i for t in tokens if tree.entity(t) is not None]
        for token in tokens:
            word = tree.word(token)
            if token.i in edit.words:
                continue
            if word == "itself":
                if token.dep_ not in ("dobj", "pobj"):
                    edit.words[token.i] = ""
            elif token.tag_ in ("PRP", "PRP$") and word in SINGULAR | PLURAL | FIRST | PERSONAL:
                if not self._pronoun(token, tokens, saying, edit, bool(places) and min(places) < token.i):
                    return False
            elif (
                token.tag_ == "CD" and _VERSION.fullmatch(word)
                and token.dep_ in ("nsubj", "nsubjpass", "poss", "pobj", "dobj")
            ):
                referent = self._references.resolve(tree, token, saying)
                if referent is not None:
                    self._put(token, referent.name, referent, edit)
            elif token.tag_ in ("NN", "NNS") and self.points_back(token):
                self._noun(token, saying, edit)
        return True

    def owner(self, token: Token, edit: Edit) -> bool:
        """Make a possessive that became a subject ("its") the plain name; return False if that is unknown."""
        if token.tag_ != "PRP$":
            return True
        edit.words[token.i] = edit.words.get(token.i, "").removesuffix("'s").removesuffix("'")
        return bool(edit.words[token.i])

    def points_back(self, noun: Token) -> bool:
        """Return True for "the company", "its new models": a noun that points back, without a name in its
        phrase.
        """
        tree, words = self._tree, cues().words
        base = tree.base(noun)
        if base not in words["company"] and base not in ("model", "llm", "chatbot", "assistant"):
            return False
        determiners = children(noun, "det", "poss")
        if not determiners or tree.word(determiners[0]) not in _POINTING_BACK:
            return False
        for child in noun.children:
            if tree.entity(child) is not None and child.dep_ in ("compound", "nmod", "amod", "appos"):
                return False
            modifier = (
                child.i < noun.i and child.dep_ not in ("det", "poss", "case", "punct")
                and tree.word(child) not in _NEW
            )
            if modifier or (child.i > noun.i and child.dep_ in ("prep", "relcl", "acl", "appos", "advcl")):
                return False
        return True

    def _pronoun(
        self, token: Token, tokens: list[Token], saying: Saying, edit: Edit, named_before: bool
    ) -> bool:
        tree = self._tree
        word = tree.word(token)
        if word == "it" and (token.dep_ == "expl" or self._pleonastic(token)):
            return True
        noun = self._references.plural_before(tree, token) if word in PLURAL else None
        if noun is not None and noun in tokens:
            return True
        referent = self._references.resolve(tree, token, saying)
        entity = referent.entity if referent is not None else None
        model = named_in(tree, token.head, "model") if token.tag_ == "PRP$" else None
        if model is not None and (
            referent is None
            or (entity is not None and entity.type == "model" and entity.owner == model.owner)
        ):
            edit.words[token.i] = ""  # "their o3 model": the name tells the owner
            return True
        if referent is None:
            return word in _LEFT and named_before
        said_before = any(self._stands(t, referent.name, edit) for t in tokens if t.i < token.i)
        if token.tag_ == "PRP$" and said_before and word not in FIRST:
            return True
        if token.dep_ == "dobj" and self._own_subject(token, referent.name, tokens, edit):
            return False
        if token.dep_ == "pobj" and said_before:
            return False  # "X released support for it": not for X itself
        self._put(token, possessive(referent.name) if token.tag_ == "PRP$" else referent.name, referent, edit)
        if (
            word in ("we", "they") and token.dep_ in ("nsubj", "nsubjpass")
            and not referent.name.endswith("models")
        ):
            singular(tree, token.head, edit)
        return True

    def _put(self, token: Token, words: str, referent: Referent, edit: Edit) -> None:
        edit.words[token.i] = words
        if referent.entity is not None:
            edit.referred.append(referent.entity)

    def _stands(self, token: Token, name: str, edit: Edit) -> bool:
        entity = self._tree.entity(token)
        return (entity is not None and entity.name == name) or edit.words.get(token.i) == name

    def _own_subject(self, token: Token, name: str, tokens: list[Token], edit: Edit) -> bool:
        """Return whether an object pronoun would repeat its own subject: nothing "adds itself" that way."""
        subjects = [t for t in tokens if t.dep_ == "nsubj" and t.head == token.head]
        return any(
            self._stands(t, name, edit) or self.points_back(t) or self._tree.word(t) in SINGULAR
            for t in subjects
        )

    def _pleonastic(self, token: Token) -> bool:
        """Return True for an "it" without a referent: "it takes days", "it is hard to ..."."""
        verb = token.head
        if self._tree.base(verb) == "take":
            return True
        content = [
            c for c in children(verb, "xcomp", "ccomp", "advcl", "acl")
            if c.i > verb.i and c.tag_ in ("VB", "VBZ", "VBD")
        ]
        return token.dep_ in ("nsubj", "expl") and bool(content) and self._tree.base(verb) in ("be", "seem")

    def _noun(self, noun: Token, saying: Saying, edit: Edit) -> None:
        tree = self._tree
        determiner = children(noun, "det", "poss")[0]
        company = tree.base(noun) in cues().words["company"]
        referent = self._references.resolve(tree, noun, saying)
        if not company and (determiner.dep_ == "poss" or noun.tag_ == "NNS"):
            family = self._references.family()
            if family is None or any(family in word for word in edit.words.values()):
                return
            for child in noun.children:
                if tree.word(child) in _NEW:
                    edit.words[child.i] = ""
            if determiner.dep_ == "det":
                edit.words[determiner.i] = ""
            edit.words[noun.i] = f"{family} {tree.words[noun.i]}"
            if referent is not None and referent.entity is not None:
                edit.referred.append(referent.entity)
        elif referent is not None and (determiner.dep_ == "det" or not company):
            edit.words[determiner.i] = ""
            for child in children(noun, "amod", "compound"):
                edit.words[child.i] = ""
            self._put(noun, referent.name, referent, edit)


def possessive(name: str) -> str:
    """Return the possessive: "Meta" -> "Meta's", "Llama 4 models" -> "Llama 4 models'"."""
    return f"{name}'" if name.endswith("s") and not name.endswith("ss") else f"{name}'s"
