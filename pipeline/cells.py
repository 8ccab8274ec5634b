"""Values as they leave the house: for CSV, where no spreadsheet may take one for a formula, and for JSON."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

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
