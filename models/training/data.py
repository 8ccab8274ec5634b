"""Read the rows of the data sets, for training and benchmarks, and the command lines that name them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.passage_context import passage_context


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


def passage_in(
    item: Mapping[str, Any], part: str, start: int, end: int, items: Mapping[str, Mapping[str, Any]]
) -> tuple[str, str]:
    """Return the words of a span of an item's title or text, and what they stand in."""
    body, in_text = item[part], part == "text"
    post = items.get(item.get("in_reply_to") or "", {})
    post_text = ". ".join(filter(None, (post.get("title"), post.get("text"))))[:600]
    text_before = body[max(0, start - 200) : start] if in_text else None
    return body[start:end], passage_context(item.get("title") if in_text else None, post_text, text_before)


def text_of(row: Mapping[str, Any]) -> str:
    """Return title and text as one string."""
    return ". ".join(part for part in (row.get("title"), row["text"]) if part)
