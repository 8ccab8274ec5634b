"""What the spiders of one run share: its clock, its settings, and the files that it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil, floor
from pathlib import Path
from time import monotonic

from scrapy.http import Response

from crawlers.articles.pool import Readers
from crawlers.crawl_state import CrawlState
from crawlers.http.credentials import Session
from crawlers.http.scrapy_patches import SENT
from crawlers.http.warc_writer import Archive
from pipeline.core.config import CrawlConfig
from pipeline.core.inbox_records import InboxCrawl


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """One run of the crawlers.

    `now` is the wall clock at the start and `started` the monotonic one; `ended` is called with each source's
    end. In a `replay` the clock stands still: everything bears `now`. `looks` are the refs to check again, by
    source, where no listing is read (`crawlers.engine.revisit`); None in a nightly crawl. `sessions` are the
    tokens that platforms gave in this run, by the root of the API that each is for. `pauses` are the times on
    the monotonic clock until which hosts asked to be left alone. `sites` are those that the run may ask, None
    for all; `roams` is called with each source that leads to another one, and is ended by that.
    """

    run_id: str
    now: datetime
    crawl: CrawlConfig
    inbox: Path
    archive: Archive
    state: CrawlState
    ended: Callable[[InboxCrawl], None]
    started: float
    sessions: dict[str, Session] = field(default_factory=dict, repr=False)
    pauses: dict[str, float] = field(default_factory=dict, repr=False)
    replay: bool = False
    looks: Mapping[str, tuple[str, ...]] | None = None
    readers: Readers | None = None
    sites: frozenset[str] | None = None
    roams: Callable[[str], None] = lambda _source: None

    @property
    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return monotonic() - self.started

    @property
    def since(self) -> datetime:
        """Return the time before which documents are not read again."""
        return self.now - timedelta(days=self.crawl.revisit_days)

    def clock(self) -> datetime:
        """Return the time now, rounded up to a whole second: an answer shows what was so by then."""
        return self._time(self.elapsed, ceil)

    def sent_at(self, *responses: Response) -> datetime:
        """Return when the first of `responses` was sent, or else the time now, rounded down."""
        sent = [s for r in responses if r.request is not None and (s := r.meta.get(SENT)) is not None]
        return self._time(min(sent, default=monotonic()) - self.started, floor)

    def _time(self, elapsed: float, rounded: Callable[[float], int]) -> datetime:
        if self.replay:
            return self.now
        return datetime.fromtimestamp(rounded(self.now.timestamp() + elapsed), UTC)
