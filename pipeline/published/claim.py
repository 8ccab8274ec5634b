"""The one reader of a claim: all that the published copy holds on it, as of any instant.

A mention that was not traced yet to where it comes from is nobody's voice: it is shown, and never counted as
an independent voice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import duckdb

from pipeline.core.config import Config
from pipeline.core.errors import DataError, HiddenError, NotYetKnownError, UnknownError
from pipeline.core.home import Home
from pipeline.core.rows import build, build_each
from pipeline.core.vocabulary import Event, Extent
from pipeline.published.claim_rows import (
    About,
    Claim,
    Decision,
    Document,
    Evidence,
    FirstWords,
    Happening,
    InStory,
    Joined,
    Match,
    Move,
    Outage,
    Resolution,
    Rival,
    Sign,
)
from pipeline.published.database import laid_out, of_laid_out, open_published, query
from pipeline.published.place import copy_of
from pipeline.store.queries import Statements

SQL = Statements(__package__, "claim")
LATEST = datetime(9999, 1, 1)  # noqa: DTZ001  # the published copy holds UTC without a zone
"""Later than anything that is stored."""
TEXT_EVENTS = [str(event) for event in (Event.EDITED, Event.HEDGED, Event.CORRECTED, Event.GONE)]
OUTAGES = {
    "blocked": "it refused us",
    "paywalled": "behind a paywall",
    "rate_limited": "it asked us to slow down",
    "failing": "it failed",
    "too_few": "it returned fewer items than expected",
}
EXTENTS = {
    Extent.FEED: "only what its feed says: the page refused",
    Extent.TEASER: "maybe a teaser: the page is not free",
}
"""What a reader is told of words that are not a document's whole text."""
_ALL = 1_000_000
_LAID_OUT = "known_evidence"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class AsOf:
    """An instant by two clocks: seen by us before `seen`, and said before `said` (both UTC without zone)."""

    seen: datetime = LATEST
    said: datetime = LATEST

    def values(self, statement: str, claim_id: str, **values: Any) -> dict[str, Any]:
        """Return `values` and what else a statement of `claim.sql` asks for."""
        sql = SQL[statement]
        common = {"claim_id": claim_id, "claims": [claim_id], "seen": self.seen, "said": self.said}
        return {name: value for name, value in common.items() if f"${name}" in sql} | values


