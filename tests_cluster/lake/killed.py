"""Hold the functions of processes that kill themselves with -9 at a moment while they write a lake."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.lake import night
from pipeline.lake.address import read_address
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.rows import Rows
from tests.forkserver import CONTEXT


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(owner: Any, name: str, times: int = 1) -> None:
    """Make a function kill the process after its `times`th return."""
    original, calls_left = getattr(owner, name), [times]

    def then_die(*given: Any, **named: Any) -> Any:
        result = original(*given, **named)
        calls_left[0] -= 1
        if not calls_left[0]:
            _die()
        return result

    setattr(owner, name, then_die)


def before(owner: Any, name: str) -> None:
    """Make a function kill the process instead of running."""
    setattr(owner, name, _die)


MOMENTS: dict[str, Callable[[], None]] = {
    "before the lake is made": lambda: before(night, "attach_to_write"),
    "after the lake is made": lambda: after(night, "attach_to_write"),
    "before anything is written": lambda: before(Rows, "_write"),
    "after the first table": lambda: after(Rows, "_write"),
    "after all tables, before the commit": lambda: after(Rows, "_write", 4),
    "after the commit, before the check": lambda: before(Rows, "check"),
    "after the check, before it is kept": lambda: after(Rows, "check"),
    "after it is kept": lambda: before(night, "maintain"),
    "after the maintenance": lambda: after(night, "maintain"),
}


def started(work: Callable[..., None], *given: Any) -> Any:
    """Start `work` in a process of its own."""
    process = CONTEXT.Process(target=work, args=given)
    process.start()
    return process


def write(address: str, moment: str, file: Path, storage: str) -> None:
    """Write a night, and die at the moment."""
    MOMENTS[moment]()
    night.write_night(read_address(address), file, storage)


def hold(address: str, held: Any) -> None:
    """Hold the lock of the lake, and tell it by the event `held`."""
    with Catalogue.open(read_address(address), purpose="another") as catalogue, catalogue.lock(0):
        held.set()
        signal.pause()
