"""X: the posts of an account, or of a search over the last seven days, from its API.

https://docs.x.com/x-api/fundamentals/data-dictionary. `url` is the account's page (`https://x.com/NAME`) or
the search's (`https://x.com/search?q=QUERY`). The API answers only with a token
(`crawlers.http.credentials`).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameter

from crawlers.crawl_state import Seen
from crawlers.http.credentials import CREDENTIALS
from crawlers.spiders.base import Yield
from crawlers.spiders.listing import ListingSpider, batches, read_json, with_alt_text
from crawlers.spiders.x_api import Account, Answer, Post, Problem, User
from pipeline.core.inbox_records import InboxLink
from pipeline.core.vocabulary import LinkKind

LOOKUP = 100
"""Posts that the API names in one request at most."""
TOMBSTONES = {"resource-not-found": "deleted", "not-authorized-for-resource": "not public any more"}
"""The problem types by which the API says of one post that nobody can read it, and what each means."""
SHORT = "https://t.co/"
FIELDS = {
    "tweet.fields": "attachments,author_id,created_at,edit_history_tweet_ids,entities,lang,note_tweet,"
    "public_metrics,referenced_tweets",
    "expansions": "attachments.media_keys,author_id,referenced_tweets.id,referenced_tweets.id.author_id,"
    "referenced_tweets.id.attachments.media_keys",
    "media.fields": "alt_text",
    "user.fields": "name,username",
}


class XSpider(ListingSpider):
    """One account or one search."""

    def first(self) -> Request:
        """Return the request for the search, or for the account's number, by which its posts are read."""
        parts = urlsplit(self.source.url)
        if parts.path == "/search":
            query = {"query": parse_qs(parts.query).get("q", [""])[0], "max_results": 100} | FIELDS
            return self.ask_listing(f"{self.api()}/2/tweets/search/recent?{urlencode(query)}", self.listing)
        name = quote(parts.path.strip("/"), safe="")
        return self.ask_listing(f"{self.api()}/2/users/by/username/{name}", self.account)

    def api(self) -> str:
        """Return the API's root."""
        return CREDENTIALS["x"].root(self.source.url)

    def account(self, response: Response) -> Iterator[Yield]:
        """Ask for the account's posts."""
        try:
            answer = Account.model_validate(read_json(response))
            if answer.data is None:
                raise ValueError(_problems(answer.errors) or "no account in the answer")
        except ValueError as error:
            yield self.bad_listing(error, response.url)
            return
        query = urlencode({"max_results": 100} | FIELDS)
        number = quote(answer.data.id, safe="")
        yield self.ask_listing(f"{self.api()}/2/users/{number}/tweets?{query}", self.listing)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the posts, each with the answer that it needs, and the next page."""
        parsed = Answer.model_validate(answer)
        if parsed.meta is None and not parsed.data:
            raise ValueError(_problems(parsed.errors) or "neither posts nor their number in the answer")
        token = parsed.meta.next_token if parsed.meta else None
        name = "next_token" if "/search/" in response.url else "pagination_token"
        following = add_or_replace_parameter(response.url, name, token) if token else None
        return [(raw, parsed) for raw in parsed.data], following

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a post; a repost is a document beside that of the post it passes on."""
        fields, answer = raw
        post = Post.model_validate(fields)
        self.listed.add(post.first())
        origin = answer.post(post.reference("retweeted"))
        if origin is not None:
            self.listed.add(origin.first())
            yield from self.own(origin, answer, response)
        yield from self.post(post, answer, response)

    def post(self, post: Post, answer: Answer, response: Response) -> Iterator[Yield]:
        """Yield the document of a post, or of a repost: that one is marked as another's words."""
        reposted = post.reference("retweeted")
        if reposted is None:
            yield from self.own(post, answer, response)
            return
        origin = answer.post(reposted) or post
        text, _ = _text(origin, answer, None)
        links = (InboxLink(_page(reposted, answer), LinkKind.REPOST),)
        yield from self.by(post, answer, response, post.id, text, language=_language(origin), links=links)

    def own(self, post: Post, answer: Answer, response: Response) -> Iterator[Yield]:
        """Yield the document of a post in its writer's own words."""
        quoted, parent = post.reference("quoted"), post.reference("replied_to")
        text, links = _text(post, answer, quoted)
        if quoted is not None:
            links.append(InboxLink(_page(quoted, answer), LinkKind.QUOTE))
        if parent is not None:
            links.append(InboxLink(_page(parent, answer), LinkKind.REPLY))
        yield from self.by(
            post,
            answer,
            response,
            post.first(),
            text,
            memo=post.id,
            language=_language(post),
            in_reply_to=_page(parent, answer) if parent else None,
            links=tuple(links),
            score=post.public_metrics.like_count,
        )

    def by(
        self, post: Post, answer: Answer, response: Response, ref: str, text: str, **fields: Any
    ) -> Iterator[Yield]:
        """Yield the document `ref` of the writer of `post`."""
        author = answer.author(post)
        return self.worded(
            response,
            ref,
            text,
            url=_address(author, ref),
            author=author.username if author else None,
            author_name=author.name or None if author else None,
            published_at=post.posted(),
            **fields,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield requests for posts by number, many at once, each by the number of its latest edit."""
        for batch in batches(seen, LOOKUP):
            latest = {document.memo or ref: document for ref, document in batch.items()}
            yield self.look_up(latest, follow=True)

    def look_up(self, batch: dict[str, Seen], *, follow: bool) -> Request:
        """Return the request for the posts of `batch`; with `follow`, newer edits are asked for once more."""
        url = f"{self.api()}/2/tweets?{urlencode({'ids': ','.join(batch)} | FIELDS)}"
        return self.ask(url, self.posts, errback=self.unsettled, batch=batch, follow=follow)

    def posts(self, response: Response, batch: dict[str, Seen], follow: bool) -> Iterator[Yield]:
        """Yield the posts of an answer, and deletions where it says of a post that it is gone."""
        try:
            answer = Answer.model_validate(read_json(response))
        except ValueError as error:
            yield self.bad_answer(error, response.url)
            return
        edited: dict[str, Seen] = {}
        for raw in answer.data:
            seen = batch.pop(str(raw.get("id")) if isinstance(raw, dict) else "", None)
            if seen is None:
                continue  # nothing that was asked for
            try:
                post = Post.model_validate(raw)
                latest = post.edit_history_tweet_ids[-1] if post.edit_history_tweet_ids else post.id
                if follow and latest != post.id:
                    edited[latest] = seen
                    continue
                yields = list(self.post(post, answer, response))
            except ValueError as error:
                yield self.bad_item(error, response)
                continue
            yield from yields
        for problem in answer.errors:
            meaning = TOMBSTONES.get(problem.type.rpartition("/")[2])
            gone = batch.get(problem.resource_id or problem.value or "")
            if meaning and gone is not None and problem.resource_type in (None, "tweet"):
                del batch[problem.resource_id or problem.value or ""]
                yield self.lost(gone, f"the API says of {gone.ref}: {meaning} ({problem.type})")
        for missing in batch.values():
            yield self.bad_answer(ValueError("the post is not in the answer"), missing.url)
        if edited:
            yield self.look_up(edited, follow=False)


def _problems(errors: list[Problem]) -> str:
    return "; ".join(f"{problem.title}: {problem.detail}" for problem in errors[:3])


def _language(post: Post) -> str | None:
    """Return the language; the API has codes of its own, from q on, for what has none."""
    return None if post.lang in ("und", "zxx", "art") or (post.lang or "").startswith("q") else post.lang


def _address(author: User | None, number: str) -> str:
    """Return the post's page; X finds a post by its number alone where its writer is not known."""
    return f"https://x.com/{author.username if author else 'i'}/status/{number}"


def _page(number: str, answer: Answer) -> str:
    """Return the page of a post that the answer refers to."""
    post = answer.post(number)
    return _address(answer.author(post), post.first()) if post else _address(None, number)


def _text(post: Post, answer: Answer, quoted: str | None) -> tuple[str, list[InboxLink]]:
    """Return the text with shortened addresses written out, and its links, without pictures and `quoted`.

    What the writer says of the pictures follows the text.
    """
    text = unescape(post.note_tweet.text if post.note_tweet else post.text)
    entities = post.note_tweet.entities if post.note_tweet else post.entities
    links: list[InboxLink] = []
    for url in entities.urls:
        target = url.unwound_url or url.expanded_url
        if target is None:
            continue
        left_out = url.media_key is not None or (quoted is not None and f"/status/{quoted}" in target)
        if url.url.startswith(SHORT):
            text = text.replace(url.url, "" if left_out else target, 1)
        if not left_out:
            links.append(InboxLink(target))
    return with_alt_text(text.strip(), answer.alt_texts(post)), links
