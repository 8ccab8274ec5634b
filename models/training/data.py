"""Read the rows of the data sets, for training and benchmarks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Return the JSON lines of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def text_of(row: Mapping[str, Any]) -> str:
    """Return title and text as one."""
    return ". ".join(part for part in (row.get("title"), row["text"]) if part)
