"""The context of a run: its id, clock and settings, and where it reports progress."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil

from pipeline.core.config import Config
from pipeline.core.engine import Engine, Here
from pipeline.core.home import Home

Progress = Callable[[str, int, int | None], None]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


REVISIT_RUN_ID = re.compile(r"\d{8}T\d{6}Z-revisit")


def revisit_run_id(now: datetime) -> str:
    """Return the name of a revisit that begins `now`, for inbox, archive and logs.

    The store, which numbers runs, may be held by another run then.
    """
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-revisit"


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run. `now` is its clock: no stage asks for the time. `progress(stage, done, total)` is shown.

    `began` is a monotonic reading in seconds, from which the run's length is computed. `engine` spreads work.
    """

    run_id: str
    now: datetime
    home: Home
    config: Config = field(default_factory=Config)
    progress: Progress = silent
    began: float = field(default_factory=time.monotonic)
    engine: Engine = field(default_factory=Here)

    @property
    def ended(self) -> datetime:
        """Return `now` plus the time that the run has taken since."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def later(self) -> RunContext:
        """Return the run with its clock set to the present, rounded up to a second as answers' times are."""
        now = datetime.fromtimestamp(ceil(self.ended.timestamp()), UTC)
        return replace(self, now=now, began=time.monotonic())
