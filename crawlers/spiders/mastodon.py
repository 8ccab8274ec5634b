"""Mastodon: the statuses of an account, or the public ones with a hashtag.

https://docs.joinmastodon.org/entities/Status/. `url` is the account's page (`https://HOST/@NAME`) or the
tag's (`https://HOST/tags/NAME`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel
from scrapy import Request
from scrapy.http import Response

from crawlers.crawl_state import Seen
from crawlers.normalise.html import html_text
from crawlers.normalise.validate import StatedTime
from crawlers.spiders.base import Yield
from crawlers.spiders.listing import ListingSpider, read_json, with_alt_text
from pipeline.core.accounts import full_name
from pipeline.core.inbox_records import InboxLink
from pipeline.core.vocabulary import LinkKind

PUBLIC = frozenset({"public", "unlisted"})


class _Account(BaseModel):
    id: str
    acct: str
    url: str | None = None
    display_name: str = ""


class _Mention(BaseModel):
    id: str
    acct: str


class _Card(BaseModel):
    url: str


class _Attachment(BaseModel):
    description: str | None = None


class _Quote(BaseModel):
    quoted_status: _Status | None = None


class _Status(BaseModel):
    id: str
    uri: str
    url: str | None = None
    created_at: StatedTime = None
    content: str = ""
    spoiler_text: str = ""
    language: str | None = None
    visibility: str = "public"
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    reblog: _Status | None = None
    quote: _Quote | None = None
    account: _Account
    mentions: list[_Mention] = []
    media_attachments: list[_Attachment] = []
    card: _Card | None = None
    favourites_count: int | None = None


class MastodonSpider(ListingSpider):
    """One account or one hashtag of one server."""

    def first(self) -> Request:
        """Return the request for the tag's timeline, or for the account's number: its timeline needs that."""
        path = urlsplit(self.source.url).path.rstrip("/")
        if path.startswith("/tags/"):
            tag = path.removeprefix("/tags/")
            return self.ask_listing(f"{self.root()}/api/v1/timelines/tag/{tag}?limit=40", self.listing)
        name = quote(path.removeprefix("/@"), safe="@")
        return self.ask_listing(f"{self.root()}/api/v1/accounts/lookup?acct={name}", self.account)

    def account(self, response: Response) -> Iterator[Yield]:
        """Ask for the account's statuses."""
        try:
            account = _Account.model_validate(read_json(response))
        except ValueError as error:
            yield self.bad_listing(error, response.url)
            return
        url = f"{self.root()}/api/v1/accounts/{quote(account.id, safe='')}/statuses?limit=40"
        yield self.ask_listing(url, self.listing)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the documents of a status; a boost is a document beside that of the status it passes on."""
        status = _Status.model_validate(raw)
        self.listed.add(status.id)
        if status.reblog is not None and status.visibility in PUBLIC:
            self.listed.add(status.reblog.id)
        yield from self.reread(raw, response)

    def reread(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the documents of a status, wherever it was found."""
        status = _Status.model_validate(raw)
        if status.reblog is not None and status.visibility in PUBLIC:
            yield from self.post(status.reblog, response)
            yield from self.boost(status, status.reblog, response)
        elif status.reblog is None:
            yield from self.post(status, response)

    def post(self, status: _Status, response: Response) -> Iterator[Yield]:
        """Yield the document of a status in its writer's own words."""
        if status.visibility not in PUBLIC:
            return
        text, links = self.words(status)
        extra = [InboxLink(status.card.url)] if status.card else []
        quoted = status.quote.quoted_status if status.quote else None
        if quoted is not None:
            extra.append(InboxLink(quoted.url or quoted.uri, LinkKind.QUOTE))
        parent = self.parent(status)
        if parent is not None:
            extra.append(InboxLink(parent, LinkKind.REPLY))
        yield from self.status(
            status,
            status,
            response,
            text,
            url=status.url or status.uri,
            in_reply_to=parent,
            links=(*links, *extra),
            score=status.favourites_count,
        )

    def words(self, status: _Status) -> tuple[str, tuple[InboxLink, ...]]:
        """Return the text of a status with its writer's words for its pictures, and the links of the text."""
        text, links = html_text(status.content, self.root())
        return with_alt_text(text, (media.description for media in status.media_attachments)), links

    def boost(self, status: _Status, origin: _Status, response: Response) -> Iterator[Yield]:
        """Yield the document of a boost, marked as another's words so that it is never a second voice."""
        text, _ = self.words(origin)
        address = origin.url or origin.uri
        # The account as the server names it: a boost keeps the address that it was first stored under.
        url = f"{address}?reblogged_by={quote(status.account.acct, safe='@')}"
        links = (InboxLink(address, LinkKind.REPOST),)
        yield from self.status(status, origin, response, text, url=url, links=links)

    def status(
        self, status: _Status, origin: _Status, response: Response, text: str, **fields: Any
    ) -> Iterator[Yield]:
        """Yield the document of `status`, whose words are those of `origin`."""
        return self.worded(
            response,
            status.id,
            text,
            title=origin.spoiler_text or None,
            author=full_name(status.account.acct, self.source.url, status.account.url),
            author_name=status.account.display_name or None,
            published_at=status.created_at,
            language=origin.language,
            **fields,
        )

    def parent(self, status: _Status) -> str | None:
        """Return the page of the status that is answered, on this server; None if its writer is not named."""
        if status.in_reply_to_id is None:
            return None
        names = {mention.id: mention.acct for mention in status.mentions}
        names[status.account.id] = status.account.acct
        name = names.get(status.in_reply_to_account_id or "")
        return f"{self.root()}/@{name}/{status.in_reply_to_id}" if name else None

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each status at the API's statuses/ID."""
        for document in seen:
            url = f"{self.root()}/api/v1/statuses/{quote(document.ref, safe='')}"
            yield self.ask_again(url, self.single, document)
