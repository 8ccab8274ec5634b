"""Hugging Face: the models that an organisation put on the hub lately, each with its model card.

https://huggingface.co/docs/hub/api. `url` is the organisation's page (`https://huggingface.co/ORGANISATION`).
A model page is an artefact: it does not speak of a release, it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import AwareDatetime, BaseModel, Field
from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.failures import tell
from crawlers.spiders.base import Yield, asked, told
from crawlers.spiders.html import links_in, next_page
from crawlers.spiders.listing import ListingSpider, read_json
from pipeline.core.records import DateOrigin, Precision, Severity

UNKNOWN_CREATION = datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)
"""What the hub says of every repository that is older than its records."""

_FIELDS = (
    "author",
    "createdAt",
    "lastModified",
    "likes",
    "tags",
    "pipeline_tag",
    "library_name",
    "gated",
    "safetensors",
    "private",
)
_FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class _Weights(BaseModel):
    total: int | None = None


class _Model(BaseModel):
    id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
    createdAt: AwareDatetime | None = None
    likes: int | None = None
    private: bool = False
    gated: bool | str = False
    tags: list[str] = []
    pipeline_tag: str | None = None
    library_name: str | None = None
    safetensors: _Weights | None = None

    def facts(self) -> str:
        """What the hub states besides the card, one fact a line; nothing that moves from day to day by itself."""
        licences = [tag.removeprefix("license:") for tag in self.tags if tag.startswith("license:")]
        bases = [
            tag.removeprefix("base_model:")
            for tag in self.tags
            if tag.startswith("base_model:") and tag.count(":") == 1
        ]
        told = {
            "Task": self.pipeline_tag,
            "Library": self.library_name,
            "License": ", ".join(licences),
            "Base model": ", ".join(bases),
            "Parameters": self.safetensors.total if self.safetensors else None,
            "Gated": self.gated or None,
        }
        return "\n".join(f"{name}: {value}" for name, value in told.items() if value)


class HuggingFaceSpider(ListingSpider):
    """The models of one organisation that are not older than the days for which documents are looked at again."""

    def first(self) -> Request:
        """The organisation's models, newest first."""
        author = quote(urlsplit(self.source.url).path.strip("/"), safe="")
        fields = "".join(f"&expand[]={name}" for name in _FIELDS)
        return self.ask_listing(
            f"{self.root()}/api/models?author={author}&sort=createdAt&direction=-1&limit=100{fields}",
            self.listing,
        )

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The models, and the next page as the Link header has it."""
        if not isinstance(answer, list):
            raise ValueError(f"a list of models is expected, not {type(answer).__name__}")
        return answer, next_page(response)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A model: its card is asked for, unless the model is an old one."""
        model = _Model.model_validate(raw)
        since = self.night.now - timedelta(days=self.night.crawl.revisit_days)
        if model.private or model.createdAt is None or model.createdAt < since:
            return
        self.listed.add(model.id)
        yield self.card_of(model, response)

    def card_of(self, model: _Model, response: Response) -> Request:
        """The request for a model's card."""
        url = f"{self.root()}/{model.id}/raw/main/README.md"
        return self.ask(
            url,
            self.card,
            errback=partial(self.cardless, model=model, page=response),
            model=model,
            page=response,
        )

    def card(self, response: Response, model: _Model, page: Response) -> Iterator[Yield]:
        """The document: the card without its head, then the facts."""
        text = (
            response.text if isinstance(response, TextResponse) else response.body.decode("utf-8", "replace")
        )
        yield self.model(model, _FRONT_MATTER.sub("", text, count=1).strip(), response, (page,))

    def cardless(self, failure: Failure, model: _Model, page: Response) -> Iterator[Yield]:
        """No card: the facts alone; but one that could not be fetched this time is left for another night."""
        fault = tell(failure.value)
        if fault.passing:
            url = f"{self.root()}/{model.id}"
            yield Sighting(model.id, url, present=None)
            yield self.issue(fault.code, fault.message, place=asked(failure))
            return
        if not (isinstance(failure.value, HttpError) and failure.value.response.status in (401, 403, 404)):
            yield self.issue(fault.code, fault.message, place=asked(failure), severity=Severity.WARNING)
        yield self.model(model, "", page, ())

    def model(self, model: _Model, card: str, response: Response, others: tuple[Response, ...]) -> Yield:
        """The document of a model."""
        created = None if model.createdAt == UNKNOWN_CREATION else model.createdAt
        organisation = model.id.partition("/")[0]
        return self.found(
            response,
            model.id,
            others=others,
            url=f"{self.root()}/{model.id}",
            title=model.id,
            text="\n\n".join(part for part in (card, model.facts()) if part),
            author=organisation,
            published_at=created,
            published_precision=Precision.SECOND if created else Precision.UNKNOWN,
            published_from=DateOrigin.API if created else DateOrigin.UNKNOWN,
            links=links_in(card),
            artefact=True,
            score=model.likes,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Each model at the API's models/ID."""
        for one in seen:
            yield self.ask(
                f"{self.root()}/api/models/{one.ref}", self.single, errback=partial(self.missed, seen=one)
            )

    def single(self, response: Response) -> Iterator[Yield]:
        """One model."""
        try:
            yield self.card_of(_Model.model_validate(read_json(response)), response)
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)

    def gone_evidence(self, failure: Failure) -> str | None:
        """The hub answers 401 with RepoNotFound for a model that is deleted or made private."""
        if (
            isinstance(failure.value, HttpError)
            and failure.value.response.headers.get(b"X-Error-Code") == b"RepoNotFound"
        ):
            answer = failure.value.response
            return f"HTTP {answer.status} RepoNotFound (deleted or made private) at {answer.url}"
        return super().gone_evidence(failure)
