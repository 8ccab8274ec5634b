"""What workers are given in the tests."""

from __future__ import annotations

import os
import time
from pathlib import Path

VERSION = "RUMORTRAIL_TEST_VERSION"


def installed() -> str:
    return os.environ.get(VERSION, "version 1")


def only_here() -> str:
    """Return the version where it is set, and break elsewhere as where nothing is installed."""
    if VERSION not in os.environ:
        raise ModuleNotFoundError("No module named 'pipeline'")
    return installed()


def meeting(folder: Path, most: int) -> int:
    """Return how many workers were at work at the same time, once there are `most`, or after two minutes."""
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + 120
    while (there := len(list(folder.iterdir()))) < most and time.monotonic() < until:
        time.sleep(0.05)
    return there


def slow(seconds: float) -> tuple[float, int]:
    time.sleep(seconds)
    return seconds, os.getpid()
