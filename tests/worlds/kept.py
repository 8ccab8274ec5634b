"""A home with two sealed nights: a page that changed, another beside it, and a document from a file."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from scrapy.http import Response

from crawlers.http.warc_writer import Archive
from pipeline.archive.after_crawl import seal_archives
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.context import RunContext
from pipeline.core.records import Run
from pipeline.core.vocabulary import Outcome
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import InboxWriter, document

FIRST, SECOND = "20260302T030000Z", "20260303T030000Z"
PAGE, OTHER = "https://wire.example/1", "https://wire.example/2"
HOSTILE = "<script>alert(1)</script> [red]no[/] Aster"


def two_nights(
    store: Store, run: RunContext, write_inbox: InboxWriter, authority: str | tuple[str, ...] = ""
) -> RunContext:
    """Archive, ingest, seal and publish; return the second night's run."""
    first = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    for run_id, seen_at, text in (
        (FIRST, first, "Model Aster has 70b parameters."), (SECOND, first + timedelta(days=1), HOSTILE)
    ):
        archive = Archive(run.home.archive, run_id)
        rows = []
        for url in (PAGE, OTHER):
            body = f"<html><body>{text} {url}</body></html>".encode()
            response = Response(
                url, body=body, headers={"Content-Type": "text/html; charset=utf-8", "Set-Cookie": "canary"}
            )
            archived = archive.keep(response, seen_at)
            if url == PAGE or run_id == FIRST:
                archive_place = {"sha256": archived.sha256, "warc": archived.warc}
                rows.append(
                    document(url, text=text, title=text, seen_at=seen_at.isoformat(), **archive_place)
                )
        archive.close()
        write_inbox([*rows, document("https://file.example/1", source="file")], run_id=run_id)
        crawl = CrawlConfig(timestamp_authority=authority)
        run = dataclasses.replace(run, run_id=run_id, now=seen_at, config=Config(crawl=crawl))
        store.append("runs", [Run(run_id, "nightly", seen_at, None, Outcome.RUNNING, None)])
        ingest(store, run)
        seal_archives(store, run)
    publish(store, run)
    return run
