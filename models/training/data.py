"""Read the rows of the data sets, for training and benchmarks, and the command lines that name them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def label_arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a command line that takes labels and the folder of the labelled data."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    return parser


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Return the JSON lines of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def text_of(row: Mapping[str, Any]) -> str:
    """Return title and text as one string."""
    return ". ".join(part for part in (row.get("title"), row["text"]) if part)
