"""A limit on the processor time of a library's work on hostile input: it holds up the whole crawl."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.5
"""Seconds after which a library that took the end for a fault of its own is told again."""


class _TimeIsUp(Exception):
    """Raised in the midst of whatever is at work."""


@contextmanager
def bounded(seconds: float, what: str) -> Iterator[None]:
    """Limit the block to `seconds` of processor time. Raises ValueError, which names `what`, after them.

    Only Python code in the main thread can be ended so; in another thread the block is not bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous_handler = signal.signal(signal.SIGVTALRM, _end)
    try:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _TimeIsUp:
        raise ValueError(f"{what} that takes more than {seconds:g} s of processor time to read") from None
    finally:
        signal.signal(signal.SIGVTALRM, previous_handler)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise _TimeIsUp
