"""Bluesky: an account's posts, replies and reposts, from the public AppView; or the posts of a search.

https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed, …/app-bsky-feed-search-posts. `url` is the page
of the profile (`https://bsky.app/profile/HANDLE`) or the search (`https://bsky.app/search?q=QUERY`). Only an
account may search (`crawlers.http.credentials`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from pydantic import BaseModel, Field, ValidationError, WrapValidator
from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameter

from crawlers.crawl_state import Seen
from crawlers.http.credentials import credential_of
from crawlers.normalise.html import links_in
from crawlers.normalise.validate import StatedTime
from crawlers.spiders.base import Yield
from crawlers.spiders.listing import ListingSpider, batches, read_json, with_alt_text
from pipeline.core.inbox_records import InboxLink
from pipeline.core.vocabulary import LinkKind

SITE_HOST = "bsky.app"
API = "https://public.api.bsky.app"
GET_POSTS = 25
"""URIs that getPosts takes at most."""
NO_HANDLE = "handle.invalid"
"""The handle that the network gives an account whose own does not lead back to it."""
POST = "/app.bsky.feed.post/"
BACKDATED = timedelta(days=1)
"""A post's own time is set by its writer: if it is this far from the network's, the network's time counts."""


class _Author(BaseModel):
    """A profile; one that blocks, or is blocked, comes without its handle."""

    did: str
    handle: str = NO_HANDLE
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
    createdAt: StatedTime = None
    langs: list[str] = []
    facets: list[_Facet] = []
    reply: _ReplyRef | None = None


class _Post(BaseModel):
    """A #postView; `embed` is read leniently, since there are many kinds."""

    uri: str = Field(pattern=r"^at://[^/]+/[^/]+/[^/]+$")
    author: _Author
    record: _Record
    embed: dict[str, Any] | None = None
    likeCount: int | None = None
    indexedAt: StatedTime = None

    def posted(self) -> Any:
        """Return when it was posted: as its writer's client says, unless the server knows better."""
        times = (self.record.createdAt, self.indexedAt)
        agree = all(isinstance(time, datetime) for time in times) and abs(times[0] - times[1]) <= BACKDATED
        return self.record.createdAt if agree else self.indexedAt


class _Parent(BaseModel):
    uri: str
    author: _Author | None = None


class _Thread(BaseModel):
    parent: _Parent


class _Reason(BaseModel):
    by: _Author | None = None
    indexedAt: StatedTime = None
    uri: str | None = None


def _if_readable(raw: Any, read: Callable[[Any], Any]) -> Any:
    """Return what `read` makes of what only accompanies a post; None where it has another shape."""
    try:
        return read(raw)
    except ValidationError:
        return None


