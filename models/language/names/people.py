"""The people that a document introduces, and their later bare surnames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.gazetteer import Entity
from models.language.names.entity_spans import KnownNames
from models.language.parsing.parser import Named, near
from models.lexicon import any_of, cues

# Every repetition is bounded and possessive, so that matching takes linear time. A name ends with its line:
# the line above it is a heading.
_PIECE = r"(?:[A-ZÀ-ÞŁŚŽ](?=[\w'’-]{0,40}[a-zà-ÿ])[\w'’-]{1,60}+(?![\w'’-])|[A-Z]\.)"
_GAP = r"[^\S\n]{1,9}+"
_NAME = re.compile(
    rf"{_PIECE}(?:{_GAP}(?:(?:de|van|von|der|al|bin|la|le|da|di){_GAP}){{0,3}}{_PIECE}){{1,3}}"
)
_ROLE_AFTER = re.compile(
    r",\s{1,9}+(?:(?:the|a|an|who is|who leads|who heads)\s+)?([^.;:!?\"“”()]{2,90}?)"
    r"(?=[,.;:!?)]|\s{1,9}(?:said|says|told|wrote|has|denied))"
)
_SPEAKS = re.compile(rf",?\s+(?:also |then |later )?(?:{any_of(cues().words['says_beside_name'])})\b")
_SPOKEN_TO = re.compile(r"\b(?:told|said|says|asked|by|to|from|according to|with)\s+$")
# A person who left an organisation does not speak for it.
_LEFT = re.compile(r"\b(?:former|formerly|previously|ex|fired|once|until|then)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w'’-]+")
_OWNED = re.compile(r"['’]s$")
_DASHES = ("—", "–")
_QUOTES = tuple("\"'“”‘’")
_NOT_NAMES = cues().words["no_name"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a document names in full.

    `organisation` and `roles` ("vp", "researcher") come from words beside the name or from the gazetteer;
    `presented` says that the words beside the name here give a role, or that the person speaks or signs.
    """

    name: str
    start: int
    organisation: str | None
    roles: frozenset[str] = frozenset()
    presented: bool = False

    @property
    def surname(self) -> str:
        """Return the last of the name's words."""
        return self.name.split()[-1]


def introduced(text: str, names: Sequence[Named], gazetteer: KnownNames) -> list[Person]:
    """Return the people named in full in `text`, in order; `names` are the known names in it."""
    people = [
        _known(text, name, name.entity, names, gazetteer) for name in names
        if name.entity and name.entity.type == "person"
    ]
    first_places: dict[str, int] = {}
    for word in _WORD.finditer(text):
        first_places.setdefault(_OWNED.sub("", word[0]), word.start())
    accepted: set[str] = set()
    for match in _NAME.finditer(text):
        start, end = _trim(text, match.start(), match.end(), near(names, *match.span()))
        if len(text[start:end].split()) < 2 or _in_quotes(text, start, end) or _continues(start, names):
            continue
        name = _OWNED.sub("", text[start:end])
        organisation, roles = _affiliation(text, start, end, names)
        acts = bool(roles) or _beside_speech(text, start, end)
        # A person is named in full first: "Now Stripe" behind "Stripe" is no person of that surname.
        if acts or name in accepted or first_places[name.split()[-1]] > start:
            accepted.add(name)
            presented = acts and _SPOKEN_TO.search(text, max(0, start - 20), start) is None
            people.append(Person(name, start, organisation, roles, presented or _signs(text, start)))
    return sorted(people, key=lambda person: person.start)


def speaking(text: str, people: Sequence[Person], names: Sequence[Named]) -> list[Named]:
    """Return the places of full names beside a speech verb or with a role: people, for the parser."""
    speakers: list[Named] = []
    for person in people:
        start, end = person.start, person.start + len(person.name)
        if text[start:end] != person.name or any(start < n.end for n in near(names, start, end)):
            continue
        if person.roles or _beside_speech(text, start, end):
            speakers.append(Named(start, end, None))
    return speakers


