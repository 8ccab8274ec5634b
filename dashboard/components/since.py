"""The beginning of what is told as news, and the words that say when it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.components.times import date_words
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.runs import Run
from dashboard.data.today import Fresh, Moved

_NEVER = datetime.fromisoformat("1970-01-01")


@dataclass(frozen=True, slots=True)
class Since:
    """The beginning of the news: learned after `at` and decided after `decided_at`; `words` say so.

    `first`: the last visit was asked for and there was none. `runs`: the number of runs since is to be told.
    """

    at: datetime
    decided_at: datetime
    words: str
    first: bool = False
    runs: bool = True


def last_run(runs: Sequence[Run]) -> Since:
    """Return since the run before the newest; `runs` are the newest two.

    What revisits found between them belongs to the newest.
    """
    if len(runs) < 2:
        return Since(_NEVER, _NEVER, "In the first run", runs=False)
    before = runs[1]
    words = f"Since the run of {date_words(before.started_at)}"
    return Since(before.finished_at or before.started_at, before.started_at, words, runs=False)


def moved_and_new(copy: Copy, since: Since) -> tuple[int, int]:
    """Return how many claims moved and how many are new since, those of stories too."""
    parameters = {"since": since.at, "limit": 1, "offset": 0, "alone": False}
    moves = queries.read(copy, Moved, "today", "moves", **parameters)
    fresh = queries.read(copy, Fresh, "today", "fresh", **parameters)
    return moves[0].total if moves else 0, fresh[0].total if fresh else 0
