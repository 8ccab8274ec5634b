"""Bluesky: an account's posts, replies and reposts, from the public AppView; or the posts that a search finds.

https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed, …/app-bsky-feed-search-posts. `url` is the profile's page
(`https://bsky.app/profile/HANDLE`) or the search's (`https://bsky.app/search?q=QUERY`). A search is answered only for
who has an account (`crawlers.http.credentials`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameter

from crawlers.crawl_state import Seen
from crawlers.http.credentials import credential_of
from crawlers.spiders.base import Yield, told
from crawlers.spiders.html import links_in
from crawlers.spiders.listing import ListingSpider, read_json
from pipeline.core.records import DateOrigin, InboxLink, LinkKind, Precision, Severity

SITE_HOST = "bsky.app"
API = "https://public.api.bsky.app"
GET_POSTS = 25
"""getPosts takes at most so many URIs."""
POST = "/app.bsky.feed.post/"
BACKDATED = timedelta(days=1)
"""A post's own time is its writer's word; so far from the network's, the network's counts."""


class _Author(BaseModel):
    did: str
    handle: str
    displayName: str = ""


class _Uri(BaseModel):
    uri: str


class _ReplyRef(BaseModel):
    parent: _Uri


class _Feature(BaseModel):
    uri: str | None = None


class _Index(BaseModel):
    byteStart: int = Field(ge=0)
    byteEnd: int = Field(ge=0)


class _Facet(BaseModel):
    index: _Index
    features: list[_Feature] = []


class _Record(BaseModel):
    text: str = ""
    createdAt: AwareDatetime
    langs: list[str] = []
    facets: list[_Facet] = []
    reply: _ReplyRef | None = None


class _Post(BaseModel):
    """A #postView; `embed` is read leniently, its kinds are many."""

    uri: str = Field(pattern=r"^at://[^/]+/[^/]+/[^/]+$")
    author: _Author
    record: _Record
    embed: dict[str, Any] | None = None
    likeCount: int | None = None
    indexedAt: AwareDatetime


class _Parent(BaseModel):
    uri: str
    author: _Author | None = None


class _Thread(BaseModel):
    parent: _Parent


class _Reason(BaseModel):
    by: _Author | None = None
    indexedAt: AwareDatetime | None = None
    uri: str | None = None


class _FeedItem(BaseModel):
    post: _Post
    reply: _Thread | None = None
    reason: _Reason | None = None


class _Feed(BaseModel):
    feed: list[Any]
    cursor: str | None = None


class _Posts(BaseModel):
    posts: list[Any]
    cursor: str | None = None


