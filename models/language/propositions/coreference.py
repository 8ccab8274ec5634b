"""Resolve "it", "the company" or "our" where the same document makes the referent plain; else leave it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from models.gazetteer import Entity
from models.language.names.document import Document
from models.language.names.entity_spans import (
    THINGS,
    KnownNames,
    before,
    distinct,
    generic,
    heads,
    named_in,
    owner_of,
    sole,
)
from models.language.parsing.frames import Saying, Voice
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import subject_of
from models.language.propositions.antecedents import (
    fitting,
    governing,
    intervening,
    introduced,
    matter,
    nearest,
    others_named,
)
from models.lexicon import cues

Token = Any

SINGULAR = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs"})
FIRST = frozenset({"we", "us", "our", "ours", "i", "me", "my", "mine"})
PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
POINTING = cues().words["pointing"]
_SINGLE = frozenset({"i", "me", "my", "mine"})
_MANKIND = re.compile(
    r"\bas (?:an? )?(?:species|society|community|field|industry|humans|humanity|people|country|nation)\b"
    r"|\bwe all\b",
    re.I,
)
_TAKING = cues().verbs["take"]
_NO_COMPANY = cues().words["technology"] | cues().words["no_voice"] | cues().words["model"]


@dataclass(frozen=True, slots=True)
class Referent:
    """What a word stands for: the name to put in its place, and the entity if it is a known one."""

    name: str
    entity: Entity | None


@dataclass(slots=True)
class Focus:
    """The topic of the sentence before; `stranger` if it introduced a thing without a known name."""

    subject: Entity | None = None
    entities: list[Entity] = field(default_factory=list)
    stranger: bool = False


def _is_main(verb: Token, told_by_outsider: bool) -> bool:
    """Return whether a verb's clause is the sentence's own, or what an unknown name tells: "X said that Y".
    """
    is_told = verb.dep_ == "ccomp" and verb.head.dep_ == "ROOT" and verb.i > verb.head.i
    return verb.dep_ == "ROOT" or (told_by_outsider and is_told)


class References:
    """Resolves the referring words of one document; `move` is called after each sentence."""

    def __init__(self, document: Document, gazetteer: KnownNames) -> None:
        self._document = document
        self._gazetteer = gazetteer
        self._focus = Focus()

    # --- going on through the document -------------------------------------------------------------------

    def label(self, entities: list[Entity]) -> None:
        """Set the focus from the names in a sentence's label."""
        things = distinct(entities, "model") or distinct(entities, "organisation")
        if len(things) == 1:
            self._focus = Focus(things[0], entities)

    def move(self, tree: Tree | None, entities: list[Entity]) -> None:
        """Go on past a sentence: parsed (`tree`) or not, with the known names in it."""
        if tree is None:
            self._focus = Focus(None, entities)
            return
        subject, crowd, stranger = None, False, False
        self._document.outsider = self._outsider(tree)
        for token in tree.tokens:
            if token.dep_ in ("nsubj", "nsubjpass"):
                outer = token.head.dep_ == "ROOT"
                if outer or (
                    subject is None and token.head.dep_ == "ccomp" and token.head.head.dep_ == "ROOT"
                ):
                    subject = heads(tree, token) or owner_of(tree, token) or (
                        None if outer else self._pointed_at(tree, token)
                    )
                crowd = crowd or (token.i < 4 and tree.base(token) in cues().words["community"])
                crowd = crowd or (outer and tree.word(token) in ("we", "i"))
            elif token.dep_ == "dobj" and token.head.dep_ == "ROOT" and self._pointed_out(tree, token):
                subject = named_in(tree, token, "model")  # "@somebody highlights Y." speaks of Y
            elif (
                token.dep_ == "dobj" and token.head.dep_ == "ROOT"
                and tree.base(token.head) in cues().verbs["perform"]
            ):
                model = named_in(tree, token, "model")  # "X released Y." speaks of Y
                subject = model or subject
                stranger = model is None and token.tag_ in ("NN", "NNP")
        things = distinct(entities, *THINGS)
        if subject is None and crowd and len(things) == 1:
            subject = things[0]  # "Users praise X.", "We trained X." speak of X
        self._focus = Focus(subject, entities, stranger)

    def _outsider(self, tree: Tree) -> str | None:
        """Return the last name that is a main subject, up to this sentence, if it is unknown."""
        outsider = self._document.outsider
        for token in tree.tokens:
            if token.dep_ not in ("nsubj", "nsubjpass") or not _is_main(token.head, outsider is not None):
                continue
            if heads(tree, token) is not None:
                outsider = None
            elif token.tag_ in ("NNP", "NNPS") and not any(
                    tree.words[token.i] in person.name.split() for person in self._document.people):
                owner = next((c for c in token.children if c.dep_ == "poss" and c.tag_ == "NNP"), token)
                words = [t for t in owner.subtree if t.i <= owner.i and t.dep_ in ("compound", owner.dep_)]
                name = tree.verbatim(words)
                is_thing = name.split()[-1].lower() in _NO_COMPANY
                outsider = name if name[:1].isupper() and not is_thing else None
        return outsider

    @staticmethod
    def _pointed_out(tree: Tree, token: Token) -> bool:
        """Return whether an account points at the model that `token` names."""
        subject = subject_of(token.head)
        shown = tree.base(token.head) in cues().verbs["talk"] and named_in(tree, token, "model") is not None
        return shown and subject is not None and tree.handle(subject) is not None

    def _pointed_at(self, tree: Tree, token: Token) -> Entity | None:
        if tree.base(token) not in cues().words["model"] or not any(
            tree.word(c) == "the" for c in token.children
        ):
            return None
        referent = self._model(tree, token)
        return referent.entity if referent else None

    def topic(self) -> Entity | None:
        """Return the only model (without a model, the only organisation) of label, title or parent post."""
        title_entities = [n.entity for n in self._document.title_names if n.entity]
        for names in (self._focus.entities, title_entities, self._document.parent_entities):
            things = distinct(names, "model") or distinct(names, "organisation")
            if things:
                return things[0] if len(things) == 1 else None
        return None

    def family(self) -> str | None:
        """Return the one model family, with its version, that the whole document is about: "Llama 4"."""
        models = [e for e in self._document.entities if e.type == "model"]
        stems = {f"{e.family} {e.version}" if e.family and e.version else e.family or e.name for e in models}
        return stems.pop() if len(stems) == 1 else None

    # --- resolving ---------------------------------------------------------------------------------------

    def resolve(self, tree: Tree, token: Token, saying: Saying) -> Referent | None:
        """Return the referent of a pronoun or of a noun like "the company"; None where it is not plain."""
        word, words = tree.word(token), cues().words
        if token.tag_ == "CD":
            return self._version(tree, token)
        if word in FIRST:
            organisation = (
                None if _MANKIND.search(tree.text, tree.sentence.start, tree.sentence.end)
                else saying.voice.organisation
            )
            return self._known(organisation) if organisation and word not in _SINGLE else None
        if word in SINGULAR | PLURAL:
            return self._third(tree, token, saying)
        if word in PERSONAL:
            return self._person(token)
        if tree.base(token) in words["company"]:
            return self._organisation(tree, token)
        return self._model(tree, token) if tree.base(token) in words["model"] else None

    def plural_before(self, tree: Tree, token: Token) -> Token | None:
        """Return the nearest plural noun to the left of a "they", which it then stands for."""
        return next(
            (t for t in reversed(tree.tokens[: token.i]) if t.tag_ == "NNS" and t.dep_ != "compound"), None
        )

    def _version(self, tree: Tree, token: Token) -> Referent | None:
        """Resolve "3.7" after "Claude 3.7": the only model of that version named before."""
        named = self._document.entities_before(tree.sentence.part, tree.starts[token.i])
        models = distinct(
            [e for e in named if e.version and e.version.split()[0] == tree.word(token)], "model"
        )
        return Referent(models[0].name, models[0]) if len(models) == 1 else None

    def _person(self, token: Token) -> Referent | None:
        names = {
            v.name for v in self._document.speakers
            if v.name and v.kind == "named" and v.name != v.organisation
        }
        if len(names) != 1 or token.dep_ not in ("nsubj", "nsubjpass", "poss"):
            return None
        return Referent(names.pop(), None)

    def _third(self, tree: Tree, token: Token, saying: Saying) -> Referent | None:
        plural = tree.word(token) in PLURAL
        if any(generic(tree, t) for t in tree.tokens[: token.i]):
            return None
        # "users doubt their costs": not the users'
        crowd = saying.certainty == "questioned" and token.tag_ == "PRP$"
        noun = self.plural_before(tree, token) if plural else None
        # speakers would call themselves "we"
        crowd = crowd or (saying.spoken and saying.voice.kind == "community" and token.tag_ == "PRP")
        if noun is not None and not (crowd and tree.base(noun) in cues().words["community"]):
            return self.resolve(tree, noun, Saying(Voice("author"))) if tree.base(noun) == "model" else None
        if (speaker := self._speakers(tree, token, saying)) is not None:
            return speaker
        if not plural and (noun := matter(tree, token)) is not None:
            words = [t for t in noun.subtree if t.i <= noun.i]
            return Referent(
                tree.surface(words), next((e for t in words if (e := tree.entity(t)) is not None), None)
            )
        entity = self._governed(tree, token, saying) or nearest(tree, token)
        if entity is None and not self._focus.stranger and not intervening(tree, token):
            entity = self._focus.subject
        entity = fitting(tree, token, entity) if entity is not None else None
        if entity is None:
            return None
        return (
            self._known(entity.owner) if plural and entity.type == "model" and entity.owner
            else Referent(entity.name, entity)
        )

    def _speakers(self, tree: Tree, token: Token, saying: Saying) -> Referent | None:
        """Resolve "X claims their model ..." to X's organisation, where nothing else is named before."""
        organisation = saying.voice.organisation
        if (
            organisation is None or not saying.spoken or token.tag_ != "PRP$"
            or saying.certainty == "questioned"
        ):
            return None  # nobody questions their own product
        if tree.word(token) == "its" and any(e.type == "model" for e in before(tree, token)):
            return None
        is_taken = any(tree.base(a) in _TAKING for a in token.ancestors)
        return self._known(organisation) if is_taken or not others_named(tree, token, organisation) else None

    def _governed(self, tree: Tree, token: Token, saying: Saying) -> Entity | None:
        """Return the entity that the subject of the clause above a pronoun gives."""
        subject = governing(tree, token)
        if subject is None or (tree.handle(subject) is not None and token.tag_ != "PRP$"):
            return None
        entity = introduced(tree, token, subject) or heads(tree, subject)
        if entity is None and tree.base(subject) in cues().words["company"] | cues().words["model"]:
            referent = self.resolve(tree, subject, saying)
            entity = referent.entity if referent else None
        return entity

    def _organisation(self, tree: Tree, token: Token) -> Referent | None:
        in_sentence = [e for e in before(tree, token) if e.type in THINGS]
        if not in_sentence and self._document.outsider:
            return None
        nearby = (
            in_sentence or self._focus.entities
            or self._document.entities_before(tree.sentence.part, tree.starts[token.i])
        )
        owners = {e.name if e.type == "organisation" else e.owner for e in nearby if e.type in THINGS}
        owner = owners.pop() if len(owners) == 1 else None
        return self._known(owner) if owner else None

    def _model(self, tree: Tree, token: Token) -> Referent | None:
        if any(generic(tree, t) for t in tree.tokens[: token.i]):
            return None
        models = distinct(self._document.entities_before(tree.sentence.part, tree.starts[token.i]), "model")
        families = {m.family or m.name for m in models}
        if not models:
            return None
        if token.tag_ == "NNS":
            if len(families) != 1 or models[0].family is None or len({m.owner for m in models}) != 1:
                return None
            family = self.family() or models[0].name
            return Referent(f"{family} models", replace(models[0], name=family))
        in_sentence = [e for e in before(tree, token) if e.type in THINGS]
        if in_sentence:
            chosen = sole(in_sentence)
        elif self._focus.stranger:
            chosen = None
        elif self._focus.subject is not None and self._focus.subject.type == "model":
            chosen = self._focus.subject
        else:
            chosen = (
                models[0] if len(families) == 1 or len(distinct(self._focus.entities, "model")) == 1 else None
            )
        return Referent(chosen.name, chosen) if chosen is not None and chosen.type == "model" else None

    def _known(self, organisation: str) -> Referent:
        entities = [*self._document.entities, *self._gazetteer.find(organisation)]
        return Referent(organisation, next((e for e in entities if e.name == organisation), None))
