"""One document for each page, whatever addresses lead to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from duckdb.sqltypes import VARCHAR

from pipeline.core.context import RunContext
from pipeline.core.inbox_records import InboxDocument
from pipeline.core.records import stable_id
from pipeline.core.same_page import RULES, page_of
from pipeline.core.vocabulary import Severity
from pipeline.store.queries import Statements
from pipeline.store.store import Store

PAGES = Statements(__package__, "pages")
UNITE = Statements(__package__, "unite")


def documents_at(store: Store, addresses: Iterable[str]) -> dict[str, str]:
    """Return the stored documents of the pages at `addresses`, by page."""
    return dict(store.execute(PAGES["by_page"], {"pages": sorted(set(map(page_of, addresses)))}))


def stored_document(store: Store, named_id: str | None, url: str) -> str | None:
    """Return the stored document that an id names, also one it had before, or without one that at `url`."""
    if not named_id:
        return documents_at(store, [url]).get(page_of(url))
    return dict(store.execute(PAGES["by_id"], {"ids": [named_id]})).get(named_id)


def document_ids(store: Store, documents: Sequence[InboxDocument]) -> list[str]:
    """Return the document id of each line: the id it names, else that of the document at its page."""
    named_ids = [document.id for document in documents if document.id]
    current_ids = dict(store.execute(PAGES["by_id"], {"ids": named_ids}))
    by_page = documents_at(store, [document.url for document in documents if document.url])
    ids = []
    for document in documents:
        page = page_of(document.url or "")
        if document.id:
            document_id = current_ids.get(document.id, document.id)
        else:
            document_id = by_page.get(page) or stable_id("d", document.url)
        ids.append(document_id)
        if page:
            by_page.setdefault(page, document_id)
    return ids


def keep_pages(store: Store, addresses: Iterable[str]) -> None:
    """Store the address by which the page behind each of `addresses` is known, where it is another one."""
    pages = ((address, page_of(address)) for address in addresses)
    store.append("pages", [{"url": address, "page": page} for address, page in pages if page != address])


def unite(store: Store, run: RunContext) -> None:
    """Compare all stored addresses unless today's rules did so already, and make one document of those that
    are one page.

    Reads documents, sightings, links, aliases; writes pages, page_rules, earlier_ids, issues and, in all
    tables that name a document, the one that stays; the ids of the others lead to it. Documents that brought
    an id of their own are left as they are. All of it is stored, or nothing.
    """
    if store.execute(PAGES["rules"]) == [(RULES,)]:
        return
    store.connection.create_function("page_of", page_of, [VARCHAR], VARCHAR)
    try:
        with store.transaction():
            for name in ("compare", "keep", "forget", "mark"):
                store.execute(PAGES[name])
            _unite_doubles(store, run)
            store.execute(PAGES["forget_rules"])
            store.execute(PAGES["keep_rules"], {"rules": RULES})
    finally:
        store.connection.remove_function("page_of")


def _unite_doubles(store: Store, run: RunContext) -> None:
    kept_ids: dict[str, str] = {}
    earlier: list[dict[str, str]] = []
    for documents, urls in store.execute(PAGES["doubles"]):
        derived = [pair for pair in zip(documents, urls, strict=True) if pair[0] == stable_id("d", pair[1])]
        if len(derived) < 2:
            continue
        (kept_id, address), *doubles = derived
        kept_ids |= {document_id: kept_id for document_id, _ in derived}
        earlier += [{"earlier_id": document_id, "document_id": kept_id, "url": url, "run_id": run.run_id}
                    for document_id, url in doubles]
        message = f"it was stored as a document of its own for {', '.join(url for _, url in doubles)} too"
        store.record_issue(run, "ingest", "one_page", message, severity=Severity.INFO, place=address)
    if not kept_ids:
        return
    store.execute(PAGES["united"], {"earlier": list(kept_ids), "documents": list(kept_ids.values())})
    for statement in UNITE.values():
        store.execute(statement)
    store.append("earlier_ids", earlier)
