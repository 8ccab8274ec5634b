"""`rumortrail revisit`: looks again at documents that carry live claims, so that an edit or a deletion has its hour.

It runs every few minutes, so nothing heavy is loaded before it is known that something is due. It holds a lock of its
own and writes what a night writes side by side with it: the inbox, the archive and the crawlers' state. The store is
the pipeline's: what was written is taken in where no run holds the home folder, else by that run or the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from crawlers.engine.revisit import Plan, look_again, plan
from pipeline.core.config import Config, Home
from pipeline.core.context import Progress, revisit_run_id
from pipeline.core.errors import BusyError
from pipeline.core.files import FileLock
from pipeline.core.records import InboxCrawl, Outcome
from pipeline.published.database import open_published, query
from pipeline.store.queries import Statements

if TYPE_CHECKING:
    from pipeline.run.nightly import RunReport

SQL = Statements(__package__, "revisit")


@dataclass(frozen=True, slots=True)
class Revisit:
    """How a revisit went: what was due, how each source that was asked ended, and the run that took it in.

    `why` says why nothing was looked at, or why nothing was taken in; `unfinished` sources did not come to their end.
    """

    plan: Plan
    ended: tuple[InboxCrawl, ...] = ()
    report: RunReport | None = None
    why: str | None = None

    @property
    def unfinished(self) -> int:
        """How many sources did not come to their end."""
        return len(self.plan.looks) - len(self.ended)

    @property
    def exit_code(self) -> int:
        """0 all well, or nothing to do; 1 something failed, and the rest is done."""
        lost = self.unfinished or any(one.outcome is not Outcome.OK for one in self.ended)
        return 1 if lost or (self.report is not None and self.report.exit_code) else 0


def revisit(home: Home, config: Config, *, now: datetime, progress: Progress, replay: bool = False) -> Revisit:
    """Look again at what is due at `now`, and take in what came of it.

    Reads the published copy and the crawlers' state; writes inbox, archive and state, and then, where no run holds the
    home folder, the store. It publishes nothing. A second one beside it does nothing. In a `replay` everything that is
    seen bears `now`. Raises ConfigError for faulty sources.
    """
    began = monotonic()
    try:
        with FileLock(home.revisit_lock).held("a revisit, "):
            return _look(home, config, now, began, progress, replay)
    except BusyError as error:
        return Revisit(Plan({}), why=str(error))


def _look(home: Home, config: Config, now: datetime, began: float, progress: Progress, replay: bool) -> Revisit:
    if not home.published.exists():
        return Revisit(Plan({}), why="nothing is published yet, so no claim is known")
    due = plan(home, _live(home, config, now), now)
    if not due.looks:
        return Revisit(due)
    run_id = revisit_run_id(now)
    ended = tuple(
        look_again(home, config, due, run_id=run_id, now=now, began=began, on_progress=progress, replay=replay)
    )
    from pipeline.run.nightly import take_in_looks  # loads the stages: only when something came

    try:
        report = take_in_looks(home, config, now=now, began=None if replay else began, progress=progress)
    except BusyError as error:
        return Revisit(due, ended, why=f"{error}. That run, or the next one, stores what came")
    return Revisit(due, ended, report)


def _live(home: Home, config: Config, now: datetime) -> list[str]:
    """The addresses of the documents that carry live claims."""
    connection = open_published(home.published, config.ask)
    try:
        moment = {"now": now.astimezone(UTC).replace(tzinfo=None)}
        _, rows = query(connection, SQL["live"], moment, seconds=config.ask.seconds)
    finally:
        connection.close()
    return [url for (url,) in rows]
