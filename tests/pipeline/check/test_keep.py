"""A text that an editor keeps becomes a document of the next run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipeline.check.keep import keep
from pipeline.check.records import Checked
from pipeline.core import inbox
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.vocabulary import Extent, Precision
from pipeline.stages.ingest.stage import ingest
from pipeline.store.store import Store
from tests.conftest import NOW

PASTED = Checked("Basalt 4 has 95 billion parameters.", None, None, None, Precision.UNKNOWN, True, "en", (),
                 (), NOW)
SAID = datetime(2026, 2, 27, tzinfo=UTC)
PAGE = replace(PASTED, text=f"A headline\n\n{PASTED.text}", url="https://www.courier.example/a",
               title="A headline", said_at=SAID, said_precision=Precision.DAY, whole=False)


def test_a_pasted_text_is_of_who_found_it(home: Home, run: RunContext, store: Store) -> None:
    file = keep(home, PASTED, "Ada  O'Hara", NOW)
    assert file.parent.name == "20260302T030000Z-kept"
    assert ingest(store, run).done == 1
    sql = ("SELECT source_id, s.name, s.role, d.platform, v.text, d.url FROM store.documents AS d "
           "JOIN store.sources AS s USING (source_id) JOIN store.versions AS v USING (document_id)")
    assert store.execute(sql) == [
        ("found:ada-o-hara", "a text that Ada O'Hara found", "anonymous", "file", PASTED.text, None)]
    keep(home, PASTED, "Ada  O'Hara", NOW)
    counts = ingest(store, run)
    assert (counts.done, counts.skipped) == (0, 1), "the same text is the same document"


def test_a_page_is_of_its_site_and_its_finder_is_told(home: Home, run: RunContext, store: Store) -> None:
    file = keep(home, PAGE, "ada", NOW)
    document = next(line.record for line in inbox.read(file) if isinstance(line.record, InboxDocument))
    assert (document.url, document.source, document.title, document.text) == (
        "https://www.courier.example/a", "courier.example", "A headline", PASTED.text)
    assert (document.published_at, document.published_precision) == (SAID, Precision.DAY)
    assert document.extent is Extent.TEASER
    ingest(store, run)
    assert store.execute("SELECT code, place, message FROM store.issues") == [
        ("kept_text", "https://www.courier.example/a", "ada kept this page after checking it")]
