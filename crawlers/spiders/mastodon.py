"""Mastodon: the statuses of an account, or the public ones with a hashtag.

https://docs.joinmastodon.org/entities/Status/. `url` is the account's page (`https://HOST/@NAME`) or the tag's
(`https://HOST/tags/NAME`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import AwareDatetime, BaseModel
from scrapy import Request
from scrapy.http import Response

from crawlers.crawl_state import Seen
from crawlers.spiders.base import Yield, told
from crawlers.spiders.html import html_text, next_page
from crawlers.spiders.listing import ListingSpider, read_json
from pipeline.core.records import DateOrigin, InboxLink, LinkKind, Precision, Severity

PUBLIC = frozenset({"public", "unlisted"})


class _Account(BaseModel):
    id: str
    acct: str
    display_name: str = ""


class _Mention(BaseModel):
    id: str
    acct: str


class _Card(BaseModel):
    url: str


class _Quote(BaseModel):
    quoted_status: _Status | None = None


class _Status(BaseModel):
    id: str
    uri: str
    url: str | None = None
    created_at: AwareDatetime
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
    card: _Card | None = None
    favourites_count: int | None = None


class MastodonSpider(ListingSpider):
    """One account or one hashtag of one server."""

    def first(self) -> Request:
        """The tag's timeline, or the account's number that its timeline is asked by."""
        path = urlsplit(self.source.url).path.rstrip("/")
        if path.startswith("/tags/"):
            return self.ask_listing(
                f"{self.root()}/api/v1/timelines/tag/{path.removeprefix('/tags/')}?limit=40", self.listing
            )
        name = quote(path.removeprefix("/@"), safe="@")
        return self.ask_listing(f"{self.root()}/api/v1/accounts/lookup?acct={name}", self.account)

    def account(self, response: Response) -> Iterator[Yield]:
        """The account, whose statuses are asked for next."""
        try:
            account = _Account.model_validate(read_json(response))
        except ValueError as error:
            self.listing_lost = True
            yield self.issue("bad_answer", told(error), place=response.url)
            return
        yield self.ask_listing(
            f"{self.root()}/api/v1/accounts/{quote(account.id, safe='')}/statuses?limit=40", self.listing
        )

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The statuses, and the next page as the Link header has it."""
        if not isinstance(answer, list):
            raise ValueError(f"a list of statuses is expected, not {type(answer).__name__}")
        return answer, next_page(response)

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A status. One that passes on another's is a document of its own, beside the one that it passes on."""
        status = _Status.model_validate(raw)
        self.listed.add(status.id)
        if status.reblog is not None and status.visibility in PUBLIC:
            self.listed.add(status.reblog.id)
        yield from self.status(status, response)

    def status(self, status: _Status, response: Response) -> Iterator[Yield]:
        """The documents of a status, wherever it was found."""
        if status.reblog is not None and status.visibility in PUBLIC:
            yield from self.read(status.reblog, response)
            yield from self.boost(status, status.reblog, response)
        elif status.reblog is None:
            yield from self.read(status, response)

    def read(self, status: _Status, response: Response) -> Iterator[Yield]:
        """The document of a status that speaks for itself."""
        if status.visibility not in PUBLIC:
            return
        text, links = html_text(status.content, self.root())
        more = [InboxLink(status.card.url)] if status.card else []
        quoted = status.quote.quoted_status if status.quote else None
        if quoted is not None:
            more.append(InboxLink(quoted.url or quoted.uri, LinkKind.QUOTE))
        parent = self.parent(status)
        if parent is not None:
            more.append(InboxLink(parent, LinkKind.REPLY))
        yield self.found(
            response,
            status.id,
            url=status.url or status.uri,
            title=status.spoiler_text or None,
            text=text,
            author=status.account.acct,
            author_name=status.account.display_name or None,
            published_at=status.created_at,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            language=status.language,
            in_reply_to=parent,
            links=(*links, *more),
            score=status.favourites_count,
        )

    def boost(self, status: _Status, origin: _Status, response: Response) -> Iterator[Yield]:
        """The document of a reblog: another's words, so that they are never a second voice."""
        text, _ = html_text(origin.content, self.root())
        address = origin.url or origin.uri
        yield self.found(
            response,
            status.id,
            url=f"{address}?reblogged_by={quote(status.account.acct, safe='@')}",
            title=origin.spoiler_text or None,
            text=text,
            author=status.account.acct,
            author_name=status.account.display_name or None,
            published_at=status.created_at,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            language=origin.language,
            links=(InboxLink(address, LinkKind.REPOST),),
        )

    def parent(self, status: _Status) -> str | None:
        """The page of the status that is answered, as this server shows it; None where its writer is not named."""
        if status.in_reply_to_id is None:
            return None
        names = {mention.id: mention.acct for mention in status.mentions} | {
            status.account.id: status.account.acct
        }
        name = names.get(status.in_reply_to_account_id or "")
        return f"{self.root()}/@{name}/{status.in_reply_to_id}" if name else None

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Each status at the API's statuses/ID."""
        for one in seen:
            url = f"{self.root()}/api/v1/statuses/{quote(one.ref, safe='')}"
            yield self.ask(url, self.single, errback=partial(self.missed, seen=one))

    def single(self, response: Response) -> Iterator[Yield]:
        """One status."""
        try:
            yield from list(self.status(_Status.model_validate(read_json(response)), response))
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
