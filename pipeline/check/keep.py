"""Keep a text that was checked: a document in the inbox, which the next run reads as any other."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from pipeline.check.records import Checked
from pipeline.core.home import Home
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxDocument, InboxIssue, InboxSource
from pipeline.core.records import stable_id
from pipeline.core.text import one_line
from pipeline.core.vocabulary import DateOrigin, Extent, IssueStage, Platform, Precision, Role, Severity

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def keep(home: Home, checked: Checked, finder: str, now: datetime) -> Path:
    """Write a checked text to the inbox as a document that `finder` found at `now`; return its file.

    A page of the web is published by its site, and an issue of severity *info* names the finder. Any other
    text gets a source that is named after the finder, since nobody knows where it is from. The same text is
    the same document, however often it is kept.
    """
    name = one_line(finder, 80)
    source = _site(checked.url) or f"found:{_NOT_IN_ID.sub('-', name.lower()).strip('-') or 'editor'}"
    title = checked.title
    text = checked.text.removeprefix(f"{title}\n\n") if title else checked.text
    dated = checked.said_at is not None
    document = InboxDocument(
        url=checked.url if _site(checked.url) else None,
        platform=Platform.OTHER if _site(checked.url) else Platform.FILE,
        source=source, text=text, seen_at=now,
        id=None if _site(checked.url) else stable_id("d", "kept", title, text),
        title=title, language=checked.language,
        published_at=checked.said_at,
        published_precision=checked.said_precision if dated else Precision.UNKNOWN,
        published_from=DateOrigin.GIVEN if dated else DateOrigin.UNKNOWN,
        extent=Extent.WHOLE if checked.whole else Extent.TEASER,
    )  # fmt: skip
    with InboxWriter.create(home.inbox, f"{now:%Y%m%dT%H%M%SZ}-kept", "kept") as writer:
        if document.url is None:
            writer.write(InboxSource(source, f"a text that {name} found", Platform.FILE, Role.ANONYMOUS))
        else:
            words = f"{name} kept this page after checking it"
            writer.write(InboxIssue(None, "kept_text", words, Severity.INFO, now, document.url,
                                    IssueStage.CRAWL))
        writer.write(document)
    return writer.path


def _site(url: str | None) -> str | None:
    """Return the host of a web address; None where `url` is no web address."""
    match = re.match(r"https?://(?:www\.)?([^/:?#]+)", url or "")
    return match[1] if match else None
