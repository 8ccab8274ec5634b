"""What a page says of decisions that editors took back, or made anew, after the copy was published."""

from __future__ import annotations

from dataclasses import replace

from pipeline.decisions.overtaken import Overtaken, SincePublished
from pipeline.exports.wording import published_at, when
from pipeline.published.claim import CaseFile
from pipeline.published.stories import StoryFile


def claim_since(case: CaseFile, since: SincePublished) -> CaseFile:
    """Return `case` with its decisions as the journal has them.

    A status that rests on a decision that holds no more stays as published, and its reason says so.
    """
    decisions = [
        replace(one, undone_at=one.undone_at or since.undone.get(one.decision_id)) for one in case.decisions
    ]
    case = replace(case, decisions=decisions)
    subject, moves = case.subject, case.moves
    found = since.statuses.get(subject.claim_id)
    if found is None:
        return case
    words = _words(found, case.meta)
    if moves and moves[-1].reason == subject.reason:
        moves = [*moves[:-1], replace(moves[-1], reason=words)]
    return replace(case, subject=replace(subject, reason=words, would_change=None), moves=moves)


def story_since(told: StoryFile, since: SincePublished) -> StoryFile:
    """Return `told` with its claims as `claim_since` has them."""
    claims = [
        replace(claim, reason=_words(found, told.meta), would_change=None)
        if (found := since.statuses.get(claim.claim_id))
        else claim
        for claim in told.claims
    ]
    return replace(told, claims=claims)


def _words(found: Overtaken, meta: dict[str, str]) -> str:
    what = "An editor decided anew" if found.anew else "The editor’s decision behind this was taken back"
    return (
        f"{what} on {when(found.at)}. The status shown is as of {when(published_at(meta))}, and holds until"
        " the next run."
    )
