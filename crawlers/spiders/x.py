"""X: the posts of an account, or of a search over the last seven days, from its API.

https://docs.x.com/x-api/fundamentals/data-dictionary. `url` is the account's page (`https://x.com/NAME`) or the
search's (`https://x.com/search?q=QUERY`). The API answers only who has a token (`crawlers.http.credentials`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError
from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameter

from crawlers.crawl_state import Seen
from crawlers.http.credentials import CREDENTIALS
from crawlers.spiders.base import Yield, told
from crawlers.spiders.listing import ListingSpider, read_json
from pipeline.core.records import DateOrigin, InboxLink, LinkKind, Precision, Severity

LOOKUP = 100
"""The API names at most so many posts in one request."""
TOMBSTONES = {"resource-not-found": "deleted", "not-authorized-for-resource": "not public any more"}
"""The problem types by which the API says of one post that nobody can read it, and what each means."""
SHORT = "https://t.co/"
FIELDS = {
    "tweet.fields": "author_id,created_at,edit_history_tweet_ids,entities,lang,note_tweet,public_metrics,referenced_tweets",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "user.fields": "name,username",
}

_Id = Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
"""A post's number counts the milliseconds since then, in its upper bits."""


class _Url(BaseModel):
    url: str
    expanded_url: str | None = None
    unwound_url: str | None = None
    media_key: str | None = None


class _Entities(BaseModel):
    urls: list[_Url] = []


class _Note(BaseModel):
    text: str
    entities: _Entities = _Entities()


class _Reference(BaseModel):
    type: str
    id: _Id


class _Metrics(BaseModel):
    like_count: int | None = None


class _Post(BaseModel):
    id: _Id
    text: str
    author_id: str | None = None
    created_at: AwareDatetime | None = None
    lang: str | None = None
    edit_history_tweet_ids: list[_Id] = []
    entities: _Entities = _Entities()
    note_tweet: _Note | None = None
    public_metrics: _Metrics = _Metrics()
    referenced_tweets: list[_Reference] = []

    def first(self) -> str:
        """The number under which the post appeared; each edit has one of its own."""
        return self.edit_history_tweet_ids[0] if self.edit_history_tweet_ids else self.id

    def posted(self) -> datetime | None:
        """When the post appeared: an edit's `created_at` is its own, so there it is what the first number says."""
        if self.first() == self.id or self.created_at is None:
            return self.created_at
        agree = abs(_time_of(self.id) - self.created_at) <= timedelta(seconds=2)
        return _time_of(self.first()).replace(microsecond=0) if agree else None

    def reference(self, kind: str) -> str | None:
        """The post that this one answers, quotes or passes on."""
        return next((one.id for one in self.referenced_tweets if one.type == kind), None)


class _User(BaseModel):
    id: str
    username: str = Field(pattern=r"^[A-Za-z0-9_]{1,20}$")
    name: str = ""


def _readable(kind: type[BaseModel]) -> BeforeValidator:
    """Of what only accompanies the posts, one that is broken is as good as absent: it takes no post with it."""

    def keep(raws: Any) -> list[BaseModel]:
        kept = []
        for raw in raws if isinstance(raws, list) else []:
            with suppress(ValidationError):
                kept.append(kind.model_validate(raw))
        return kept

    return BeforeValidator(keep)


class _Includes(BaseModel):
    users: Annotated[list[_User], _readable(_User)] = []
    tweets: Annotated[list[_Post], _readable(_Post)] = []


class _Problem(BaseModel):
    type: str = ""
    title: str = ""
    detail: str = ""
    resource_type: str | None = None
    resource_id: str | None = None
    value: str | None = None


class _Meta(BaseModel):
    next_token: str | None = None


class _Answer(BaseModel):
    data: list[Any] = []
    includes: _Includes = _Includes()
    errors: Annotated[list[_Problem], _readable(_Problem)] = []
    meta: _Meta | None = None


class _Account(BaseModel):
    data: _User | None = None
    errors: Annotated[list[_Problem], _readable(_Problem)] = []


