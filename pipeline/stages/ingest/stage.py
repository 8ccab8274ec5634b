"""Ingest: from the inbox to documents, versions, links and sources."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.core import inbox
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.inbox_records import (
    InboxAlias,
    InboxCrawl,
    InboxDocument,
    InboxGone,
    InboxIssue,
    InboxSource,
)
from pipeline.core.records import Document, Link, Source, StageCounts, Version
from pipeline.core.vocabulary import Extent, Platform, ReadAnew, Severity
from pipeline.stages.ingest.older_lines import bounded, with_server
from pipeline.stages.ingest.one_page import document_ids, keep_pages, stored_document, unite
from pipeline.stages.ingest.rows import (
    document_row,
    in_own_feed,
    publisher_row,
    stood_at,
    text_digest,
    version_row,
    with_known_author,
)
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.text.diff import Wording, changed, compare

EDITS = Statements(__package__, "edits")
INGEST = Statements(__package__, "ingest")

# Versions that are compared in one go: each may be of [ingest] max_text characters, and comes with the one
# before it.
COMPARED = 16


@dataclass(slots=True)
class _Tally:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Known:
    """What the store knows of a document, moved along while a batch is read."""

    number: int
    text_sha256: str
    extent: Extent
    last_seen_at: datetime
    reader: int
    gone_at: datetime | None
    published_at: datetime | None
    not_before: datetime | None
    url: str | None
    """The address at which it was last seen."""


@dataclass(slots=True)
class _Batch:
    """The rows that one batch of inbox lines adds. All are of one file; a crawl's folder has a file for each
    source.
    """

    inbox_folder: str
    sources: dict[str, Source] = field(default_factory=dict)
    own: dict[str, Source] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    links: dict[tuple[str, str, str], Link] = field(default_factory=dict)
    sightings: dict[str, _Known] = field(default_factory=dict)
    follow: list[tuple[str, InboxDocument]] = field(default_factory=list)
    back: list[tuple[str, datetime]] = field(default_factory=list)
    crawls: list[InboxCrawl] = field(default_factory=list)
    aliases: list[InboxAlias] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)


def ingest(store: Store, run: RunContext) -> StageCounts:
    """Read what is new in the inbox into the store.

    Reads `<home>/inbox`; writes sources, documents, versions, sightings, links, aliases, pages, crawls,
    issues. Documents of earlier releases that are one page become one first. A text that differs from the
    newest stored one becomes a new version; the old one stays, and what the edit changed is written to edits.
    A version that holds more of its document than the one before, or that another reader or another host
    shows, is no edit. A text that holds less than the stored one is left out. `inputs` counts documents and
    deletions.
    """
    unite(store, run)
    seen_files = {path: (lines, size) for path, lines, size in store.execute(INGEST["files"])}
    tally = _Tally()
    inbox_files, other_paths = inbox.files(run.home.inbox)
    for path in other_paths:
        message = "it has the name of an inbox file and is a directory, a pipe or a link that leads nowhere"
        store.record_issue(run, "ingest", "inbox_damaged", message, severity=Severity.ERROR,
                           place=_key(run, path))
    todo = [file for file in inbox_files
            if seen_files.get(_key(run, file), (0, None))[1] != file.stat().st_size]
    for file in todo:
        key = _key(run, file)
        size = file.stat().st_size
        lines = seen_files.get(key, (0, None))[0]
        reader = _readable_lines(store, run, inbox.read(file, lines), key)
        while batch := list(islice(reader, run.config.ingest.batch)):
            with store.transaction():
                _save(store, run, batch, key, tally)
                lines = batch[-1].number
                store.execute(INGEST["progress"], {"path": key, "lines": lines, "bytes": None})
            run.progress("ingest", tally.new + tally.changed + tally.unchanged + tally.failed, None)
        store.execute(INGEST["progress"], {"path": key, "lines": lines, "bytes": size})
    _compare(store, run)
    done = tally.new + tally.changed + tally.gone
    return StageCounts(
        inputs=done + tally.unchanged + tally.failed,
        done=done,
        skipped=tally.unchanged,
        failed=tally.failed,
        detail={"new": tally.new, "changed": tally.changed, "gone": tally.gone},
    )


def _compare(store: Store, run: RunContext) -> None:
    """Say of every version that was not compared yet how it differs from the one before it."""
    todo = [version_id for (version_id,) in store.execute(EDITS["todo"])]
    for start in range(0, len(todo), COMPARED):
        pairs = store.execute(EDITS["pairs"], {"versions": todo[start : start + COMPARED]})
        edits = row_by_row(store, run, "ingest", pairs,
                           lambda rows: [compare(*_wordings(row)) for row in rows], lambda row: str(row[0]),
                           unread=lambda row: changed(*_wordings(row)), others_were_read=True)
        store.append("edits", [{"version_id": row[0], "change": edit.change, "noted": edit.noted,
                                "removed": edit.removed, "added": edit.added}
                               for row, edit in zip(pairs, edits, strict=True)])


def _wordings(pair: tuple[Any, ...]) -> tuple[Wording, Wording]:
    return Wording(*pair[1:4]), Wording(*pair[4:])


def _key(run: RunContext, file: Path) -> str:
    return os.fsencode(file.relative_to(run.home.inbox)).decode("utf-8", "backslashreplace")


def _readable_lines(store: Store, run: RunContext, reader: Iterator[inbox.Line], key: str
                    ) -> Iterator[inbox.Line]:
    """Yield the reader's lines; damage in the file is recorded and ends them."""
    try:
        yield from reader
    except DataError as error:
        store.record_issue(run, "ingest", "inbox_damaged", str(error), severity=Severity.ERROR, place=key)


