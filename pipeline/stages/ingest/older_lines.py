"""What the inbox lines of earlier releases say, where it is read otherwise today."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time

from pipeline.core.accounts import full_name
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.records import Source
from pipeline.core.vocabulary import DateOrigin, Platform, Precision

_NUMBERED = re.compile(r"/abs/([0-9]{4})\.[0-9]{4,5}$")


def bounded(document: InboxDocument) -> InboxDocument:
    """Return the document with the making of a thing as the bound of its publication, not as its time.

    The first reader took the making of a repository and the submission of a paper for the publication. Beyond
    that, only the day is known, where it was seen on the day of its bound, and the month in which arXiv
    numbered it. The migration `0022_bounds.sql` does the same to what is stored: a migration stays as it is,
    and an inbox can be read after it (`tests/pipeline/store/test_bounds.py` holds both to one outcome).
    """
    made = document.published_at
    if (document.reader != 1 or made is None or document.published_from is not DateOrigin.API
            or document.published_precision is not Precision.SECOND
            or document.platform not in (Platform.HUGGINGFACE, Platform.ARXIV)):
        return document
    at, precision = None, Precision.UNKNOWN
    if made.date() == document.seen_at.date():
        at, precision = datetime.combine(made, time(), made.tzinfo), Precision.DAY
    elif document.platform is Platform.ARXIV and (month := _numbered(document.url or "", made)):
        at, precision = month, Precision.MONTH
    origin = document.published_from if at else DateOrigin.UNKNOWN
    return replace(document, published_at=at, published_precision=precision, published_from=origin,
                   not_before=made)


def with_server(document: InboxDocument, feed: Source | None) -> InboxDocument:
    """Return the document with its author's server, which Mastodon's first reader left out for the server's
    own accounts, by the post's address where that tells it.

    The migration `0025_accounts.sql` does the same to what is stored.
    """
    if document.platform is not Platform.MASTODON or not document.author or feed is None:
        return document
    return replace(document, author=full_name(document.author, feed.url, document.url))


def _numbered(url: str, made: datetime) -> datetime | None:
    """Return the month in which arXiv numbered a paper, which its address tells."""
    if number := _NUMBERED.search(url):
        try:
            return datetime.strptime(number[1], "%y%m").replace(tzinfo=made.tzinfo)
        except ValueError:
            return None
    return None
