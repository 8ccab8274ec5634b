"""What "it", "the company" or "our" stands for, where the same document says so plainly; else nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from models.gazetteer import Entity, Gazetteer
from models.language.cues import cues
from models.language.document import Document, distinct
from models.language.frames import Saying, Voice
from models.language.parse import Tree

Token = Any

SINGULAR = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs"})
FIRST = frozenset({"we", "us", "our", "ours", "i", "me", "my", "mine"})
PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
POINTING = frozenset({"this", "that", "these", "those", "which", "who", "what", "you", "your", "one", "there", "someone", "both", "such"})
# "X says Y used its model": the model is X's.
_TAKING = frozenset(["use", "steal", "copy", "distill", "distil", "scrape", "pirate", "plagiarise", "plagiarize", "clone", "infringe"])
THINGS = ("model", "organisation")


@dataclass(frozen=True, slots=True)
class Referent:
    """What a word stands for: the name to put in its place, and the entity where it is a known one."""

    name: str
    entity: Entity | None


@dataclass(slots=True)
class Focus:
    """What the sentence before was about; `stranger` where it brought in something that no name is known for."""

    subject: Entity | None = None
    entities: list[Entity] = field(default_factory=list)
    crowd: bool = False
    stranger: bool = False


class References:
    """Resolves the referring words of one document; `move` is called after each sentence."""

    def __init__(self, document: Document, gazetteer: Gazetteer) -> None:
        self._document = document
        self._gazetteer = gazetteer
        self._focus = Focus()

    def label(self, entities: list[Entity]) -> None:
        """Begin a sentence that a label with these names stands before."""
        models = distinct(entities, "model")
        organisations = distinct(entities, "organisation")
        only = models if models else organisations
        if len(only) == 1:
            self._focus = Focus(only[0], entities)

    def topic(self) -> Entity | None:
        """The one model (or, with no model named, organisation) that label, title or parent post is about."""
        title = [n.entity for n in self._document.title_names if n.entity]
        for names in (self._focus.entities, title, self._document.parent_entities):
            models, organisations = distinct(names, "model"), distinct(names, "organisation")
            if models or organisations:
                return models[0] if len(models) == 1 else organisations[0] if not models and len(organisations) == 1 else None
        return None

    def move(self, tree: Tree | None, entities: list[Entity]) -> None:
        """Go on past a sentence: parsed (`tree`) or not, with the known names in it."""
        if tree is None:
            self._focus = Focus(None, entities)
            return
        subject, crowd, stranger = None, False, False
        for token in tree.tokens:
            if token.dep_ in ("nsubj", "nsubjpass"):
                if token.head.dep_ == "ROOT":
                    subject = heads(tree, token)
                elif subject is None and token.head.dep_ == "ccomp" and token.head.head.dep_ == "ROOT":  # "They said that X ..."
                    subject = heads(tree, token) or self._pointed_at(tree, token)
                crowd = crowd or (token.i < 4 and tree.base(token) in cues().words["community"])
        for token in tree.tokens:  # "X released Y." speaks of Y
            if token.dep_ == "dobj" and token.head.dep_ == "ROOT" and tree.base(token.head) in cues().verbs["perform"]:
                subject = named_in(tree, token, "model") or subject
                stranger = named_in(tree, token, "model") is None and token.tag_ in ("NN", "NNP")
        alone = distinct(entities, *THINGS)
        ours = [t for t in tree.tokens if t.dep_ == "nsubj" and t.head.dep_ == "ROOT" and tree.word(t) in ("we", "i")]
        if subject is None and (crowd or ours) and len(alone) == 1:
            subject = alone[0]  # "Users praise X." speaks of X
        self._focus = Focus(subject, entities, crowd, stranger)

    def _pointed_at(self, tree: Tree, token: Token) -> Entity | None:
        if tree.base(token) not in cues().words["model"] or not any(tree.word(c) == "the" for c in token.children):
            return None
        referent = self._model(tree, token)
        return referent.entity if referent else None

    def resolve(self, tree: Tree, token: Token, saying: Saying) -> Referent | None:
        """What the pronoun or "the company"-like noun `token` stands for; None where that is not plain."""
        word = tree.word(token)
        if token.tag_ == "CD":
            return self._version(tree, token)
        if word in FIRST:
            return self._first(word, saying)
        if word in SINGULAR or word in PLURAL:
            return self._third(tree, token, word in PLURAL, saying)
        if word in PERSONAL:
            named = [voice for voice in self._document.speakers if voice.name and voice.kind == "named" and voice.name != voice.organisation]
            alone = len({voice.name for voice in named}) == 1 and token.dep_ in ("nsubj", "nsubjpass", "poss")
            return Referent(named[-1].name, None) if alone and named[-1].name else None
        base = tree.base(token)
        if base in cues().words["company"]:
            return self._organisation(tree, token)
        if base in cues().words["model"]:
            return self._model(tree, token)
        return None

    def _version(self, tree: Tree, token: Token) -> Referent | None:
        """ "3.7" after "Claude 3.7": the one model named before with that version."""
        before = self._document.entities_before(tree.sentence.part, tree.starts[token.i])
        same = distinct([e for e in before if e.version and e.version.split()[0] == tree.word(token)], "model")
        return Referent(same[0].name, same[0]) if len(same) == 1 else None

    def _first(self, word: str, saying: Saying) -> Referent | None:
        if saying.voice.organisation and word not in ("i", "my", "me", "mine"):
            return Referent(saying.voice.organisation, self._known(saying.voice.organisation))
        return None

    def plural_before(self, tree: Tree, token: Token) -> Token | None:
        """The nearest plural noun to the left of a "they", which it then stands for."""
        return next((t for t in reversed(tree.tokens[: token.i]) if t.tag_ == "NNS" and t.dep_ != "compound"), None)

    def _third(self, tree: Tree, token: Token, plural: bool, saying: Saying) -> Referent | None:
        if any(_generic(tree, t) for t in tree.tokens[: token.i]):
            return None
        if plural and (noun := self.plural_before(tree, token)) is not None:
            return self.resolve(tree, noun, Saying(Voice("author"))) if tree.base(noun) == "model" else None
        if (own := self._speaker(tree, token, saying)) is not None:
            return own
        found = self._governing(tree, token, saying) or self._nearest(tree, token)
        if found is None and not self._focus.stranger and not self._intervening(tree, token):
            found = self._focus.subject
        if found is None:
            return None
        if found.type == "organisation" and token.dep_ in ("nsubj", "nsubjpass") and self._of_models(tree, token.head):
            subjects = [e for t in tree.tokens[: token.i] if t.dep_ in ("nsubj", "nsubjpass") and (e := heads(tree, t)) is not None]
            made = [e for e in subjects if e.type == "model"]
            if not made:
                return None if token.dep_ == "nsubjpass" else Referent(found.name, found)
            found = made[-1]
        if plural and found.type == "model" and found.owner:
            return Referent(found.owner, self._known(found.owner))
        return Referent(found.name, found)

    def _of_models(self, tree: Tree, verb: Token) -> bool:
        """Whether a verb is done by or to models rather than their makers: "was trained", "outperforms"."""
        done_to = {"train", "distill", "finetune", "tune", "release", "quantize", "base"}
        does = {"outperform", "beat", "surpass", "score", "cost", "hallucinate", "support"}
        base = tree.base(verb)
        return base in does or (base in done_to and any(c.dep_ == "auxpass" for c in verb.children))

    def _speaker(self, tree: Tree, token: Token, saying: Saying) -> Referent | None:
        """ "X claims their model ...": the speaker's own organisation, where nothing else is named before."""
        if saying.voice.organisation is None or not saying.spoken or token.tag_ != "PRP$":
            return None
        between = [t for t in tree.tokens[: token.i] if (e := tree.entity(t)) is not None and e.type in THINGS and saying.voice.organisation not in (e.name, e.owner)]
        named = any((e := tree.entity(t)) is not None and e.type == "model" for t in tree.tokens[: token.i])
        if named and tree.word(token) == "its":
            return None
        taking = any(tree.base(a) in _TAKING for a in token.ancestors)
        return None if between and not taking else Referent(saying.voice.organisation, self._known(saying.voice.organisation))

    def _governing(self, tree: Tree, token: Token, saying: Saying) -> Entity | None:
        """The known name that is subject of a clause over the pronoun, to its left."""
        for ancestor in token.ancestors:
            for child in ancestor.children:
                if child.dep_ in ("nsubj", "nsubjpass") and child.i < token.i and token not in child.subtree:
                    if tree.handle(child) is not None and token.tag_ != "PRP$":
                        return None  # an account speaks of something else as "it"
                    found = heads(tree, child)
                    if tree.base(ancestor) in cues().verbs["perform"] and not _finite_between(token, ancestor):  # "X introduced Y, praising its speed": Y's
                        things = [t for t in ancestor.children if t.dep_ == "dobj" and t.i < token.i]
                        found = named_in(tree, things[0], *THINGS) or found if things else found
                    if found is None and tree.base(child) in cues().words["company"] | cues().words["model"]:
                        referent = self.resolve(tree, child, saying)
                        found = referent.entity if referent else None
                    return found
        return None

    def _intervening(self, tree: Tree, token: Token) -> bool:
        """Whether another thing was named between the last sentence's subject and the pronoun."""
        words = cues().words
        carriers = words["stated"] | words["doubted"] | words["reported"]
        return any(
            (t.tag_ in ("NNP", "NNPS") and t.dep_ in ("poss", "compound", "nmod") and tree.names[t.i] is None and any(c.isupper() or c.isdigit() for c in tree.words[t.i]))
            or (t.tag_ == "CD" and "." in tree.word(t) and t.dep_ in ("poss", "nsubj", "pobj", "compound"))
            or (t.tag_ in ("NN", "NNP")
            and t.dep_ in ("nsubj", "nsubjpass", "dobj", "attr")
            and t.head != token.head
            and tree.names[t.i] is None
            and tree.word(t) not in words["community"]
            and not (t.dep_ in ("dobj", "attr") and tree.word(t) in carriers)
            and not any(tree.entity(c) is not None for c in t.children if c.dep_ in ("compound", "nmod")))
            for t in tree.tokens[: token.i]
        )

    def _nearest(self, tree: Tree, token: Token) -> Entity | None:
        if self._intervening(tree, token):
            return None
        account = token.tag_ != "PRP$"
        left = [e for t in tree.tokens[: token.i] if (e := tree.entity(t)) is not None and not (account and tree.handle(t))]
        if any(e.type == "hardware" for e in left):
            return None
        only = distinct(left, *THINGS)
        models = [e for e in only if e.type == "model"]
        if len(only) == 1:
            return only[0]
        return models[0] if len(models) == 1 and all(e is models[0] or e.name == models[0].owner for e in only) else None

    def _organisation(self, tree: Tree, token: Token) -> Referent | None:
        before = self._document.entities_before(tree.sentence.part, tree.starts[token.i])
        here = [e for t in tree.tokens[: token.i] if (e := tree.entity(t)) is not None and e.type in THINGS]
        near = here or self._focus.entities or before
        owners = {e.name if e.type == "organisation" else e.owner for e in near if e.type in THINGS}
        if len(owners) != 1:
            return None
        owner = owners.pop()
        return Referent(owner, self._known(owner)) if owner else None

    def _model(self, tree: Tree, token: Token) -> Referent | None:
        if any(_generic(tree, t) for t in tree.tokens[: token.i]):
            return None
        before = self._document.entities_before(tree.sentence.part, tree.starts[token.i])
        models = distinct(before, "model")
        if not models:
            return None
        if token.tag_ != "NNS":
            here = distinct([e for t in tree.tokens[: token.i] if (e := tree.entity(t)) is not None], *THINGS)
            if here:
                alone = here[0] if here[0].type == "model" and len([e for e in here if e.type == "model"]) == 1 else None
                alone = alone if alone is not None and all(e is alone or e.name == alone.owner for e in here) else None
                return Referent(alone.name, alone) if alone else None
            if self._focus.stranger:
                return None
            near = self._focus.subject if self._focus.subject and self._focus.subject.type == "model" else None
            families = {m.family or m.name for m in models}
            chosen = near or (models[0] if len(families) == 1 or len(distinct(self._focus.entities, "model")) == 1 else None)
            return Referent(chosen.name, chosen) if chosen else None
        families = {m.family for m in models if m.family}
        if len(families) == 1 and len({m.owner for m in models}) == 1:
            family = self.family() or models[0].name
            return Referent(f"{family} models", replace(models[0], name=family))
        return None

    def family(self) -> str | None:
        """The one model family, with its version, that the whole document is about: "Llama 4"."""
        names = [e for e in self._document.all_entities() if e.type == "model"]
        stems = {_stem(e) for e in names}
        return stems.pop() if len(stems) == 1 else None

    def _known(self, organisation: str) -> Entity | None:
        found = [*self._document.all_entities(), *self._gazetteer.find(organisation)]
        return next((e for e in found if e.name == organisation), None)


