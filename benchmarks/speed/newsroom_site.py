"""A site of real texts, served from memory; it prints its address once it answers:
`python -m benchmarks.speed.newsroom_site DATA --pages N --posts N`.

Articles, makers' notes and the longest of the other items of DATA's raw files are pages of about 60 KB,
listed in feeds of `PER_SOURCE`. The rest are statuses of a server that speaks Mastodon's API, in timelines of
as many, with what they answer. An item keeps its words and its time; one that has a day alone gets its
midnight.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.speed.crawl_site import furniture
from benchmarks.speed.loopback_site import HTML, JSON, RSS, Answer, serve
from models.training.data import rows_of

PER_SOURCE = 500
PER_ANSWER = 40
"""Statuses in one answer of Mastodon's API."""
ARTICLES = frozenset({"news", "blog"})
KINDS = 7  # different menus, scripts and footers around the articles
SEED = 4

Item = Mapping[str, Any]


def chosen(items: Iterable[Item], pages: int, posts: int) -> tuple[list[Item], list[Item]]:
    """Return the items that are pages and those that are posts.

    Raises ValueError where there are fewer than that.
    """
    articles_first = sorted(
        items, key=lambda item: (item["platform"] not in ARTICLES, -len(item["text"] or "")))
    articles, others = articles_first[:pages], articles_first[pages:]
    if len(others) < posts:
        raise ValueError(f"{len(others)} items are left for posts, not {posts}")
    return articles, random.Random(SEED).sample(others, posts)


class Site:
    """What each address answers: feeds and pages built before the first request, statuses when asked for."""

    def __init__(self, articles: Sequence[Item], posts: Sequence[Item], root: str) -> None:
        self.root = root
        self.answers: dict[str, Answer] = {}
        kinds = [furniture(random.Random(kind)) for kind in range(KINDS)]
        for number, item in enumerate(articles):
            page = self._page(number, item, *kinds[number % KINDS])
            self.answers[f"/a/{number}"] = Answer(HTML, page)
        for feed, start in enumerate(range(0, len(articles), PER_SOURCE)):
            numbers = range(start, min(start + PER_SOURCE, len(articles)))
            self.answers[f"/feed/{feed}"] = Answer(RSS, self._feed(numbers, articles))
        # A reader pages through a timeline from its greatest number down.
        numbers_of = {item["id"]: number for number, item in enumerate(posts, 1)}
        statuses = [self._status(number, item, posts, numbers_of) for number, item in enumerate(posts, 1)]
        self.timelines = [statuses[start : start + PER_SOURCE][::-1]
                          for start in range(0, len(statuses), PER_SOURCE)]

    def answer(self, target: str) -> Answer | None:
        """Return the answer to GET `target`; None for an address that is not there."""
        parts = urlsplit(target)
        timeline = parts.path.removeprefix("/api/v1/timelines/tag/t")
        if timeline == parts.path:
            return self.answers.get(parts.path)
        if not timeline.isdigit() or int(timeline) >= len(self.timelines):
            return None
        (below,) = parse_qs(parts.query).get("max_id", [str(sys.maxsize)])
        older = [status for status in self.timelines[int(timeline)] if int(status["id"]) < int(below)]
        page = older[:PER_ANSWER]
        following = {"Link": f'<{self.root}{parts.path}?max_id={page[-1]["id"]}>; rel="next"'} if page else {}
        return Answer(JSON | following, json.dumps(page).encode())

    def _page(self, number: int, item: Item, before: bytes, after: bytes) -> bytes:
        title, author = (escape(item[name] or "") for name in ("title", "author"))
        published = item["published_at"]
        stated = f'<meta property="article:published_time" content="{published}">' if published else ""
        paragraphs = "".join(f"<p>{escape(part)}</p>\n" for part in (item["text"] or "").split("\n") if part)
        head = (f'<!DOCTYPE html><html lang="{item["language"] or "en"}"><head><meta charset="utf-8">'
                f'<title>{title}</title><link rel="canonical" href="{self.root}/a/{number}">'
                f'<meta property="og:title" content="{title}">{stated}'
                f'<meta name="author" content="{author}">')
        lead = f'<main><article class="c-article"><h1>{title}</h1><div class="c-body">{paragraphs}'
        return b"".join((head.encode(), before, lead.encode(), after))

    def _feed(self, numbers: Iterable[int], articles: Sequence[Item]) -> bytes:
        entries = "".join(f"<item><title>{escape(articles[number]['title'] or '')}</title>"
                          f"<link>{self.root}/a/{number}</link></item>" for number in numbers)
        head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><link>{self.root}</link>'
        return f"{head}{entries}</channel></rss>".encode()

    def _status(self, number: int, item: Item, posts: Sequence[Item], numbers_of: Mapping[str, int]
                ) -> dict[str, Any]:
        answered = numbers_of.get(item["in_reply_to"] or "")
        account = self._account(item)
        status = {
            "id": str(number), "uri": f"{account['url']}/{number}", "url": f"{account['url']}/{number}",
            "created_at": _moment(item["published_at"]), "spoiler_text": item["title"] or "",
            "content": f"<p>{escape(item['text'] or '').replace(chr(10), '<br>')}</p>",
            "language": item["language"], "account": account,
        }
        if answered is None:
            return status
        writer = self._account(posts[answered - 1])
        return status | {"in_reply_to_id": str(answered), "in_reply_to_account_id": writer["id"],
                         "mentions": [writer]}

    def _account(self, item: Item) -> dict[str, str]:
        signs = item["author"] or item["id"]
        name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in signs)
        return {"id": name, "acct": name, "url": f"{self.root}/@{name}", "display_name": item["author"] or ""}


def _moment(published: str | None) -> str | None:
    """Return a time; a month or a day is told by its first moment, as Mastodon knows no others."""
    match len(published or ""):
        case 7:
            return f"{published}-01T00:00:00Z"
        case 10:
            return f"{published}T00:00:00Z"
    return published


def main() -> None:
    """Read the items and serve them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--posts", type=int, required=True)
    args = parser.parse_args()
    items = [row for file in sorted(args.data.glob("raw_*.jsonl")) for row in rows_of(file)
             if "platform" in row]  # one of the files lists stories
    try:
        parts = chosen(items, args.pages, args.posts)
    except ValueError as error:
        parser.error(str(error))
    serve(lambda root: Site(*parts, root).answer)


if __name__ == "__main__":
    main()
