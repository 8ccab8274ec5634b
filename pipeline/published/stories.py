"""The one reader of stories: a page of them, and one with all that stands around it, as of any instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, TypeVar

import duckdb

from pipeline.core.config import Config
from pipeline.core.errors import NotYetKnownError, UnknownError
from pipeline.core.home import Home
from pipeline.core.rows import build, build_each, naive
from pipeline.core.vocabulary import Status
from pipeline.published.claim import NOW, AsOf
from pipeline.published.database import laid_out, of_laid_out, open_published, query
from pipeline.published.place import copy_of
from pipeline.published.story_rows import (
    CONTESTED,
    CONTESTED_FIRST,
    ClaimMove,
    ClaimResolution,
    DayDocuments,
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
    StoryDeadline,
    StoryJoin,
    StoryLine,
    StoryWords,
)
from pipeline.store.queries import Statements

SQL = Statements(__package__, "stories")
Order = Literal["moved", "most_moved", "said", "new", "disputed", "voices", "documents"]
"""What comes first in a list: what moved last, of which most claims moved, what was said last, what began
last; most disputed claims, independent voices, documents."""
ON_AXIS = 24
"""Claims on one part of a story's time axis."""
DOCUMENTS = 500
"""How many documents of a story are read at most; `Spread.total` counts all."""

_LAID_OUT = "known_evidence_of_stories"

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
    deadlines: list[StoryDeadline]
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
        statuses = [claim.status for claim in self.claims]
        return [
            StatusCount(status, statuses.count(status)) for status in CONTESTED_FIRST if status in statuses
        ]

    @property
    def parts(self) -> int:
        """Return how many parts its time axis has."""
        return parts_of(len(self.claims))

    def on_axis(self, part: int = 1) -> list[StoryClaim]:
        """Return the claims on a part of the time axis, in order of time.

        The contested are on the first parts, then those most spoken of.
        """
        ranked = sorted(
            self.claims,
            key=lambda claim: (claim.status not in CONTESTED, -claim.mentions, claim.claim_id),
        )
        ids = {claim.claim_id for claim in ranked[(part - 1) * ON_AXIS : part * ON_AXIS]}
        return [claim for claim in self.claims if claim.claim_id in ids]

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


