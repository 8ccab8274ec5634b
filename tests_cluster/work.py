"""Hold the functions that workers run in the tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

VERSION = "RUMORTRAIL_TEST_VERSION"


def installed() -> str:
    return os.environ.get(VERSION, "version 1")


def only_here() -> str:
    """Return the version where it is set; elsewhere fail as if nothing were installed."""
    if VERSION not in os.environ:
        raise ModuleNotFoundError("No module named 'pipeline'")
    return installed()


def meeting(folder: Path, most: int) -> int:
    """Return how many workers are at work at the same time: wait for `most` of them, or two minutes."""
    (folder / str(os.getpid())).touch()
    _wait(lambda: len(list(folder.iterdir())) >= most)
    return len(list(folder.iterdir()))


def until(released: Path) -> int:
    """Return the worker's process once `released` is there, or two minutes have passed."""
    _wait(released.exists)
    return os.getpid()


def _wait(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, at most two minutes."""
    deadline = time.monotonic() + 120
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
