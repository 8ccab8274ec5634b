"""Where the published copy is read: the file of the home, or a night of a lake."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.errors import DataError

if TYPE_CHECKING:
    from pipeline.core.config import Config
    from pipeline.core.home import Home

Identity = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LakeNight:
    """A night of the lake at an address, which may hold a password: its snapshot, and when it was written (in
    nanoseconds since 1970).
    """

    address: str = field(repr=False)
    snapshot: int
    written: int


Place = Path | LakeNight


def copy_of(home: Home, config: Config, day: str = "") -> Place:
    """Return where the copy that stands now is read, or with `day` (2026-03-01) the copy that stood then.

    Raises DataError where the lake that is to be read cannot be, or had nothing by that day. Whether there is
    a file is seen when it is opened.
    """
    if not day and config.publish.read == "file":
        return home.published
    if not config.publish.lake:
        why = "only a lake keeps the copy of each day" if day else '[publish] read = "lake" needs its address'
        raise DataError(f"{why}: set [publish] lake (docs/lake.md)")
    # Loads what asks PostgreSQL, an extra that a home without a lake does not need.
    from pipeline.lake import nights
    from pipeline.lake.address import read_address

    lake = read_address(config.publish.lake)
    night = nights.as_known_on(lake, nights.the_day(day)) if day else nights.newest(lake)
    return LakeNight(config.publish.lake, night.snapshot, int(night.checked_at.timestamp() * 1e9))


def is_published(home: Home, config: Config) -> bool:
    """Return whether there is a copy to be read. Raises DataError where the lake cannot be asked."""
    return config.publish.read == "lake" or home.published.exists()


def identity(place: Place) -> Identity:
    """Return numbers that change when another copy stands there; the second is when it was written.

    Raises DataError where nothing was published yet.
    """
    if isinstance(place, LakeNight):
        return place.snapshot, place.written, 0
    try:
        stat = place.stat()
    except FileNotFoundError:
        raise DataError(f"nothing is published at {place}") from None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