class BlueskySpider(ListingSpider):
    """One account or one search."""

    def api(self) -> str:
        """Where the AppView answers: bsky.app's own, or the source's host."""
        parts = urlsplit(self.source.url)
        return API if parts.hostname == SITE_HOST else f"{parts.scheme}://{parts.netloc}"

    def first(self) -> Request:
        """The account's newest posts, or the newest that the search finds, back to those that are not read again."""
        credential = credential_of(self.source.spider, self.source.url)
        if credential is not None:
            words = parse_qs(urlsplit(self.source.url).query).get("q", [""])[0]
            since = self.night.now - timedelta(days=self.night.crawl.revisit_days)
            fields = {"q": words, "sort": "latest", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "limit": 100}
            root = credential.root(self.source.url)
            return self.ask_listing(f"{root}/xrpc/app.bsky.feed.searchPosts?{urlencode(fields)}", self.listing)
        actor = urlsplit(self.source.url).path.rstrip("/").rpartition("/")[2]
        query = urlencode({"actor": actor, "limit": 100, "filter": "posts_with_replies"})
        return self.ask_listing(f"{self.api()}/xrpc/app.bsky.feed.getAuthorFeed?{query}", self.listing)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The feed's items or the posts found, and the page that the cursor leads to."""
        raws: list[Any]
        if isinstance(answer, dict) and "posts" in answer:
            found = _Posts.model_validate(answer)
            raws, cursor = [{"post": raw} for raw in found.posts], found.cursor
        else:
            feed = _Feed.model_validate(answer)
            raws, cursor = feed.feed, feed.cursor
        return raws, add_or_replace_parameter(response.url, "cursor", cursor) if cursor else None

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A post; a repost is a document of its own, beside the post that it passes on."""
        item = _FeedItem.model_validate(raw)
        self.listed.add(item.post.uri)
        parent = item.reply.parent if item.reply and item.reason is None else None
        yield self.post(item.post, response, parent)
        if item.reason is not None and item.reason.by is not None and item.reason.indexedAt is not None:
            yield self.repost(item.post, item.reason, item.reason.by, response)

    def post(self, post: _Post, response: Response, parent: _Parent | None) -> Yield:
        """The document of a post."""
        record, links = post.record, list(_facet_links(post.record))
        answered = record.reply.parent.uri if record.reply else None
        if answered is not None:
            author = parent.author if parent and parent.uri == answered else None
            answered = self.page_of(answered, author)
            links.append(InboxLink(answered, LinkKind.REPLY))
        links += self.embedded(post.embed)
        moment = record.createdAt if abs(record.createdAt - post.indexedAt) <= BACKDATED else post.indexedAt
        return self.found(
            response,
            post.uri,
            url=self.page_of(post.uri, post.author),
            text=record.text,
            author=_handle(post.author),
            author_name=post.author.displayName or None,
            published_at=moment,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            language=record.langs[0] if record.langs else None,
            in_reply_to=answered,
            links=tuple(links),
            score=post.likeCount,
        )

    def repost(self, post: _Post, reason: _Reason, by: _Author, response: Response) -> Yield:
        """The document of a repost: another's words, so that they are never a second voice."""
        ref = reason.uri or f"{post.uri}#{by.did}"
        self.listed.add(ref)
        origin = self.page_of(post.uri, post.author)
        return self.found(
            response,
            ref,
            url=f"{origin}?reposted_by={quote(_handle(by))}",
            text=post.record.text,
            author=_handle(by),
            author_name=by.displayName or None,
            published_at=reason.indexedAt,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            language=post.record.langs[0] if post.record.langs else None,
            links=(InboxLink(origin, LinkKind.REPOST),),
        )

    def embedded(self, embed: dict[str, Any] | None) -> list[InboxLink]:
        """The card of a post and the post that it quotes; a quoted post that is gone or blocked keeps its address."""
        links: list[InboxLink] = []
        if not embed:
            return links
        card, record = embed.get("external"), embed.get("record")
        if not isinstance(card, dict) and isinstance(embed.get("media"), dict):
            card = embed["media"].get("external")
        if isinstance(card, dict) and isinstance(card.get("uri"), str):
            links.append(InboxLink(card["uri"]))
        if isinstance(record, dict) and isinstance(record.get("record"), dict):
            record = record["record"]
        if isinstance(record, dict) and isinstance(record.get("uri"), str) and POST in record["uri"]:
            links.append(
                InboxLink(self.page_of(record["uri"], _author(record.get("author"))), LinkKind.QUOTE)
            )
        return links

    def page_of(self, uri: str, author: _Author | None) -> str:
        """The page of a post: by its writer's handle where that is known, else by the writer's identifier."""
        owner, _, key = uri.removeprefix("at://").partition(POST)
        parts = urlsplit(self.source.url)
        return f"{parts.scheme}://{parts.netloc}/profile/{_handle(author) if author else owner}/post/{key}"

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Posts by URI, many at once: getPosts leaves out what is gone."""
        posts = [one for one in seen if POST in one.ref and "#" not in one.ref]
        for start in range(0, len(posts), GET_POSTS):
            batch = {one.ref: one for one in posts[start : start + GET_POSTS]}
            query = urlencode([("uris", uri) for uri in batch])
            yield self.ask(
                f"{self.api()}/xrpc/app.bsky.feed.getPosts?{query}",
                self.posts,
                errback=self.unsettled,
                batch=batch,
            )

    def posts(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """The posts of a getPosts answer; those that were asked for and are not in it are gone."""
        try:
            raws = _Posts.model_validate(read_json(response)).posts
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
            return
        for raw in raws:
            # A post that is there and cannot be read is not gone.
            batch.pop(raw.get("uri", "") if isinstance(raw, dict) else "", None)
            try:
                yield self.post(_Post.model_validate(raw), response, None)
            except ValueError as error:
                yield self.issue("bad_item", told(error), place=response.url, severity=Severity.WARNING)
        for one in batch.values():
            if one.last_present is not None:
                yield self.lost(one, f"{one.ref} is absent from app.bsky.feed.getPosts")


def _handle(author: _Author) -> str:
    """The account's name; an account whose name is broken keeps its identifier."""
    return author.did if author.handle == "handle.invalid" else author.handle


def _author(raw: Any) -> _Author | None:
    try:
        return _Author.model_validate(raw)
    except ValidationError:
        return None


def _facet_links(record: _Record) -> Iterator[InboxLink]:
    """The links of a post with their words; a facet's index counts UTF-8 bytes."""
    data = record.text.encode("utf-8", "surrogatepass")
    for facet in record.facets:
        words = data[facet.index.byteStart : facet.index.byteEnd].decode("utf-8", "ignore").strip()
        for feature in facet.features:
            if feature.uri:
                yield InboxLink(feature.uri, words=words or None)
    if not record.facets:
        yield from links_in(record.text)
