"""Values as they leave the house: for CSV, where no spreadsheet may take one for a formula, and for JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TextIO

# Cells that a spreadsheet would run as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_cell(value: Any) -> Any:
    """`value` as a CSV cell that no spreadsheet takes for a formula; lists and structures as JSON."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if value is None or isinstance(value, (bool, int, float)):
        return value
    plain = plain_value(value)
    return plain if isinstance(plain, str) and not isinstance(value, str) and not plain.startswith(_FORMULA) else csv_cell(json.dumps(plain, ensure_ascii=False, default=plain_value))


def plain_value(value: Any) -> Any:
    """`value` as JSON can hold it; times in ISO 8601."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (list, tuple, dict, int, float)) or value is None:
        return value
    return str(value)


def write_json(columns: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO | None = None) -> None:
    """All rows as one JSON array of objects; times in ISO 8601."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    json.dump(objects, out or sys.stdout, ensure_ascii=False, indent=1, default=plain_value)
    print(file=out or sys.stdout)


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO | None = None) -> None:
    """All rows as CSV after RFC 4180; a text that a spreadsheet would take for a formula gets a leading apostrophe."""
    writer = csv.writer(out or sys.stdout)
    writer.writerow(map(csv_cell, columns))
    writer.writerows([csv_cell(value) for value in row] for row in rows)
