"""An answer as a table of our own: Streamlit's would write a CSV with cells that a spreadsheet runs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from dashboard.components import html
from dashboard.components.html import literal
from pipeline.core.text import shorten
from pipeline.exports.tables import plain_value
from pipeline.published.sandbox import Answer

ROWS, CELLS = 1_000, 20_000
"""Rows and cells of a table at most: it is one element of the page, and a browser has to hold it."""

HTML, COLUMNS = 2_000_000, 1_000
"""Characters of HTML after which a table takes no further row, and its columns at most."""

_TEXT, _DEEP = 500, 20
_html = html.Template("views/ask/page.html")


def table(answer: Answer) -> tuple[Markup, int]:
    """Return the first rows of `answer` as a table, and how many."""
    rows, columns = answer.table.num_rows, answer.table.num_columns
    most = min(rows, ROWS, max(1, CELLS // max(1, columns)))
    names = answer.table.column_names[:COLUMNS]
    right = [kind in _NUMERIC or kind.startswith("DECIMAL") for kind in answer.types]
    head = list(zip(names, map(type_words, answer.types), right))  # noqa: B905 - of the types as many as columns
    body: list[list[tuple[Markup, bool]]] = []
    size = 0
    for index in range(most):
        # One character can become forty. Where the first row alone is too large, its last cells are left out.
        row: list[tuple[Markup, bool]] = []
        for name, column, number in zip(names, answer.table.columns, right):  # noqa: B905
            full = size > HTML
            if full and body:
                return _html.table(head, body, columns), len(body)
            row.append((Markup("…"), False) if full else (_cell(name, column[index]), number))
            size += len(row[-1][0]) + len("<td></td>")
        body.append(row)
    return _html.table(head, body, columns), len(body)


_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
_NUMERIC = {"FLOAT", "DOUBLE", *_WHOLE, *(f"U{kind}" for kind in _WHOLE)}


def type_words(kind: str) -> str:
    """Return a column's type in words; the copy's times are UTC and say so."""
    words = {"TIMESTAMP": "time, UTC", "DATE": "day, UTC", "VARCHAR": "text", "DOUBLE": "number"}
    return words.get(kind, kind.lower())


def _cell(name: str, scalar: pa.Scalar) -> Markup:
    if pa.types.is_nested(scalar.type) and scalar.is_valid:
        words = json.dumps(_start(scalar, [_TEXT]), ensure_ascii=False, default=plain_value)
        return literal(shorten(words, _TEXT))
    value = scalar.as_py()
    if value is None:
        return Markup('<span class="rt-unknown">null</span>')
    if name == "claim_id" and isinstance(value, str) and value:
        return html.claim_link(value, value)
    if isinstance(value, datetime):
        value = f"{value:%Y-%m-%d %H:%M:%S}" + (f".{value.microsecond:06}" if value.microsecond else "")
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, float):
        value = f"{value:.6g}"
    elif isinstance(value, bytes):
        return literal(value.hex(), 80)
    return literal(value, _TEXT)


def _start(scalar: pa.Scalar, left: list[int], deep: int = 0) -> Any:
    """Return the part of a nested value that a cell shows: at most `left` values, at any depth."""
    left[0] -= 1
    if not scalar.is_valid:
        return None
    if deep > _DEEP:
        return "…"
    if isinstance(scalar, pa.UnionScalar):
        return _start(scalar.value, left, deep + 1)
    if isinstance(scalar, pa.StructScalar):
        struct = {}
        for index, field in enumerate(scalar.type):
            if left[0] <= 0:
                break
            struct[field.name[:_TEXT]] = _start(scalar[index], left, deep + 1)
        return struct
    if isinstance(scalar, pa.ListScalar):
        parts: list[Any] = []
        for part in scalar.values:
            if left[0] <= 0:
                break
            if isinstance(scalar, pa.MapScalar):
                parts.append([_start(part[0], left, deep + 1), _start(part[1], left, deep + 1)])
            else:
                parts.append(_start(part, left, deep + 1))
        return parts
    value = scalar.as_py()
    return value[:_TEXT] if isinstance(value, (str, bytes)) else value