class _FeedItem(BaseModel):
    post: _Post
    reply: Annotated[_Thread | None, WrapValidator(_if_readable)] = None
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
        """Return the AppView's root: bsky.app's own, or the source's host."""
        return API if urlsplit(self.source.url).hostname == SITE_HOST else self.root()

    def first(self) -> Request:
        """Return the request for the newest posts of the account or the search."""
        parts = urlsplit(self.source.url)
        credential = credential_of(self.source.spider, self.source.url)
        if credential is not None:
            words = parse_qs(parts.query).get("q", [""])[0]
            since = f"{self.run.since:%Y-%m-%dT%H:%M:%SZ}"
            query = urlencode({"q": words, "sort": "latest", "since": since, "limit": 100})
            root = credential.root(self.source.url)
            return self.ask_listing(f"{root}/xrpc/app.bsky.feed.searchPosts?{query}", self.listing)
        actor = parts.path.rstrip("/").rpartition("/")[2]
        query = urlencode({"actor": actor, "limit": 100, "filter": "posts_with_replies"})
        return self.ask_listing(f"{self.api()}/xrpc/app.bsky.feed.getAuthorFeed?{query}", self.listing)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the feed's items or the posts of a search, and the page that the cursor leads to."""
        raws: list[Any]
        if isinstance(answer, dict) and "posts" in answer:
            search = _Posts.model_validate(answer)
            raws, cursor = [{"post": raw} for raw in search.posts], search.cursor
        else:
            feed = _Feed.model_validate(answer)
            raws, cursor = feed.feed, feed.cursor
        return raws, add_or_replace_parameter(response.url, "cursor", cursor) if cursor else None

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a post; a repost is a document beside that of the post it passes on."""
        item = _FeedItem.model_validate(raw)
        self.listed.add(item.post.uri)
        parent = item.reply.parent if item.reply and item.reason is None else None
        yield from self.post(item.post, response, parent)
        if item.reason is not None and item.reason.by is not None:  # else it is pinned
            yield from self.repost(item.post, item.reason, item.reason.by, response)

    def post(self, post: _Post, response: Response, parent: _Parent | None) -> Iterator[Yield]:
        """Yield the document of a post."""
        record, links = post.record, list(_facet_links(post.record))
        replied_to = record.reply.parent.uri if record.reply else None
        if replied_to is not None:
            author = parent.author if parent and parent.uri == replied_to else None
            replied_to = self.page_of(replied_to, author)
            links.append(InboxLink(replied_to, LinkKind.REPLY))
        links += self.embedded(post.embed)
        yield from self.by(
            post.author,
            post,
            response,
            post.uri,
            url=self.page_of(post.uri, post.author),
            published_at=post.posted(),
            in_reply_to=replied_to,
            links=tuple(links),
            score=post.likeCount,
        )

    def repost(
        self, post: _Post, reason: _Reason, reposter: _Author, response: Response
    ) -> Iterator[Yield]:
        """Yield the document of a repost, marked as another's words so that it is never a second voice."""
        ref = reason.uri or f"{post.uri}#{reposter.did}"
        self.listed.add(ref)
        origin = self.page_of(post.uri, post.author)
        links = (InboxLink(origin, LinkKind.REPOST),)
        url = f"{origin}?reposted_by={quote(_handle(reposter))}"
        yield from self.by(reposter, post, response, ref, url=url, published_at=reason.indexedAt, links=links)

    def by(
        self, author: _Author, post: _Post, response: Response, ref: str, **fields: Any
    ) -> Iterator[Yield]:
        """Yield the document `ref` of `author`, with the words of `post`."""
        return self.worded(
            response,
            ref,
            with_alt_text(post.record.text.strip(), _alt_texts(post.embed)),
            author=_handle(author),
            author_name=author.displayName or None,
            language=post.record.langs[0] if post.record.langs else None,
            **fields,
        )

    def embedded(self, embed: dict[str, Any] | None) -> list[InboxLink]:
        """Return the links to a post's card and to the post it quotes, even a deleted or blocked one."""
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
            page = self.page_of(record["uri"], _author(record.get("author")))
            links.append(InboxLink(page, LinkKind.QUOTE))
        return links

    def page_of(self, uri: str, author: _Author | None) -> str:
        """Return the page of a post, by its writer's handle where that is known, else by the identifier."""
        owner, _, key = uri.removeprefix("at://").partition(POST)
        return f"{self.root()}/profile/{_handle(author) if author else owner}/post/{key}"

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield requests for posts by URI, many at once: getPosts leaves out deleted posts."""
        posts = [document for document in seen if POST in document.ref and "#" not in document.ref]
        for batch in batches(posts, GET_POSTS):
            url = f"{self.api()}/xrpc/app.bsky.feed.getPosts?{urlencode([('uris', uri) for uri in batch])}"
            yield self.ask(url, self.posts, errback=self.unsettled, batch=batch)

    def posts(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """Yield the posts of a getPosts answer; those that were asked for and are not in it are deleted."""
        try:
            raws = _Posts.model_validate(read_json(response)).posts
        except ValueError as error:
            yield self.bad_answer(error, response.url)
            return
        for raw in raws:
            # A post that is there and cannot be read is not gone.
            batch.pop(raw.get("uri", "") if isinstance(raw, dict) else "", None)
            try:
                yields = list(self.post(_Post.model_validate(raw), response, None))
            except ValueError as error:
                yield self.bad_item(error, response)
            else:
                yield from yields
        for missing in batch.values():
            if missing.last_present is not None:
                yield self.lost(missing, f"{missing.ref} is absent from app.bsky.feed.getPosts")


def _handle(author: _Author) -> str:
    """Return the account's name; an account whose name is broken keeps its identifier."""
    return author.did if author.handle == NO_HANDLE else author.handle


def _author(raw: Any) -> _Author | None:
    try:
        return _Author.model_validate(raw)
    except ValidationError:
        return None


def _alt_texts(embed: dict[str, Any] | None) -> Iterator[str]:
    """Yield what the writer says of each picture or film in a post, also beside a post that is quoted."""
    media = (embed or {}).get("media", embed)
    images = media.get("images") if isinstance(media, dict) else None
    for attachment in [*(images if isinstance(images, list) else []), media]:
        if isinstance(attachment, dict) and isinstance(attachment.get("alt"), str):
            yield attachment["alt"]


def _facet_links(record: _Record) -> Iterator[InboxLink]:
    """Yield the links of a post with their words; a facet's index counts UTF-8 bytes."""
    data = record.text.encode("utf-8", "surrogatepass")
    for facet in record.facets:
        words = data[facet.index.byteStart : facet.index.byteEnd].decode("utf-8", "ignore").strip()
        for feature in facet.features:
            if feature.uri:
                yield InboxLink(feature.uri, words=words or None)
    if not record.facets:
        yield from links_in(record.text)
