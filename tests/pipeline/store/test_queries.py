"""Test that a recursive statement materialises the table that it walks before its first step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.published import claim
from pipeline.stages.trace import stage
from pipeline.store.queries import Statements
from pipeline.store.store import Store

PACKAGE = Path(pipeline.__file__).parent


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _nodes(child)


# If a step groups, DuckDB 1.5 with two threads sometimes loses rows: a claim merged twice was unknown.
@pytest.mark.parametrize(
    ("statements", "name", "given"),
    [
        (claim.SQL, "heir", {"claim_id": "c1"}),
        (claim.SQL, "hidden", {"claim_id": "c1"}),
        (claim.SQL, "claim", claim.NOW.values("claim", "c1")),
        (stage.SQL, "todo", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_step_of_a_recursion_groups(
    store: Store, statements: Statements, name: str, given: dict[str, Any]
) -> None:
    # DuckDB 2 would see that the tables are empty, and plan no recursion.
    store.connection.execute("SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'")
    ((_, plan),) = store.connection.execute(f"EXPLAIN (FORMAT json) {statements[name]}", given).fetchall()
    store.connection.execute("RESET disabled_optimizers")
    nodes = [node for top in json.loads(plan) for node in _nodes(top)]
    steps = [step["name"] for node in nodes if node["name"] == "REC_CTE" for step in _nodes(node)]
    assert "REC_CTE_SCAN" in steps
    assert not [step for step in steps if "GROUP_BY" in step]


def test_every_recursion_walks_a_table_that_is_kept() -> None:
    files = {file: file.read_text("utf-8") for file in PACKAGE.rglob("*.sql")}
    recursions = [recursion for text in files.values() for recursion in text.split("WITH RECURSIVE")[1:]]
    assert recursions and all("AS MATERIALIZED (" in recursion.splitlines()[0] for recursion in recursions)
