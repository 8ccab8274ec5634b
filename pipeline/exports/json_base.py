"""What all JSON of claims, stories and sources has in common; its types also describe it in OpenAPI.

Times are UTC, in ISO 8601 with Z. A time beside which a precision stands is known only so exactly: of a
month, its first instant is given. Texts that strangers wrote (claims, quotes, titles, names, addresses) are
given as they are; they are never HTML. One of more than `LONGEST` characters is cut, and says so.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from pipeline.core.vocabulary import Platform, Precision, Role

LONGEST = 10_000
"""Characters of one text at most."""


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text whole, or its first `longest` characters and how many more there are."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]} [… {len(text) - longest:,} more characters left out]"


class Document(BaseModel):
    """A part of an answer, made from a record of the readers whose fields have the same names."""

    model_config = ConfigDict(
        from_attributes=True, extra="forbid", frozen=True, use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )  # fmt: skip

    @field_validator("*", mode="before")
    @classmethod
    def _bounded(cls, value: Any) -> Any:
        """Cut a text that nobody reads to its end, and say how much is missing; round figures."""
        if isinstance(value, str):
            return cut(value)
        if isinstance(value, float):
            return round(value, 6)  # what is stored in four bytes has no more
        if isinstance(value, list):
            return [cut(item) if isinstance(item, str) else item for item in value]
        return value


class Words(Document):
    """The earliest stored words of one who said it first; of several, nobody can tell which was first."""

    evidence_id: str
    document_id: str
    speaker: str | None
    """None where nobody is named."""
    speaker_role: Role
    speaker_organisation: str | None
    source: str
    source_id: str
    platform: Platform
    url: str | None
    quote: str
    """Verbatim."""
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    gone_at: datetime | None
    """When the document was found to be deleted."""


class Asked(Document):
    """The instant as of which an answer is: what was seen before `seen`, and said before `said`."""

    seen: datetime | None
    """null: all that was seen until now."""
    said: datetime | None
    """null: all that was said until now."""


class LeftOut(Document):
    """A list of which the end was left out."""

    list: str
    rows: int
    """How many rows were left out."""


class Days(Document):
    """How many documents spoke to a story on a day of UTC."""

    day: date
    documents: int
