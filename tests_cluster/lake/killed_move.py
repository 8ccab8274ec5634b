"""Hold the function of a process that moves a home and kills itself with -9 at a moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline.core.context import silent
from pipeline.core.home import Home
from pipeline.lake import back, move
from pipeline.lake.rows import Rows
from pipeline.storage.objects import Objects
from tests_cluster.lake.killed import after

MOMENTS: dict[str, dict[str, tuple[Any, str, int]]] = {
    "there": {
        "amid tables": (Rows, "_write", 24),
        "amid files": (Objects, "put", 3),
        "at the end": (move, "_note", 1),
    },
    "hence": {
        "amid tables": (Rows, "fingerprint", 9),
        "amid files": (Objects, "fetch", 3),
        "at the end": (back, "_tables", 1),
    },
}
"""What dies after how many calls, by the way and the moment."""


def carry(address: str, way: str, moment: str, home: Home, storage: str) -> None:
    """Move a home `there` or `hence`, and die at the moment."""
    after(*MOMENTS[way][moment])
    if way == "there":
        move.move_to(home, address, storage, datetime(2026, 3, 4, tzinfo=UTC), silent)
    else:
        back.move_back(home, address, silent)
