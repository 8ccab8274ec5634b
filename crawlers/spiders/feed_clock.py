"""What the clock times of a feed are worth: one that many of its entries share is none.

A publisher that knows only the day of an entry writes midnight of its own zone, whatever zone the feed is
written in; another stamps all entries with one time. A real clock differs from entry to entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from crawlers.normalise.dates import Moment, day_of, read_moment

MANY = 5
"""Fewer entries than these may share a clock time by chance."""
SHARE = 0.5
"""The part of a feed's entries that shares a clock which is none. In OpenAI's feed 71 % stand at midnight
of San Francisco; of the 34 press feeds in `raw_news.jsonl` with at least 30 stories the one that schedules
most has 49 % at one clock time."""
MIDNIGHT_SHARE = 0.2
"""The same, where the clock shows midnight as the feed is written, but for some seconds."""
OFFSETS = {"zh": 8, "ja": 9, "ko": 9}
"""The zone, in hours east of Greenwich, of feeds in a language that is written in one zone."""

_HOUR = 60
_DAY = 24 * _HOUR


def stated(raw: Any) -> Moment | None:
    """Return when a feed says that its entry was published; Atom's `updated` does not count."""
    try:
        return read_moment(str(raw.get("published") or ""))
    except ValueError:
        return None


class FeedClock:
    """What a feed's `moments` show of its clock; `language` is the feed's own, as in `zh-CN`."""

    def __init__(self, moments: Iterable[Moment], language: str | None = None) -> None:
        exact = [moment for moment in moments if moment.precision.clock and moment.zoned]
        minutes = Counter(map(_minute, exact))
        # Summer time moves a midnight by an hour.
        sharers = {minute: minutes[minute] + minutes[(minute + _HOUR) % _DAY] for minute in minutes}
        threshold = max(MANY, SHARE * len(exact))
        self._shared = {
            clock for minute, count in sharers.items() if count >= threshold
            for clock in (minute, (minute + _HOUR) % _DAY)
        }  # fmt: skip
        midnights = sum(map(_written_midnight, exact))
        self._midnight = midnights >= max(MANY, MIDNIGHT_SHARE * len(exact))
        self._offset = OFFSETS.get((language or "").lower().partition("-")[0])

    def believed(self, moment: Moment) -> Moment:
        """Return `moment`, or its day if the clock time says no more than that.

        Where the zone is not told and the clock may be a midnight somewhere, it is the day that begins then.
        """
        if not moment.precision.clock:
            return moment
        if not moment.zoned or (self._midnight and _written_midnight(moment)):
            return moment.day()
        if _minute(moment) not in self._shared:
            return moment
        if _written_midnight(moment):
            return moment.day()
        if self._offset is not None:
            in_zone = replace(moment, offset=timedelta(hours=self._offset))
            if _written_midnight(in_zone):
                return in_zone.day()
        if moment.at.second or moment.at.minute % 15:
            return moment.day()
        return day_of(moment.at, moment.at.date())


def _minute(moment: Moment) -> int:
    return moment.at.hour * _HOUR + moment.at.minute


def _written_midnight(moment: Moment) -> bool:
    local = moment.at + moment.offset
    return local.hour == 0 and local.minute == 0
