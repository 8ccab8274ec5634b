"""The filter of claims that their list, watches and feeds share: its meaning in SQL, and its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import duckdb

from pipeline.core.errors import DataError
from pipeline.core.rows import naive
from pipeline.core.times import parse_span
from pipeline.core.vocabulary import Kind, Status
from pipeline.published.database import query
from pipeline.published.search_terms import next_prefix, terms
from pipeline.store.queries import Statements

SQL = Statements(__package__, "claim_filter")

SLOTS = ("any", "number", "date", "version", "subject")
"""What `rivals` may be: any rival, or one that differs in this slot."""

MOST, LONGEST = 50, 300
"""Names of one kind in an address at most, and characters of one."""

# The key of each field in an address, as on the page of the claims list.
_LISTS = {
    "status": "statuses",
    "kind": "kinds",
    "org": "organisations",
    "model": "models",
    "source": "sources",
    "story": "stories",
}
_FLAGS = ("single", "denied", "due", "followed")
_TEXTS = {"q": "words", "rivals": "rivals"}
_TIMES = ("since", "until")
_ALLOWED = {"statuses": tuple(Status), "kinds": tuple(Kind), "rivals": ("", *SLOTS)}


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """A filter of claims: any of each sequence, and all of the rest. `until` is exclusive.

    `rivals` is a slot in which a rival differs, or "any", or "" for all claims; `denied` passes claims that
    their subject denies, `due` open ones that name a time to come, `followed` those that an editor follows,
    `single` those that rest on one voice or none. `stories` are ids, `words` a search that one passage holds.
    """

    statuses: Sequence[str] = ()
    kinds: Sequence[str] = ()
    organisations: Sequence[str] = ()
    models: Sequence[str] = ()
    sources: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    single: bool = False
    rivals: str = ""
    denied: bool = False
    due: bool = False
    followed: bool = False
    stories: Sequence[str] = ()
    words: str = ""


def parameters(chosen: ClaimFilter, now: datetime | None) -> dict[str, Any]:
    """Return what the statement `passing` asks for `chosen`; `now` (UTC) divides past times from future ones.

    Its keys are the fields of the filter and "now", with the words as bounds in the index.
    """
    search_terms = terms(chosen.words)
    words = [
        # No character of a word sorts before a space: this range holds the word alone.
        (number, place, word, next_prefix(word) if place == len(term) - 1 else f"{word} ")
        for number, term in enumerate(search_terms)
        for place, word in enumerate(term)
    ]
    return {
        **{name: [str(value) for value in getattr(chosen, name)] for name in _LISTS.values()},
        **{name: getattr(chosen, name) for name in (*_FLAGS, "rivals")},
        **{name: naive(getattr(chosen, name)) for name in _TIMES},
        "now": naive(now),
        "terms": [number for number, *_ in words],
        "places": [place for _, place, *_ in words],
        "lows": [low for *_, low, _ in words],
        "highs": [high for *_, high in words],
    }


def matches(
    connection: duckdb.DuckDBPyConnection, chosen: ClaimFilter, *, now: datetime, seconds: float
) -> set[str]:
    """Return the ids of the claims of a published copy that pass `chosen`.

    Raises DataError where that takes more than `seconds`.
    """
    rows = query(connection, SQL["matches"], parameters(chosen, now), seconds=seconds)[1]
    return {claim_id for (claim_id,) in rows}


def to_query(chosen: ClaimFilter) -> str:
    """Return the filter as the query of an address; equal filters give equal ones, none gives ""."""
    pairs: list[tuple[str, str]] = []
    for key, name in _LISTS.items():
        pairs += [(key, value) for value in sorted({str(value) for value in getattr(chosen, name)})]
    pairs += [(key, text) for key, name in _TEXTS.items() if (text := getattr(chosen, name))]
    pairs += [(key, f"{at:%Y-%m-%dT%H:%M}") for key in _TIMES if (at := getattr(chosen, key))]
    pairs += [(key, "true") for key in _FLAGS if getattr(chosen, key)]
    return urlencode(pairs)


def from_query(address: str) -> ClaimFilter:
    """Return the filter of the query of an address; a list is a key that is repeated.

    Raises DataError where a key is unknown, or its value none that is allowed.
    """
    try:
        values_by_key = parse_qs(address, strict_parsing=bool(address), max_num_fields=MOST * len(_LISTS))
    except ValueError as error:
        raise DataError(f"the filter in the address cannot be read: {error}") from error
    fields: dict[str, Any] = {}
    for key, values in values_by_key.items():
        if key in _LISTS:
            fields[_LISTS[key]] = tuple(values)
        elif key in _TEXTS:
            fields[_TEXTS[key]] = values[-1]
        elif key in _FLAGS:
            fields[key] = _flag(key, values[-1])
        elif key in _TIMES:
            fields[key] = _time(key, values[-1])
        else:
            allowed_keys = ", ".join([*_LISTS, *_TEXTS, *_TIMES, *_FLAGS])
            raise DataError(f"the filter has no {key[:40]!r}; it has {allowed_keys}")
    return checked(ClaimFilter(**fields))


def in_words(chosen: ClaimFilter) -> list[str]:
    """Return what a filter asks for, each part in words, as plain text; [] for one that all claims pass."""
    words = [f"“{chosen.words}”"] if chosen.words else []
    words += [*map(str, chosen.statuses), *(kind.replace("_", " ") for kind in chosen.kinds)]
    words += [*chosen.organisations, *chosen.models, *(f"in {source}" for source in chosen.sources)]
    words += [f"story {story}" for story in chosen.stories]
    words += [f"since {chosen.since:%Y-%m-%d}"] if chosen.since else []
    words += [f"before {chosen.until:%Y-%m-%d}"] if chosen.until else []
    flags = {
        f"with a rival {'' if chosen.rivals == 'any' else chosen.rivals}".rstrip(): bool(chosen.rivals),
        "single voice": chosen.single,
        "denied by the subject": chosen.denied,
        "deadline ahead": chosen.due,
        "followed by an editor": chosen.followed,
    }
    return words + [flag for flag, on in flags.items() if on]


def in_a_line(chosen: ClaimFilter) -> str:
    """Return what a filter asks for in words on one line, "all claims" for one that all claims pass."""
    return ", ".join(in_words(chosen)) or "all claims"


def checked(chosen: ClaimFilter) -> ClaimFilter:
    """Return `chosen`. Raises DataError where it holds what no claim can be, or more than is allowed."""
    for name in _LISTS.values():
        if len(getattr(chosen, name)) > MOST:
            raise DataError(f"the filter has {len(getattr(chosen, name))} {name}; at most {MOST} are allowed")
    for name in (*_LISTS.values(), *_TEXTS.values()):
        field_value = getattr(chosen, name)
        for value in (field_value,) if isinstance(field_value, str) else field_value:
            if name in _ALLOWED and value not in _ALLOWED[name]:
                allowed = ", ".join(filter(None, _ALLOWED[name]))
                raise DataError(f"{value[:40]!r} is none of {name}; allowed are {allowed}")
            if len(value) > LONGEST or any("\ud800" <= character <= "\udfff" for character in value):
                raise DataError(f"{value[:40]!r} of {name} is longer than {LONGEST} characters, or no text")
    return chosen


def _flag(key: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise DataError(f"{key} = {value[:40]!r} in the filter must be true or false")
    return value == "true"


def _time(key: str, value: str) -> datetime:
    try:
        at: datetime = naive(parse_span(value)[0])
    except ValueError:
        raise DataError(f"{key} = {value[:40]!r} in the filter must be a day: 2026-03-01") from None
    return at
