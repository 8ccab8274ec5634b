"""`rumortrail revisit`: look again at the documents of open claims, so that the hour of an edit is known.

It runs every few minutes, so nothing heavy is loaded before it is known that something is due. It holds a
lock of its own and writes side by side with a run: the inbox, the archive and the crawlers' state. What came
is read into the store at once where no run holds the home folder, else by that run or the next.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from crawlers.engine.revisit import Plan, look_again, plan
from pipeline.core.config import Config
from pipeline.core.context import Progress, revisit_run_id
from pipeline.core.errors import BusyError, DataError
from pipeline.core.files import REVISIT, FileLock
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxCrawl
from pipeline.core.vocabulary import Outcome
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of, is_published
from pipeline.store.queries import Statements

if TYPE_CHECKING:
    from pipeline.run.report import RunReport

SQL = Statements(__package__, "revisit")


@dataclass(frozen=True, slots=True)
class Revisit:
    """The course of a revisit: what was due, how each source's crawl ended, the run that stored what came.

    `why` says why nothing was looked at, or why nothing was stored; `untold` what watches could not be told.
    """

    plan: Plan
    ended: tuple[InboxCrawl, ...] = ()
    report: RunReport | None = None
    why: str | None = None
    untold: tuple[str, ...] = ()

    @property
    def unfinished(self) -> int:
        """Return how many crawls of a source did not come to an end."""
        return len(self.plan.looks) - len(self.ended)

    @property
    def exit_code(self) -> int:
        """Return 0 if all went well or nothing was due, 1 if something failed."""
        lost = self.unfinished or self.untold or any(crawl.outcome is not Outcome.OK for crawl in self.ended)
        return 1 if lost or (self.report is not None and self.report.exit_code) else 0


def revisit(
    home: Home, config: Config, *, now: datetime, progress: Progress, replay: bool = False
) -> Revisit:
    """Look again at what is due at `now`, and store what came of it.

    Reads the published copy and the crawlers' state; writes inbox, archive and state, and then, where no run
    holds the home folder, the store; then it sends what watches are told now. It publishes nothing, and does
    nothing beside another revisit. In a `replay` everything that is seen bears `now`, and watches are told
    nothing. Raises ConfigError for faulty sources.
    """
    began = monotonic()
    try:
        with FileLock(home.revisit_lock).held(REVISIT):
            result = _look(home, config, now, began, replay, progress)
            return result if replay else replace(result, untold=_tell(home, config, now, began))
    except BusyError as error:
        return Revisit(Plan({}), why=str(error))


def _tell(home: Home, config: Config, now: datetime, began: float) -> tuple[str, ...]:
    """Send what watches are told at once, and what waited for the end of quiet hours; return the faults."""
    if not home.watches.exists():
        return ()
    from pipeline.watches.tell import send  # loads what writes mail

    try:
        at = now + timedelta(seconds=monotonic() - began)
        return tuple(send(home, config, os.environ, now=at).faults)
    except DataError as error:
        return (str(error),)


def _look(
    home: Home, config: Config, now: datetime, began: float, replay: bool, progress: Progress
) -> Revisit:
    if not is_published(home, config):
        return Revisit(Plan({}), why="nothing is published yet, so no claim is known")
    due_plan = plan(home, _live(home, config, now), now)
    if not due_plan.looks:
        return Revisit(due_plan)
    run_id = revisit_run_id(now)
    crawls = look_again(
        home, config, due_plan, run_id=run_id, now=now, began=began, on_progress=progress, replay=replay
    )
    ended = tuple(crawls)
    from pipeline.run.nightly import take_in_looks  # loads the stages: only when something came

    try:
        report = take_in_looks(home, config, now=now, began=None if replay else began, progress=progress)
    except BusyError as error:
        return Revisit(due_plan, ended, why=f"{error}. That run, or the next one, stores what came")
    return Revisit(due_plan, ended, report)


def _live(home: Home, config: Config, now: datetime) -> list[str]:
    """Return the addresses of the documents of open claims."""
    connection = open_published(copy_of(home, config), config.ask)
    try:
        parameters = {"now": now.astimezone(UTC).replace(tzinfo=None)}
        _, rows = query(connection, SQL["live"], parameters, seconds=config.ask.seconds)
    finally:
        connection.close()
    return [url for (url,) in rows]
