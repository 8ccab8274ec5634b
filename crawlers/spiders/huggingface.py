"""Hugging Face: the models that an organisation put on the hub lately, each with its model card.

https://huggingface.co/docs/hub/api. `url` is the organisation's page (`https://huggingface.co/ORGANISATION`).
A model page is an artefact: it does not speak of a release, it is one. When it became public the hub does not
say: `createdAt` is when its repository was made, which may be hidden for weeks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field
from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.failures import describe
from crawlers.normalise.markdown import markdown_text
from crawlers.normalise.validate import StatedTime
from crawlers.spiders.base import Yield
from crawlers.spiders.listing import ListingSpider, refused_by
from pipeline.core.vocabulary import Severity

UNKNOWN_CREATION = datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)
"""The time that the hub states for every repository older than its records."""
ELDERS = 50
"""New models, neither made nor changed lately, that a run reads of one organisation at most."""

_FIELDS = (
    "author", "createdAt", "lastModified", "likes", "tags", "pipeline_tag", "library_name", "gated",
    "safetensors", "private",
)
_FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class _Weights(BaseModel):
    total: int | None = None


class _Model(BaseModel):
    id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
    createdAt: StatedTime = None
    lastModified: StatedTime = None
    likes: int | None = None
    private: bool = False
    gated: bool | str = False
    tags: list[str] = []
    pipeline_tag: str | None = None
    library_name: str | None = None
    safetensors: _Weights | None = None

    def made_since(self, moment: datetime) -> bool:
        """Return whether the hub says that it was made at `moment` or later."""
        return isinstance(self.createdAt, datetime) and self.createdAt >= moment

    def changed_since(self, moment: datetime) -> bool:
        """Return whether the hub says that it was changed at `moment` or later."""
        return isinstance(self.lastModified, datetime) and self.lastModified >= moment

    def facts(self) -> str:
        """Return the hub's statements besides the card, one a line, without those that change every day."""
        tags = [tag.partition(":") for tag in self.tags]
        licences = [value for name, _, value in tags if name == "license" and value]
        bases = [value for name, _, value in tags if name == "base_model" and value and ":" not in value]
        facts = {
            "Task": self.pipeline_tag,
            "Library": self.library_name,
            "License": ", ".join(licences),
            "Base model": ", ".join(bases),
            "Parameters": self.safetensors.total if self.safetensors else None,
            "Gated": self.gated or None,
        }
        return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)


class HuggingFaceSpider(ListingSpider):
    """The models of one organisation, whenever they were made: one that was hidden may turn up at any time.

    The listing is read to its end in each run, the last changed first; `elders` is how many more old models
    that are new to us this run reads.
    """

    order_tells_all = False
    elders = ELDERS

    def first(self) -> Request:
        """Return the request for the organisation's models, the last changed first."""
        author = quote(urlsplit(self.source.url).path.strip("/"), safe="")
        fields = "".join(f"&expand[]={name}" for name in _FIELDS)
        query = f"author={author}&sort=lastModified&direction=-1&limit=100{fields}"
        return self.ask_listing(f"{self.root()}/api/models?{query}", self.listing)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Ask for the card of a model that is new to us, or that may have changed since we saw it."""
        model = _Model.model_validate(raw)
        if model.private:
            return
        self.listed.add(model.id)
        seen = self.known.get(model.id)
        if model.id in self.outlived:
            return
        last_present = seen.last_present if seen is not None else None
        if model.made_since(self.run.since) or model.changed_since(last_present or self.run.since):
            yield from self.reread(raw, response)
        elif seen is not None and last_present is not None:
            yield self.still_there(seen, response)
        else:
            yield from self.elder(raw, response)

    def elder(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Ask for the card of a model that was there for long, or leave it for another run."""
        self.elders -= 1
        if self.elders >= 0:
            yield from self.reread(raw, response)
            return
        self.unfinished = True
        if self.elders == -1:
            message = f"{ELDERS} models that are new to us and old on the hub were read; the rest waits"
            yield self.issue("backlog", message, place=response.url, severity=Severity.INFO)

    def reread(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Ask for a model's card."""
        model = _Model.model_validate(raw)
        url = f"{self.root()}/{model.id}/raw/main/README.md"
        errback = partial(self.cardless, model=model, page=response)
        yield self.ask(url, self.card, errback=errback, model=model, page=response)

    def card(self, response: Response, model: _Model, page: Response) -> Iterator[Yield]:
        """Yield the document: the card without its front matter, then the facts."""
        readable = isinstance(response, TextResponse)
        text = response.text if readable else response.body.decode("utf-8", "replace")
        yield self.model(model, _FRONT_MATTER.sub("", text, count=1).strip(), response, (page,))

    def cardless(self, failure: Failure, model: _Model, page: Response) -> Iterator[Yield]:
        """Yield the facts alone where there is no card; a card that failed waits for another run."""
        if describe(failure.value).passing:
            yield Sighting(model.id, f"{self.root()}/{model.id}", present=None)
            yield self.failure_issue(failure, Severity.ERROR)
            return
        if not refused_by(failure, 401, 403, 404):
            yield self.failure_issue(failure, Severity.WARNING)
        yield self.model(model, "", page, ())

    def model(self, model: _Model, card: str, response: Response, others: tuple[Response, ...]) -> Yield:
        """Return the document of a model."""
        page = f"{self.root()}/{model.id}"
        words, links = markdown_text(card, f"{page}/", tags=True)
        return self.found(
            response,
            model.id,
            others=others,
            url=page,
            title=model.id,
            text="\n\n".join(part for part in (words, model.facts()) if part),
            author=model.id.partition("/")[0],
            not_before=self.not_before(model),
            links=links,
            artefact=True,
            score=model.likes,
        )

    def not_before(self, model: _Model) -> Any:
        """Return until when the page was not public: its repository was not made, or a listing lacked it."""
        created = None if model.createdAt == UNKNOWN_CREATION else model.createdAt
        if self.absent_until is None or model.id in self.read_before:
            return created
        return max(created, self.absent_until) if isinstance(created, datetime) else self.absent_until

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each model at the API's models/ID."""
        for document in seen:
            yield self.ask_again(f"{self.root()}/api/models/{document.ref}", self.single, document)

    def gone_evidence(self, failure: Failure) -> str | None:
        """Return the hub's word, 401 with RepoNotFound, for a model that is deleted or made private."""
        answer = refused_by(failure)
        if answer is not None and answer.headers.get(b"X-Error-Code") == b"RepoNotFound":
            return f"HTTP {answer.status} RepoNotFound (deleted or made private) at {answer.url}"
        return super().gone_evidence(failure)
