"""How often a password may be tried."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from dashboard.auth.client import network

Key = TypeVar("Key")
Value = TypeVar("Value")

FREE = 5  # wrong passwords for one name from one address before that address has to wait with that name
FIRST, LONGEST = 30.0, 900.0  # seconds
MINUTE, IN_A_MINUTE = 60.0, 30  # wrong passwords from one address, whatever the names
KNOWN = 10_000  # pairs of name and address, and addresses, that are remembered


@dataclass(slots=True)
class _Failed:
    times: int = 0
    until: float = 0.0


class Throttle:
    """Counts wrong passwords by name and address, and by address; forgets a pair after the right password.

    The wait doubles with each wrong password after the fifth, from 30 seconds to 15 minutes. Nobody can make
    an editor wait who signs in from elsewhere. The 64 bits of an IPv6 address that a household has are one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pairs: OrderedDict[tuple[str, str], _Failed] = OrderedDict()
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def admit(self, name: str, address: str) -> float:
        """Return 0 where a password may be tried for `name` from `address` now, else the seconds to wait.

        It counts as wrong until `right` is called, so that many that are sent at once count, too.
        """
        client, name = network(address), name[:100]
        with self._lock:
            now = self._clock()
            tries = _touched(self._tries, client, deque[float])
            while tries and tries[0] <= now - MINUTE:
                tries.popleft()
            crowded = tries[0] + MINUTE - now if len(tries) >= IN_A_MINUTE else 0.0
            if crowded > 0:  # and nothing is remembered of it, so that it pushes nobody else out
                return crowded
            failed = _touched(self._pairs, (name, client), _Failed)
            if failed.until > now:
                return failed.until - now
            tries.append(now)
            failed.times += 1
            if failed.times >= FREE:
                failed.until = now + min(LONGEST, FIRST * 2 ** min(failed.times - FREE, 10))
            return 0.0

    def right(self, name: str, address: str) -> None:
        """Forget the wrong passwords of `name` from `address`: the right one was given."""
        with self._lock:
            self._pairs.pop((name[:100], network(address)), None)


def _touched(known: OrderedDict[Key, Value], key: Key, new: Callable[[], Value]) -> Value:
    """Return the value of `key`, a new one where there is none; forget the least recent of too many keys."""
    value = known.setdefault(key, new())
    known.move_to_end(key)
    while len(known) > KNOWN:
        known.popitem(last=False)
    return value
