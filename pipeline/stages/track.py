"""Track: how far the settled claims of a source or speaker tell how often it is right."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

from pipeline.core.context import RunContext
from pipeline.core.records import StageCounts
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "track")

# Before any claim is settled every rate is as likely as any other: the uniform prior, Beta(1, 1).
PRIOR = 1.0
MASS = 0.9


@dataclass(frozen=True, slots=True)
class Interval:
    """The posterior's mean and its middle 90 % after `held` of `settled` claims did; from 0 to 1."""

    held: int
    settled: int
    rate: float
    low: float
    high: float


def interval(held: int, settled: int) -> Interval:
    """Return the Beta posterior of the share of claims that hold, after `held` of `settled` did."""
    right, wrong = held + PRIOR, settled - held + PRIOR
    low, high = betaincinv(right, wrong, [(1 - MASS) / 2, (1 + MASS) / 2])
    return Interval(held, settled, right / (right + wrong), float(low), float(high))


def track(store: Store, run: RunContext) -> StageCounts:
    """Store the interval of each pair of counts that occurs in a record and has none yet.

    Reads the view step.records, appends to intervals. The records themselves are views: they never lag behind
    what they are counted from. `inputs` counts pairs.
    """
    # Before any claim is settled no count can have an interval, and none is worked out.
    counts = store.execute(SQL["todo"]) if store.execute(SQL["settled"]) else []
    todo = [interval(int(held), int(settled)) for held, settled in counts]
    store.append("intervals", todo)
    run.progress("track", len(todo), len(todo))
    return StageCounts(inputs=len(todo), done=len(todo))
