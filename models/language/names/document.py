"""Hold a document while its sentences are read: known names, people, author, speakers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from models.gazetteer import Entity
from models.language.names.entity_spans import KnownNames
from models.language.names.people import Person, introduced, speaking
from models.language.parsing.frames import Voice
from models.language.parsing.parser import Named, handles
from models.language.parsing.truecase import in_sentence_case
from models.protocols.language import DocumentText

OUTLETS = frozenset({"news", "blog", "other", "file"})


@dataclass(slots=True)
class Document:
    """A passage with its names; `cased` are title and text in sentence case, `speakers` remembers voices in
    reading order, for "he" and "the company".
    """

    passage: DocumentText
    cased: Mapping[str, str]
    author: Voice
    title_names: list[Named]
    text_names: list[Named]
    parent_entities: list[Entity]
    people: list[Person] = field(default_factory=list)
    speakers: list[Voice] = field(default_factory=list)
    outsider: bool = False  # the last name that was a subject is unknown
    entities: list[Entity] = field(init=False)

    def __post_init__(self) -> None:
        """Collect the known names of title and text in reading order, once for all sentences."""
        self.entities = [n.entity for n in (*self.title_names, *self.text_names) if n.entity]

    def names(self, part: str) -> list[Named]:
        """Return the names in "title" or "text"."""
        return self.title_names if part == "title" else self.text_names

    def part(self, part: str) -> str:
        """Return the words of "title" or "text"."""
        return (self.passage.title or "") if part == "title" else self.passage.text

    def entities_before(self, part: str, place: int) -> list[Entity]:
        """Return the known names before a place, the nearest first; title and parent post come last."""
        part_entities = [n.entity for n in self.names(part) if n.entity and n.end <= place]
        title_entities = [n.entity for n in self.title_names if n.entity] if part == "text" else []
        return [*reversed(part_entities), *title_entities, *self.parent_entities]


def read(passage: DocumentText, gazetteer: KnownNames, is_no_name: Callable[[str], bool]) -> Document:
    """Return the document of a passage; `is_no_name` tells words of headlines that are never names."""
    title = passage.title or ""
    cased = in_sentence_case({"title": title, "text": passage.text}, is_no_name)
    parent_entities = gazetteer.find(passage.parent) if passage.parent else []
    parent_names = [entity.name for entity in parent_entities]
    text_names = _names(passage.text, parent_names, gazetteer)
    # Full names in the text resolve short names in the headline, and the other way round.
    title_names = _names(title, [*parent_names, *_entities(text_names)], gazetteer) if title else []
    if title_names:
        text_names = _names(passage.text, [*parent_names, *_entities(title_names)], gazetteer)
    document = Document(passage, cased, author(passage, gazetteer), title_names, text_names, parent_entities)
    document.people = introduced(cased["text"], text_names, gazetteer)
    if document.people:
        document.text_names = sorted(
            [*text_names, *speaking(passage.text, document.people, text_names)], key=lambda name: name.start
        )
    elif title:
        document.people = introduced(cased["title"], title_names, gazetteer)
    return document


def _entities(names: list[Named]) -> list[str]:
    return [name.entity.name for name in names if name.entity]


def _names(text: str, context: Sequence[str], gazetteer: KnownNames) -> list[Named]:
    known_names = [Named(entity.start, entity.end, entity) for entity in gazetteer.find(text, context)]
    return sorted([*known_names, *handles(text, known_names)], key=lambda name: name.start)


def author(passage: DocumentText, gazetteer: KnownNames) -> Voice:
    """Return the publisher: the outlet where an editor checks what writers publish, else the account."""
    account_name = passage.author or passage.author_name
    person = gazetteer.person(f"@{passage.author}", passage.platform) if passage.author else None
    organisation = (
        passage.source_organisation
        or gazetteer.organisation_of(passage.platform, passage.author, passage.host)
    )
    if passage.platform in OUTLETS:
        # On a shared host ("github.com/NAME") the publisher is the maker, not the host.
        maker = not passage.source_organisation and organisation
        return Voice("author", maker or passage.source_name or None, organisation)
    if account_name is None:
        return Voice("author", None, organisation)
    if person is not None:
        return Voice("author", person.name, person.organisation or organisation)
    official = gazetteer.organisation_of(passage.platform, passage.author, passage.host)
    return Voice("author", official or passage.author_name or account_name, organisation)


def account(handle: str, document: Document, gazetteer: KnownNames) -> Voice:
    """Return the voice that posts under a handle: the author's where it is the account that publishes."""
    passage, name = document.passage, handle.lstrip("@")
    if passage.author is not None and name.lower() == passage.author.lstrip("@").lower():
        return document.author
    person = gazetteer.person(handle, passage.platform)
    if person is not None:
        return Voice("named", person.name, person.organisation)
    organisation = gazetteer.organisation_of(passage.platform, name, "")
    return Voice("named", organisation or handle, organisation)
