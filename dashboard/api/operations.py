"""The addresses below /api/: one table, from which both the routes and their description are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field

from dashboard.api import parameters as asked
from dashboard.api.service import Service
from pipeline.check.records import Checked
from pipeline.core.config import Config
from pipeline.exports import json_stories as told
from pipeline.exports import json_types as types
from pipeline.published.open_copy import OpenCopy

LONGEST = 20_000
"""Characters of a text that is checked."""


class CheckAsked(BaseModel):
    """A text to check. It is neither stored nor logged."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    """A headline, a post, a paragraph or an article."""


Answer = Callable[[Service, OpenCopy, Config, Any, str], Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it is asked, what it gives, and by what it is answered.

    `key` is the name of what stands in its path, "" where nothing does. One with a `body` is posted.
    """

    path: str
    name: str
    summary: str
    gives: type[Any]
    answer: Answer
    asked: type[asked.Asked] = asked.Nothing
    key: str = ""
    body: type[BaseModel] | None = None

    @property
    def method(self) -> str:
        """Return "GET" or "POST"."""
        return "POST" if self.body else "GET"


OPERATIONS = (
    Operation(
        "/api/claims", "listClaims", "List claims by search, filters and order", types.ClaimPage,
        lambda service, copy, config, query, _: service.claims(copy, config, query), asked.ClaimsAsked,
    ),
    Operation(
        "/api/claims/{claim_id}", "getClaim", "One claim with its evidence, as of an instant",
        types.ClaimDocument,
        lambda service, copy, config, query, key: service.claim(copy, config, query, key),
        asked.AsOfAsked, "claim_id",
    ),
    Operation(
        "/api/claims/{claim_id}/evidence", "listEvidence", "All evidence of a claim, in parts",
        types.StatementPage,
        lambda service, copy, _config, query, key: service.evidence(copy, query, key),
        asked.EvidenceAsked, "claim_id",
    ),
    Operation(
        "/api/stories", "listStories", "List stories, what moved last first", told.StoryPage,
        lambda service, copy, config, query, _: service.stories(copy, config, query), asked.StoriesAsked,
    ),
    Operation(
        "/api/stories/{story_id}", "getStory", "One story with its claims, as of an instant",
        told.StoryDocument,
        lambda service, copy, config, query, key: service.story(copy, config, query, key),
        asked.AsOfAsked, "story_id",
    ),
    Operation(
        "/api/sources", "listSources", "List sources with their track records", told.SourcePage,
        lambda service, copy, config, query, _: service.sources(copy, config, query), asked.SourcesAsked,
    ),
    Operation(
        "/api/sources/{source_id:path}", "getSource", "One source with its track record",
        told.SourceDocument,
        lambda service, copy, config, query, key: service.source(copy, config, query, key),
        asked.SourceAsked, "source_id",
    ),
    Operation(
        "/api/search", "search", "Search claims, stories and sources", told.SearchAnswer,
        lambda service, copy, config, query, _: service.search(copy, config, query), asked.SearchAsked,
    ),
    Operation(
        "/api/check", "checkText", "Check a text: which of its statements are known claims", Checked,
        lambda service, _copy, config, query, _: service.check(config, cast(CheckAsked, query).text),
        body=CheckAsked,
    ),
)  # fmt: skip


def offered(service: Service) -> tuple[Operation, ...]:
    """Return the operations that this server can answer: without a model, no text is checked."""
    return tuple(one for one in OPERATIONS if one.body is None or service.models.checker)
