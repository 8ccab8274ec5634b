"""Find who speaks from the subject of a speech verb or the words beside a quotation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from models.language.attribution.source_credits import outlet_voice, source_voice
from models.language.names.document import Document, account
from models.language.names.entity_spans import KnownNames
from models.language.names.people import Person, by_surname
from models.language.parsing.frames import Voice
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, subject_of
from models.lexicon import cues

Token = Any

# A forum's user name: digits, underscores or inner capitals.
_USER_NAME = re.compile(r"(?=.*(?:\d|_|[a-z][A-Z]|-))[A-Za-z][\w.-]{2,30}|[A-Z][a-z]+[A-Z]\w+")


_ANY_POST = cues().words["any_post"]
_THINGS = cues().words["no_voice"]
_TECHNOLOGY = cues().words["technology"]


class Voices:
    """Resolves the speakers of one document."""

    def __init__(self, document: Document, gazetteer: KnownNames) -> None:
        self._document = document
        self._gazetteer = gazetteer

    def of(self, tree: Tree, token: Token, speaking: Voice | None = None) -> Voice | None:
        """Return the voice of `token`, the head of a subject; None where it cannot speak (a model, a thing).

        `speaking` is the current speaker: "we" and "I" mean that voice.
        """
        return speaking if speaking and tree.word(token) in ("i", "we") else self._of(tree, token)

    def heard(self, voice: Voice | None) -> None:
        """Remember who spoke, for a later "he" or "the company"."""
        if voice is not None and voice.name and voice.kind in ("named", "staff", "author"):
            self._document.speakers.append(voice)

    def by_words(self, name: str, place: int) -> Voice | None:
        """Return the voice of a name or pronoun that stands at a place in the text."""
        bare = re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.I)
        if name.startswith("@"):
            return self.account(name)
        if bare.lower() in ("he", "she", "they", "i", "we"):
            voices = [v for v in self._document.speakers if v.name]
            return self._document.author if bare.lower() in ("i", "we") else voices[-1] if voices else None
        if len(bare.split()) == 1 and (person := by_surname(self._document.people, bare, place)):
            return Voice("named", person.name, person.organisation)
        for person in self._document.people:
            if person.name == bare:
                return Voice("named", person.name, person.organisation)
        for entity in self._document.entities:
            if entity.text in (name, bare) and (outlet := self.outlet(entity.name)) is not None:
                return outlet
            if entity.text == bare and entity.type in ("person", "organisation"):
                return Voice(
                    "named", entity.name, entity.name if entity.type == "organisation" else entity.owner
                )
        if bare.lower() in cues().words["company"] | cues().words["staff"]:
            voices = [v for v in self._document.speakers if v.name]
            return voices[-1] if voices else None
        return Voice("named", bare) if bare[:1].isupper() and len(bare.split()) <= 4 else None

    def _of(self, tree: Tree, token: Token) -> Voice | None:
        if (handle := tree.handle(token)) is not None:
            voice, owner = self.account(handle), self._owner(tree, token)
            return replace(voice, organisation=owner) if owner and voice.organisation is None else voice
        if (entity := tree.entity(token)) is not None:
            if entity.type == "person":
                return Voice("named", entity.name, entity.owner)
            if entity.type == "venue":
                return self.outlet(entity.name)
            return Voice("named", entity.name, entity.name) if entity.type == "organisation" else None
        word = tree.word(token)
        words = cues().words
        if token.tag_ in ("PRP", "DT", "WP", "WDT") and word not in words["community"]:
            return self._pronoun(tree, token, word)
        if person := self._apposed(tree, token):
            return Voice("named", person.name, person.organisation)
        base = tree.base(token)
        if any(
            tree.word(c) in ("leaked", "leaking", "internal", "unpublished") for c in children(token, "amod")
        ) and token.tag_[:2] == "NN":
            return Voice("anonymous")  # "a leaked slide says"
        titled = token.tag_ in ("NNP", "NNPS") and (word in words["staff"] or word in words["company"])
        if (token.tag_ in ("NNP", "NNPS") and not titled) or self._user_name(tree, token):
            return self._proper(tree, token)
        base = word if titled else base
        if base in words["expert"] and self._owner(tree, token) is None:
            return Voice("expert")
        if base in words["staff"]:
            return self._staff(tree, token)
        if base in words["company"]:
            return self._company(tree, token)
        if base in ("person", "people") and any(
            c.dep_ in ("amod", "relcl", "acl", "prep") for c in token.children
        ):
            familiar = {"familiar", "close", "briefed", "knowledge"} & {tree.word(t) for t in token.subtree}
            if familiar:
                return Voice("anonymous")
        if word in words["community"] or base in words["community"]:
            if any(
                child.dep_ in ("appos", "nmod", "compound") and tree.handle(child) for child in token.children
            ):
                return self.account(next(h for c in token.children if (h := tree.handle(c))))
            return Voice("community")
        if word in words["anonymous"] or base in words["anonymous"]:
            return Voice("anonymous")
        if base in words["author"] | words["channel"]:
            if owner := self._owner(tree, token):
                return Voice("named", owner, owner)
            return self._document.author if base in words["author"] else None
        return None

    def account(self, handle: str) -> Voice:
        """Return the voice that posts under a handle."""
        return account(handle, self._document, self._gazetteer)

    def outlet(self, name: str) -> Voice | None:
        """Return the voice of an outlet's report, as `outlet_voice` does."""
        return outlet_voice(name, self._document, self._gazetteer)

    def source(self, name: str) -> Voice | None:
        """Return the voice of a source that is named behind a sentence, as `source_voice` does."""
        is_account = name.startswith("@")
        return self.account(name) if is_account else source_voice(name, self._document, self._gazetteer)

    def _pronoun(self, tree: Tree, token: Token, word: str) -> Voice | None:
        if word in ("i", "we"):
            return self._document.author
        voices = [v for v in self._document.speakers if v.name]
        if word in ("he", "she"):
            people = [v for v in voices if v.name != v.organisation]
            return people[-1] if people else None
        if word in ("they", "it") and voices and (
            word == "they" or voices[-1].name == voices[-1].organisation
        ):
            return voices[-1]
        if word in ("who", "that", "which") and token.head.dep_ == "relcl":
            return self._of(tree, token.head.head)
        return None

    def _apposed(self, tree: Tree, token: Token) -> Person | None:
        """Return the person named beside `token`: "the executive, Jane Roe, said", "Jane Roe, a VP,
        said".
        """
        heads = [token, *(child for child in token.children if child.dep_ in ("appos", "compound", "nmod"))]
        for head in heads:
            start, end = tree.place([
                t for t in head.subtree
                if (t.i <= head.i and t.dep_ in ("compound", "flat", "nmod")) or t == head
            ])
            for person in self._document.people:
                if (
                    tree.text[person.start : person.start + len(person.name)] == person.name
                    and start <= person.start < end
                ):
                    return person
        return None

    def _proper(self, tree: Tree, token: Token) -> Voice | None:
        words = [
            t for t in token.subtree
            if t == token or (t.i < token.i and t.dep_ in ("compound", "nmod", "flat") and t.head == token)
        ]
        if any(tree.is_made_small(t) for t in words):
            return None
        words = [t for t in words if tree.entity(t) is None or t == token]
        words += [c for c in token.children if c.dep_ == "det" and tree.words[c.i] == "The"]
        name = tree.surface(words).strip("'\"“”‘’ ")
        if len(name.split()) == 1 and (
            person := by_surname(self._document.people, name, tree.starts[token.i])
        ):
            return Voice("named", person.name, person.organisation)
        if any(c.dep_ == "poss" for c in token.children):
            return None
        if (name.split()[-1:] and name.split()[-1].lower() in _THINGS) or name.lower() in _TECHNOLOGY:
            return None
        if not name or name.lower() in cues().words["author"] | cues().phrases["binding"]:
            return None
        known_person = self._gazetteer.person(name)
        if known_person is not None:
            return Voice("named", known_person.name, known_person.organisation)
        conjuncts = [t for t in token.conjuncts if t.i > token.i]
        full_name = (
            tree.surface(t for t in token.subtree if t.dep_ != "punct" or t.i < max(o.i for o in conjuncts))
            if conjuncts else name
        )
        return Voice("named", full_name if len(full_name) <= 80 else name)

    def _user_name(self, tree: Tree, token: Token) -> bool:
        word = tree.words[token.i]
        is_bare = not any(child.dep_ in ("det", "amod", "poss") for child in token.children)
        return (
            is_bare and token.tag_ != "NNS" and bool(_USER_NAME.fullmatch(word))
            and not re.fullmatch(r"[a-z]+(?:-[a-z]+)+", word)
        )

    def _owner(self, tree: Tree, token: Token) -> str | None:
        """Return the organisation whose member `token` is: "Meta exec", "Meta's VP", "an engineer at Meta".
        """
        for child in token.children:
            entity = tree.entity(child)
            if (
                child.dep_ in ("compound", "poss", "nmod", "amod") and entity
                and entity.type == "organisation"
            ):
                return entity.name
            if child.dep_ == "prep" and tree.word(child) in ("at", "from", "of", "for"):
                for noun in child.children:
                    noun_entity = tree.entity(noun)
                    if noun_entity and noun_entity.type == "organisation":
                        return noun_entity.name
        return None

    def _staff(self, tree: Tree, token: Token) -> Voice | None:
        """Return the voice of "Meta exec", "the executive": the only person with that post in the document.

        Else an unnamed person, who speaks for the organisation only if the post does (a spokesperson).
        """
        owner = self._owner(tree, token)
        word, words = tree.word(token), cues().words
        if owner and self._apart(tree, token):
            return Voice("anonymous")
        members = [
            p for p in self._document.people
            if p.roles and (word in p.roles or word in _ANY_POST) and (
                p.organisation == owner if owner else True
            )
        ]
        definite = any(tree.word(child) in ("the", "this") for child in token.children if child.dep_ == "det")
        names = {person.name for person in members}
        if owner and len(names) == 1 and token.tag_ != "NNS":
            return Voice("named", members[0].name, owner)
        if definite and owner is None and token.tag_ != "NNS":
            voices = [v for v in self._document.speakers if v.name]
            if voices:
                return voices[-1]
            if len(names) == 1:
                return Voice("named", members[0].name, members[0].organisation)
        if owner:
            speaks_for_it = word in words["for_all"] or tree.base(token) in words["for_all"]
            return (Voice("staff", f"{owner} {tree.words[token.i]}", owner) if speaks_for_it
                    else Voice("anonymous"))
        return None

    @staticmethod
    def _apart(tree: Tree, token: Token) -> bool:
        """Return whether the words around a person say that they have left or stay anonymous."""
        descriptors = [*children(token, "amod", "compound", "advmod", "nmod")]
        descriptors += [part for clause in children(token, "acl", "relcl") for part in clause.subtree]
        manner = [*children(token.head, "advmod")]
        manner += [part for prep in children(token.head, "prep") for part in prep.subtree]
        words = {tree.word(part) for part in descriptors}
        hidden = {word for word in map(tree.word, manner) if word.startswith("anonym")}
        return bool(hidden or words & cues().words["apart"]) or {"not", "named"} <= words

    def _company(self, tree: Tree, token: Token) -> Voice | None:
        owner = self._owner(tree, token)
        if owner:
            return Voice("named", owner, owner)
        if self._document.outsider:
            return None
        for clause in children(token.head, "ccomp"):  # "X was bought by Y, the company said": X said
            subject = subject_of(clause)
            entity = tree.entity(subject) if subject is not None and subject.i < token.i else None
            if entity is not None and entity.type == "organisation":
                return Voice("named", entity.name, entity.name)
        position = tree.starts[token.i]
        for entity in self._document.entities_before(tree.sentence.part, position):
            if entity.type == "organisation":
                return Voice("named", entity.name, entity.name)
            if entity.type == "model" and entity.owner:
                return Voice("named", entity.owner, entity.owner)
        return None
