"""What an assistant may ask: each tool reads the published copy, by the readers of the pages."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult
from pydantic import BaseModel, Field, TypeAdapter

from pipeline.assistants import quoted
from pipeline.assistants.types import Quoted, SqlAnswer
from pipeline.check.records import Checked
from pipeline.core.config import Config
from pipeline.core.errors import DataError, LimitError, RumortrailError, UnknownError
from pipeline.core.home import Home
from pipeline.core.times import parse_span
from pipeline.core.vocabulary import Kind, Status
from pipeline.exports import json_claims as of_claims
from pipeline.exports import json_stories as of_stories
from pipeline.exports.json_answers import Answers
from pipeline.exports.tables import Format, write
from pipeline.published import sandbox
from pipeline.published.claim import LATEST, AsOf
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.meaning import Load
from pipeline.published.open_copy import Opener
from pipeline.published.place import copy_of, identity
from pipeline.published.sandbox import Unanswered
from pipeline.published.stories import Chosen

SECONDS = 20.0
"""A statement of a reader takes at most so long; less where [ask] seconds says so."""
STATEMENTS, ROWS = 30, 30
"""Statements of a claim, and rows of each other list, in an answer."""
SQL_ROWS = 200
TEXT = 20_000
"""Characters of a text that is checked."""

When = Annotated[
    str, Field(description="A day (2026-03-01, which counts whole) or an instant (2026-03-01T12:00:00Z).")
]
Cursor = Annotated[str, Field(description="`next` of the answer before, to go on with its list.")]
Limit = Annotated[int, Field(ge=1, le=50, description="How many at most.")]


Order = Literal["best", "checkworthy", "moved", "first", "due", "voices", "denied", "repeated"]


class Checker(Protocol):
    """What checks a text (`pipeline.check.checker`)."""

    def check(self, text: str) -> Checked:
        """Return the statements of a text and the known claims that each of them speaks to."""


@dataclass(slots=True)
class Tools:
    """The tools over the published copy of a home; for any number of threads.

    `load` makes the model of search by meaning from the settings, `checker` what checks a text; each is made
    when it is first needed.
    """

    home: Home
    load: Callable[[Config], Load | None]
    checker: Callable[[Home, Config], Checker]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _opener: Opener | None = None
    _checker: Checker | None = None

    def search_claims(
        self,
        words: Annotated[
            str, Field(max_length=300, description='Words and "quoted phrases"; also finds close meanings.')
        ] = "",
        status: Annotated[list[Status], Field(description="Only these statuses.")] = [],  # noqa: B006
        kind: Annotated[list[Kind], Field(description="Only these kinds.")] = [],  # noqa: B006
        organisation: Annotated[str, Field(description="Only claims about this organisation.")] = "",
        model: Annotated[str, Field(description="Only claims about this model.")] = "",
        moved_since: Annotated[str, Field(description="Only claims that moved on or after this day.")] = "",
        sort: Order = "best",
        limit: Limit = 20,
        cursor: Cursor = "",
    ) -> Annotated[CallToolResult, Quoted[of_claims.ClaimPage]]:
        """Search the known claims about AI models; each with its status, who said it first, and its voices.

        A status is what the stored evidence bears out: unverified, corroborated, disputed, substantiated,
        contradicted, retracted, expired. Twenty outlets that quote one post are one voice.
        """
        filters = ClaimFilter(
            statuses=tuple(status), kinds=tuple(kind), organisations=(organisation,) if organisation else (),
            models=(model,) if model else (), since=_instant("moved_since", moved_since, end=False),
        )  # fmt: skip
        return self._answered_in_parts(
            limit,
            lambda answers, most: answers.claims(filters, words=words, sort=sort, limit=most, cursor=cursor),
        )

    def get_claim(
        self,
        claim_id: Annotated[str, Field(max_length=200, description="The id of a claim.")],
        seen_until: When = "",
        said_until: When = "",
    ) -> Annotated[CallToolResult, Quoted[of_claims.ClaimDocument]]:
        """Return one claim: status, reason, history, each quote with source and times, who took it from whom.

        With `seen_until` only what was known then, with `said_until` only what had been said then. An id that
        was merged answers with the claim that took over; `asked_id` says so.
        """
        as_of = _as_of(seen_until, said_until)
        return self._answered(
            lambda answers: answers.claim(claim_id, as_of, statements=STATEMENTS, rows=ROWS)
        )

    def get_evidence(
        self,
        claim_id: Annotated[str, Field(max_length=200, description="The id of a claim.")],
        seen_until: When = "",
        said_until: When = "",
        limit: Limit = 30,
        cursor: Cursor = "",
    ) -> Annotated[CallToolResult, Quoted[of_claims.StatementPage]]:
        """Return the evidence of a claim in parts, by when it was said: for more than `get_claim` gives."""
        as_of = _as_of(seen_until, said_until)
        return self._answered_in_parts(
            limit, lambda answers, most: answers.evidence(claim_id, as_of, limit=most, cursor=cursor)
        )

    def list_stories(
        self,
        moved_since: Annotated[
            str, Field(description="Only stories of which a claim moved, or is new, since a day or instant.")
        ] = "",
        words: Annotated[str, Field(max_length=300, description="Words of title, claims and names.")] = "",
        organisation: str = "",
        model: str = "",
        sort: Literal["moved", "said", "new", "disputed", "voices", "documents"] = "moved",
        limit: Limit = 20,
        cursor: Cursor = "",
    ) -> Annotated[CallToolResult, Quoted[of_stories.StoryPage]]:
        """Return the stories (claims about the same things in the same days), what moved last first."""
        chosen = Chosen(
            moved_since=_instant("moved_since", moved_since, end=False), words=words, order=sort,
            organisations=(organisation,) if organisation else (), models=(model,) if model else (),
        )  # fmt: skip
        return self._answered_in_parts(
            limit, lambda answers, most: answers.stories(chosen, limit=most, cursor=cursor)
        )

    def get_story(
        self,
        story_id: Annotated[str, Field(max_length=200, description="The id of a story.")],
        seen_until: When = "",
        said_until: When = "",
    ) -> Annotated[CallToolResult, Quoted[of_stories.StoryDocument]]:
        """Return one story: its claims and how they moved, denials, artefacts, rivals, what is still open."""
        as_of = _as_of(seen_until, said_until)
        return self._answered(lambda answers: answers.story(story_id, as_of, rows=ROWS))

    def check_text(
        self,
        text: Annotated[
            str, Field(min_length=1, max_length=TEXT, description="A headline, a post or an article.")
        ],
    ) -> Annotated[CallToolResult, Quoted[Checked]]:
        """Check a text: its checkable statements, and the known claims that each repeats, denies or rivals.

        A statement without a known claim was not seen before. The text is neither stored nor logged.
        """
        with _refusing() as refused:
            with self._lock:
                if self._checker is None:
                    self._checker = self.checker(self.home, self._config())
                checker = self._checker
            material = TypeAdapter(Checked).dump_python(checker.check(text), mode="json")
            return quoted.answer(material | {"left_out": []})
        return refused[0]

    def query_sql(
        self,
        sql: Annotated[
            str,
            Field(
                max_length=sandbox.LONGEST,
                description="One DuckDB SELECT over the published views: claims, evidence, documents, "
                "stories, sources, status_history, changes, track_records and more; SHOW TABLES works.",
            ),
        ],
    ) -> Annotated[CallToolResult, Quoted[SqlAnswer]]:
        """Ask the published copy in SQL. It can only be read; time, memory and rows are bounded."""
        config = self._config()
        bounds = replace(config.dashboard, ask_rows=min(SQL_ROWS, config.dashboard.ask_rows))
        try:
            copy = copy_of(self.home, config)
            identity(copy)
        except DataError as error:
            return quoted.refusal("Nothing is published yet.", str(error))
        try:
            answer = sandbox.ask(copy, bounds, sql, lambda _: None)
        except Unanswered as refused:
            return quoted.refusal(refused.words, "\n".join(filter(None, (refused.told, refused.where))))
        stream = io.BytesIO()
        write(answer.table.to_reader(), stream, Format.JSONL)
        rows = [json.loads(line) for line in stream.getvalue().decode().splitlines()]
        sql_answer = SqlAnswer(
            columns=answer.table.column_names, types=list(answer.types), rows=rows, more=answer.more,
            seconds=answer.seconds,
        )  # fmt: skip
        return quoted.answer(sql_answer.model_dump(mode="json"))

    def _answered(self, ask: Callable[[Answers], BaseModel]) -> CallToolResult:
        with _refusing() as refused:
            return quoted.answer(ask(self._answers()).model_dump(mode="json"))
        return refused[0]

    def _answered_in_parts(self, limit: int, ask: Callable[[Answers, int], BaseModel]) -> CallToolResult:
        """Return a part of a list: of fewer rows than `limit`, where these are too long for an answer."""
        with _refusing() as refused:
            answers = self._answers()
            while True:
                part = ask(answers, limit).model_dump(mode="json")
                if limit == 1 or quoted.fits(part):
                    return quoted.answer(part)
                limit = max(1, limit // 2)
        return refused[0]

    def _config(self) -> Config:
        config = Config.load(self.home.config_file)
        return replace(config, ask=replace(config.ask, seconds=min(SECONDS, config.ask.seconds)))

    def _answers(self) -> Answers:
        config = self._config()
        with self._lock:
            if self._opener is None:
                self._opener = Opener(self.home, config)
            opener = self._opener
        return Answers(opener.current(), self.home, config.publisher, self.load(config))


@contextmanager
def _refusing() -> Iterator[list[CallToolResult]]:
    """Catch what a reader cannot answer; the list then holds the refusal to return."""
    refused: list[CallToolResult] = []
    try:
        yield refused
    except UnknownError:
        message = "It is not published, or was not known then: search for claims, or list the stories."
        refused.append(quoted.refusal(message))
    except LimitError:
        refused.append(quoted.refusal("Narrow the question: it takes longer than is allowed."))
    except RumortrailError as error:
        refused.append(quoted.refusal("There is no answer to this.", str(error)))


def _as_of(seen_until: str, said_until: str) -> AsOf:
    until = (_instant("seen_until", seen_until, end=True), _instant("said_until", said_until, end=True))
    return AsOf(*(LATEST if at is None else at.replace(tzinfo=None) for at in until))


def _instant(name: str, value: str, *, end: bool) -> datetime | None:
    """Return an instant in UTC, None for ""; of a day its beginning, or with `end` its end."""
    if not value:
        return None
    try:
        return parse_span(value)[end]
    except ValueError:
        raise ToolError(f"{name} must be a day (2026-03-01) or an instant (2026-03-01T12:00:00Z)") from None


TOOLS: tuple[tuple[Callable[..., Any], str], ...] = (
    (Tools.search_claims, "Search claims"),
    (Tools.get_claim, "One claim"),
    (Tools.get_evidence, "Evidence of a claim"),
    (Tools.list_stories, "Stories that moved"),
    (Tools.get_story, "One story"),
    (Tools.check_text, "Check a text"),
    (Tools.query_sql, "Ask in SQL"),
)
"""The tools with their titles."""