def _stem(entity: Entity) -> str:
    return f"{entity.family} {entity.version}" if entity.family and entity.version else entity.family or entity.name


def _finite_between(token: Token, ancestor: Token) -> bool:
    """Whether a finite adverbial clause ("as it does so") lies between the pronoun and the verb."""
    for link in token.ancestors:
        if link == ancestor:
            return False
        if link.dep_ == "advcl" and link.tag_ != "VBG":
            return True
    return False


def _generic(tree: Tree, token: Token) -> bool:
    """ "a model", "any company": a later "it" or "the model" means that one, which is nobody in particular."""
    if tree.base(token) not in cues().words["model"] | cues().words["company"]:
        return False
    if any(tree.entity(c) is not None for c in token.children) or tree.entity(token) is not None:
        return False
    return token.dep_ in ("nsubj", "dobj", "pobj", "poss", "nsubjpass") and any(
        c.dep_ == "det" and tree.word(c) in ("a", "an", "any", "each", "every", "no") for c in token.children
    )


def heads(tree: Tree, token: Token) -> Entity | None:
    """The known name that `token` itself is, or that names the model or company it is the head noun of."""
    entity = tree.entity(token)
    if entity is not None:
        return entity if entity.type in THINGS else None
    if tree.base(token) in cues().words["model"] | cues().words["company"]:
        return named_in(tree, token, *THINGS)
    return None


def named_in(tree: Tree, token: Token, *types: str) -> Entity | None:
    """The known name at `token` or in its own noun phrase (compound, possessor)."""
    entity = tree.entity(token)
    if entity is not None and entity.type in types:
        return entity
    for child in token.children:
        if child.dep_ in ("compound", "nmod", "poss", "amod", "appos"):
            entity = tree.entity(child)
            if entity is not None and entity.type in types:
                return entity
    return None
