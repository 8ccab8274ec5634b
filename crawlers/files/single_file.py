"""Reads one file of a user as a page, and keeps nothing of it."""

from __future__ import annotations

from pathlib import Path

from crawlers.articles.extract import MAX_BYTES, read_article
from crawlers.files.saved_page import read_plaintext
from crawlers.normalise.encoding import decode
from pipeline.core.errors import SourceError
from pipeline.core.page import Page
from pipeline.core.vocabulary import Precision

HTML = (".html", ".htm")


def read_file(path: Path) -> Page:
    """Return the text of a text or HTML file, as `rumortrail ingest` reads it.

    Raises SourceError that says in plain words why a file cannot be read: a PDF, what is no text, what is
    larger than MAX_BYTES.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise SourceError(f"{path} is larger than {MAX_BYTES:,} bytes: give a shorter file")
    if data[:5] == b"%PDF-":
        raise SourceError(f"{path} is a PDF; only text and HTML files are read: copy its text")
    url = path.resolve().as_uri()
    if path.name.lower().endswith(HTML):
        try:
            article = read_article(data, url=url)
        except ValueError as error:
            raise SourceError(f"{path} cannot be read: {error}") from error
        return Page(article.url, article.title, article.text, article.published_at,
                    article.published_precision, article.language)
    decoded = decode(data)
    if "\0" in decoded.text:
        raise SourceError(f"{path} is not a text file; text and HTML files are read")
    saved = read_plaintext(decoded.text)
    return Page(url, saved.title, saved.text, None, Precision.UNKNOWN, None)
