"""Find known names in a parsed sentence: at a word, in its phrase, or before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from models.gazetteer import Entity, Gazetteer, Person
from models.language.parsing.parser import Tree
from models.lexicon import cues

Token = Any

THINGS = ("model", "organisation")


def distinct(entities: Iterable[Entity], *types: str) -> list[Entity]:
    """Return the entities of those types, the first for each name, in order."""
    by_name: dict[str, Entity] = {}
    for entity in entities:
        if entity.type in types:
            by_name.setdefault(entity.name, entity)
    return list(by_name.values())


def sole(entities: Sequence[Entity]) -> Entity | None:
    """Return the only thing that the entities name; a model beside its maker counts as the only thing."""
    things = distinct(entities, *THINGS)
    models = [e for e in things if e.type == "model"]
    if len(things) == 1:
        return things[0]
    is_sole_model = len(models) == 1 and all(e is models[0] or e.name == models[0].owner for e in things)
    return models[0] if is_sole_model else None


def before(tree: Tree, token: Token) -> list[Entity]:
    """Return the known names to the left of a word in its sentence."""
    return [e for t in tree.tokens[: token.i] if (e := tree.entity(t)) is not None]


def heads(tree: Tree, token: Token) -> Entity | None:
    """Return the known model or organisation that `token` is, or whose "model" or "company" it is."""
    entity = tree.entity(token)
    if entity is not None:
        return entity if entity.type in THINGS else None
    if tree.base(token) in cues().words["model"] | cues().words["company"]:
        return named_in(tree, token, *THINGS)
    return None


def owner_of(tree: Tree, token: Token) -> Entity | None:
    """Return the one model whose property `token` is: "Aster 4 pricing" speaks of Aster 4."""
    if tree.base(token) not in cues().words["property"] and tree.word(token) not in cues().words["property"]:
        return None
    phrase = [t for c in token.children if c.dep_ in ("compound", "nmod", "poss", "amod") for t in c.subtree]
    owners = {e.name: e for t in phrase if (e := tree.entity(t)) is not None and e.type == "model"}
    return next(iter(owners.values())) if len(owners) == 1 else None


def named_in(tree: Tree, token: Token, *types: str) -> Entity | None:
    """Return the known name at `token` or in its own noun phrase (compound, possessor)."""
    phrase = [token, *(c for c in token.children if c.dep_ in ("compound", "nmod", "poss", "amod", "appos"))]
    return next((e for t in phrase if (e := tree.entity(t)) is not None and e.type in types), None)


def generic(tree: Tree, token: Token) -> bool:
    """Return True for "a model", "any company": a later "it" refers to that phrase, to no known name."""
    if (
        tree.base(token) not in cues().words["model"] | cues().words["company"]
        or tree.entity(token) is not None
    ):
        return False
    if token.dep_ not in ("nsubj", "dobj", "pobj", "poss", "nsubjpass") or any(
        tree.entity(c) is not None for c in token.children
    ):
        return False
    return any(
        c.dep_ == "det" and tree.word(c) in ("a", "an", "any", "each", "every", "no") for c in token.children
    )


_CACHED = 20_000


class KnownNames:
    """The gazetteer with a cache for people, since the same accounts come again."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._person = lru_cache(_CACHED)(gazetteer.person)

    @property
    def version(self) -> str:
        """Return a short hash of all names."""
        return self._gazetteer.version

    def find(self, text: str, context: Sequence[str] = ()) -> list[Entity]:
        """Return the names in a text; `context` are names already known."""
        return self._gazetteer.find(text, context)

    def named(self, name: str) -> Entity | None:
        """Return the entity of a canonical name, whatever its context; None for any other name."""
        return self._gazetteer.named(name)

    def organisation_of(self, platform: str, author: str | None, host: str) -> str | None:
        """Return the organisation whose official channel the account or host is."""
        return self._gazetteer.organisation_of(platform, author, host)

    def evaluates(self, organisation: str) -> bool:
        """Return True for an organisation that measures other organisations' models."""
        return self._gazetteer.evaluates(organisation)

    def outlet(self, name_or_host: str) -> str | None:
        """Return the outlet of this name or host; None for any other."""
        return self._gazetteer.outlet(name_or_host)

    def person(self, name_or_handle: str, platform: str | None = None) -> Person | None:
        """Return the person of this name or account."""
        return self._person(name_or_handle, platform)
