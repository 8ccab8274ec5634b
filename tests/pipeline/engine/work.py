"""Hold the functions that workers run in the tests; they load nothing else."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from pipeline.core.engine import CORES
from pipeline.core.errors import ModelError


def squared(number: int) -> int:
    return number * number


def its_process(_: object) -> tuple[int, str]:
    return os.getpid(), os.environ[CORES]


def raising(words: str) -> None:
    raise ModelError(words)


def raising_what_cannot_be_sent(_: object) -> None:
    error = ValueError("held a lock")
    error.lock = threading.Lock()  # type: ignore[attr-defined]
    raise error


def making_what_cannot_be_sent(_: object) -> object:
    return threading.Lock()


def dying(folder: Path, times: int, number: int) -> int:
    """Kill its process the first `times` that it is called for an even number; `folder` counts them."""
    deaths = len(list(folder.glob(f"{number}-*")))
    if number % 2 == 0 and deaths < times:
        (folder / f"{number}-{deaths}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number
