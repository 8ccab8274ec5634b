"""The addresses below /api/: one table, from which both the routes and their description are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from dashboard.api import parameters as asked
from dashboard.api.service import Service
from pipeline.check.records import Checked
from pipeline.exports import json_claims as of_claims
from pipeline.exports import json_sources as of_sources
from pipeline.exports import json_stories as of_stories
from pipeline.exports.json_answers import Answers

LONGEST = 20_000
"""Characters of a text that is checked."""


class CheckAsked(BaseModel):
    """A text to check. It is neither stored nor logged."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    """A headline, a post, a paragraph or an article."""


Answer = Callable[[Answers, Any, str], Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: its parameters, the type of its answer, and the function that answers.

    `key` names the parameter in its path, "" where it has none. One with a `body` is posted, and is
    answered by the service.
    """

    path: str
    name: str
    summary: str
    gives: type[Any]
    answer: Answer | None = None
    asked: type[asked.Asked] = asked.Nothing
    key: str = ""
    body: type[BaseModel] | None = None

    @property
    def method(self) -> str:
        """Return "GET" or "POST"."""
        return "POST" if self.body else "GET"


OPERATIONS = (
    Operation(
        "/api/claims", "listClaims", "List claims by search, filters and order", of_claims.ClaimPage,
        lambda answers, query, _: answers.claims(
            query.filter(), words=query.q, sort=query.sort, limit=query.limit, cursor=query.cursor
        ),
        asked.ClaimsAsked,
    ),
    Operation(
        "/api/claims/{claim_id}", "getClaim", "Get one claim with its evidence, as of an instant",
        of_claims.ClaimDocument, lambda answers, query, key: answers.claim(key, query.as_of()),
        asked.AsOfAsked, "claim_id",
    ),
    Operation(
        "/api/claims/{claim_id}/evidence", "listEvidence", "List all evidence of a claim, in parts",
        of_claims.StatementPage,
        lambda answers, query, key: answers.evidence(
            key, query.as_of(), limit=query.limit, cursor=query.cursor
        ),
        asked.EvidenceAsked, "claim_id",
    ),
    Operation(
        "/api/stories", "listStories", "List stories, those that moved last first", of_stories.StoryPage,
        lambda answers, query, _: answers.stories(query.chosen(), limit=query.limit, cursor=query.cursor),
        asked.StoriesAsked,
    ),
    Operation(
        "/api/stories/{story_id}", "getStory", "Get one story with its claims, as of an instant",
        of_stories.StoryDocument, lambda answers, query, key: answers.story(key, query.as_of()),
        asked.AsOfAsked, "story_id",
    ),
    Operation(
        "/api/sources", "listSources", "List sources with their track records", of_sources.SourcePage,
        lambda answers, query, _: answers.sources(
            who=query.who, name=query.name, roles=[*map(str, query.role)],
            platforms=[*map(str, query.platform)], sort=query.sort, limit=query.limit, cursor=query.cursor,
        ),
        asked.SourcesAsked,
    ),
    Operation(
        "/api/sources/{source_id:path}", "getSource", "Get one source with its track record",
        of_sources.SourceDocument, lambda answers, query, key: answers.source(key, query.who),
        asked.SourceAsked, "source_id",
    ),
    Operation(
        "/api/search", "search", "Search claims, stories and sources", of_sources.SearchAnswer,
        lambda answers, query, _: answers.search(query.q, limit=query.limit), asked.SearchAsked,
    ),
)  # fmt: skip
CHECK = Operation(
    "/api/check", "checkText", "Check which statements of a text are known claims", Checked,
    body=CheckAsked,
)  # fmt: skip


def offered(service: Service) -> tuple[Operation, ...]:
    """Return the operations that this server can answer: without a model, no text is checked."""
    return (*OPERATIONS, CHECK) if service.models.checker else OPERATIONS
