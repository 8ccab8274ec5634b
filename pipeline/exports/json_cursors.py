"""Where a list goes on: opaque to whoever asks, and checked when it comes back."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from typing import Any

from pipeline.core.errors import DataError
from pipeline.published.claim_list import After
from pipeline.published.place import Identity

_FAR = 10**9


class CursorError(DataError):
    """A text was given that is no cursor."""


class StaleCursor(CursorError):
    """The list has changed since the cursor was given."""


def behind(sort: str, after: After) -> str:
    """Return the cursor behind a claim: it holds through any number of new copies."""
    return _packed([sort, after.relevance, after.rank, after.moved, after.claim_id])


def after(sort: str, cursor: str) -> After | None:
    """Return the place that a cursor names, None for the beginning. Raises CursorError for any other text."""
    if not cursor:
        return None
    match _unpacked(cursor):
        case [str(order), *figures, str(claim_id)] if len(figures) == 3:
            if order != sort:
                raise CursorError(f"the cursor is of the order {order[:20]!r}: begin the list anew")
            if all(isinstance(figure, int | float) and math.isfinite(figure) for figure in figures):
                relevance, rank, moved = map(float, figures)
                return After(relevance, rank, moved, claim_id[:200])
    raise CursorError("the cursor is none that was given")


def numbered(identity: Identity, place: int) -> str:
    """Return the cursor of a place in a list that holds as long as the copy stands."""
    return _packed([place, _mark(identity)])


def place(identity: Identity, cursor: str) -> int:
    """Return the place that a cursor names, 0 for "".

    Raises StaleCursor for that of another copy, and CursorError for any other text.
    """
    if not cursor:
        return 0
    match _unpacked(cursor):
        case [int(number), str(mark)] if 0 < number < _FAR:
            if mark != _mark(identity):
                raise StaleCursor("a new copy was published since: begin the list anew, without the cursor")
            return number
    raise CursorError("the cursor is none that was given")


def _mark(identity: Identity) -> str:
    return hashlib.sha256(repr(identity).encode()).hexdigest()[:12]


def _packed(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _unpacked(cursor: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return None
