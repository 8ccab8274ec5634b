"""The nights of a lake: each is a snapshot that was checked, and can be found by its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.core.errors import DataError, NotYetKnownError
from pipeline.lake.address import Lake
from pipeline.lake.catalogue import Catalogue, utc


@dataclass(frozen=True, slots=True)
class Night:
    """A night: its snapshot of the lake, the run that published it, when, and when it was checked (UTC)."""

    snapshot: int
    run_id: str
    published_at: datetime
    checked_at: datetime


def newest(lake: Lake) -> Night:
    """Return the night that was written last. Raises DataError where the lake holds none."""
    with Catalogue.open(lake) as catalogue:
        if night := newest_in(catalogue):
            return night
    raise DataError(f"{lake} holds no night yet: set [publish] lake and run `rumortrail publish`")


def newest_in(catalogue: Catalogue) -> Night | None:
    """Return the night that was written last, None where there is none."""
    rows = catalogue.rows("newest") if catalogue.has("rumortrail_nights") else []
    return _night(*rows[0]) if rows else None


def as_known_on(lake: Lake, day: datetime) -> Night:
    """Return the night that was the newest at the end of a day (UTC).

    Raises NotYetKnownError, which names the first night, where nothing was published by then.
    """
    with Catalogue.open(lake) as catalogue:
        first_rows = catalogue.rows("first") if catalogue.has("rumortrail_nights") else []
        if not first_rows:
            raise DataError(f"{lake} holds no night yet: set [publish] lake and run `rumortrail publish`")
        rows = catalogue.rows("nights", before=day + timedelta(days=1), most=1)
    if rows:
        return _night(*rows[0])
    first = _night(*first_rows[0])
    raise NotYetKnownError(
        f"nothing was published by {day:%Y-%m-%d}: the first night of {lake} is of"
        f" {first.published_at:%Y-%m-%d %H:%M} UTC"
    )


def the_day(words: str) -> datetime:
    """Return the beginning of a day in UTC. Raises DataError for what is no day."""
    try:
        return datetime.strptime(words, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise DataError(f"{words!r} is not a day: write it as 2026-03-01") from None


def _night(snapshot: int, run_id: str, published_at: datetime, checked_at: datetime) -> Night:
    return Night(snapshot, run_id, utc(published_at), utc(checked_at))
