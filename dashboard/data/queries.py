"""The published copy: opened anew when its file was replaced, each answer kept until then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import streamlit as st

from dashboard.data.meta import OLD, Night, Totals, warning
from pipeline.core.config import AskConfig, Config, DashboardConfig
from pipeline.core.home import Home
from pipeline.core.rows import build, naive
from pipeline.decisions.overtaken import SincePublished, journal_head, since_published
from pipeline.published import claim as published_claim
from pipeline.published import database
from pipeline.published import stories as published_stories
from pipeline.published.claim_rows import Claim
from pipeline.published.database import open_published, query
from pipeline.published.place import Identity, LakeNight, Place, copy_of, identity
from pipeline.published.story_rows import StoryLine
from pipeline.store.queries import Statements

Row = TypeVar("Row")
PUBLISHED = {"claim", "claim_list", "search", "sources"}
"""Files of statements that others ask, too: they stand in `pipeline/published`."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A published copy as it was found; `identity` changes when another is published.

    `path` is where the home has its file, `lake` the night that is read in its place. `bounds` are for what
    the pages ask, `settings` has those for what readers ask.
    """

    path: str
    identity: tuple[int, int, int]
    bounds: AskConfig
    settings: DashboardConfig = field(default_factory=DashboardConfig)
    lake: LakeNight | None = None

    @property
    def home(self) -> Home:
        """Return the home that the copy is of."""
        return Home(Path(self.path).parent)

    @property
    def place(self) -> Place:
        """Return where the copy is read."""
        return self.lake or Path(self.path)


@dataclass(frozen=True, slots=True)
class Beside:
    """A table that a statement reads beside the copy; `name` tells it from others beside the same copy."""

    name: str
    table: pa.Table


def current(home: Home, config: Config) -> Copy:
    """Return the copy that is published now.

    Raises DataError where nothing was published yet.
    """
    bounds = replace(config.ask, memory=config.dashboard.memory)
    place = copy_of(home, config)
    lake = place if isinstance(place, LakeNight) else None
    return Copy(str(home.published), identity(place), bounds, config.dashboard, lake)


# One, so that last night's memory is freed; a question that is being answered keeps its connection until it
# is.
@st.cache_resource(max_entries=1, show_spinner=False)
def _connection(path: str, identity: Identity, _copy: Copy) -> duckdb.DuckDBPyConnection:
    return open_published(_copy.place, _copy.bounds)


@st.cache_data(max_entries=400, show_spinner="Reading the published copy …")
def _answer(
    path: str,
    identity: Identity,
    page: str,
    statement: str,
    parameters: dict[str, Any],
    _copy: Copy,
    beside: str = "",
    _table: pa.Table | None = None,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    with cursor(_copy) as connection:
        if _table is not None:
            connection.register("found", _table)
        return query(connection, _statements(page)[statement], parameters, seconds=_copy.bounds.seconds)


def _statements(page: str) -> Statements:
    if page == "story":
        return published_stories.SQL
    return Statements("pipeline.published" if page in PUBLISHED else "dashboard.data", page)


@contextmanager
def cursor(copy: Copy) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a new cursor on the copy, also for questions that are no statement of a page."""
    connection = _connection(copy.path, copy.identity, copy).cursor()
    try:
        # A cursor begins in the empty database that the copy is attached to.
        connection.execute("USE published")
        yield connection
    finally:
        connection.close()


def read(copy: Copy, record: type[Row], page: str, statement: str, **parameters: Any) -> list[Row]:
    """Return the rows of a statement of `<page>.sql`, each as a `record`.

    Raises DataError where the statement fails or takes longer than the settings allow.
    """
    columns, results = _answer(copy.path, copy.identity, page, statement, parameters, copy)
    keyed = columns[:1] == ["of_claim"]  # one claim was asked for
    return [build(record, dict(zip(columns[keyed:], row[keyed:], strict=True)), utc=False) for row in results]


def read_beside(
    copy: Copy, record: type[Row], page: str, statement: str, beside: Beside, **parameters: Any
) -> list[Row]:
    """Return the same as `read` for a statement that also reads `temp.found`, the table beside the copy."""
    columns, results = _answer(
        copy.path, copy.identity, page, statement, parameters, copy, beside.name, beside.table
    )
    return [build(record, dict(zip(columns, row, strict=True)), utc=False) for row in results]


