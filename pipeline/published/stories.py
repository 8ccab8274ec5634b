"""The one reader of stories: a page of them, and one with all that stands around it, as of any instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeVar

import duckdb

from pipeline.core.config import Config, Home
from pipeline.core.errors import NotYetKnownError, UnknownError
from pipeline.core.records import Status
from pipeline.core.rows import build
from pipeline.published.claim import NOW, AsOf
from pipeline.published.database import open_published, query
from pipeline.published.story_rows import (
    CONTESTED_FIRST,
    ClaimMove,
    ClaimResolution,
    DayDocuments,
    Deadline,
    FirstSaid,
    Kin,
    LastMove,
    Mark,
    OpenQuestion,
    RivalPair,
    Spread,
    StatusCount,
    Story,
    StoryClaim,
    StoryJoin,
    StoryLine,
    StoryWords,
)
from pipeline.store.queries import Statements

SQL = Statements(__package__, "stories")
Order = Literal["moved", "most_moved", "said", "new", "disputed", "voices", "documents"]
"""What comes first in a list: what moved last, of which most claims moved, what was said last, what began
last; most disputed claims, independent voices, documents."""
DOCUMENTS = 500
"""How many documents of a story are read at most; `Spread.total` counts all."""

Answer = tuple[list[str], list[tuple[Any, ...]]]
Ask = Callable[[str, dict[str, Any]], Answer]
"""Answers a statement of `stories.sql` with the names of its columns and its rows."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class StoryFile:
    """One story with everything that stands around it, as of an instant.

    `claims` are those that were known, the first spoken of first; `moves` their bands of status. `first` has
    the earliest words of those who spoke of it first: of several nobody can tell which was first. `marks` are
    the denials and artefacts, `spread` the documents in order of time. `asked_id` is the id that was asked
    for, where this story took that one over. `learned` are the days of UTC on which something of it was
    learned, up to today. `meta` is that of the published copy.
    """

    subject: Story
    claims: list[StoryClaim]
    moves: list[ClaimMove]
    first: list[StoryWords]
    marks: list[Mark]
    spread: list[Spread]
    rivals: list[RivalPair]
    deadlines: list[Deadline]
    resolutions: list[ClaimResolution]
    joins: list[StoryJoin]
    kin: list[Kin]
    days: list[DayDocuments]
    learned: list[date]
    voices: int
    mentions: int
    meta: dict[str, str]
    asked_id: str | None = None

    @property
    def states(self) -> list[StatusCount]:
        """Return how many claims stand where, the contested first."""
        held = [claim.status for claim in self.claims]
        return [StatusCount(status, held.count(status)) for status in CONTESTED_FIRST if status in held]

    @property
    def open_questions(self) -> list[OpenQuestion]:
        """Return the claims that are not settled with what would settle them, the contested first."""
        texts = {text.claim_id: text for text in self.resolutions}
        claims = sorted(
            (claim for claim in self.claims if claim.is_open),
            key=lambda claim: CONTESTED_FIRST.index(claim.status),
        )
        return [
            OpenQuestion(
                claim,
                claim.would_change,
                texts.get(claim.claim_id),
                [deadline for deadline in self.deadlines if deadline.claim_id == claim.claim_id],
            )
            for claim in claims
        ]


def list_stories(
    home: Home,
    config: Config,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    moved_since: datetime | None = None,
    organisations: Sequence[str] = (),
    models: Sequence[str] = (),
    statuses: Sequence[Status | str] = (),
    words: str = "",
    order: Order = "moved",
    limit: int = 20,
    offset: int = 0,
) -> list[StoryLine]:
    """Return one page of the stories that were spoken of, or moved, from `since` on and before `until`.

    With `moved_since` only those of which a claim moved, or is new, by what was judged after that instant.
    Times are UTC, with or without zone. A story fits `organisations`, `models` and `statuses` where one of
    its claims has one of them, and `words` where title, claims and names together have all of them. Raises
    DataError where nothing is published.
    """
    chosen = Chosen(since, until, moved_since, organisations, models, statuses, words, order)
    with open_published(home.published, config.ask) as connection:
        return story_lines(_asking(connection, config), chosen, limit=limit, offset=offset)


def read_story(home: Home, config: Config, story_id: str, as_of: AsOf = NOW) -> StoryFile:
    """Return what the published copy holds on `story_id`, or on the story that took it over.

    Which claims a story holds is not kept by day: it has those of today, each as it was known then. Raises
    DataError where nothing is published, and for a story that is unknown or was not known then.
    """
    with open_published(home.published, config.ask) as connection:
        story = story_file(_asking(connection, config), story_id, as_of)
    if story is None:
        raise UnknownError(
            f"no story {story_id!r} is published: run `rumortrail process`, or list the stories with"
            ' `rumortrail ask "SELECT story_id, title FROM stories"`'
        )
    if not story.claims:
        raise NotYetKnownError(f"nothing was known of {story_id} at that time")
    return story


