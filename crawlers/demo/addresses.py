"""The address of each post on the demo web, and its text with links written out."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from crawlers.demo.content import Post, Web, with_links

BARE = "url"
"""As the words of a link: the address itself is shown."""
ARTICLES = frozenset({"rss", "atom", "jsonfeed", "sitemap"})
"""The forms of places that have a feed or a news sitemap, and a page for each article."""


def url(post: Post) -> str:
    """Return where a browser would find `post`."""
    base = f"http://{post.place.host}"
    match post.place.form:
        case form if form in ARTICLES:
            return f"{base}/{post.at:%Y/%m/%d}/{slug(post.first_title or post.title)}"
        case "bluesky":
            return f"{base}/profile/{post.place.handle}/post/{record_key(post)}"
        case "mastodon" | "hashtag":
            return f"{base}/@{account(post)}/{snowflake(post)}"
        case "hackernews":
            return f"{base}/item?id={item_number(post)}"
        case "huggingface":
            return f"{base}/{post.place.handle}/{quote(post.title)}"
        case "github":
            return f"{base}/{post.place.handle}/releases/tag/{quote(post.tags[0], safe='')}"
        case "telegram":
            return f"{base}/{post.place.handle}/{channel_number(post)}"
        case "x":
            return f"https://x.com/{post.place.handle}/status/{tweet_number(post)}"
        case "arxiv":
            return f"https://arxiv.org/abs/{paper_number(post)}"
        case other:
            raise ValueError(f"{post.id} stands in a place of unknown form {other!r}")


def reddit_url(post: Post, web: Web) -> str:
    """Return where a browser would find a submission or comment of a subreddit."""
    top = root(post, web)
    title = slug(top.first_title or top.title, "_")
    path = f"http://{post.place.host}/r/{post.place.handle}/comments/{top.code(7)}/{title}/"
    return path if post.id == top.id else f"{path}{post.code(7)}/"


def address(post: Post, web: Web) -> str:
    """Return where a browser would find `post`, whatever its form."""
    return reddit_url(post, web) if post.place.form == "reddit" else url(post)


def root(post: Post, web: Web) -> Post:
    """Return the post that started the thread of `post`."""
    while post.reply_to:
        post = web.posts[post.reply_to]
    return post


def account(post: Post) -> str:
    """Return the name of the account that posted."""
    return post.by or post.place.handle


def slug(title: str, between: str = "-") -> str:
    """Return the title as a part of an address, its words joined by `between`."""
    return re.sub(r"[^a-z0-9]+", between, title.lower().replace("'", "")).strip(between)


def record_key(post: Post) -> str:
    """Return a Bluesky record key: 13 characters, as https://atproto.com/specs/tid has them."""
    return "3" + post.code(12)


def snowflake(post: Post) -> str:
    """Return a Mastodon status id: milliseconds shifted by 16 bits, and a remainder of the post's own."""
    return str((int(post.at.timestamp() * 1000) << 16) + post.number(4))


def item_number(post: Post) -> int:
    """Return a Hacker News item's number: it grows with time, as fast as there."""
    return 43_600_000 + (int(post.at.timestamp()) - 1_743_900_000) // 8


def tweet_number(post: Post) -> int:
    """Return an X post's number: milliseconds since November 2010 shifted by 22 bits, and a remainder."""
    return ((int(post.at.timestamp() * 1000) - 1_288_834_974_657) << 22) + post.number(6)


def channel_number(post: Post) -> int:
    """Return a Telegram post's number in its channel: it grows with time, by one every ten minutes."""
    return (int(post.at.timestamp()) - 1_735_689_600) // 600


def release_number(post: Post) -> int:
    """Return a GitHub release's id."""
    return 1 + post.number(8)


def paper_number(post: Post) -> str:
    """Return an arXiv id that no paper has: real ones begin with year and month, and no month is 00."""
    return f"{post.at:%y}00.{post.number(5):05}"


def resolve(target: str, web: Web) -> str:
    """Return a link's target as a URL."""
    return address(web.posts[target[1:]], web) if target.startswith("@") else target


def linked(post: Post, web: Web) -> str:
    """Return the URL that a link post submits, or ""."""
    if not post.link:
        return ""
    return post.link if "://" in post.link else address(web.posts[post.link], web)


def markdown(post: Post, web: Web) -> str:
    """Return the text with links as Reddit's Markdown has them."""

    def show(words: str, target: str) -> str:
        href = resolve(target, web)
        return href if words == BARE else f"[{words}]({href})"

    return with_links(post.text, show)


def html(post: Post, web: Web) -> str:
    """Return the text as HTML paragraphs."""

    def show(words: str, target: str) -> str:
        href = resolve(target, web)
        return f'<a href="{escape(href)}">{href if words == BARE else words}</a>'

    paragraphs = [with_links(escape(text, quote=False), show) for text in paragraphs_of(post)]
    return "\n".join(f"<p>{text}</p>" for text in paragraphs)


def paragraphs_of(post: Post) -> list[str]:
    """Return the text's paragraphs."""
    return [text.strip() for text in post.text.split("\n\n") if text.strip()]