def _save(store: Store, run: RunContext, lines: Iterable[inbox.Line], key: str, tally: _Tally) -> None:
    batch = _Batch(inbox_folder=key.partition("/")[0])
    documents: list[InboxDocument] = []
    gone: list[InboxGone] = []
    for line in lines:
        match line.record:
            case InboxDocument() as document:
                if len(document.text) > run.config.ingest.max_text:
                    allowed = f"[ingest] max_text allows {run.config.ingest.max_text}"
                    message = f"{len(document.text)} characters; {allowed}"
                    store.record_issue(run, "ingest", "text_too_long", message, severity=Severity.ERROR,
                                       place=document.url or document.id)
                    tally.failed += 1
                else:
                    documents.append(with_known_author(bounded(document)))
            case InboxGone() as record:
                gone.append(record)
            case InboxSource() as s:
                batch.sources[s.source] = Source(s.source, s.name, s.platform, s.role, s.url, s.organisation)
            case InboxCrawl() as crawl:
                batch.crawls.append(crawl)
            case InboxAlias() as alias:
                batch.aliases.append(alias)
                batch.addresses |= {alias.url, alias.leads_to}
            case InboxIssue() as issue:
                store.record_issue(run, issue.stage, issue.code, issue.message, severity=issue.severity,
                                   source_id=issue.source, place=issue.place, inbox_folder=batch.inbox_folder)
            case None:
                message = line.fault or "unreadable line"
                store.record_issue(run, "ingest", "inbox_line", message, severity=Severity.ERROR,
                                   place=f"{key}:{line.number}")
                tally.failed += 1
    store.append("sources", batch.sources.values(), replace=True)
    _add(store, run, batch, documents, tally)
    _write(store, run, batch)
    for record in gone:
        _mark_gone(store, run, record, tally)


def _add(store: Store, run: RunContext, batch: _Batch, documents: list[InboxDocument], tally: _Tally) -> None:
    ids = document_ids(store, documents)
    states = {
        key: _Known(number, digest, Extent(extent), *rest)
        for key, number, digest, extent, *rest in store.execute(INGEST["stored"], {"ids": ids})
    }
    declared = store.read(Source, INGEST["declared"], {"ids": sorted({d.source for d in documents})})
    feeds = {source.source_id: source for source in declared}
    for document_id, line in zip(ids, documents, strict=True):
        feed = feeds.get(line.source)
        batch.addresses.update(filter(None, (line.url, line.in_reply_to, *(link.url for link in line.links))))
        document = with_server(line, feed)
        title = document.title or None
        digest = text_digest(title, document)
        stored = states.get(document_id)
        source = publisher_row(document, feed)
        if stored is None or document.platform is not Platform.OTHER:
            batch.sources.setdefault(source.source_id, source)
        if in_own_feed(document, feed):
            batch.own[source.source_id] = source
        if stored is None:
            states[document_id] = _Known(1, digest, document.extent, stood_at(document), document.reader,
                                         None, document.published_at, document.not_before, document.url)
            batch.documents[document_id] = document_row(document_id, document, source.source_id, run)
            batch.versions.append(version_row(document_id, 1, document, digest, None, None, run))
            tally.new += 1
        elif document.extent.reach < stored.extent.reach:
            # A teaser or a feed's words tell nothing about the full text that is stored; a teaser shows that
            # the page is there.
            if stored.gone_at is not None and document.extent is not Extent.FEED:
                batch.back.append((document_id, document.seen_at))
            tally.unchanged += 1
            continue
        elif (stored.text_sha256 != digest or document.extent is not stored.extent) and (
            document.seen_at >= stored.last_seen_at
        ):
            reading = _read_anew(document, stored)
            stored.number += 1
            stored.text_sha256, stored.extent = digest, document.extent
            since = None if reading is ReadAnew.FULLER else stored.last_seen_at
            batch.versions.append(version_row(document_id, stored.number, document, digest, since, reading,
                                              run))
            batch.follow.append((document_id, document))
            tally.changed += 1
        else:
            if stored.text_sha256 != digest and not _held(store, batch, document_id, digest):
                _record_late_text(store, run, document_id, document, stored)
            back = stored.gone_at is not None and document.seen_at >= stored.gone_at
            dated = stored.published_at is None and document.published_at is not None
            bound = stored.not_before is None and document.not_before is not None
            if back or dated or bound:
                batch.follow.append((document_id, document))
            tally.unchanged += 1
        state = states[document_id]
        if document.seen_at >= state.last_seen_at:
            state.reader, state.url = document.reader, document.url
        state.last_seen_at = max(state.last_seen_at, stood_at(document))
        batch.sightings[document_id] = state
        for link in document.links:
            batch.links.setdefault((document_id, link.url, link.kind),
                                   Link(document_id, link.url, link.kind, link.words))


