"""What may be asked: the parameters of each address, checked all at once and described in OpenAPI."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from starlette.datastructures import QueryParams

from dashboard.api.problems import Fault, Problem
from pipeline.core.times import parse_span
from pipeline.core.vocabulary import Kind, Platform, Role, Status
from pipeline.published.claim import LATEST, AsOf
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.stories import Chosen

_FORM = "a day (2026-03-01) or an instant (2026-03-01T12:00:00Z)"


def _instant(value: object, whole_day: bool) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    try:
        return parse_span(str(value))[whole_day]
    except ValueError:
        raise ValueError(f"must be {_FORM}") from None


_SCHEMA: dict[str, Any] = {"type": "string", "examples": ["2026-03-01", "2026-03-01T12:00:00Z"]}
From = Annotated[
    datetime | None, BeforeValidator(lambda value: _instant(value, False)), WithJsonSchema(_SCHEMA)
]
"""The first instant of a day, or an instant."""
Until = Annotated[
    datetime | None, BeforeValidator(lambda value: _instant(value, True)), WithJsonSchema(_SCHEMA)
]
"""The end of a day, or an instant."""
Name = Annotated[str, Field(max_length=300)]
Names = Annotated[list[Name], Field(max_length=50)]
Words = Annotated[str, Field(max_length=300)]
Limit = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, Field(max_length=1000)]


Order = Literal["best", "checkworthy", "moved", "first", "due", "voices", "denied", "repeated"]


class Asked(BaseModel):
    """Parameters of one address."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Nothing(Asked):
    """No parameters."""


class ClaimsAsked(Asked):
    """The filters of the page Claims, an order, and a part of the list."""

    q: Words = ""
    """Words, and "quoted phrases", of a claim or its evidence; what has a similar meaning is found, too."""
    status: list[Status] = []
    kind: list[Kind] = []
    org: Names = []
    """An organisation that the claim is about."""
    model: Names = []
    """A model that the claim is about."""
    source: Names = []
    """The name of a source that carries the claim."""
    story: Names = []
    """The id of a story."""
    since: From = None
    """Moved on or after this."""
    until: Until = None
    """Moved until this; a day counts whole."""
    single: bool = False
    """Only claims that rest on one independent voice or none."""
    rivals: Literal["", "any", "number", "date", "version", "subject"] = ""
    """Only claims that have a rival: any, or one that differs in this."""
    denied: bool = False
    """Only claims that their subject denies."""
    due: bool = False
    """Only open claims that name a time to come."""
    followed: bool = False
    """Only claims that an editor follows."""
    sort: Order = "checkworthy"
    """What comes first; `best` is what fits `q` best."""
    limit: Limit = 50
    cursor: Cursor = ""
    """`next` of the part before; give the same filters and order with it."""

    def filter(self) -> ClaimFilter:
        """Return the filter of the readers."""
        return ClaimFilter(
            tuple(self.status), tuple(self.kind), tuple(self.org), tuple(self.model), tuple(self.source),
            self.since, self.until, self.single, self.rivals, self.denied, self.due, self.followed,
            tuple(self.story),
        )  # fmt: skip


class AsOfAsked(Asked):
    """An instant, by two clocks."""

    seen: Until = None
    """Only what we had seen until this; a day counts whole."""
    said: Until = None
    """Only what had been said until this; a day counts whole."""

    def as_of(self) -> AsOf:
        """Return the instant of the readers, without zones."""
        seen, said = (LATEST if at is None else at.replace(tzinfo=None) for at in (self.seen, self.said))
        return AsOf(seen, said)


class EvidenceAsked(AsOfAsked):
    """An instant, and a part of the evidence."""

    limit: Limit = 100
    cursor: Cursor = ""
    """`next` of the part before."""


class StoriesAsked(Asked):
    """Which stories, in which order, and a part of the list."""

    q: Words = ""
    """Words that title, claims and names of a story hold together."""
    status: list[Status] = []
    org: Names = []
    model: Names = []
    since: From = None
    """Spoken of, or moved, on or after this."""
    until: Until = None
    """Spoken of, or moved, until this; a day counts whole."""
    moved_since: From = None
    """Only stories of which a claim moved, or is new, by what was judged after this."""
    sort: Literal["moved", "said", "new", "disputed", "voices", "documents"] = "moved"
    limit: Limit = 20
    cursor: Cursor = ""
    """`next` of the part before."""

    def chosen(self) -> Chosen:
        """Return the choice of the readers."""
        return Chosen(
            self.since, self.until, self.moved_since, self.org, self.model, self.status, self.q, self.sort
        )


class SourcesAsked(Asked):
    """Which sources, in which order, and a part of the list."""

    who: Literal["source", "speaker", "organisation", "house"] = "source"
    """Outlets and accounts; people who are quoted; organisations; publishers with one owner."""
    name: Annotated[str, Field(max_length=100)] = ""
    """A part of the name."""
    role: list[Role] = []
    platform: list[Platform] = []
    sort: Literal["claims", "first", "record", "early", "repeated", "documents", "name"] = "claims"
    limit: Limit = 50
    cursor: Cursor = ""
    """`next` of the part before."""


class SourceAsked(Asked):
    """Of which kind the source is."""

    who: Literal["source", "speaker", "organisation", "house"] = "source"


class SearchAsked(Asked):
    """What is sought."""

    q: Annotated[str, Field(min_length=1, max_length=300)]
    """Words, and "quoted phrases"."""
    limit: Annotated[int, Field(ge=1, le=50)] = 20
    """How many of each: claims, stories, sources."""


Params = TypeVar("Params", bound=Asked)


def read(kind: type[Params], given: QueryParams) -> Params:
    """Return the parameters of a request. Raises Problem that names each that is unknown or wrong."""
    values: dict[str, object] = {}
    faults: list[Fault] = []
    for key in dict.fromkeys(given.keys()):
        field = kind.model_fields.get(key)
        key_values = given.getlist(key)
        if field is None:
            known_names = ", ".join(kind.model_fields) or "none"
            words = f"Unknown parameter. The known ones are: {known_names}."
            faults.append(Fault(parameter=key[:80], detail=words))
        elif "list" in str(field.annotation) or field.annotation is Names:
            values[key] = key_values
        elif len(key_values) > 1:
            faults.append(Fault(parameter=key, detail="It may be given only once."))
        else:
            values[key] = key_values[0]
    try:
        parsed = kind.model_validate(values)
    except ValidationError as error:
        faults += [
            Fault(parameter=str(fault["loc"][0]) if fault["loc"] else "", detail=_words(fault["msg"]))
            for fault in error.errors()[:20]
        ]
    else:
        if not faults:
            return parsed
    raise Problem("parameters", "The request cannot be read: " + _told(faults), faults)


def _words(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{text[0].upper()}{text[1:]}."


def _told(faults: list[Fault]) -> str:
    return "; ".join(f"{fault.parameter}: {fault.detail.rstrip('.')}" for fault in faults) + "."
