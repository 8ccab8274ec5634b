"""The data sets' rows as training and benchmarks read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def text_of(row: Mapping[str, Any]) -> str:
    """Title and text as one."""
    return ". ".join(part for part in (row.get("title"), row["text"]) if part)
