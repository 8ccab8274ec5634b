"""The home folder, which holds all state, and where everything lies under it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


class _Under:
    """A path under the home folder."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def __get__(self, home: Home, _owner: object = None) -> Path:
        return home.path.joinpath(*self.parts)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds all state."""

    path: Path

    @classmethod
    def find(cls, given: Path | None) -> Home:
        """Return the home at `given`, else at the environment's RUMORTRAIL_HOME, else at ./data."""
        return cls((given or Path(os.environ.get("RUMORTRAIL_HOME") or "data")).expanduser().resolve())

    config_file = _Under("rumortrail.toml")
    """The user's settings."""
    sources_file = _Under("sources.toml")
    """The user's sources."""
    inbox = _Under("inbox")
    """Collected documents: `<run_id>/<source>.jsonl.gz`."""
    archive = _Under("archive")
    """Every response that gave a document: `<run_id>.warc.gz`."""
    crawl_state = _Under("crawl.sqlite")
    """The crawlers' state between nights (SQLite)."""
    work = _Under("work.duckdb")
    """The pipeline's own DuckDB file."""
    kept = _Under("storage.sqlite")
    """What is known to lie in the storage of `[engine]` (SQLite); without it the storage is asked."""
    index = _Under("index")
    """Indexes that can be rebuilt from the store."""
    published = _Under("published.duckdb")
    """The read-only copy for the dashboard and SQL."""
    lake = _Under("lake")
    """The files of a lake that has no other storage."""
    journal = _Under("decisions.sqlite")
    """The editors' decisions (SQLite)."""
    watches = _Under("watches.sqlite")
    """Watches, what they were told and what is still to be sent (SQLite)."""
    accounts = _Under("editors.json")
    """The local editors with their hashed passwords (JSON)."""
    session_key = _Under("session.key")
    """The key that signs the dashboard's cookies."""
    sessions = _Under("sessions.json")
    """The mark of each local editor's present sign-ins (JSON)."""
    secrets = _Under("secrets.toml")
    """Streamlit's secrets: the identity provider of `[auth]`."""
    digests = _Under("digests")
    """The digest of each run: Markdown, a mail and a webhook's body."""
    changes_feed = _Under("feeds", "changes.atom")
    """The Atom feed of status changes."""
    watch_feeds = _Under("feeds", "watches")
    """The Atom feed of each watch that has one: `<watch_id>.atom`."""
    lock = _Under("run.lock")
    """Held by the process that writes."""
    revisit_lock = _Under("revisit.lock")
    """Held by the process that revisits documents."""
    site_lock = _Under("site.lock")
    """Held by the process that writes a site."""
    watches_lock = _Under("watches.lock")
    """Held by the process that sends what watches tell."""
    engine = _Under("engine.json")
    """What the workers of the run that is in progress are at (JSON)."""
