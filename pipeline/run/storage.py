"""Inbox and archive in the storage of `[engine]`: fetched before a run, put there within it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pipeline.core.context import RunContext
from pipeline.run.error_boundary import aside
from pipeline.storage import copies
from pipeline.storage.copies import Copied
from pipeline.storage.objects import Objects
from pipeline.store.store import Store


def fetch(store: Store, run: RunContext) -> None:
    """Fetch from the storage of `[engine]` what other machines collected since the newest run here."""
    _with_storage(store, run, partial(copies.fetch, newer=True))


def keep(store: Store, run: RunContext) -> None:
    """Put into the storage of `[engine]` what it lacks of inbox and archive."""
    _with_storage(store, run, copies.keep)


def _with_storage(store: Store, run: RunContext, work: Callable[..., Copied]) -> None:
    address = run.config.engine.storage

    def record_faults() -> None:
        for fault in work(run.home, Objects(address), progress=run.progress).faults:
            store.record_issue(run, "storage", "storage_failed", fault, place=address)

    if address:
        aside(store, run, "storage", record_faults)