def _beside_speech(text: str, start: int, end: int) -> bool:
    spoken_to = _SPOKEN_TO.search(text, max(0, start - 20), start)
    return spoken_to is not None or _SPEAKS.match(text, end) is not None


def _continues(start: int, names: Sequence[Named]) -> bool:
    """Return whether a run goes on with an organisation's name: "Halcyon Health Care"."""
    return any(n.end == start - 1 and n.entity and n.entity.type == "organisation"
               for n in near(names, start - 1, start))


def _signs(text: str, start: int) -> bool:
    return text[max(0, start - 2) : start].strip() in _DASHES


def _in_quotes(text: str, start: int, end: int) -> bool:
    """Return whether quotation marks stand around a name, as around a title or a command."""
    return text[max(0, start - 1) : start] in _QUOTES and text[end : end + 1] in _QUOTES


def _known(text: str, name: Named, entity: Entity, names: Sequence[Named], gazetteer: KnownNames) -> Person:
    organisation, roles = _affiliation(text, name.start, name.end, names)
    person = gazetteer.person(entity.name)
    title = frozenset(_WORD.findall((person.title or "").lower())) if person else frozenset()
    return Person(
        entity.name, name.start, entity.owner or organisation,
        roles | (title & (cues().words["staff"] | cues().words["expert"])),
        bool(roles) or _SPEAKS.match(text, name.end) is not None or _signs(text, name.start),
    )


def _trim(text: str, start: int, end: int, taken: Sequence[Named]) -> tuple[int, int]:
    """Return the longest run at the end of a capitalised run that can be a person's name."""
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(text[start:end])]
    # "The Lantern's Jane Roe": the owner is not part of the name.
    owner = max((n for n, place in enumerate(words[:-1]) if _OWNED.search(text[slice(*place)])), default=-1)
    words = words[owner + 1 :]
    roles = cues().words["staff"] | cues().words["company"] | cues().words["model"] | _NOT_NAMES
    while words and (
        text[words[0][0] : words[0][1]].lower() in roles
        or any(name.start < words[0][1] and words[0][0] < name.end for name in taken)
    ):
        words.pop(0)
    while words and (
        text[words[-1][0] : words[-1][1]].lower() in roles
        or any(name.start < words[-1][1] and words[-1][0] < name.end for name in taken)
    ):
        words.pop()
    return (words[0][0], words[-1][1]) if words else (start, start)


def _affiliation(
    text: str, start: int, end: int, names: Sequence[Named]
) -> tuple[str | None, frozenset[str]]:
    """Return the organisation and roles that the words beside a name give to the person."""
    staff = cues().words["staff"] | cues().words["expert"]
    role_match = _ROLE_AFTER.match(text, end)
    roles = frozenset(map(str.lower, _WORD.findall(role_match[1]))) & staff if role_match else frozenset()
    if role_match and roles:
        has_left = _LEFT.search(role_match[1]) is not None
        organisations = [
            n.entity for n in near(names, role_match.start(1), role_match.end(1) + 1)
            if n.entity and n.entity.type == "organisation" and role_match.start(1) <= n.start
        ]
        return (organisations[-1].name if organisations and not has_left else None), roles
    names_before = [
        n for n in near(names, start - 60, start)
        if n.entity and n.entity.type == "organisation" and start - 60 <= n.end <= start
    ]
    if names_before:
        between = text[names_before[-1].end : start]
        words = [word.lower() for word in _WORD.findall(between)]
        # "Aurel's CEO says the Gulf State fund" tells no post of "Gulf State".
        speaks = set(words) & cues().words["says_beside_name"]
        if staff & set(words) and not speaks and len(words) <= 7 and not re.search(r"[.;:!?]", between):
            entity: Entity | None = names_before[-1].entity
            is_former = (
                bool({"former", "ex"} & set(words))
                or _LEFT.search(text, max(0, names_before[-1].start - 12), names_before[-1].start) is not None
            )
            return (entity.name if entity and not is_former else None), staff & frozenset(words)
    return None, frozenset()
