"""The rows that a document of the inbox becomes: its publisher, the document, a version of its text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from pipeline.core.accounts import account_of
from pipeline.core.context import RunContext
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.records import Document, Source, Version, stable_id
from pipeline.core.same_page import page_of
from pipeline.core.vocabulary import ACCOUNT_PLATFORMS, ReadAnew, Role
from pipeline.text.forums import account_id, is_forum, is_name


def with_known_author(document: InboxDocument) -> InboxDocument:
    """Return the document without an author who is nobody ("[deleted]"), and without the account of that
    name: posts of unknown authors have none in common.
    """
    if is_name(document.author) or is_name(document.author_name):
        return document
    of_nobody = document.author and document.source == f"{document.platform}:{document.author}"
    source = str(document.platform) if of_nobody else document.source
    return replace(document, author=None, author_name=None, source=source)


def publisher_row(document: InboxDocument, feed: Source | None) -> Source:
    """Return the publisher: the account on platforms of accounts and on forums, else the declared source.

    An account takes over role and organisation of the feed that is its own (`in_own_feed`), never those of a
    listing it appears in.
    """
    if document.author and document.platform in ACCOUNT_PLATFORMS:
        own_feed = feed if in_own_feed(document, feed) else None
        return Source(
            source_id=f"{document.platform}:{document.author}",
            name=document.author_name or document.author,
            platform=document.platform,
            role=own_feed.role if own_feed else Role.COMMUNITY,
            url=own_feed.url if own_feed else None,
            organisation=own_feed.organisation if own_feed else None,
        )
    site = feed or Source(document.source, document.source, document.platform, Role.COMMUNITY)
    forum = is_forum(document.platform, site.role, document.url, document.in_reply_to)
    if document.author and forum and is_name(document.author) and "." in document.source:
        name = document.author_name or document.author
        return Source(account_id(document.source, document.author), name, document.platform, Role.COMMUNITY)
    return site


def in_own_feed(document: InboxDocument, feed: Source | None) -> bool:
    """Return whether the feed that lists a document is its author's: the page of that very account."""
    account = account_of(document.platform, feed.url) if feed else None
    return account is not None and account.lower() == (document.author or "").lower()


def document_row(document_id: str, d: InboxDocument, source_id: str, run: RunContext) -> Document:
    """Return the row of a document that is new."""
    return Document(
        document_id=document_id,
        url=d.url,
        platform=d.platform,
        source_id=source_id,
        feed=d.source,
        author=d.author,
        author_name=d.author_name,
        title=d.title or None,
        published_at=d.published_at,
        published_precision=d.published_precision,
        published_from=d.published_from,
        seen_at=d.seen_at,
        language=d.language,
        in_reply_to=d.in_reply_to,
        artefact=d.artefact,
        score=d.score,
        gone_at=None,
        gone_after=None,
        gone_evidence=None,
        run_id=run.run_id,
        not_before=d.not_before,
        page=other_page(d.url),
    )


def other_page(url: str | None) -> str | None:
    """Return the address by which the page at `url` is known; None where that is `url` itself."""
    page = page_of(url) if url else None
    return None if page == url else page


def version_row(
    document_id: str,
    number: int,
    d: InboxDocument,
    digest: str,
    unchanged_at: datetime | None,
    read_anew: ReadAnew | None,
    run: RunContext,
) -> Version:
    """Return the row of a document's text, the `number`th.

    The text before it stood unchanged until `unchanged_at`; `read_anew` tells why it is no edit of that.
    """
    return Version(
        version_id=stable_id("v", document_id, number, digest),
        document_id=document_id,
        number=number,
        title=d.title or None,
        text=d.text,
        text_sha256=digest,
        unchanged_at=unchanged_at,
        seen_at=d.seen_at,
        sha256=d.sha256,
        warc=d.warc,
        run_id=run.run_id,
        headline=d.headline,
        extent=d.extent,
        read_anew=read_anew,
        modified_at=d.modified_at,
        modified_precision=d.modified_precision,
    )


def text_digest(title: str | None, document: InboxDocument) -> str:
    """Return the SHA-256 of the words that make a version: title and text, and another headline if any."""
    parts = [title or "", document.text, *([document.headline] if document.headline else [])]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def stood_at(document: InboxDocument) -> datetime:
    """Return when its text stood so for certain: when it was asked for, or else seen."""
    return document.asked_at or document.seen_at
