"""Bluesky feeds and Mastodon timelines, in the shape that those networks' JSON has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from crawlers.demo.addresses import BARE, account, paragraphs_of, record_key, resolve, root, snowflake, url
from crawlers.demo.content import LINK, Place, Post, Web, with_links

Json = dict[str, Any]


def did(place: Place) -> str:
    """Return the account's decentralised identifier."""
    return f"did:plc:{(place.key + 'abcdefghijklmnopqrstuvwxyz').replace('-', '')[:24]}"


def at_uri(post: Post) -> str:
    """Return the record's AT URI (https://atproto.com/specs/at-uri-scheme)."""
    return f"at://{did(post.place)}/app.bsky.feed.post/{record_key(post)}"


def author_feed(posts: Sequence[Post], web: Web) -> Json:
    """Return the answer of app.bsky.feed.getAuthorFeed, with reposts and replies."""
    return {"feed": [_feed_item(post, web) for post in posts]}


def post_views(posts: Sequence[Post], web: Web) -> Json:
    """Return the answer of app.bsky.feed.getPosts: deleted posts are left out."""
    return {"posts": [_view(post, web) for post in posts]}


def _feed_item(post: Post, web: Web) -> Json:
    if post.reposts:
        reason = {
            "$type": "app.bsky.feed.defs#reasonRepost", "by": _author(post.place),
            "indexedAt": _millis(post), "uri": at_uri(post).replace("feed.post", "feed.repost"),
        }
        return {"post": _view(web.posts[post.reposts], web), "reason": reason}
    if post.reply_to:
        top, parent = root(post, web), web.posts[post.reply_to]
        kind = {"$type": "app.bsky.feed.defs#postView"}
        reply = {"root": kind | _view(top, web), "parent": kind | _view(parent, web)}
        return {"post": _view(post, web), "reply": reply}
    return {"post": _view(post, web)}


def _author(place: Place) -> Json:
    return {
        "did": did(place), "handle": place.handle, "displayName": place.name, "labels": [],
        "createdAt": "2024-11-02T08:15:30.000Z",
    }


def _view(post: Post, web: Web) -> Json:
    text, facets = _facets(post, web)
    record: Json = {"$type": "app.bsky.feed.post", "createdAt": _millis(post), "langs": ["en"], "text": text}
    view: Json = {"uri": at_uri(post), "cid": _cid(post), "author": _author(post.place), "record": record}
    if facets:
        record["facets"] = facets
    if post.reply_to:
        top, parent = root(post, web), web.posts[post.reply_to]
        record["reply"] = {"parent": _reference(parent), "root": _reference(top)}
    if post.quotes:
        quoted = web.posts[post.quotes]
        record["embed"] = {"$type": "app.bsky.embed.record", "record": _reference(quoted)}
        quoted_view = {
            "$type": "app.bsky.embed.record#viewRecord",
            **_reference(quoted),
            "author": _author(quoted.place),
            "value": _view(quoted, web)["record"],
            "indexedAt": _millis(quoted),
            "labels": [],
        }
        view["embed"] = {"$type": "app.bsky.embed.record#view", "record": quoted_view}
    counts = {"replyCount": 0, "repostCount": 0, "likeCount": post.score, "quoteCount": 0}
    return view | counts | {"indexedAt": _millis(post), "labels": []}


def _reference(post: Post) -> Json:
    return {"uri": at_uri(post), "cid": _cid(post)}


def _cid(post: Post) -> str:
    return f"bafyrei{post.code(52)}"


def _millis(post: Post) -> str:
    return f"{post.at:%Y-%m-%dT%H:%M:%S.000Z}"


def _facets(post: Post, web: Web) -> tuple[str, list[Json]]:
    """Return the plain text, and its links as facets; their indexes count UTF-8 bytes."""
    text, facets, end = "", [], 0
    for match in LINK.finditer(post.text):
        text += post.text[end : match.start()]
        href = resolve(match[2], web)
        words = _shortened(href) if match[1] == BARE else match[1]
        start = len(text.encode())
        text += words
        index = {"byteStart": start, "byteEnd": len(text.encode())}
        facets.append({"features": [{"$type": "app.bsky.richtext.facet#link", "uri": href}], "index": index})
        end = match.end()
    return text + post.text[end:], facets


def _shortened(href: str) -> str:
    shown = href.removeprefix("http://").removeprefix("https://")
    return shown if len(shown) <= 27 else f"{shown[:24]}..."


def account_of(name: str, display: str, host: str) -> Json:
    """Return a Mastodon account entity (https://docs.joinmastodon.org/entities/Account/)."""
    number = str(109_000_000_000_000_000 + int(hashlib.sha256(name.encode()).hexdigest()[:12], 16))
    return {
        "id": number, "username": name, "acct": name, "display_name": display, "locked": False,
        "bot": False, "discoverable": True, "indexable": True, "group": False,
        "created_at": "2022-11-05T00:00:00.000Z", "note": "", "url": f"http://{host}/@{name}",
        "uri": f"http://{host}/users/{name}", "followers_count": 210, "following_count": 95,
        "statuses_count": 1200, "last_status_at": "2026-03-01", "emojis": [], "fields": [],
    }


def status(post: Post, web: Web) -> Json:
    """Return a Mastodon status entity (https://docs.joinmastodon.org/entities/Status/)."""
    name, parent = account(post), web.posts[post.reply_to] if post.reply_to else None
    author = account_of(name, post.by_name or post.place.name, post.place.host)
    tags = [word.lower() for word in re.findall(r"#(\w+)", post.text)]
    return {
        "id": snowflake(post), "created_at": _millis(post),
        "in_reply_to_id": snowflake(parent) if parent else None,
        "in_reply_to_account_id": author["id"] if parent else None,
        "sensitive": False, "spoiler_text": "", "visibility": "public", "language": "en",
        "uri": f"http://{post.place.host}/users/{name}/statuses/{snowflake(post)}", "url": url(post),
        "replies_count": 0, "reblogs_count": 0, "favourites_count": post.score,
        "edited_at": f"{post.edited_at:%Y-%m-%dT%H:%M:%S.000Z}" if post.edited_at else None,
        "content": _mastodon_html(post, web),
        "reblog": status(web.posts[post.reposts], web) if post.reposts else None,
        "account": author, "media_attachments": [], "mentions": [],
        "tags": [{"name": tag, "url": f"http://{post.place.host}/tags/{tag}"} for tag in tags],
        "emojis": [], "card": None, "poll": None,
    }


def _mastodon_html(post: Post, web: Web) -> str:
    """Mastodon's HTML: paragraphs, hashtags as links, and addresses with their scheme hidden."""

    def show(words: str, target: str) -> str:
        href = resolve(target, web)
        shown = escape(href.removeprefix("http://"))
        spans = f'<span class="invisible">http://</span><span class="">{shown}</span>'
        link = f'<a href="{escape(href)}" target="_blank" rel="nofollow noopener" translate="no">{spans}</a>'
        return link if words == BARE else f"{words} {link}"

    def tag(match: re.Match[str]) -> str:
        tag_url = f"http://{post.place.host}/tags/{match[1]}"
        return f'<a href="{tag_url}" class="mention hashtag" rel="tag">#<span>{match[1]}</span></a>'

    texts = [re.sub(r"#(\w+)", tag, escape(text, quote=False)) for text in paragraphs_of(post)]
    return "".join(f"<p>{with_links(text, show)}</p>" for text in texts)
