"""Tell what an editor's decision about a story would change, as the published copy has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.core.errors import DataError
from pipeline.core.text import counted
from pipeline.core.vocabulary import DecisionKind

FAR = 30  # days between two stories from which a merge is warned of
LISTED = 12  # claims that are named

_STORY = """
SELECT story_id, title, claims, first_said_at, last_said_at, list_concat(organisations, entities) AS names
FROM stories WHERE story_id = $id"""
_HEIR = "SELECT heir FROM story_heirs WHERE story_id = $id"
_CLAIM = "SELECT claim, story_id FROM claims WHERE claim_id = $id"
_OF_STORY = """
SELECT kind || ' by ' || editor || ' (' || decision_id || '): ' || reason, value FROM decisions
WHERE undone_at IS NULL AND kind = $kind AND story_id = $id ORDER BY number"""
_SOME = "SELECT count(*) FROM claims WHERE story_id = $id AND claim_id IN (SELECT unnest($claims::VARCHAR[]))"

Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class _Story:
    story_id: str
    title: str
    claims: int
    first_said_at: datetime | None
    last_said_at: datetime | None
    names: list[str]

    def __str__(self) -> str:
        return f"“{self.title}” ({counted(self.claims, 'claim')})"


def story_consequences(ask: Ask, kind: DecisionKind, target: str, value: str) -> list[str]:
    """Return a line for each thing that will change, and for each that speaks against it.

    `ask(sql, **parameters)` returns the rows of a question to the published copy. Raises DataError where a
    story or a claim that the decision names is not there.
    """
    if kind is DecisionKind.STORY_MERGE:
        return _merge(ask, target, value)
    story = _story(ask, target)
    if kind is DecisionKind.STORY_SPLIT:
        return _split(ask, story, value.split())
    instead = [f"instead of {line}" for line, _ in ask(_OF_STORY, id=target, kind=kind)]
    return [str(story), f"title: “{story.title}” → “{value}”", "it keeps this title while it grows", *instead]


def _merge(ask: Ask, target: str, value: str) -> list[str]:
    into = _story(ask, value)
    becomes = f"becomes part of {into.story_id} {into}, whose title and address stay"
    holds = "what is in the two now stays in one story, whatever the machine finds later"
    if rows := ask(_CLAIM, id=target):
        claim, home = rows[0]
        if home is not None:
            raise DataError(f"{target} is a claim of the story {home}: merge that story, or split the claim "
                            f"off first with `rumortrail decide story_split {home} {target}`")
        return [f"“{claim}”", becomes, holds]
    story = _story(ask, target)
    lines = [str(story), becomes, holds]
    if not set(story.names) & set(into.names):
        lines.append("beware: no organisation and no model is named in both")
    if (days := _days_between(story, into)) > FAR:
        lines.append(f"beware: {days} days lie between them")
    if not ask(_OF_STORY, id=value, kind=DecisionKind.STORY_TITLE):
        titles = ask(_OF_STORY, id=target, kind=DecisionKind.STORY_TITLE)
        lines += [f"goes with it: {line}" for line, _ in titles[-1:]]
    for story_id, other_id in ((target, value), (value, target)):
        lines += [f"instead of {line}, as far as the two differ"
                  for line, claims in ask(_OF_STORY, id=story_id, kind=DecisionKind.STORY_SPLIT)
                  if ask(_SOME, id=other_id, claims=(claims or "").split())[0][0]]
    return lines


def _days_between(story: _Story, other: _Story) -> int:
    times = (story.first_said_at, story.last_said_at, other.first_said_at, other.last_said_at)
    if None in times:
        return 0
    starts, ends = max(filter(None, times[::2])), min(filter(None, times[1::2]))
    return (starts - ends).days


def _split(ask: Ask, story: _Story, claim_ids: list[str]) -> list[str]:
    claims = []
    for claim_id in claim_ids:
        rows = ask(_CLAIM, id=claim_id)
        if not rows or rows[0][1] != story.story_id:
            where = f"a claim of {rows[0][1] or 'no story'}" if rows else "no claim of the published copy"
            raise DataError(f"{claim_id} is {where}, and not of {story.story_id} {story}: "
                            f"`rumortrail ask \"SELECT claim_id, claim FROM claims WHERE story_id = "
                            f"'{story.story_id}'\"` lists its claims")
        claims.append(rows[0][0])
    if len(claims) >= story.claims:
        raise DataError(f"these are all claims of {story.story_id}: nothing would stay. Name those that "
                        "leave")
    lines = [str(story), *(f"leaves it: “{claim}”" for claim in claims[:LISTED])]
    if len(claims) > LISTED:
        lines.append(f"leave it: {len(claims) - LISTED} more")
    remaining = counted(story.claims - len(claims), "claim")
    outcome = "it is in no story then" if len(claims) == 1 else "they become a story of their own"
    lines.append(f"{outcome}; {story.story_id} keeps its address and {remaining}")
    lines.append("what leaves and what stays is not put into one story again, whatever the machine finds "
                 "later")
    merges = ask(_OF_STORY, id=story.story_id, kind=DecisionKind.STORY_MERGE)
    return lines + [f"instead of {line}, as far as the two differ" for line, _ in merges]


def _story(ask: Ask, story_id: str) -> _Story:
    if rows := ask(_STORY, id=story_id):
        return _Story(*rows[0])
    if heirs := ask(_HEIR, id=story_id):
        raise DataError(f"{story_id} was merged into {heirs[0][0]}: decide about that one instead")
    published = ask("SELECT value[:16] FROM meta WHERE key = 'published_at'")
    words = f"there is no story {story_id} in the copy published {published[0][0] if published else ''} UTC"
    raise DataError(f'{words}. `rumortrail ask "SELECT story_id, title FROM stories"` lists them; --anyway '
                    "writes the decision all the same")
