"""What one crawl process is asked to do: sent as one line of JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from pydantic import TypeAdapter

from crawlers.links_to_follow import Following
from crawlers.sources import DeclaredSource
from pipeline.core.config import CrawlConfig
from pipeline.core.inbox_records import InboxCrawl


@dataclass(frozen=True, slots=True)
class Job:
    """The sources of a run and its clock.

    `home` is the folder that holds all state; a `check` writes nothing there. `began` is the monotonic clock,
    which all processes of a machine share, at `now`; in a `replay` the clock stands still. `looks` are the
    refs to check again, by source, in a revisit. With `follow`, links of posts are followed at the end.
    `sites` are those that the crawl may ask, None for all. `pauses` are the Unix times until which hosts
    asked others of this run to be left alone. `archive` names the archive's file without its ending; ""
    stands for the run's own.
    """

    run_id: str
    now: datetime
    crawl: CrawlConfig
    home: str
    sources: tuple[DeclaredSource, ...]
    check: bool = False
    replay: bool = False
    looks: dict[str, tuple[str, ...]] | None = None
    follow: Following | None = None
    began: float = field(default_factory=monotonic)
    sites: frozenset[str] | None = None
    pauses: dict[str, float] = field(default_factory=dict)
    archive: str = ""

    def to_json(self) -> bytes:
        """Return the job on one line."""
        return _JOB.dump_json(self)

    @classmethod
    def from_json(cls, line: bytes) -> Job:
        """Return the job that `to_json` wrote. Raises pydantic.ValidationError for anything else."""
        return _JOB.validate_json(line)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """What the process prints instead of doing the job where no server can be reached, and why."""

    unreachable: str


@dataclass(frozen=True, slots=True)
class Roaming:
    """What the process prints of a source that leads to a site that the job may not ask: it is given up."""

    roaming: str


@dataclass(frozen=True, slots=True)
class Pauses:
    """What the process prints at its end: the Unix times until which hosts asked to be left alone."""

    pauses: dict[str, float]


CrawlMessage = InboxCrawl | Roaming | Pauses
"""What the process prints of a job that it does."""

_JOB: TypeAdapter[Job] = TypeAdapter(Job)
