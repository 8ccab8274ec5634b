"""Reads the published copy: opened anew when its file was replaced, each answer kept for as long as that file stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import streamlit as st

from dashboard.rows.claim import Claim
from dashboard.rows.claims import ListedClaim
from dashboard.rows.meta import Totals
from dashboard.sql import statements
from pipeline.config import AskConfig, Config, Home
from pipeline.errors import DataError
from pipeline.published import open_published, query

Row = TypeVar("Row")

PAGE = 25
VOICES = 12
REPEATS = 15
POINTS = 600
LISTED = 100


@dataclass(frozen=True, slots=True)
class Copy:
    """A published copy as it was found; `identity` changes when the file is replaced."""

    path: str
    identity: tuple[int, int, int]
    bounds: AskConfig


def current(home: Home, config: Config) -> Copy:
    """The copy that is published now.

    Raises DataError where nothing was published yet.
    """
    try:
        found = home.published.stat()
    except FileNotFoundError:
        raise DataError(f"nothing is published at {home.published}") from None
    return Copy(str(home.published), (found.st_ino, found.st_mtime_ns, found.st_size), config.ask)


@st.cache_resource(max_entries=2, show_spinner=False)
def _connection(path: str, identity: tuple[int, int, int], _bounds: AskConfig) -> duckdb.DuckDBPyConnection:
    return open_published(Path(path), _bounds)


@st.cache_data(max_entries=400, show_spinner="Reading the published copy …")
def _answer(
    path: str,
    identity: tuple[int, int, int],
    page: str,
    statement: str,
    parameters: dict[str, Any],
    _bounds: AskConfig,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = _connection(path, identity, _bounds).cursor()
    try:
        # A cursor begins in the empty database that the copy is attached to.
        cursor.execute("USE published")
        return query(cursor, statements(page)[statement], parameters, seconds=_bounds.seconds)
    finally:
        cursor.close()


def read(copy: Copy, record: type[Row], page: str, statement: str, **parameters: Any) -> list[Row]:
    """The rows of a statement of `sql/<page>.sql`, each as a `record`.

    Raises DataError where the statement fails or takes longer than the settings allow.
    """
    columns, found = _answer(copy.path, copy.identity, page, statement, parameters, copy.bounds)
    return [record(**dict(zip(columns, row, strict=True))) for row in found]


def rows(
    copy: Copy, page: str, statement: str, **parameters: Any
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The column names and the plain rows of a statement, for a file."""
    return _answer(copy.path, copy.identity, page, statement, parameters, copy.bounds)


def meta(copy: Copy) -> dict[str, str]:
    """What publish noted: `published_at`, `run_id`, `notice`, `version`."""
    return dict(_answer(copy.path, copy.identity, "meta", "meta", {}, copy.bounds)[1])


def published_at(copy: Copy) -> datetime | None:
    """When the copy was published, in UTC without a zone."""
    try:
        at = datetime.fromisoformat(meta(copy).get("published_at", ""))
    except ValueError:
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


def totals(copy: Copy) -> Totals:
    """How much the copy holds."""
    return read(copy, Totals, "meta", "totals")[0]


def organisations(copy: Copy) -> list[str]:
    """The organisations that claims are about, those with most claims first."""
    return [
        name for (name,) in _answer(copy.path, copy.identity, "claims", "organisations", {}, copy.bounds)[1]
    ]


def claims(
    copy: Copy,
    *,
    search: str = "",
    statuses: Sequence[str] = (),
    kinds: Sequence[str] = (),
    organisations: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    single: bool = False,
    sort: str = "checkworthy",
    page: int = 1,
) -> list[ListedClaim]:
    """One page of the claims that pass every filter; `until` is exclusive."""
    filters = {
        "statuses": list(statuses),
        "kinds": list(kinds),
        "organisations": list(organisations),
        "since": since,
        "until": until,
    }
    bounds = {"single": single, "sort": sort, "limit": PAGE, "offset": (page - 1) * PAGE}
    return read(copy, ListedClaim, "claims", "page", terms=terms(search), **filters, **bounds)


def claim(copy: Copy, claim_id: str) -> Claim | None:
    """The claim with that id, if it is shown."""
    return next(iter(read(copy, Claim, "claim", "claim", claim_id=claim_id)), None)


def merged_into(copy: Copy, claim_id: str) -> str | None:
    """The claim that an editor merged `claim_id` into, if any."""
    found = _answer(copy.path, copy.identity, "claim", "merged_into", {"claim_id": claim_id}, copy.bounds)[1]
    return found[0][0] if found else None


def terms(search: str) -> list[str]:
    """What is sought: words and "quoted phrases", without accents, case and punctuation, at most 12."""
    found = []
    for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', search[:500]):
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", phrase or word) if not unicodedata.combining(c)
        )
        parts = re.findall(r"[^\W_]+", plain.lower())
        if parts:
            found.append(" ".join(parts))
    return found[:12]
