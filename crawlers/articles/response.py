"""The article in a response: read already by the middleware, or now."""

from __future__ import annotations

from scrapy.http import Response
from w3lib.encoding import http_content_type_encoding

from crawlers.articles.extract import Article, read_article

ARTICLE = "rumortrail_article"
"""A request's meta key: None where a spider wants the answer read; then the Article, or why there is none."""


def read_response(response: Response) -> Article:
    """Return the article in `response`, read already or now. Raises ValueError as `read_article` does."""
    result = response.meta.get(ARTICLE)
    if isinstance(result, ValueError):
        raise result
    if isinstance(result, Article):
        return result
    return read_article(response.body, url=response.url, encoding=declared(response))


def declared(response: Response) -> str | None:
    """Return the encoding that the response's Content-Type declares."""
    kind = response.headers.get(b"Content-Type")
    return http_content_type_encoding(kind.decode("latin-1")) if kind else None