NOW = AsOf()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One claim with everything that stands around it.

    `first` has the earliest words of those who said it first: of several nobody can tell which was first.
    `asked_id` is the id that was asked for, where that claim was merged or joined into this one; `story` is
    the one that it is in today; `about` are the names that it is about and that have a page. `documents`
    holds those of the statements and signs by their id, `meta` is that of the published copy.
    """

    subject: Claim
    first: list[FirstWords]
    statements: list[Evidence]
    moves: list[Move]
    happenings: list[Happening]
    decisions: list[Decision]
    rivals: list[Rival]
    signs: list[Sign]
    documents: dict[str, Document]
    outages: list[Outage]
    meta: dict[str, str]
    joins: list[Joined]
    resolutions: list[Resolution]
    asked_id: str | None = None
    story: InStory | None = None
    about: Sequence[About] = ()


def read_claim(home: Home, config: Config, claim_id: str, as_of: AsOf = NOW) -> CaseFile:
    """Return what the published copy holds on `claim_id`, or on the claim that editors merged it into.

    Raises DataError where nothing is published, UnknownError, HiddenError and NotYetKnownError.
    """
    with open_published(copy_of(home, config), config.ask) as connection:
        return claim_of(connection, claim_id, as_of, config.ask.seconds)


def claim_of(
    connection: duckdb.DuckDBPyConnection, claim_id: str, as_of: AsOf, seconds: float
) -> CaseFile:
    """Return the same as `read_claim` from a copy that is open; each statement may take `seconds`."""
    case = _Reader(connection, seconds, as_of).case(claim_id)
    if case is None:
        raise UnknownError(
            f"no claim {claim_id!r} is published: run `rumortrail process`, or list the claims with"
            ' `rumortrail ask "SELECT claim_id, claim FROM claims"`'
        )
    return case


def read_claims(
    connection: duckdb.DuckDBPyConnection, claim_ids: Sequence[str], *, seconds: float, as_of: AsOf = NOW
) -> list[CaseFile]:
    """Return those of `claim_ids` that the published copy shows, by id: what `read_claim` returns of each.

    Many at once take a small part of the time that they take one by one. `seconds` bounds each statement.
    Raises DataError where one is stopped.
    """
    cases = _Reader(connection, seconds, as_of).cases(claim_ids)
    return [case for case in cases if case.subject.mentions or case.subject.followed_by]


def find_claim(home: Home, config: Config, words: str, as_of: AsOf = NOW) -> CaseFile | list[Match]:
    """Return the claim whose id is `words`, or that alone has all these words, or the claims that have them.

    Raises DataError where there is none, and as `read_claim` does.
    """
    with open_published(copy_of(home, config), config.ask) as connection:
        reader = _Reader(connection, config.ask.seconds, as_of)
        if case := reader.case(words):
            return case
        matches = reader.rows(Match, "matching", words=words.split())
        if len(matches) == 1 and (case := reader.case(matches[0].claim_id)):
            return case
    if not matches:
        raise DataError(
            f"no claim has the id, or all the words of, {words!r}: try fewer words,"
            ' or `rumortrail ask "FROM claims"`'
        )
    return matches


@dataclass(slots=True)
class _Reader:
    connection: duckdb.DuckDBPyConnection
    seconds: float
    as_of: AsOf

    def case(self, claim_id: str) -> CaseFile | None:
        cases = self.cases([claim_id])
        if not cases:
            if hidden := self.plain("hidden", claim_id)[1]:
                raise HiddenError(
                    f"{claim_id} is hidden: {hidden[0][0]} decided so;"
                    " `rumortrail decide` lists the decisions"
                )
            if not (heirs := self.plain("heir", claim_id)[1]):
                return None
            cases = [replace(case, asked_id=claim_id) for case in self.cases([heirs[0][0]])]
        if not cases[0].subject.mentions and not cases[0].subject.followed_by:
            raise NotYetKnownError(f"nothing was known of {claim_id} at that time")
        return cases[0]

    def cases(self, claim_ids: Sequence[str]) -> list[CaseFile]:
        """Return those of `claim_ids` that are published, by id; their evidence is worked out once, for all
        statements.
        """
        sorted_ids = sorted(set(claim_ids))
        parameters = self.as_of.values("known", "", claims=sorted_ids)
        with laid_out(self.connection, _LAID_OUT, SQL["known"], parameters, seconds=self.seconds):
            return self._cases(sorted_ids)

    def _cases(self, ids: Sequence[str]) -> list[CaseFile]:
        subjects = {claim_id: claims[0] for claim_id, claims in self.of_each(Claim, "claim", ids).items()}
        if not subjects:
            return []
        ids = list(subjects)
        mentions = self.plain("mentions", claims=ids)[1]
        statements = self.of_each(
            Evidence,
            "evidence",
            ids,
            mentions=[mention for _, mention, _ in mentions],
            documents=sorted({document for _, _, document in mentions}),
            around=0,
        )
        signs = self.of_each(Sign, "signs", ids, limit=_ALL)
        pairs = sorted(
            {(claim_id, row.document_id) for claim_id, rows in statements.items() for row in rows}
            | {(claim_id, row.origin_document_id) for claim_id, rows in statements.items() for row in rows
               if row.origin_document_id}
            | {(claim_id, sign.origin_document_id) for claim_id, rows in signs.items() for sign in rows
               if sign.origin_document_id}
        )  # fmt: skip
        values = {"of": [claim_id for claim_id, _ in pairs], "documents": [document for _, document in pairs]}
        documents = self.of_each(Document, "documents", ids, **values)
        first = self.of_each(FirstWords, "first", ids, limit=_ALL)
        moves = self.of_each(Move, "moves", ids)
        happenings = self.of_each(Happening, "happenings", ids, events=TEXT_EVENTS, limit=_ALL)
        decisions = self.of_each(Decision, "decisions", ids)
        rivals = self.of_each(Rival, "rivals", ids)
        outages = self.of_each(Outage, "outages", ids)
        joins = self.of_each(Joined, "joins", ids)
        resolutions = self.of_each(Resolution, "resolutions", ids)
        stories = self.of_each(InStory, "story", ids)
        about = self.of_each(About, "about", ids)
        meta = {str(key): str(value) for key, value in self.plain("meta")[1]}
        return [
            CaseFile(
                subject,
                first[claim_id],
                statements[claim_id],
                moves[claim_id],
                happenings[claim_id][::-1],
                decisions[claim_id][::-1],
                rivals[claim_id],
                signs[claim_id],
                {document.document_id: document for document in documents[claim_id]},
                outages[claim_id],
                meta,
                joins[claim_id],
                resolutions[claim_id],
                story=next(iter(stories[claim_id]), None),
                about=about[claim_id],
            )
            for claim_id, subject in subjects.items()
        ]

    def plain(
        self, statement: str, claim_id: str = "", **values: Any
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        sql = of_laid_out(SQL, statement, _LAID_OUT)
        values = self.as_of.values(statement, claim_id, **values)
        used_values = {name: value for name, value in values.items() if f"${name}" in sql}
        return query(self.connection, sql, used_values, seconds=self.seconds)

    def rows(self, record: type[Row], statement: str, **values: Any) -> list[Row]:
        columns, rows = self.plain(statement, **values)
        return [build(record, dict(zip(columns, row, strict=True))) for row in rows]

    def of_each(
        self, record: type[Row], statement: str, claims: Sequence[str], **values: Any
    ) -> defaultdict[str, list[Row]]:
        """Return the rows of a statement by claim; its first column is `of_claim`."""
        return build_each(record, *self.plain(statement, claims=list(claims), **values))
