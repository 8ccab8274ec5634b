"""Reads the files that `rumortrail eval` measures on: JSON lines, checked whole beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    FiniteFloat,
    PlainValidator,
    StrictStr,
    ValidationError,
)

from pipeline.core.errors import DataError
from pipeline.core.times import parse_span

LISTED = 50  # faulty lines told with their faults; a file of another kind has thousands


def _whole(text: Any) -> Any:
    """Return a text without NUL characters and halves of surrogate pairs, which no model reads."""
    if not isinstance(text, str):
        return text
    pairs = text.replace("\0", " ").encode("utf-16", "surrogatepass")
    return pairs.decode("utf-16", "replace")  # two halves become one


def _named(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("Input should be a string or a whole number")
    return value


def _instant(value: Any) -> Any:
    """Return a time as ISO 8601 in UTC; a number is Unix seconds, a time without a zone is UTC."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, UTC).isoformat()
        return parse_span(value)[0].isoformat()
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise ValueError(f"{value!r} is not a time: write it as 2026-03-01T03:00:00Z") from error


Id = Annotated[int | str, PlainValidator(_named)]
Text = Annotated[StrictStr, BeforeValidator(_whole)]
Time = Annotated[str | None, BeforeValidator(_instant)]


class StanceRow(BaseModel):
    """A claim and a text, with what it stands in; `label` says where the text stands."""

    id: Id
    claim: Text
    text: Text
    label: StrictStr | None = None
    context: Text | None = None


class ClusterRow(BaseModel):
    """A text; `cluster` names the claim that it makes."""

    id: Id
    text: Text
    published_at: Time = None
    cluster: Id | None = None


class ClaimRow(BaseModel):
    """A claim to rank."""

    id: Id
    text: Text
    title: Text | None = None


class QueryRow(BaseModel):
    """A text; `match` is the id of the claim that it repeats."""

    id: Id
    text: Text
    match: Id | None = None


class PostRow(BaseModel):
    """A post of a thread; `time` is in Unix seconds, `stance` says where it stands toward the first one."""

    id: Id
    in_reply_to: Id | None = None
    time: FiniteFloat | None = None
    text: Text
    stance: StrictStr | None = None


class ThreadRow(BaseModel):
    """A thread; `veracity` says what became of the claim that its first post makes."""

    id: Id
    posts: Annotated[list[PostRow], Field(min_length=1)]
    veracity: StrictStr | None = None


class LabelledMention(BaseModel):
    """A document's id and where it stands toward a claim; `sure` is false where two readers could differ."""

    id: StrictStr
    stance: Literal["supports", "denies", "questions", "reports", "unrelated"]
    sure: bool = True


class ReadingRow(BaseModel):
    """A claim that a person has found in documents, and what the documents say to it.

    `first_id` is the earliest document, `status` what the documents justify.
    """

    claim_id: StrictStr
    claim: Text
    status: StrictStr | None = None
    first_id: StrictStr | None = None
    mentions: list[LabelledMention]


R = TypeVar("R", bound=BaseModel)


def read_rows(file: Path, kind: type[R]) -> list[R]:
    """Return the rows of a JSON lines file in UTF-8; a byte order mark, blank lines and NUL characters are
    passed over.

    Raises DataError that names every line that is no such row and what is wrong with it; no row of such a
    file is used.
    """
    rows: list[R] = []
    faults: list[str] = []
    for number, line in _lines(file):
        try:
            rows.append(kind.model_validate(json.loads(line.decode("utf-8"), strict=False)))
        except ValidationError as error:
            faults.append(f"line {number}: {'; '.join(map(_fault, error.errors()))}")
        except (ValueError, RecursionError) as error:
            faults.append(f"line {number}: no JSON in UTF-8: {error}")
    if faults:
        listed = [*faults[:LISTED], *([f"and {len(faults) - LISTED} more"] if len(faults) > LISTED else [])]
        count = f"{len(faults)} broken line(s), so nothing was computed"
        raise DataError(f"{file} has {count}:\n  " + "\n  ".join(listed) + f"\n{_allowed(kind)}")
    if not rows:
        raise DataError(f"{file} holds no row. {_allowed(kind)}")
    return rows


def _allowed(kind: type[BaseModel]) -> str:
    fields = kind.model_fields.items()
    return "A line is one JSON object with " + ", ".join(
        name if field.is_required() else f"{name} (may be absent)" for name, field in fields
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold something, with their numbers from 1."""
    try:
        with file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if bare := bare.replace(b"\0", b"").strip():
                    yield number, bare
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror or error}") from error


def _fault(error: Any) -> str:
    place = ".".join(map(str, error["loc"])) or "the row"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"
