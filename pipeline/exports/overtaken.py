"""A claim or a story as the journal has it: what editors took back, or decided anew, after the copy was
published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import duckdb

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.overtaken import SincePublished, since_published
from pipeline.exports.wording import published_at
from pipeline.published.claim import NOW, AsOf, CaseFile, read_claim
from pipeline.published.claim_rows import Claim, Move
from pipeline.published.database import open_published
from pipeline.published.place import copy_of
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import ClaimMove, StoryClaim

Judged = TypeVar("Judged", Claim, StoryClaim)
Step = TypeVar("Step", Move, ClaimMove)


def read_current(home: Home, config: Config, claim_id: str) -> CaseFile:
    """Return `read_claim` with its decisions as the journal of `home` has them. Raises as that does."""
    case = read_claim(home, config, claim_id)
    with open_published(copy_of(home, config), config.ask) as connection:
        return current_claim(case, connection, home, seconds=config.ask.seconds)


def current_claim(
    case: CaseFile, connection: duckdb.DuckDBPyConnection, home: Home, as_of: AsOf = NOW, *, seconds: float
) -> CaseFile:
    """Return `case`, read from the copy as of `as_of`, with its decisions as the journal of `home` has them.

    As of a time before the copy it stays what it is: the journal says nothing of that time.
    """
    if _past(as_of, case.meta):
        return case
    return claim_since(case, since_published(connection, home, seconds=seconds))


def current_story(
    told: StoryFile, connection: duckdb.DuckDBPyConnection, home: Home, as_of: AsOf = NOW, *, seconds: float
) -> StoryFile:
    """Return `told` with its claims as `current_claim` has them."""
    if _past(as_of, told.meta):
        return told
    return story_since(told, since_published(connection, home, seconds=seconds))


def claim_since(case: CaseFile, since: SincePublished) -> CaseFile:
    """Return `case` with its decisions as the journal has them.

    A status that rests on a decision that holds no more stays as published, and its reason says so.
    """
    decisions = [
        replace(one, undone_at=one.undone_at or since.undone.get(one.decision_id)) for one in case.decisions
    ]
    case = replace(case, decisions=decisions)
    subject = judged_since(case.subject, since, case.meta)
    if subject is case.subject:
        return case
    return replace(case, subject=subject, moves=steps_since(case.moves, case.subject.reason, subject.reason))


def story_since(told: StoryFile, since: SincePublished) -> StoryFile:
    """Return `told` with its claims as `claim_since` has them."""
    claims = [judged_since(claim, since, told.meta) for claim in told.claims]
    moves = told.moves
    for before, now in zip(told.claims, claims, strict=True):
        if now is not before:
            own = [move for move in moves if move.claim_id == now.claim_id]
            told_anew = dict(zip(map(id, own), steps_since(own, before.reason, now.reason), strict=True))
            moves = [told_anew.get(id(move), move) for move in moves]
    return replace(told, claims=claims, moves=moves)


def judged_since(claim: Judged, since: SincePublished, meta: dict[str, str]) -> Judged:
    """Return a claim with why it stands where it does as the journal has it; the same where nothing came."""
    found = since.statuses.get(claim.claim_id)
    return replace(claim, reason=found.words(published_at(meta)), would_change=None) if found else claim


def steps_since(moves: Sequence[Step], published: str | None, now: str | None) -> list[Step]:
    """Return the moves of a claim by time, the last with the reason `now` where its own was `published`."""
    known = list(moves)
    if now and known and known[-1].reason == published:
        known[-1] = replace(known[-1], reason=now)
    return known


def _past(as_of: AsOf, meta: dict[str, str]) -> bool:
    published = published_at(meta)
    return published is not None and min(as_of.seen, as_of.said) < published.replace(tzinfo=None)

