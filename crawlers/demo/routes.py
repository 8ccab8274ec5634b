"""What each address of the demo web answers at a given time."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crawlers.demo import feeds, forums, github_arxiv, huggingface, social, telegram, x
from crawlers.demo.addresses import (
    ARTICLES,
    address,
    channel_number,
    item_number,
    paper_number,
    release_number,
    snowflake,
    tweet_number,
)
from crawlers.demo.content import NIGHTS, Place, Post, Web

FAILING = "harbour"
"""The place whose feed holds a broken item on the first night and answers 500 on the second."""

_ROBOTS = "User-agent: *\nDisallow: /private/\n"
_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response; `changed` makes Last-Modified and ETag."""

    body: str
    kind: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    changed: datetime | None = None


class _NotFound(LookupError):
    """No page at this address now; `gone` says that there was one."""

    def __init__(self, gone: bool = False) -> None:
        super().__init__()
        self.gone = gone


def answer(web: Web, clock: datetime, url: str, authorization: str = "") -> Answer:
    """Return the demo web's answer to GET `url` at `clock`, with the request's header `Authorization`."""
    parts = urlsplit(url)
    places = [place for place in web.places.values() if place.host == parts.hostname]
    if not places:
        return Answer("no such host on the demo web\n", _TEXT, HTTPStatus.BAD_GATEWAY)
    if parts.path == "/robots.txt":
        return Answer(_ROBOTS, _TEXT)
    if places[0].key == FAILING and NIGHTS[0] < clock <= NIGHTS[1]:
        return Answer("Internal Server Error\n", _TEXT, HTTPStatus.INTERNAL_SERVER_ERROR)
    if places[0].form == "x" and authorization != f"Bearer {x.TOKEN}":
        return Answer(json.dumps(x.UNAUTHORIZED), _JSON, HTTPStatus.UNAUTHORIZED)
    try:
        return _Sight(web, clock, places[0]).answer(unquote(parts.path), parse_qs(parts.query))
    except _NotFound as error:
        if places[0].form in ARTICLES:
            return Answer("<h1>Not here</h1>", status=HTTPStatus.GONE if error.gone else HTTPStatus.NOT_FOUND)
        return Answer('{"error":"Record not found"}', _JSON, HTTPStatus.NOT_FOUND)


