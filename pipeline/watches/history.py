"""What was sent of each watch, for its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.store.queries import Statements
from pipeline.watches.database import connected
from pipeline.watches.store import read_time

SQL = Statements(__package__, "history")


@dataclass(frozen=True, slots=True)
class History:
    """When a message of a watch was taken last, how many wait, and why the last one failed, if it did.

    `fault` holds no address.
    """

    sent_at: datetime | None = None
    waiting: int = 0
    fault: str | None = None


def read_histories(path: Path) -> dict[str, History]:
    """Return what was sent of each watch that made a message in the last 30 days, by its id.

    Reads `watches.sqlite` at `path`, where it is there. Raises DataError where it is damaged.
    """
    if not path.exists():
        return {}
    with connected(path) as connection:
        rows = connection.execute(SQL["sent"]).fetchall()
    return {
        row["watch_id"]: History(
            read_time(row["sent_at"]) if row["sent_at"] else None, row["waiting"], row["fault"]
        )
        for row in rows
    }
