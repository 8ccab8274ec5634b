"""Records from plain column values, as a database driver gives them."""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Row = TypeVar("Row")


def aware(value: Any) -> Any:
    """Return a datetime without a zone as UTC, any other value as it is."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def naive(value: Any) -> Any:
    """Return a datetime in UTC and without its zone, as tables hold times; any other value as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def utc_of(text: str) -> datetime:
    """Return a time of ISO 8601 in UTC; one without a zone is UTC. Raises ValueError."""
    at: datetime = aware(datetime.fromisoformat(text))
    return at.astimezone(UTC)


@cache
def _casts(record: type[Any]) -> dict[str, Any]:
    casts: dict[str, Any] = {}
    for name, hint in get_type_hints(record).items():
        optional = get_origin(hint) is types.UnionType
        kind = next(kind for kind in get_args(hint) if kind is not types.NoneType) if optional else hint
        if get_origin(kind) is tuple:
            casts[name] = tuple
        elif isinstance(kind, type) and issubclass(kind, str) and kind is not str:
            casts[name] = kind
    return casts


def build(record: type[Row], values: dict[str, Any], *, utc: bool = True) -> Row:
    """Return a `record` from plain column values: enums and tuples restored, with `utc` times UTC-aware."""
    casts = _casts(record)  # type: ignore[arg-type]  # mypy does not see that a class is hashable
    return record(
        **{
            key: casts[key](value)
            if key in casts and value is not None
            else aware(value)
            if utc and isinstance(value, datetime)
            else value
            for key, value in values.items()
        }
    )


def build_each(
    record: type[Row], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, utc: bool = True
) -> defaultdict[Any, list[Row]]:
    """Return records by the first column of their rows; the other columns are their fields."""
    records: defaultdict[Any, list[Row]] = defaultdict(list)
    for key, *values in rows:
        records[key].append(build(record, dict(zip(columns[1:], values, strict=True)), utc=utc))
    return records
