"""Nights that are not published: tests query their results in the views of the work file.

The published copy holds what the views hold (tests/pipeline/stages/publish/test_stage.py).
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.core.home import Home
from pipeline.run.stages import STAGES

UNPUBLISHED = tuple(stage for stage in STAGES if stage != "publish")
"""The stages of a night, but the last."""


def stored(home: Home, sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query on the work file, which includes the public views."""
    with duckdb.connect(str(home.work), read_only=True, config={"threads": 1}) as connection:
        return connection.execute(sql, given).fetchall()