def _read_anew(document: InboxDocument, stored: _Known) -> ReadAnew | None:
    if document.extent is not stored.extent:
        return ReadAnew.FULLER
    elsewhere = _host(document.url) != _host(stored.url)
    return ReadAnew.READER if elsewhere or document.reader != stored.reader else None


def _host(url: str | None) -> str:
    """Return the host of an address: another host of the site may show the page differently."""
    return urlsplit(url or "").netloc


def _held(store: Store, batch: _Batch, document_id: str, digest: str) -> bool:
    """Return whether a version of the document has this text."""
    queued = any(row.document_id == document_id and row.text_sha256 == digest for row in batch.versions)
    return queued or bool(store.execute(INGEST["held"], {"document_id": document_id, "text_sha256": digest}))


def _record_late_text(store: Store, run: RunContext, document_id: str, document: InboxDocument,
                      stored: _Known) -> None:
    """Record a text that stood between two that are stored, because two crawls overlapped."""
    message = (
        f"a text that was seen at {document.seen_at:%Y-%m-%d %H:%M:%S} UTC was read after that of "
        f"{stored.last_seen_at:%Y-%m-%d %H:%M:%S} UTC; "
        "it is kept in the inbox and the archive, but not as a version"
    )
    store.record_issue(run, "ingest", "late_text", message, place=document.url or document_id)


def _write(store: Store, run: RunContext, batch: _Batch) -> None:
    store.append("sources", batch.sources.values())
    for own in batch.own.values():
        store.execute(INGEST["own"], {"source_id": own.source_id, "role": own.role, "url": own.url,
                                      "organisation": own.organisation})
    store.append("documents", batch.documents.values())
    store.append("versions", batch.versions)
    store.append("links", batch.links.values())
    sightings = [
        {"document_id": key, "last_seen_at": state.last_seen_at, "reader": state.reader, "url": state.url}
        for key, state in batch.sightings.items()
    ]
    store.append("sightings", sightings, replace=True)
    for document_id, document in batch.follow:
        key: dict[str, Any] = {"document_id": document_id}
        store.execute(INGEST["follow"], key | {"title": document.title or None, "score": document.score})
        if document.published_at:
            store.execute(INGEST["date"], key | {"published_at": document.published_at,
                                                 "published_precision": document.published_precision,
                                                 "published_from": document.published_from})
        if document.not_before:
            store.execute(INGEST["bound"], key | {"not_before": document.not_before})
    for document_id, seen_at in batch.back + [(followed_id, document.seen_at)
                                              for followed_id, document in batch.follow]:
        store.execute(INGEST["back"], {"document_id": document_id, "seen_at": seen_at})
    crawl_keys = {"inbox_folder": batch.inbox_folder, "run_id": run.run_id}
    crawls = [asdict(crawl) | crawl_keys | {"feed": crawl.source} for crawl in batch.crawls]
    store.append("crawls", crawls)
    aliases = [asdict(alias) | {"run_id": run.run_id} for alias in batch.aliases]
    store.append("aliases", aliases)
    keep_pages(store, batch.addresses)


def _mark_gone(store: Store, run: RunContext, record: InboxGone, tally: _Tally) -> None:
    document_id = stored_document(store, record.id, record.url)
    if document_id is None:
        store.record_issue(run, "ingest", "gone_unknown", "a deletion of a document that was never stored",
                           place=record.id or record.url)
        tally.failed += 1
        return
    values = {"document_id": document_id, "gone_at": record.seen_at, "evidence": record.evidence,
              "run_id": run.run_id, "url": record.url}
    store.execute(INGEST["gone"], values | {"gone_after": record.last_present_at})
    tally.gone += 1