def read_stories(
    connection: duckdb.DuckDBPyConnection, config: Config, story_ids: Iterable[str]
) -> Iterator[StoryFile]:
    """Yield those of `story_ids` that an open published copy holds, as `read_story` has each."""
    ask = _asking(connection, config)
    for story_id in story_ids:
        story = story_file(ask, story_id)
        if story is not None and story.claims:
            yield story


@dataclass(frozen=True, slots=True)
class Chosen:
    """The stories that are asked for; the fields are the arguments of `list_stories`."""

    since: datetime | None = None
    until: datetime | None = None
    moved_since: datetime | None = None
    organisations: Sequence[str] = ()
    models: Sequence[str] = ()
    statuses: Sequence[Status | str] = ()
    words: str = ""
    order: Order = "moved"


def story_lines(
    ask: Ask, chosen: Chosen, *, limit: int = 20, offset: int = 0, utc: bool = True
) -> list[StoryLine]:
    """Return one page of stories as `ask` answers; their times are UTC, with their zone where `utc`."""
    values = {
        "since": _plain(chosen.since),
        "until": _plain(chosen.until),
        "moved_since": _plain(chosen.moved_since),
        "organisations": list(chosen.organisations),
        "models": list(chosen.models),
        "statuses": [str(status) for status in chosen.statuses],
        "words": chosen.words.split(),
        "by": chosen.order,
        "limit": limit,
        "offset": offset,
    }
    columns, rows = ask("list", values)
    return [_line(dict(zip(columns, row, strict=True)), utc) for row in rows]


def story_file(ask: Ask, story_id: str, as_of: AsOf = NOW, *, utc: bool = True) -> StoryFile | None:
    """Return a story as `ask` answers, None for one that is unknown; without claims where none was known.

    Times are UTC, with their zone where `utc`.
    """
    reader = _Reader(ask, as_of, utc, story_id)
    stories = reader.rows(Story, "story")
    if not stories:
        heirs = reader.plain("heir")[1]
        if not heirs:
            return None
        reader = _Reader(ask, as_of, utc, heirs[0][0])
        stories = reader.rows(Story, "story")
        if not stories:
            return None
    [(voices, mentions)] = reader.plain("voices")[1]
    return StoryFile(
        subject=stories[0],
        claims=reader.rows(StoryClaim, "claims"),
        moves=reader.rows(ClaimMove, "moves"),
        first=reader.rows(StoryWords, "first"),
        marks=reader.rows(Mark, "marks"),
        spread=reader.rows(Spread, "spread", limit=DOCUMENTS),
        rivals=reader.rows(RivalPair, "rivals"),
        deadlines=reader.rows(Deadline, "deadlines"),
        resolutions=reader.rows(ClaimResolution, "resolutions"),
        joins=reader.rows(StoryJoin, "joins"),
        kin=reader.rows(Kin, "kin"),
        days=reader.rows(DayDocuments, "days"),
        learned=[day for (day,) in reader.plain("learned")[1]],
        voices=voices,
        mentions=mentions,
        meta={str(key): str(value) for key, value in reader.plain("meta")[1]},
        asked_id=story_id if story_id != stories[0].story_id else None,
    )


def _asking(connection: duckdb.DuckDBPyConnection, config: Config) -> Ask:
    def ask(statement: str, values: dict[str, Any]) -> Answer:
        return query(connection, SQL[statement], values, seconds=config.ask.seconds)

    return ask


@dataclass(frozen=True, slots=True)
class _Reader:
    ask: Ask
    as_of: AsOf
    utc: bool
    story_id: str

    def plain(self, statement: str, **values: Any) -> Answer:
        sql = SQL[statement]
        common = {"story_id": self.story_id, "seen": self.as_of.seen, "said": self.as_of.said}
        return self.ask(
            statement, values | {name: value for name, value in common.items() if f"${name}" in sql}
        )

    def rows(self, record: type[Row], statement: str, **values: Any) -> list[Row]:
        columns, rows = self.plain(statement, **values)
        return [build(record, dict(zip(columns, row, strict=True)), utc=self.utc) for row in rows]


def _line(row: dict[str, Any], utc: bool) -> StoryLine:
    counts = {Status(one["status"]): one["claims"] for one in row.pop("states")}
    row["states"] = [StatusCount(status, counts[status]) for status in CONTESTED_FIRST if status in counts]
    row["days"] = [DayDocuments(one["day"], one["documents"]) for one in row["days"]]
    for part, record in (("first", FirstSaid), ("moved", LastMove)):
        values = row.pop(part)
        row[part] = build(record, values, utc=utc) if values else None
    return build(StoryLine, row, utc=utc)


def _plain(at: datetime | None) -> datetime | None:
    """Return a time in UTC without its zone, as the published copy holds times."""
    return at.astimezone(UTC).replace(tzinfo=None) if at is not None and at.tzinfo else at
