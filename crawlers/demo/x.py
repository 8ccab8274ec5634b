"""The answers of X's API, version 2 (https://docs.x.com/x-api/fundamentals/data-dictionary)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from crawlers.demo.addresses import BARE, resolve, tweet_number
from crawlers.demo.content import Place, Post, Web, with_links

Json = dict[str, Any]

TOKEN = "the-demo-web-takes-this-token-and-no-other"
"""The bearer token that the API requires, as the real one does; it opens nothing but the demo web."""

UNAUTHORIZED: Json = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
"""The body of the answer 401."""


def user(place: Place) -> Json:
    """Return an account."""
    number = int(hashlib.sha256(place.handle.encode()).hexdigest()[:12], 16)
    return {"id": str(number), "name": place.name, "username": place.handle}


def posts(tweets: Sequence[Post], web: Web, missing: Sequence[str] = ()) -> Json:
    """Return an answer with the posts in `tweets`, and a problem for each number in `missing`."""
    users = {post.place.key: user(post.place) for post in tweets}
    answer: Json = {"data": [_post(post, web) for post in tweets]} if tweets else {}
    if users:
        answer["includes"] = {"users": list(users.values())}
    if missing:
        answer["errors"] = [_problem(number) for number in missing]
    return answer | {"meta": {"result_count": len(tweets)}}


def _post(post: Post, web: Web) -> Json:
    number = str(tweet_number(post))
    urls: list[Json] = []

    def show(words: str, target: str) -> str:
        short = f"https://t.co/{post.code(8)}{len(urls)}"
        href = resolve(target, web)
        urls.append({"url": short, "expanded_url": href, "display_url": href.partition("://")[2][:24]})
        return short if words == BARE else f"{words} {short}"

    text = with_links(post.text, show)
    return {
        "id": number, "text": text, "author_id": user(post.place)["id"],
        "created_at": f"{post.at:%Y-%m-%dT%H:%M:%S.000Z}", "lang": "en", "edit_history_tweet_ids": [number],
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": post.score, "quote_count": 0},
    } | ({"entities": {"urls": urls}} if urls else {})


def _problem(number: str) -> Json:
    return {
        "value": number, "detail": f"Could not find tweet with ids: [{number}].",
        "title": "Not Found Error", "resource_type": "tweet", "parameter": "ids", "resource_id": number,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }
