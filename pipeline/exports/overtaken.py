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
from pipeline.published.claim import NOW, AsOf, CaseFile, read_claim
from pipeline.published.claim_rows import Claim, Move
from pipeline.published.database import open_published, published_at
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
    story: StoryFile, connection: duckdb.DuckDBPyConnection, home: Home, as_of: AsOf = NOW, *, seconds: float
) -> StoryFile:
    """Return `story` with its claims as `current_claim` has them."""
    if _past(as_of, story.meta):
        return story
    return story_since(story, since_published(connection, home, seconds=seconds))


def claim_since(case: CaseFile, since: SincePublished) -> CaseFile:
    """Return `case` with its decisions as the journal has them.

    A status that rests on a decision that holds no more stays as published, and its reason says so.
    """
    decisions = [
        replace(decision, undone_at=decision.undone_at or since.undone.get(decision.decision_id))
        for decision in case.decisions
    ]
    case = replace(case, decisions=decisions)
    subject = judged_since(case.subject, since, case.meta)
    if subject is case.subject:
        return case
    return replace(case, subject=subject, moves=steps_since(case.moves, case.subject.reason, subject.reason))


def story_since(story: StoryFile, since: SincePublished) -> StoryFile:
    """Return `story` with its claims as `claim_since` has them."""
    claims = [judged_since(claim, since, story.meta) for claim in story.claims]
    moves = story.moves
    for before, now in zip(story.claims, claims, strict=True):
        if now is not before:
            story_moves = [move for move in moves if move.claim_id == now.claim_id]
            retold = dict(zip(map(id, story_moves), steps_since(story_moves, before.reason, now.reason),
                              strict=True))
            moves = [retold.get(id(move), move) for move in moves]
    return replace(story, claims=claims, moves=moves)


def judged_since(claim: Judged, since: SincePublished, meta: dict[str, str]) -> Judged:
    """Return a claim with its reason as the journal has it now; the same claim where nothing changed."""
    ruling = since.statuses.get(claim.claim_id)
    return replace(claim, reason=ruling.words(published_at(meta)), would_change=None) if ruling else claim


def steps_since(moves: Sequence[Step], published: str | None, now: str | None) -> list[Step]:
    """Return the moves of a claim by time, the last with the reason `now` where its own was `published`."""
    current = list(moves)
    if now and current and current[-1].reason == published:
        current[-1] = replace(current[-1], reason=now)
    return current


def _past(as_of: AsOf, meta: dict[str, str]) -> bool:
    published = published_at(meta)
    return published is not None and min(as_of.seen, as_of.said) < published.replace(tzinfo=None)

