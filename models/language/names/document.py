"""Hold a document while its sentences are read: known names, people, author, speakers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from models.gazetteer import Entity
from models.language.names.bodies import bodies
from models.language.names.entity_spans import KnownNames
from models.language.names.people import Person, introduced, speaking
from models.language.parsing.frames import Voice
from models.language.parsing.parser import Named, handles, near
from models.language.parsing.truecase import in_sentence_case
from models.protocols.language import DocumentText

OUTLETS = frozenset({"news", "blog", "other", "file"})
# Where people answer one another: a line that is marked as quoted is somebody else's. On a page it is a note
# as often.
FORUMS = frozenset({"x", "reddit", "hackernews", "bluesky", "mastodon", "telegram", "other"})
_HYPHENS = tuple("-‐‑")


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
    outsider: str | None = None  # the last name that was a subject, if it is unknown
    entities: list[Entity] = field(init=False)
    _written: dict[str, list[Entity]] = field(default_factory=dict)
    _surnames: dict[str, list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collect the known names of title and text in reading order, once for all sentences."""
        self.entities = [n.entity for n in (*self.title_names, *self.text_names) if n.entity]
        for entity in self.entities:
            self._written.setdefault(entity.text, []).append(entity)

    def introduce(self, people: list[Person]) -> None:
        """Keep the people that the document names in full, in order."""
        self.people = people
        for person in people:
            self._surnames.setdefault(person.surname.lower(), []).append(person)

    def by_surname(self, surname: str, before: int) -> Person | None:
        """Return the person of that surname last named in full before a place, else the first named after
        it.
        """
        namesakes = self._surnames.get(surname.lower(), [])
        earlier = bisect_right(namesakes, before, key=attrgetter("start"))
        return namesakes[max(0, earlier - 1)] if namesakes else None

    def in_full(self, words: str) -> Person | None:
        """Return the first person whose full name the words are, or end with: "Dr. Jane Roe"."""
        namesakes = self._surnames.get(words.split()[-1].lower(), []) if words.strip() else []
        return next((p for p in namesakes if words == p.name or words.endswith(f" {p.name}")), None)

    def people_within(self, start: int, end: int) -> list[Person]:
        """Return the people whose names begin between two places."""
        start_of = attrgetter("start")
        first = bisect_left(self.people, start, key=start_of)
        return self.people[first : bisect_left(self.people, end, lo=first, key=start_of)]

    def body_before(self, part: str, place: int, reach: int) -> str | None:
        """Return the body whose name stands nearest before a place, at most so many characters away."""
        text = self.part(part)
        bodies = (n for n in reversed(near(self.names(part), place - reach, place))
                  if n.entity is None and text[n.end - 1 : n.end].isalpha() and " " in text[n.start : n.end])
        name = next((text[n.start : n.end] for n in bodies if n.end <= place), None)
        return name if name is not None and self.in_full(name) is None else None

    def written(self, words: str) -> list[Entity]:
        """Return the known names that are written so, title first."""
        return self._written.get(words, [])

    def names(self, part: str) -> list[Named]:
        """Return the names in "title" or "text"."""
        return self.title_names if part == "title" else self.text_names

    def part(self, part: str) -> str:
        """Return the words of "title" or "text"."""
        return (self.passage.title or "") if part == "title" else self.passage.text

    def entities_before(self, part: str, place: int) -> Iterator[Entity]:
        """Yield the known names before a place, the nearest first; title and parent post come last."""
        names = self.names(part)
        # A name within another word names nothing: "a ChatGPT-like tool".
        for name in reversed(names[: bisect_right(names, place, key=attrgetter("end"))]):
            if name.entity and self.part(part)[name.end : name.end + 1] not in _HYPHENS:
                yield name.entity
        if part == "text":
            for name in self.title_names:
                if name.entity and self.part("title")[name.end : name.end + 1] not in _HYPHENS:
                    yield name.entity
        yield from self.parent_entities


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
    document.introduce(introduced(cased["text"], text_names, gazetteer))
    if document.people:
        document.text_names = sorted(
            [*text_names, *speaking(passage.text, document.people, text_names)], key=lambda name: name.start
        )
    elif title:
        document.introduce(introduced(cased["title"], title_names, gazetteer))
    return document


def _entities(names: list[Named]) -> list[str]:
    return [name.entity.name for name in names if name.entity]


def _names(text: str, context: Sequence[str], gazetteer: KnownNames) -> list[Named]:
    known_names = [Named(entity.start, entity.end, entity) for entity in gazetteer.find(text, context)]
    others = [*handles(text, known_names), *bodies(text, known_names)]
    return sorted([*known_names, *others], key=lambda name: name.start)


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
