"""When a watch tells: its rhythm and its quiet hours, on the clock of its zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.watches.records import Rhythm, WatchDraft


def is_quiet(watch: WatchDraft, now: datetime) -> bool:
    """Return whether `now` lies in the quiet hours of a watch; the last minute of them does not."""
    if watch.quiet is None:
        return False
    clock = now.astimezone(ZoneInfo(watch.zone)).time()
    begins, ends = watch.quiet.begins, watch.quiet.ends
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def comes_due(watch: WatchDraft, now: datetime, *, oldest: datetime, nightly: bool) -> bool:
    """Return whether a watch tells now what it has gathered since `oldest`, were it not for quiet hours.

    `nightly` is true after a nightly run. A weekly watch tells with the first nightly run of a week, which
    begins with Monday on the clock of its zone, what it had gathered before.
    """
    if watch.rhythm is Rhythm.AT_ONCE:
        return True
    if watch.rhythm is Rhythm.NIGHTLY:
        return nightly
    return nightly and oldest < _monday(watch, now)


def _monday(watch: WatchDraft, now: datetime) -> datetime:
    zone = ZoneInfo(watch.zone)
    day = now.astimezone(zone).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), zone).astimezone(UTC)
