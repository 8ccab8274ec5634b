"""A text that breaks its reader is left out, named, and takes no other with it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.store.row_by_row import SYSTEMIC, row_by_row
from pipeline.store.store import Store


def halves(rows: Sequence[int]) -> list[int]:
    """Break on rows below zero."""
    if any(row < 0 for row in rows):
        raise KeyError("a row below zero")
    return [row // 2 for row in rows]


def read(store: Store, run: RunContext, rows: Sequence[int]) -> list[int]:
    return row_by_row(store, run, "extract", rows, halves, str, unread=lambda _: -1)


def test_only_what_breaks_is_left_out_and_named(store: Store, run: RunContext) -> None:
    assert read(store, run, [8, 6, -3, 4, 2, -7]) == [4, 3, -1, 2, 1, -1]
    issues = store.execute("SELECT code, severity, stage, place FROM store.issues ORDER BY place")
    assert issues == [("unread", "error", "extract", "-3"), ("unread", "error", "extract", "-7")]
    ((message,),) = store.execute("SELECT message FROM store.issues WHERE place = '-3'")
    assert "KeyError" in message and "left out of extract" in message




def test_a_reader_that_reads_nothing_is_no_matter_of_texts(store: Store, run: RunContext) -> None:
    with pytest.raises(KeyError):
        read(store, run, [-1] * SYSTEMIC)
    assert read(store, run, [*[-1] * SYSTEMIC, 2])[-1] == 1


def test_a_fault_of_the_installation_is_told_as_such(store: Store, run: RunContext) -> None:
    def lost(_: Sequence[int]) -> list[int]:
        raise ModelError("the weights are missing")

    with pytest.raises(ModelError):
        row_by_row(store, run, "extract", [1, 2], lost, str, unread=lambda _: 0)
