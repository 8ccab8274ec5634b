"""Find who speaks from the subject of a speech verb or the words beside a quotation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from models.language.attribution.descriptions import body, company, is_definite, owner_of
from models.language.attribution.source_credits import outlet_voice, source_voice
from models.language.names.document import Document, account
from models.language.names.entity_spans import KnownNames
from models.language.names.introductions import REACH
from models.language.names.people import Person
from models.language.parsing.frames import Voice
from models.language.parsing.parser import Tree
from models.language.parsing.syntax import children, first, subject_of
from models.lexicon import cues

Token = Any

# A forum's user name: digits, underscores or inner capitals.
_USER_NAME = re.compile(r"(?=.*(?:\d|_|[a-z][A-Z]|-))[A-Za-z][\w.-]{2,30}|[A-Z][a-z]+[A-Z]\w+")
_VERSION = re.compile(r"[vV]?\d[\w.]*")

_ANY_POST = cues().words["any_post"]
_THINGS = cues().words["no_voice"] | cues().words["model"]
_TECHNOLOGY = cues().words["technology"]


class Voices:
    """Resolves the speakers of one document."""

    def __init__(self, document: Document, gazetteer: KnownNames) -> None:
        self._document = document
        self._gazetteer = gazetteer
        self._person: Voice | None = None
        self._heard_at = "", 0

    def of(self, tree: Tree, token: Token, speaking: Voice | None = None) -> Voice | None:
        """Return the voice of `token`, the head of a subject; None where it cannot speak (a model, a thing).

        `speaking` is the current speaker: "we" and "I" mean that voice.
        """
        return speaking if speaking and tree.word(token) in ("i", "we") else self._of(tree, token)

    def heard(self, voice: Voice | None, part: str, place: int) -> None:
        """Remember who spoke, and where, for a later "he" or "the company"."""
        if voice is not None and voice.name and voice.kind in ("named", "staff", "author"):
            self._document.speakers.append(voice)
            if self._is_person(voice.name):
                self._person, self._heard_at = voice, (part, place)

    def passed(self, name: str, part: str, place: int) -> None:
        """Remember who speaks in a sentence that is not parsed: a person that the document names in full, or
        a known organisation. After an unknown one "the company" is none that is known.
        """
        voice = self.by_words(name, place)
        if voice is None or voice.kind != "named" or not voice.name:
            return
        if self._is_person(voice.name) or voice.organisation:
            self.heard(voice, part, place)
        self._document.outsider = None if voice.organisation or self._is_person(voice.name) else voice.name

    def by_words(self, name: str, place: int) -> Voice | None:
        """Return the voice of a name or pronoun that stands at a place in the text."""
        bare = re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.I)
        if name.startswith("@"):
            return self.account(name)
        if bare.lower() in ("he", "she", "they", "i", "we"):
            if bare.lower() in ("i", "we"):
                return self._document.author
            return self._last() if bare.lower() == "they" else self._last_person("text", place)
        if (person := self._document.in_full(bare)) or (
            len(bare.split()) == 1 and (person := self._document.by_surname(bare, place))
        ):
            return Voice("named", person.name, person.organisation)
        for entity in (*self._document.written(name), *self._document.written(bare)):
            if (outlet := self.outlet(entity.name)) is not None:
                return outlet
            if entity.text == bare and entity.type in ("person", "organisation"):
                return Voice(
                    "named", entity.name, entity.name if entity.type == "organisation" else entity.owner
                )
        if bare.lower() in cues().words["company"] | cues().words["staff"]:
            return self._last()
        is_name = bare[:1].isupper() and bare.split()[0].lower() not in cues().words["no_name"]
        return Voice("named", bare) if is_name and len(bare.split()) <= 4 else None

    def _of(self, tree: Tree, token: Token) -> Voice | None:
        if (handle := tree.handle(token)) is not None:
            voice, owner = self.account(handle), owner_of(tree, token)
            return replace(voice, organisation=owner) if owner and voice.organisation is None else voice
        if (entity := tree.entity(token)) is not None:
            if entity.type == "person":
                return Voice("named", entity.name, entity.owner)
            if entity.type == "venue":
                return self.outlet(entity.name)
            is_page = any((e := tree.entity(c)) is not None and e.type == "model"
                          for c in children(token, "compound", "nmod"))  # "the Lumen 4 GitHub"
            is_organisation = entity.type == "organisation" and not is_page
            return Voice("named", entity.name, entity.name) if is_organisation else None
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
        is_named = any(c.tag_ == "NNP" and tree.entity(c) is None for c in children(token, "compound"))
        titled = token.tag_ in ("NNP", "NNPS") and (
            word in words["staff"] or (word in words["company"] and not is_named)  # not "Fast Company"
        )
        hidden = word in words["anonymous"] | words["community"]
        if token.tag_ == "NNP" and not titled and hidden and owner_of(tree, token) is not None:
            return Voice("anonymous")  # "OpenAI Insider Says"
        if (token.tag_ in ("NNP", "NNPS") and not titled) or self._user_name(tree, token):
            return self._proper(tree, token)
        base = word if titled else base
        if base in words["expert"] and owner_of(tree, token) is None:
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
            if owner := owner_of(tree, token):
                return Voice("named", owner, owner)
            return self._document.author if base in words["author"] else None
        return body(tree, token, self._document) if base in words["body"] else None

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

    def _last(self) -> Voice | None:
        """Return who was named as a speaker last."""
        return self._document.speakers[-1] if self._document.speakers else None

    def _is_person(self, name: str) -> bool:
        is_known = self._gazetteer.person(name) is not None
        return is_known or name.startswith("@") or self._document.in_full(name) is not None

    def _last_person(self, part: str, place: int) -> Voice | None:
        """Return the person who spoke last; nobody where another has spoken or been presented since."""
        last = self._person
        if last is None or self._heard_at[0] != part:
            return last
        if place - self._heard_at[1] > REACH:
            return None
        since = self._document.people_within(self._heard_at[1], place)
        return None if any(p.name != last.name and p.presented for p in since) else last

    def _pronoun(self, tree: Tree, token: Token, word: str) -> Voice | None:
        if word in ("i", "we"):
            return self._document.author
        if word in ("he", "she"):
            return self._last_person(tree.sentence.part, tree.starts[token.i])
        last = self._last()
        if word in ("they", "it") and last and (word == "they" or last.name == last.organisation):
            return last
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
            for person in self._document.people_within(start, end):
                if tree.text[person.start : person.start + len(person.name)] == person.name:
                    return person
        return None

    def _proper(self, tree: Tree, token: Token) -> Voice | None:
        words = [
            t for t in token.subtree
            if t == token or (t.i < token.i and t.dep_ in ("compound", "nmod", "flat") and t.head == token)
        ]
        if any(tree.is_made_small(t) for t in words):
            return None
        owners = [e for t in words if t != token and (e := tree.entity(t)) is not None]
        is_technology = tree.word(token) in _TECHNOLOGY
        if any(owner.type != "organisation" for owner in owners) or (owners and is_technology):
            return None  # a product: "Halcyon Edge AI", "Lumen 4 Chat"
        words += [c for c in token.children if c.dep_ == "det" and tree.words[c.i] == "The"]
        words += [t for t in tree.tokens[words[0].i : token.i] if t.text == "-"]  # "Mercedes-Benz"
        name = tree.surface(words).strip("'\"“”‘’ .#")
        if len(name.split()) == 1 and (
            person := self._document.by_surname(name, tree.starts[token.i])
        ):
            return Voice("named", person.name, person.organisation)
        is_one = tree.names[token.i] is not None  # "the UK's Competition and Markets Authority"
        if any(c.dep_ == "poss" for c in token.children) and not is_one:
            return None
        if (name.split()[-1:] and name.split()[-1].lower() in _THINGS) or name.lower() in _TECHNOLOGY:
            return None
        is_name = name[:1].isupper() or self._user_name(tree, token)
        no_names = cues().words["author"] | cues().phrases["binding"]
        if not is_name or _VERSION.fullmatch(name.split()[-1]) or name.lower() in no_names:
            return None
        known_person = self._gazetteer.person(name)
        if known_person is not None:
            return Voice("named", known_person.name, known_person.organisation)
        known = self._gazetteer.named(name)
        if known is not None and known.type == "organisation":
            return Voice("named", known.name, known.name)
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

    def _staff(self, tree: Tree, token: Token) -> Voice | None:
        """Return the voice of "Meta exec", "the executive": the only person with that post in the document.

        Else an unnamed person, who speaks for the organisation only if the post does (a spokesperson).
        """
        owner = owner_of(tree, token)
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
            person = self._last_person(tree.sentence.part, tree.starts[token.i])
            if person is not None and tree.base(token) not in words["company"]:
                return person
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
        """Return the voice of "the company", else of the name beside the word: "a chip company, Kelpwire"."""
        apposed = first(c for c in children(token, "appos") if c.tag_ in ("NNP", "NNPS"))
        if apposed is not None and owner_of(tree, token) is None:
            return self._of(tree, apposed)
        for clause in children(token.head, "ccomp"):  # "X was bought by Y, the company said": X said
            subject = subject_of(clause) if is_definite(tree, token) else None
            if subject is not None and subject.i < token.i and subject.tag_ == "NNP":
                voice, is_known = self._of(tree, subject), tree.entity(subject) is not None
                is_person = voice is not None and voice.name is not None and self._is_person(voice.name)
                return company(tree, token, self._document) if is_person or (
                    voice is None and is_known) else voice
        return company(tree, token, self._document)