class _Sight:
    """One host at one time."""

    def __init__(self, web: Web, clock: datetime, place: Place) -> None:
        self.web = web.until(clock)
        self.clock = clock
        self.place = place
        self.broken = place.key == FAILING and clock <= NIGHTS[0]
        self.posts = [post for post in web.at(clock) if post.place.host == place.host]
        past = [post for post in self.web.posts.values() if post.place.host == place.host]
        self.deleted = [post for post in past if web.gone(post, clock)]

    def answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        form = {
            "reddit": self._reddit,
            "hackernews": self._hackernews,
            "bluesky": self._bluesky,
            "mastodon": self._mastodon,
            "hashtag": self._mastodon,
            "huggingface": self._hub,
            "github": self._github,
            "arxiv": self._arxiv,
            "telegram": self._telegram,
            "x": self._x,
        }.get(self.place.form)
        if form is None:
            return self._news(path)
        data = form(path, query)
        if isinstance(data, Answer):
            return data
        return Answer(json.dumps(data, ensure_ascii=False, separators=(",", ":")), _JSON)

    def _find(self, wanted: str, name: Callable[[Post], str]) -> Post:
        """Return the post whose `name` is `wanted`; raises _NotFound."""
        for post in self.posts:
            if name(post) == wanted:
                return post
        raise _NotFound(gone=any(name(post) == wanted for post in self.deleted))

    def _neighbours(self) -> list[Place]:
        """Return the places on this host: accounts and channels."""
        return [place for place in self.web.places.values() if place.host == self.place.host]

    def _path(self, post: Post) -> str:
        return urlsplit(address(post, self.web)).path.rstrip("/")

    def _news(self, path: str) -> Answer:
        changed = feeds.changed(self.posts) if self.posts else None
        match path, self.place.form:
            case "/feed.xml", "rss":
                kind, body = "rss+xml", feeds.rss(self.place, self.posts, self.broken)
            case "/atom.xml", "atom":
                kind, body = "atom+xml", feeds.atom(self.place, self.posts)
            case "/feed.json", "jsonfeed":
                kind, body = "feed+json", feeds.json_feed(self.place, self.posts)
            case "/news-sitemap.xml", "sitemap":
                kind, body = "xml", feeds.news_sitemap(self.place, self.posts, self.clock)
            case _:
                post = self._find(path.rstrip("/"), self._path)
                return Answer(feeds.article(post, self.web), changed=post.edited_at or post.at)
        return Answer(body, f"application/{kind}; charset=utf-8", changed=changed)

    def _reddit(self, path: str, query: dict[str, list[str]]) -> Any:
        path, raw = path.removesuffix(".json").rstrip("/"), _one(query, "raw_json") == "1"
        if match := re.fullmatch(r"/r/(\w+)/(new|comments)", path):
            posts = [post for post in self.posts if post.place.handle.lower() == match[1].lower()]
            listed = [post for post in posts if bool(post.reply_to) == (match[2] == "comments")]
            return forums.listing(listed, self.web, raw)
        if path == "/api/info" or path.startswith("/by_id/"):
            names = _one(query, "id", path.removeprefix("/by_id/")).split(",")
            return forums.listing(
                [post for post in self.posts if forums.fullname(post) in names], self.web, raw
            )
        if match := re.fullmatch(r"(?:/r/\w+)?/comments/(\w+)(?:/.*)?", path):
            return forums.thread(self._find(match[1], lambda post: post.code(7)), self.posts, self.web, raw)
        raise _NotFound

    def _hackernews(self, path: str, query: dict[str, list[str]]) -> Any:
        if path in ("/api/v1/search_by_date", "/api/v1/search"):
            return forums.search(self._searched(query), self.web, _one(query, "query"))
        if match := re.fullmatch(r"/api/v1/items/(\d+)", path):
            return forums.item(self._find(match[1], lambda post: str(item_number(post))), self.web)
        raise _NotFound

    def _searched(self, query: dict[str, list[str]]) -> list[Post]:
        """Hacker News' search: any of the tags, all words of the query, and bounds on the time."""
        tags = set(re.findall(r"\w+", _one(query, "tags")))
        words = _one(query, "query").lower().split()
        rules = [rule for rule in _one(query, "numericFilters").split(",") if rule]
        matching = []
        for post in self.posts:
            hit = forums.hit(post, self.web)
            within = all(_holds(hit["created_at_i"], rule) for rule in rules)
            has_words = all(word in f"{post.title} {post.text}".lower() for word in words)
            if within and has_words and (not tags or tags & set(hit["_tags"])):
                matching.append(post)
        return matching if _one(query, "page", "0") == "0" else []

    def _bluesky(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/xrpc/app.bsky.feed.getAuthorFeed":
            actor = _one(query, "actor")
            posts = [post for post in self.posts if actor in (post.place.handle, social.did(post.place))]
            return social.author_feed(posts, self.web)
        if path == "/xrpc/app.bsky.feed.getPosts":
            uris = query.get("uris", []) + query.get("uris[]", [])
            posts = [post for post in self.posts if social.at_uri(post) in uris and not post.reposts]
            return social.post_views(posts, self.web)
        raise _NotFound

    def _mastodon(self, path: str, query: dict[str, list[str]]) -> Any:
        statuses = {snowflake(post): social.status(post, self.web) for post in self.posts}
        if path == "/api/v1/accounts/lookup":
            name = _one(query, "acct").lstrip("@").split("@")[0]
            accounts = [
                entry["account"] for entry in statuses.values() if entry["account"]["username"] == name
            ]
            if accounts:
                return accounts[0]
        elif match := re.fullmatch(r"/api/v1/accounts/(\d+)/statuses", path):
            return [entry for entry in _page(statuses, query) if entry["account"]["id"] == match[1]]
        elif match := re.fullmatch(r"/api/v1/timelines/tag/(\w+)", path):
            tag = match[1].lower()
            return [entry for entry in _page(statuses, query) if tag in [t["name"] for t in entry["tags"]]]
        elif match := re.fullmatch(r"/api/v1/statuses/(\d+)", path):
            return statuses[snowflake(self._find(match[1], snowflake))]
        elif path == "/api/v1/statuses":
            ids = query.get("id[]", []) + query.get("id", [])
            return [entry for key, entry in statuses.items() if key in ids]
        raise _NotFound

    def _hub(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/api/models":
            author = _one(query, "author").lower()
            listed = [post for post in self.posts if author in ("", post.place.handle.lower())]
            return [huggingface.model(post) for post in listed]
        bare = path.removeprefix("/api/models").lower()
        post = self._find("/".join(bare.split("/")[:3]), lambda post: f"/{huggingface.name(post)}".lower())
        if path.startswith("/api/models/"):
            return huggingface.model(post)
        if path.endswith("/README.md"):
            return Answer(huggingface.card(post), _TEXT)
        return Answer(huggingface.page(post, self.web))

    def _github(self, path: str, _: dict[str, list[str]]) -> Any:
        if match := re.fullmatch(r"/api/v3/repos/([\w.-]+/[\w.-]+)/releases(?:/(\d+))?", path):
            if match[2]:
                post = self._find(match[2], lambda post: str(release_number(post)))
                return github_arxiv.release(post, self.web)
            listed = [post for post in self.posts if post.place.handle == match[1]]
            return [github_arxiv.release(post, self.web) for post in listed]
        raise _NotFound

    def _arxiv(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/api/query":
            ids = _one(query, "id_list")
            papers = [post for post in self.posts if not ids or paper_number(post) in ids.split(",")]
            return Answer(github_arxiv.papers(papers), "application/atom+xml; charset=utf-8")
        raise _NotFound

    def _telegram(self, path: str, _: dict[str, list[str]]) -> Any:
        if match := re.fullmatch(r"/s/(\w+)", path):
            place = next((place for place in self._neighbours() if place.handle == match[1]), None)
            if place is None:
                raise _NotFound
            posts = [post for post in self.posts if post.place is place]
            return Answer(telegram.channel(place, posts, self.web))
        if match := re.fullmatch(r"/(\w+)/(\d+)", path):
            for post in self.posts:
                if (post.place.handle, str(channel_number(post))) == (match[1], match[2]):
                    return Answer(telegram.embedded(post, self.web))
            return Answer(telegram.not_found())
        raise _NotFound

    def _x(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/2/tweets":
            by_number = {str(tweet_number(post)): post for post in self.posts}
            numbers = _one(query, "ids").split(",")
            posts = [by_number[number] for number in numbers if number in by_number]
            return x.posts(posts, self.web, [number for number in numbers if number not in by_number])
        for place in self._neighbours():
            account = x.user(place)
            if path == f"/2/users/by/username/{account['username']}":
                return {"data": account}
            if path == f"/2/users/{account['id']}/tweets":
                return x.posts([post for post in self.posts if post.place is place], self.web)
        raise _NotFound


def _one(query: dict[str, list[str]], key: str, default: str = "") -> str:
    return query.get(key, [default])[0]


def _page(statuses: dict[str, Any], query: dict[str, list[str]]) -> list[Any]:
    """Mastodon's paging: only what is older than max_id and newer than since_id."""
    low = int(_one(query, "since_id", _one(query, "min_id", "0")))
    high = int(_one(query, "max_id", str(1 << 64)))
    return [entry for key, entry in statuses.items() if low < int(key) < high]


def _holds(value: int, rule: str) -> bool:
    """Return whether `value` satisfies a numeric filter such as created_at_i>=1700000000."""
    match = re.fullmatch(r"created_at_i(>=|<=|>|<|=)(\d+)", rule.strip())
    if not match:
        return True
    compare = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "=": operator.eq}
    return bool(compare[match[1]](value, int(match[2])))
