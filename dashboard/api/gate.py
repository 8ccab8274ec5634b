"""How much may be asked at once, so that the pages stay as fast for readers as they are without programs."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from dashboard.api.problems import Problem
from dashboard.auth.client import network

LANES = {"read": (2, 16), "check": (1, 4)}
"""How many answers of each kind are made at the same time, and how many questions wait for that."""
OPEN, OPEN_EACH = 64, 8
"""Requests that may be open at once, in all and of one client, those among them that read slowly."""
LONGEST = 60.0
"""Seconds after which a request is cut off, however slowly its client sends or reads."""
BURST, RATE = 60, 10.0
"""Questions that a client may ask at once, and a second in the long run."""
KNOWN = 10_000  # clients that are remembered

Result = TypeVar("Result")


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Gate:
    """Counts what is open and asked. All of it belongs to one event loop, so nothing is locked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._open: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._limiters: dict[str, CapacityLimiter] = {}

    @contextmanager
    def entered(self, address: str) -> Iterator[None]:
        """Count a request for as long as it is open. Raises Problem where there are too many."""
        client = network(address)
        wait = self._take(client)
        if wait > 0:
            words = f"Ask at most {RATE:g} times a second; ask again in {ceil(wait)} s."
            raise Problem("too_many", words, wait=ceil(wait))
        if self._open[client] >= OPEN_EACH:
            raise Problem("too_many", f"{OPEN_EACH} of your questions are still being answered.", wait=1)
        if self._open.total() >= OPEN:
            raise Problem("busy", "Too many programs ask at the same time. Ask again in a moment.", wait=2)
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    async def work(self, lane: str, make: Callable[[], Result]) -> Result:
        """Return what `make` makes in a thread. Raises Problem where too many wait in that lane already."""
        running, waiting = LANES[lane]
        limiter = self._limiters.setdefault(lane, CapacityLimiter(running))
        if self._waiting[lane] >= running + waiting:
            raise Problem("busy", f"{waiting} questions are waiting already. Ask again in a moment.", wait=2)
        self._waiting[lane] += 1
        try:
            return await to_thread.run_sync(make, limiter=limiter)
        finally:
            self._waiting[lane] -= 1

    def _take(self, client: str) -> float:
        """Take one question of `client`; return 0, or the seconds until there is one."""
        now = self._clock()
        bucket = self._buckets.setdefault(client, _Bucket(BURST, now))
        self._buckets.move_to_end(client)
        while len(self._buckets) > KNOWN:
            self._buckets.popitem(last=False)
        bucket.left = min(BURST, bucket.left + (now - bucket.at) * RATE)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / RATE
        bucket.left -= 1
        return 0.0


async def within(seconds: float, run: Callable[[], Awaitable[None]]) -> None:
    """Run, and end it after `seconds`."""
    with anyio.move_on_after(seconds):
        await run()
