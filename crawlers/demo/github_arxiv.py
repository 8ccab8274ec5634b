"""GitHub's releases and arXiv's papers, in the shape that their APIs answer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from crawlers.demo.addresses import markdown, release_number, url
from crawlers.demo.content import Post, Web

Json = dict[str, Any]

_SCHEMA = "http://arxiv.org/schemas/atom"
_FEED = (
    f'<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="{_SCHEMA}" '
    'xmlns="http://www.w3.org/2005/Atom">'
)


def release(post: Post, web: Web) -> Json:
    """Return a release (https://docs.github.com/en/rest/releases/releases)."""
    owner = post.place.handle.partition("/")[0]
    return {
        "id": release_number(post),
        "url": f"http://{post.place.host}/api/v3/repos/{post.place.handle}/releases/{release_number(post)}",
        "html_url": url(post), "tag_name": post.tags[0], "target_commitish": "main", "name": post.title,
        "body": markdown(post, web).replace("\n", "\r\n"), "draft": False, "prerelease": False,
        "created_at": f"{post.at:%Y-%m-%dT%H:%M:%SZ}", "published_at": f"{post.at:%Y-%m-%dT%H:%M:%SZ}",
        "author": {"login": owner, "type": "Organization"}, "assets": [],
        "reactions": {"total_count": post.score},
    }


def papers(posts: Sequence[Post]) -> str:
    """Return the Atom feed of arXiv's API (https://info.arxiv.org/help/api/user-manual.html) with `posts`."""
    entries = "".join(_paper(post) for post in posts)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
{_FEED}
  <id>https://arxiv.org/api/demo</id>
  <title>arXiv Query</title>
  <updated>2026-03-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>100</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(posts)}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""


def _paper(post: Post) -> str:
    tags = "".join(f'    <category term="{tag}" scheme="{_SCHEMA}"/>\n' for tag in post.tags)
    names = "".join(f"    <author><name>{escape(name)}</name></author>\n" for name in post.by.split(", "))
    page_url = url(post)
    return f"""  <entry>
    <id>{page_url.replace("https:", "http:")}v1</id>
    <title>{escape(post.title)}</title>
    <updated>{post.at:%Y-%m-%dT%H:%M:%SZ}</updated>
    <link href="{page_url}v1" rel="alternate" type="text/html"/>
    <summary>{escape(post.text)}</summary>
{tags}    <published>{post.at:%Y-%m-%dT%H:%M:%SZ}</published>
{names}  </entry>
"""
