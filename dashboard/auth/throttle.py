"""How often a password may be tried."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5  # wrong passwords for one name before it has to wait
FIRST, LONGEST = 30.0, 900.0  # seconds
MINUTE, IN_A_MINUTE = 60.0, 30  # wrong passwords in all, whatever the names
NAMES = 1_000


@dataclass(slots=True)
class _Failed:
    times: int = 0
    until: float = 0.0


class Throttle:
    """Counts wrong passwords by name and in all; forgets a name after the right one, and the oldest of many.

    The wait doubles with each wrong password after the fifth, from 30 seconds to 15 minutes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._names: OrderedDict[str, _Failed] = OrderedDict()
        self._all: list[float] = []

    def admit(self, name: str) -> float:
        """Return 0 where a password may be tried for `name` now, else the seconds to wait.

        It counts as wrong until `right` is called, so that many that are sent at once count, too.
        """
        with self._lock:
            now = self._clock()
            self._all = [at for at in self._all if at > now - MINUTE]
            crowded = self._all[0] + MINUTE - now if len(self._all) >= IN_A_MINUTE else 0.0
            known = self._names.get(name)
            seconds = max(crowded, known.until - now if known else 0.0, 0.0)
            if seconds:
                return seconds
            self._all.append(now)
            known = self._names.setdefault(name, _Failed())
            self._names.move_to_end(name)
            known.times += 1
            if known.times >= FREE:
                known.until = now + min(LONGEST, FIRST * 2 ** min(known.times - FREE, 10))
            while len(self._names) > NAMES:
                self._names.popitem(last=False)
            return 0.0

    def right(self, name: str) -> None:
        """Forget the wrong passwords of `name`: the right one was given."""
        with self._lock:
            self._names.pop(name, None)
