"""Move a home, and die of -9 at a moment.

`python -m tests_cluster.lake.killed_move there|hence MOMENT HOME STORAGE`; the address comes on standard
input.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.core.context import silent
from pipeline.core.home import Home
from pipeline.lake import back, move
from pipeline.lake.rows import Rows
from pipeline.storage.objects import Objects
from tests_cluster.lake.killed import after

MOMENTS: dict[str, dict[str, tuple[Any, str, int]]] = {
    "there": {
        "amid tables": (Rows, "_write", 60),
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


def main() -> None:
    """Do it."""
    way, moment, home, storage = sys.argv[1:]
    address = sys.stdin.read()
    after(*MOMENTS[way][moment])
    if way == "there":
        move.move_to(Home(Path(home)), address, storage, datetime(2026, 3, 4, tzinfo=UTC), silent)
    else:
        back.move_back(Home(Path(home)), address, silent)


if __name__ == "__main__":
    main()