def parts_of(claims: int) -> int:
    """Return how many parts the time axis of a story of so many claims has."""
    return -(-claims // ON_AXIS)


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
    with open_published(copy_of(home, config), config.ask) as connection:
        return story_lines(_asking(connection, config.ask.seconds), chosen, limit=limit, offset=offset)


def read_story(home: Home, config: Config, story_id: str, as_of: AsOf = NOW) -> StoryFile:
    """Return what the published copy holds on `story_id`, or on the story that took it over.

    Which claims a story holds is not kept by day: it has those of today, each as it was known then. Raises
    DataError where nothing is published, and for a story that is unknown or was not known then.
    """
    with open_published(copy_of(home, config), config.ask) as connection:
        story = story_of(connection, story_id, as_of, seconds=config.ask.seconds)
    if story is None:
        raise UnknownError(
            f"no story {story_id!r} is published: run `rumortrail process`, or list the stories with"
            ' `rumortrail ask "SELECT story_id, title FROM stories"`'
        )
    if not story.claims:
        raise NotYetKnownError(f"nothing was known of {story_id} at that time")
    return story


def read_stories(
    connection: duckdb.DuckDBPyConnection, config: Config, story_ids: Sequence[str]
) -> list[StoryFile]:
    """Return those of `story_ids` that an open published copy holds, by id, as `read_story` has each."""
    files = _laid_out_files(connection, story_ids, NOW, config.ask.seconds)
    return [file for file in files if file.claims]


def story_of(
    connection: duckdb.DuckDBPyConnection, story_id: str, as_of: AsOf = NOW, *, seconds: float
) -> StoryFile | None:
    """Return the same as `read_story` from a copy that is open; each statement may take `seconds`."""
    return _or_heir(
        lambda ids: _laid_out_files(connection, ids, as_of, seconds), _asking(connection, seconds), story_id
    )


def _laid_out_files(
    connection: duckdb.DuckDBPyConnection, story_ids: Sequence[str], as_of: AsOf, seconds: float
) -> list[StoryFile]:
    """Return `story_files`; the evidence of their claims is worked out once, for all statements."""

    def ask(statement: str, values: dict[str, Any]) -> Answer:
        sql = of_laid_out(SQL, statement, _LAID_OUT)
        used_values = {name: value for name, value in values.items() if f"${name}" in sql}
        return query(connection, sql, used_values, seconds=seconds)

    parameters = {"stories": sorted(set(story_ids)), "seen": as_of.seen, "said": as_of.said}
    with laid_out(connection, _LAID_OUT, SQL["known"], parameters, seconds=seconds):
        return story_files(ask, story_ids, as_of)


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
        "since": naive(chosen.since),
        "until": naive(chosen.until),
        "moved_since": naive(chosen.moved_since),
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
    return _or_heir(lambda ids: story_files(ask, ids, as_of, utc=utc), ask, story_id)


def _or_heir(read: Callable[[Sequence[str]], list[StoryFile]], ask: Ask, story_id: str) -> StoryFile | None:
    """Return the story that `read` finds, or the one that took it over."""
    files = read([story_id])
    if not files:
        heirs = [heir for (heir,) in ask("heir", {"story_id": story_id})[1]]
        files = [replace(file, asked_id=story_id) for file in read(heirs)]
    return files[0] if files else None


def story_files(
    ask: Ask, story_ids: Sequence[str], as_of: AsOf = NOW, *, utc: bool = True
) -> list[StoryFile]:
    """Return those of `story_ids` that the copy holds, by id, as `story_file` has each.

    Many at once take a small part of the time that they take one by one.
    """
    reader = _Reader(ask, as_of, utc, sorted(set(story_ids)))
    stories = reader.of_each(Story, "story") if story_ids else {}
    if not stories:
        return []
    claims = reader.of_each(StoryClaim, "claims")
    moves = reader.of_each(ClaimMove, "moves")
    first = reader.of_each(StoryWords, "first")
    marks = reader.of_each(Mark, "marks")
    spread = reader.of_each(Spread, "spread", limit=DOCUMENTS)
    rivals = reader.of_each(RivalPair, "rivals")
    deadlines = reader.of_each(StoryDeadline, "deadlines")
    resolutions = reader.of_each(ClaimResolution, "resolutions")
    joins = reader.of_each(StoryJoin, "joins")
    kin = reader.of_each(Kin, "kin")
    days = reader.of_each(DayDocuments, "days")
    learned: defaultdict[str, list[date]] = defaultdict(list)
    for story_id, day in reader.plain("learned")[1]:
        learned[story_id].append(day)
    counts = {story_id: counted for story_id, *counted in reader.plain("voices")[1]}
    meta = {str(key): str(value) for key, value in reader.plain("meta")[1]}
    return [
        StoryFile(
            subject=subject,
            claims=claims[story_id],
            moves=moves[story_id],
            first=first[story_id],
            marks=marks[story_id],
            spread=spread[story_id],
            rivals=rivals[story_id],
            deadlines=deadlines[story_id],
            resolutions=resolutions[story_id],
            joins=joins[story_id],
            kin=kin[story_id],
            days=days[story_id],
            learned=learned[story_id],
            voices=counts.get(story_id, (0, 0))[0],
            mentions=counts.get(story_id, (0, 0))[1],
            meta=meta,
        )
        for story_id, (subject,) in sorted(stories.items())
    ]


def _asking(connection: duckdb.DuckDBPyConnection, seconds: float) -> Ask:
    def ask(statement: str, values: dict[str, Any]) -> Answer:
        return query(connection, SQL[statement], values, seconds=seconds)

    return ask


@dataclass(frozen=True, slots=True)
class _Reader:
    ask: Ask
    as_of: AsOf
    utc: bool
    stories: Sequence[str] = ()

    def plain(self, statement: str, **values: Any) -> Answer:
        sql = SQL[statement]
        common = {"stories": list(self.stories), "seen": self.as_of.seen, "said": self.as_of.said}
        return self.ask(
            statement, values | {name: value for name, value in common.items() if f"${name}" in sql}
        )

    def of_each(self, record: type[Row], statement: str, **values: Any) -> defaultdict[str, list[Row]]:
        """Return the rows of a statement by story; its first column is `of_story`."""
        return build_each(record, *self.plain(statement, **values), utc=self.utc)


def _line(row: dict[str, Any], utc: bool) -> StoryLine:
    counts = {Status(state["status"]): state["claims"] for state in row.pop("states")}
    row["states"] = [StatusCount(status, counts[status]) for status in CONTESTED_FIRST if status in counts]
    row["days"] = [DayDocuments(day["day"], day["documents"]) for day in row["days"]]
    for part, record in (("first", FirstSaid), ("moved", LastMove)):
        values = row.pop(part)
        row[part] = build(record, values, utc=utc) if values else None
    return build(StoryLine, row, utc=utc)
