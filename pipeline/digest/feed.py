"""The Atom feed of status changes that each run writes."""

from __future__ import annotations

from pipeline.core.context import RunContext
from pipeline.core.files import write_whole
from pipeline.exports.status_feed import ENTRIES, Changed, atom
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "feed")


def write_feed(store: Store, run: RunContext) -> None:
    """Write the newest changes of status to `<home>/feeds/changes.atom`, whole or not at all."""
    changes = store.read(Changed, SQL["changes"], {"limit": ENTRIES})
    run.home.changes_feed.parent.mkdir(parents=True, exist_ok=True)
    write_whole(run.home.changes_feed, atom(changes, run.config.publisher, run.now))
