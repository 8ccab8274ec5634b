"""Hold the functions that workers run in the tests."""

from __future__ import annotations

import os
import time
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
    deadline = time.monotonic() + 120
    while (arrived := len(list(folder.iterdir()))) < most and time.monotonic() < deadline:
        time.sleep(0.05)
    return arrived


def until(released: Path) -> int:
    """Return the worker's process once `released` is there, or two minutes have passed."""
    deadline = time.monotonic() + 120
    while not released.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return os.getpid()