class XSpider(ListingSpider):
    """One account or one search."""

    def first(self) -> Request:
        """The search, or the account's number that its posts are asked by."""
        parts = urlsplit(self.source.url)
        if parts.path == "/search":
            query = {"query": parse_qs(parts.query).get("q", [""])[0], "max_results": 100} | FIELDS
            return self.ask_listing(f"{self.api()}/2/tweets/search/recent?{urlencode(query)}", self.listing)
        name = quote(parts.path.strip("/"), safe="")
        return self.ask_listing(f"{self.api()}/2/users/by/username/{name}", self.account)

    def api(self) -> str:
        """Where the API answers."""
        return CREDENTIALS["x"].root(self.source.url)

    def account(self, response: Response) -> Iterator[Yield]:
        """The account, whose posts are asked for next."""
        try:
            answer = _Account.model_validate(read_json(response))
            if answer.data is None:
                raise ValueError(_problems(answer.errors) or "no account in the answer")
        except ValueError as error:
            self.listing_lost = True
            yield self.issue("bad_answer", told(error), place=response.url)
            return
        query = urlencode({"max_results": 100} | FIELDS)
        number = quote(answer.data.id, safe="")
        yield self.ask_listing(f"{self.api()}/2/users/{number}/tweets?{query}", self.listing)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The posts, each with the answer that it needs, and the next page as the answer's token has it."""
        read = _Answer.model_validate(answer)
        if read.meta is None and not read.data:
            raise ValueError(_problems(read.errors) or "neither posts nor their number in the answer")
        token = read.meta.next_token if read.meta else None
        name = "next_token" if "/search/" in response.url else "pagination_token"
        following = add_or_replace_parameter(response.url, name, token) if token else None
        return [(raw, read) for raw in read.data], following

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A post; one that passes on another's is a document of its own, beside the one that it passes on."""
        given, answer = raw
        post = _Post.model_validate(given)
        self.listed.add(post.first())
        passed = post.reference("retweeted")
        if passed is None:
            yield from self.post(post, answer, response)
            return
        origin = next((one for one in answer.includes.tweets if one.id == passed), None)
        if origin is not None:
            self.listed.add(origin.first())
            yield from self.post(origin, answer, response)
        yield from self.repost(post, passed, origin, answer, response)

    def post(self, post: _Post, answer: _Answer, response: Response) -> Iterator[Yield]:
        """The document of a post that speaks for itself; one that is all pictures has no words to keep."""
        author = _author(post, answer)
        quoted, parent = post.reference("quoted"), post.reference("replied_to")
        text, links = _text(post, quoted)
        if not text:
            return
        if quoted is not None:
            links.append(InboxLink(_page(quoted, answer), LinkKind.QUOTE))
        if parent is not None:
            links.append(InboxLink(_page(parent, answer), LinkKind.REPLY))
        yield self.found(
            response,
            post.first(),
            memo=post.id,
            url=_address(author, post.first()),
            text=text,
            author=author.username if author else None,
            author_name=author.name or None if author else None,
            **_when(post),
            language=_language(post),
            in_reply_to=_page(parent, answer) if parent else None,
            links=tuple(links),
            score=post.public_metrics.like_count,
        )

    def repost(
        self, post: _Post, passed: str, origin: _Post | None, answer: _Answer, response: Response
    ) -> Iterator[Yield]:
        """The document of a repost: another's words, so that they are never a second voice."""
        author = _author(post, answer)
        text, _ = _text(origin or post, None)
        if not text:
            return
        yield self.found(
            response,
            post.id,
            url=_address(author, post.id),
            text=text,
            author=author.username if author else None,
            author_name=author.name or None if author else None,
            **_when(post),
            language=_language(origin or post),
            links=(InboxLink(_page(passed, answer), LinkKind.REPOST),),
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Posts by number, many at once, each by that of its latest edit."""
        for start in range(0, len(seen), LOOKUP):
            batch = {one.memo or one.ref: one for one in seen[start : start + LOOKUP]}
            yield self.look_up(batch, follow=True)

    def look_up(self, batch: dict[str, Seen], *, follow: bool) -> Request:
        """The posts of `batch`; an edit that is newer than what was asked for is asked for once more."""
        url = f"{self.api()}/2/tweets?{urlencode({'ids': ','.join(batch)} | FIELDS)}"
        return self.ask(url, self.posts, errback=self.unsettled, batch=batch, follow=follow)

    def posts(self, response: Response, batch: dict[str, Seen], follow: bool) -> Iterator[Yield]:
        """The posts of an answer; what is gone, the answer says of each one. Silence says nothing."""
        try:
            answer = _Answer.model_validate(read_json(response))
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
            return
        edited: dict[str, Seen] = {}
        for raw in answer.data:
            seen = batch.pop(str(raw.get("id")) if isinstance(raw, dict) else "", None)
            if seen is None:
                continue  # nothing that was asked for
            try:
                post = _Post.model_validate(raw)
                latest = post.edit_history_tweet_ids[-1] if post.edit_history_tweet_ids else post.id
                if follow and latest != post.id:
                    edited[latest] = seen
                    continue
                read = list(self.again_read(post, answer, response))
            except ValueError as error:
                yield self.issue("bad_item", told(error), place=response.url, severity=Severity.WARNING)
                continue
            yield from read or [self.still_there(seen, response)]
        for problem in answer.errors:
            meaning = TOMBSTONES.get(problem.type.rpartition("/")[2])
            one = batch.get(problem.resource_id or problem.value or "")
            if meaning and one is not None and problem.resource_type in (None, "tweet"):
                del batch[problem.resource_id or problem.value or ""]
                yield self.lost(one, f"the API says of {one.ref}: {meaning} ({problem.type})")
        for one in batch.values():
            yield self.issue("bad_answer", "not in the answer", place=one.url, severity=Severity.WARNING)
        if edited:
            yield self.look_up(edited, follow=False)

    def again_read(self, post: _Post, answer: _Answer, response: Response) -> Iterator[Yield]:
        """A post of an earlier night."""
        passed = post.reference("retweeted")
        if passed is None:
            yield from self.post(post, answer, response)
        else:
            origin = next((one for one in answer.includes.tweets if one.id == passed), None)
            yield from self.repost(post, passed, origin, answer, response)


def _time_of(number: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(number) >> 22)


def _problems(errors: list[_Problem]) -> str:
    return "; ".join(f"{one.title}: {one.detail}" for one in errors[:3])


def _when(post: _Post) -> dict[str, Any]:
    at = post.posted()
    if at is None:
        return {}
    return {"published_at": at, "published_precision": Precision.SECOND, "published_from": DateOrigin.API}


def _language(post: _Post) -> str | None:
    """The language; the API has codes of its own, from q, for what it takes for none."""
    return None if post.lang in ("und", "zxx", "art") or (post.lang or "").startswith("q") else post.lang


def _author(post: _Post, answer: _Answer) -> _User | None:
    return next((user for user in answer.includes.users if user.id == post.author_id), None)


def _address(author: _User | None, number: str) -> str:
    """The post's page; X finds a post by its number alone where its writer is not known."""
    return f"https://x.com/{author.username if author else 'i'}/status/{number}"


def _page(number: str, answer: _Answer) -> str:
    """The page of a post that the answer refers to."""
    post = next((one for one in answer.includes.tweets if one.id == number), None)
    return _address(_author(post, answer), post.first()) if post else _address(None, number)


def _text(post: _Post, quoted: str | None) -> tuple[str, list[InboxLink]]:
    """The whole text with its shortened addresses written out, and its links; pictures and a quoted post are neither."""
    text = unescape(post.note_tweet.text if post.note_tweet else post.text)
    entities = post.note_tweet.entities if post.note_tweet else post.entities
    links: list[InboxLink] = []
    for one in entities.urls:
        target = one.unwound_url or one.expanded_url
        if target is None:
            continue
        own = one.media_key is not None or (quoted is not None and f"/status/{quoted}" in target)
        if one.url.startswith(SHORT):
            text = text.replace(one.url, "" if own else target, 1)
        if not own:
            links.append(InboxLink(target))
    return text.strip(), links
