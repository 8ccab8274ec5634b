"""The one reader of stories: a page of them, and one with all that stands around it, as of any instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import duckdb

from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.records import Status
from pipeline.core.rows import aware, build
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
Order = Literal["moved", "said", "new", "disputed", "voices", "documents"]
"""What comes first in a list: what moved last, was said last, began last; most disputed claims, and so on."""
DOCUMENTS = 500
"""How many documents of a story are read at most; `Spread.total` counts all."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class StoryFile:
    """One story with everything that stands around it, as of an instant.

    `claims` are those that were known, the first spoken of first; `moves` their bands of status. `first` has
    the earliest words of those who spoke of it first: of several nobody can tell which was first. `marks` are
    the denials and artefacts, `spread` the documents in order of time. `asked_id` is the id that was asked
    for, where this story took that one over. `meta` is that of the published copy.
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
    values = list_values(
        since=since, until=until, moved_since=moved_since, organisations=organisations, models=models,
        statuses=statuses, words=words, order=order, limit=limit, offset=offset,
    )  # fmt: skip
    with open_published(home.published, config.ask) as connection:
        columns, rows = query(connection, SQL["list"], values, seconds=config.ask.seconds)
    return [story_line(dict(zip(columns, row, strict=True))) for row in rows]


def list_values(
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
) -> dict[str, Any]:
    """Return what the statement `list` of `stories.sql` is asked with; arguments as in `list_stories`."""
    return {
        "since": _plain(since),
        "until": _plain(until),
        "moved_since": _plain(moved_since),
        "organisations": list(organisations),
        "models": list(models),
        "statuses": [str(status) for status in statuses],
        "words": words.split(),
        "by": order,
        "limit": limit,
        "offset": offset,
    }


def story_line(row: dict[str, Any]) -> StoryLine:
    """Return a row of the statement `list` as a record."""
    first = moved = None
    if row["first_evidence_id"] is not None:
        first = FirstSaid(
            row["first_by"] or "nobody named", row["first_source"], aware(row["first_at"]),
            row["first_precision"], aware(row["first_seen_at"]), row["first_evidence_id"],
            row["first_claim_id"], row["first_total"],
        )  # fmt: skip
    if row["moved_claim_id"] is not None:
        moved = LastMove(
            row["moved_claim_id"], row["moved_claim"], row["before"] and Status(row["before"]),
            Status(row["status"]), aware(row["moved_at"]), row["at_is_said"], aware(row["judged_at"]),
            row["reason"], row["evidence_id"],
        )  # fmt: skip
    counts = {Status(one["status"]): one["claims"] for one in row["states"]}
    return StoryLine(
        story_id=row["story_id"],
        title=row["title"],
        claims=row["claims"],
        mentions=row["mentions"],
        voices=row["voices"],
        documents=row["active_documents"],
        organisations=row["organisations"],
        entities=row["entities"],
        states=[StatusCount(status, counts[status]) for status in CONTESTED_FIRST if status in counts],
        first=first,
        moved=moved,
        days=[DayDocuments(one["day"], one["documents"]) for one in row["days"]],
        first_said_at=aware(row["first_said_at"]),
        last_said_at=aware(row["last_said_at"]),
        moved_claims=row["moved_claims"],
        new_claims=row["new_claims"],
        total=row["total"],
    )


def read_story(home: Home, config: Config, story_id: str, as_of: AsOf = NOW) -> StoryFile:
    """Return what the published copy holds on `story_id`, or on the story that took it over.

    Which claims a story holds is not kept by day: it has those of today, each as it was known then. Raises
    DataError where nothing is published, and for a story that is unknown or was not known then.
    """
    with open_published(home.published, config.ask) as connection:
        story = _Reader(connection, config.ask.seconds, as_of).file(story_id)
    if story is None:
        raise DataError(
            f"no story {story_id!r} is published: run `rumortrail process`, or list the stories with"
            ' `rumortrail ask "SELECT story_id, title FROM stories"`'
        )
    return story


@dataclass(slots=True)
class _Reader:
    connection: duckdb.DuckDBPyConnection
    seconds: float
    as_of: AsOf
    story_id: str = ""

    def file(self, story_id: str) -> StoryFile | None:
        self.story_id = story_id
        stories = self.rows(Story, "story")
        if not stories:
            if not (heirs := self.plain("heir")[1]):
                return None
            self.story_id = heirs[0][0]
            stories = self.rows(Story, "story")
            if not stories:
                return None
        claims = self.rows(StoryClaim, "claims")
        if not claims:
            raise DataError(f"nothing was known of {story_id} at that time")
        [(voices, mentions)] = self.plain("voices")[1]
        return StoryFile(
            subject=stories[0],
            claims=claims,
            moves=self.rows(ClaimMove, "moves"),
            first=self.rows(StoryWords, "first"),
            marks=self.rows(Mark, "marks"),
            spread=self.rows(Spread, "spread", limit=DOCUMENTS),
            rivals=self.rows(RivalPair, "rivals"),
            deadlines=self.rows(Deadline, "deadlines"),
            resolutions=self.rows(ClaimResolution, "resolutions"),
            joins=self.rows(StoryJoin, "joins"),
            kin=self.rows(Kin, "kin"),
            days=self.rows(DayDocuments, "days"),
            voices=voices,
            mentions=mentions,
            meta={str(key): str(value) for key, value in self.plain("meta")[1]},
            asked_id=story_id if story_id != self.story_id else None,
        )

    def plain(self, statement: str, **values: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
        sql = SQL[statement]
        common = {"story_id": self.story_id, "seen": self.as_of.seen, "said": self.as_of.said}
        values |= {name: value for name, value in common.items() if f"${name}" in sql}
        return query(self.connection, sql, values, seconds=self.seconds)

    def rows(self, record: type[Row], statement: str, **values: Any) -> list[Row]:
        columns, rows = self.plain(statement, **values)
        return [build(record, dict(zip(columns, row, strict=True))) for row in rows]


def _plain(at: datetime | None) -> datetime | None:
    """Return a time in UTC without its zone, as the published copy holds times."""
    return at.astimezone(UTC).replace(tzinfo=None) if at is not None and at.tzinfo else at
