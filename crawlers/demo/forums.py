"""Reddit listings and Hacker News search results, in the shape that those sites' JSON has."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from crawlers.demo.addresses import (
    BARE,
    address,
    html,
    item_number,
    linked,
    markdown,
    paragraphs_of,
    resolve,
    root,
)
from crawlers.demo.content import Post, Web, with_links

Json = dict[str, Any]


def listing(posts: Sequence[Post], web: Web, raw: bool) -> Json:
    """Return a Reddit listing (https://www.reddit.com/dev/api/#listings) of submissions and comments.

    Unless it is asked for `raw` JSON, Reddit escapes the characters < > & in all texts.
    """
    children = [_comment(post, web) if post.reply_to else _submission(post, web) for post in posts]
    if not raw:
        for child in children:
            child["data"] = {key: _escaped(value) for key, value in child["data"].items()}
    paging = {"after": None, "before": None, "dist": len(children), "geo_filter": None, "modhash": ""}
    return {"kind": "Listing", "data": paging | {"children": children}}


def thread(top: Post, posts: Sequence[Post], web: Web, raw: bool) -> list[Json]:
    """Return a Reddit comments page: the submission, then its comments."""
    replies = [post for post in posts if post.reply_to and root(post, web).id == top.id]
    return [listing([top], web, raw), listing(replies, web, raw)]


def _escaped(value: Any) -> Any:
    return escape(value, quote=False) if isinstance(value, str) else value


def fullname(post: Post) -> str:
    """Return Reddit's name of a submission (t3_) or a comment (t1_)."""
    return f"{'t1' if post.reply_to else 't3'}_{post.code(7)}"


def _common(post: Post, web: Web) -> Json:
    return {
        "approved_at_utc": None, "archived": False, "author": post.by,
        "author_fullname": f"t2_{post.code(6)}", "created": post.at.timestamp(),
        "created_utc": post.at.timestamp(), "distinguished": None,
        "edited": post.edited_at.timestamp() if post.edited_at else False,
        "id": post.code(7), "locked": False, "name": fullname(post),
        "permalink": address(post, web).removeprefix(f"http://{post.place.host}"), "score": post.score,
        "stickied": False, "subreddit": post.place.handle, "subreddit_id": "t5_9demo",
        "subreddit_name_prefixed": f"r/{post.place.handle}", "subreddit_type": "public", "ups": post.score,
    }


def _submission(post: Post, web: Web) -> Json:
    body = html(post, web)
    data = {
        "title": post.title, "selftext": markdown(post, web),
        "selftext_html": f'<!-- SC_OFF --><div class="md">{body}\n</div><!-- SC_ON -->',
        "is_self": not post.link, "domain": f"self.{post.place.handle}",
        "url": linked(post, web) or address(post, web),
        "num_comments": sum(root(other, web).id == post.id for other in web.posts.values()) - 1,
        "num_crossposts": 0, "upvote_ratio": 0.93, "link_flair_text": None, "over_18": False,
        "is_video": False, "removed_by_category": None,
    }
    return {"kind": "t3", "data": _common(post, web) | data}


def _comment(post: Post, web: Web) -> Json:
    top = root(post, web)
    data = {
        "body": markdown(post, web), "body_html": f'<div class="md">{html(post, web)}\n</div>',
        "link_id": fullname(top), "link_title": top.title, "link_permalink": address(top, web),
        "parent_id": fullname(web.posts[post.reply_to]), "replies": "", "depth": 0,
    }
    return {"kind": "t1", "data": _common(post, web) | data}


def search(posts: Sequence[Post], web: Web, query: str) -> Json:
    """Return the answer of Hacker News' search_by_date (https://hn.algolia.com/api)."""
    return {
        "exhaustive": {"nbHits": True, "typo": True}, "exhaustiveNbHits": True,
        "hits": [hit(post, web) for post in posts],
        "hitsPerPage": 100, "nbHits": len(posts), "nbPages": 1, "page": 0,
        "params": "advancedSyntax=true&analyticsTags=backend", "processingTimeMS": 3, "query": query,
    }


def hit(post: Post, web: Web) -> Json:
    """Return one hit: a story, or a comment with its story."""
    top, number = root(post, web), item_number(post)
    common = {
        "_tags": ["comment" if post.reply_to else "story", f"author_{post.by}", f"story_{item_number(top)}"],
        "author": post.by, "created_at": f"{post.at:%Y-%m-%dT%H:%M:%SZ}",
        "created_at_i": int(post.at.timestamp()), "objectID": str(number), "story_id": item_number(top),
        "updated_at": f"{post.edited_at or post.at:%Y-%m-%dT%H:%M:%SZ}",
    }
    if post.reply_to:
        parent = {"parent_id": item_number(web.posts[post.reply_to]), "story_title": top.title}
        return common | parent | {"comment_text": _hn_html(post, web)} | _if("story_url", linked(top, web))
    counts = {"num_comments": len(_children(post, web)), "points": post.score, "title": post.title}
    return common | counts | _if("url", linked(post, web)) | _if("story_text", _hn_html(post, web))


def item(post: Post, web: Web) -> Json:
    """Return the answer of Hacker News' items/ID."""
    return {
        "author": post.by,
        "children": [item(child, web) for child in _children(post, web)],
        "created_at": f"{post.at:%Y-%m-%dT%H:%M:%S.000Z}", "created_at_i": int(post.at.timestamp()),
        "id": item_number(post), "options": [],
        "parent_id": item_number(web.posts[post.reply_to]) if post.reply_to else None,
        "points": None if post.reply_to else post.score,
        "story_id": item_number(root(post, web)), "text": _hn_html(post, web) or None,
        "title": post.title or None,
        "type": "comment" if post.reply_to else "story",
        "url": linked(post, web) or None,
    }


def _children(post: Post, web: Web) -> list[Post]:
    return [other for other in web.posts.values() if other.reply_to == post.id]


def _if(key: str, value: str) -> Json:
    """Hacker News leaves out what a story does not have."""
    return {key: value} if value else {}


def _hn_html(post: Post, web: Web) -> str:
    """Hacker News' HTML: paragraphs are parted by <p>, and slashes and quotes are entities."""

    def show(words: str, target: str) -> str:
        href = escape(resolve(target, web)).replace("/", "&#x2F;")
        return f'<a href="{href}" rel="nofollow">{href if words == BARE else words}</a>'

    return "<p>".join(with_links(escape(text), show) for text in paragraphs_of(post))