@dataclass(frozen=True, slots=True)
class CachedReader:
    """The reader of the copy that `pipeline/published` asks; it keeps the answers."""

    copy: Copy

    def read(self, record: type[Row], file: str, statement: str, **values: Any) -> list[Row]:
        """Return the same as `read`."""
        return read(self.copy, record, file, statement, **values)

    def columns(
        self, file: str, statement: str, *, rows: int = 1_000_000, **values: Any
    ) -> Iterator[pa.RecordBatch]:
        """Yield the same as `columns`."""
        return columns(self.copy, file, statement, rows=rows, **values)

    def read_beside(
        self, record: type[Row], file: str, statement: str, beside: pa.Table, name: str, **values: Any
    ) -> list[Row]:
        """Return the same as the function `read_beside`."""
        return read_beside(self.copy, record, file, statement, Beside(name, beside), **values)


def columns(
    copy: Copy, page: str, statement: str, *, rows: int = 1_000_000, **parameters: Any
) -> Iterator[pa.RecordBatch]:
    """Yield what a statement finds in columns, at most `rows` at a time; nothing of it is kept."""
    with cursor(copy) as connection:
        yield from database.columns(
            connection, _statements(page)[statement], parameters, seconds=copy.bounds.seconds, rows=rows
        )


def rows(
    copy: Copy, page: str, statement: str, **parameters: Any
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the column names and the plain rows of a statement, for a file."""
    return _answer(copy.path, copy.identity, page, statement, parameters, copy)


def meta(copy: Copy) -> dict[str, str]:
    """Return what publish noted: time, run, version, notice, models, rules, and the journal's end."""
    return dict(_answer(copy.path, copy.identity, "meta", "meta", {}, copy)[1])


def published_at(copy: Copy) -> datetime | None:
    """Return when the copy was published, in UTC without a zone: the "now" of its pages."""
    at: datetime | None = naive(database.published_at(meta(copy)))
    return at


def warned(copy: Copy, now: datetime) -> str:
    """Return the warning that stands on every page at `now` (UTC, without a zone), "" if none does.

    A copy whose data is of another time than its file, as the demo's is, is old on purpose.
    """
    written = datetime.fromtimestamp(copy.identity[1] / 1e9, UTC).replace(tzinfo=None)
    published = published_at(copy)
    if published is None or abs(written - published) > OLD:
        return ""
    return warning(read(copy, Night, "meta", "last_night")[0], now)


def since(copy: Copy) -> SincePublished:
    """Return what editors took back, or decided anew, since the copy was published."""
    return _since(copy.path, copy.identity, journal_head(copy.home), copy)


@st.cache_data(max_entries=4, show_spinner=False)
def _since(path: str, identity: Identity, journal: str, _copy: Copy) -> SincePublished:
    with cursor(_copy) as connection:
        return since_published(connection, _copy.home, seconds=_copy.bounds.seconds)


def totals(copy: Copy) -> Totals:
    """Return how much the copy holds."""
    return read(copy, Totals, "meta", "totals")[0]


def names(copy: Copy, page: str, statement: str, **parameters: Any) -> list[str]:
    """Return the first column of a statement of `<page>.sql`."""
    return [row[0] for row in _answer(copy.path, copy.identity, page, statement, parameters, copy)[1]]


def claim(copy: Copy, claim_id: str) -> Claim | None:
    """Return the claim with that id as it is known now, or None where it is not shown."""
    values = published_claim.NOW.values("claim", claim_id)
    return next(iter(read(copy, Claim, "claim", "claim", **values)), None)


def merged_into(copy: Copy, claim_id: str) -> str | None:
    """Return the id of the claim into which `claim_id` was merged or joined, through any number of steps."""
    return next(iter(names(copy, "claim", "heir", claim_id=claim_id)), None)


def joined(copy: Copy, claim_id: str) -> bool:
    """Return True if it was the machine that put `claim_id` to another claim."""
    return bool(names(copy, "claim", "joined", claim_id=claim_id))


def stories(
    copy: Copy, chosen: published_stories.Chosen, *, limit: int = 20, offset: int = 0
) -> list[StoryLine]:
    """Return one page of the stories that are asked for; their times have no zone."""
    ask = partial(_asked, copy)
    return published_stories.story_lines(ask, chosen, limit=limit, offset=offset, utc=False)


def story(
    copy: Copy, story_id: str, as_of: published_claim.AsOf = published_claim.NOW
) -> published_stories.StoryFile | None:
    """Return a story as it was known, None for one that is unknown; its times have no zone."""
    return published_stories.story_file(partial(_asked, copy), story_id, as_of, utc=False)


def _asked(copy: Copy, statement: str, values: dict[str, Any]) -> published_stories.Answer:
    return _answer(copy.path, copy.identity, "story", statement, values, copy)
