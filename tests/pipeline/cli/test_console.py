"""Test what the command line prints: no formula, markup or control character from a stranger takes effect."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rich.console import Console

from pipeline.cli import console
from pipeline.exports import tables

COLUMNS = ["text", "number", "when", "list"]
ROWS = [
    ("=HYPERLINK(\"http://evil.example\")", -3, datetime(2026, 3, 1, 12, tzinfo=UTC), ["=1+1", "b"]),
    ("plain, with \"quotes\"\nand a line", 2.5, date(2026, 3, 1), []),
    (None, Decimal("1.25"), None, None),
]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_in_csv_is_made_text_and_numbers_stay(start: str) -> None:
    out = io.StringIO()
    tables.write_csv(["a", "b"], [(f"{start}cmd", -3)], out)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [["a", "b"], [f"'{start}cmd", "-3"]]


def test_csv_gives_every_row_and_reads_back() -> None:
    out = io.StringIO()
    tables.write_csv(COLUMNS, ROWS, out)
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert rows[0] == COLUMNS
    assert rows[1] == [
        '\'=HYPERLINK("http://evil.example")',
        "-3",
        "2026-03-01T12:00:00+00:00",
        '["=1+1", "b"]',
    ]
    assert rows[2][0] == "plain, with \"quotes\"\nand a line"
    assert rows[3] == ["", "1.25", "", ""]


def test_json_gives_every_row_with_its_types() -> None:
    out = io.StringIO()
    tables.write_json(COLUMNS, ROWS, out)
    rows_read = json.loads(out.getvalue())
    assert rows_read[0] == {
        "text": ROWS[0][0],
        "number": -3,
        "when": "2026-03-01T12:00:00+00:00",
        "list": ["=1+1", "b"],
    }
    assert rows_read[2] == {"text": None, "number": 1.25, "when": None, "list": None}


def test_a_table_is_cut_says_so_and_shows_markup_as_text() -> None:
    out = io.StringIO()
    console.table(
        Console(file=out, width=100), ["a"], [("[red]x[/red] \x1b[31m\u202e",), ("y",), ("z",)], limit=2
    )
    text = out.getvalue()
    assert "[red]x[/red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "3 rows, 2 shown" in text
    assert "z" not in text.splitlines()[-3]
