"""RSS 2.0, Atom and JSON feeds, news sitemaps, and article pages, as news sites and blogs serve them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from crawlers.demo.addresses import html, paragraphs_of, url
from crawlers.demo.content import Place, Post, Web, with_links

NEWS_AGE = timedelta(days=2)
"""A news sitemap lists what is not older."""
BROKEN_ITEM = """    <item>
      <title>Untitled draft, please ignore</title>
      <pubDate>Sometime last week</pubDate>
      <description>This item has neither an address nor a date that can be read.</description>
    </item>
"""
"""An item that a content system let slip out; it stands in one feed so that a run has a fault to record."""


def rss(place: Place, posts: Sequence[Post], broken: bool) -> str:
    """Return an RSS 2.0 feed (https://www.rssboard.org/rss-specification) of `posts`, newest first."""
    built = format_datetime(changed(posts)) if posts else ""
    items = "".join(_rss_item(post) for post in posts)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>{escape(place.name)}</title>
    <link>http://{place.host}/</link>
    <atom:link href="http://{place.host}/feed.xml" rel="self" type="application/rss+xml"/>
    <description>News from {escape(place.name)}</description>
    <language>en</language>
    <lastBuildDate>{built}</lastBuildDate>
{BROKEN_ITEM if broken else ""}{items}  </channel>
</rss>
"""


def atom(place: Place, posts: Sequence[Post]) -> str:
    """Return an Atom feed (RFC 4287) of `posts`, newest first."""
    entries = "".join(_atom_entry(post) for post in posts)
    updated = f"{changed(posts):%Y-%m-%dT%H:%M:%SZ}" if posts else ""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>{escape(place.name)}</title>
  <id>tag:{place.host},2025:feed</id>
  <link rel="alternate" type="text/html" href="http://{place.host}/"/>
  <link rel="self" type="application/atom+xml" href="http://{place.host}/atom.xml"/>
  <updated>{updated}</updated>
{entries}</feed>
"""


def json_feed(place: Place, posts: Sequence[Post]) -> str:
    """Return a JSON Feed (https://www.jsonfeed.org/version/1.1/) of `posts`, newest first."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": place.name,
        "home_page_url": f"http://{place.host}/", "feed_url": f"http://{place.host}/feed.json",
        "language": "en",
        "items": [_json_item(post) for post in posts],
    }
    return json.dumps(feed, ensure_ascii=False)


def news_sitemap(place: Place, posts: Sequence[Post], clock: datetime) -> str:
    """Return a news sitemap (https://www.google.com/schemas/sitemap-news/0.9) as of `clock`."""
    urls = "".join(_sitemap_url(place, post) for post in posts if clock - post.at <= NEWS_AGE)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}</urlset>
"""


def changed(posts: Sequence[Post]) -> datetime:
    """Return when the newest of `posts` was published or edited."""
    return max(post.edited_at or post.at for post in posts)


def article(post: Post, web: Web) -> str:
    """Return the page of an article: its text among the menus and footers of a site."""
    published = f"{post.at:%Y-%m-%dT%H:%M:%S+00:00}"
    modified = f"{post.edited_at or post.at:%Y-%m-%dT%H:%M:%S+00:00}"
    facts = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": post.title,
        "datePublished": published, "dateModified": modified,
        "author": [{"@type": "Person", "name": post.by}],
        "publisher": {"@type": "Organization", "name": post.place.name}, "mainEntityOfPage": url(post),
    }
    title, name, by = escape(post.title), escape(post.place.name), escape(post.by)
    data = json.dumps(facts).replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} | {name}</title>
<link rel="canonical" href="{url(post)}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{name}">
<meta property="og:title" content="{title}">
<meta property="og:url" content="{url(post)}">
<meta property="article:published_time" content="{published}">
<meta name="author" content="{by}">
<script type="application/ld+json">{data}</script>
</head>
<body>
<header><a href="/">{name}</a>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav></header>
<main>
<div class="headline"><h1>{title}</h1>
<div class="byline">By {by} <time datetime="{published}">{post.at:%d %B %Y}</time></div></div>
<article class="article-body">
{html(post, web)}
</article>
</main>
<footer><p>&copy; {name}. All rights reserved. <a href="/privacy">Privacy</a></p></footer>
</body>
</html>
"""


def _summary(post: Post) -> str:
    """Return the first paragraph without its links, as feeds carry it."""
    return escape(with_links(paragraphs_of(post)[0], lambda words, _: words))


def _sitemap_url(place: Place, post: Post) -> str:
    return f"""  <url>
    <loc>{url(post)}</loc>
    <news:news>
      <news:publication>
        <news:name>{escape(place.name)}</news:name><news:language>en</news:language>
      </news:publication>
      <news:publication_date>{post.at:%Y-%m-%dT%H:%M:%S+00:00}</news:publication_date>
      <news:title>{escape(post.title)}</news:title>
    </news:news>
  </url>
"""


def _json_item(post: Post) -> dict[str, Any]:
    item = {
        "id": url(post), "url": url(post), "title": post.title,
        "summary": with_links(paragraphs_of(post)[0], lambda words, _: words),
        "date_published": f"{post.at:%Y-%m-%dT%H:%M:%SZ}", "authors": [{"name": post.by}],
    }
    return item | ({"date_modified": f"{post.edited_at:%Y-%m-%dT%H:%M:%SZ}"} if post.edited_at else {})


def _rss_item(post: Post) -> str:
    return f"""    <item>
      <title>{escape(post.title)}</title>
      <link>{url(post)}</link>
      <guid isPermaLink="true">{url(post)}</guid>
      <dc:creator>{escape(post.by)}</dc:creator>
      <pubDate>{format_datetime(post.at)}</pubDate>
      <description>{_summary(post)}</description>
    </item>
"""


def _atom_entry(post: Post) -> str:
    return f"""  <entry>
    <title>{escape(post.title)}</title>
    <id>tag:{post.place.host},{post.at:%Y-%m-%d}:{post.id}</id>
    <link rel="alternate" type="text/html" href="{url(post)}"/>
    <published>{post.at:%Y-%m-%dT%H:%M:%SZ}</published>
    <updated>{post.edited_at or post.at:%Y-%m-%dT%H:%M:%SZ}</updated>
    <author><name>{escape(post.by)}</name></author>
    <summary type="text">{_summary(post)}</summary>
  </entry>
"""
