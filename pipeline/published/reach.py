"""Keep a question on a night of a lake to the tables of that night.

A connection that reads a lake can reach more than a file's: the catalogue's database with any statement of
PostgreSQL, other servers of PostgreSQL, every file of the lake and its earlier nights, and functions that
delete files. Neither READ_ONLY nor `enable_external_access` keeps these away (docs/security.md), so what a
statement names is compared with lists of what it may name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from pipeline.core.errors import DataError

_CATALOGUES = {"", "published", "temp", "system"}
_SCHEMAS = {"", "main", "search", "information_schema", "pg_catalog", "temp", "published"}
_TABLE = re.compile(r"\w+")
_FUNCTIONS = {
    "duckdb_columns", "duckdb_constraints", "duckdb_functions", "duckdb_keywords", "duckdb_schemas",
    "duckdb_tables", "duckdb_types", "duckdb_views", "generate_series", "generate_subscripts", "json_each",
    "json_tree", "pragma_table_info", "range", "repeat", "repeat_row", "unnest",
}  # fmt: skip
"""The functions of tables, and the views of DuckDB's own, that a question may name."""


def is_lake(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the copy that a connection reads is a night of a lake."""
    sql = "SELECT type FROM duckdb_databases() WHERE database_name = 'published'"
    return connection.execute(sql).fetchall() == [("ducklake",)]


def keep_to_the_night(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise DataError where a statement that reads names anything but the night's tables and plain functions.

    `sql` is one statement, without EXPLAIN.
    """
    tree_json = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()[0][0]
    tree = json.loads(tree_json)
    if tree["error"]:
        raise DataError("this statement cannot be looked through, as a question to a lake must be")
    for node in _nodes(tree["statements"]):
        if node.get("at_clause"):
            raise DataError("AT reads another night: `rumortrail ask --as-of 2026-03-01` does")
        if node.get("type") == "TABLE_FUNCTION":
            name = node["function"]["function_name"]
            if name.lower() not in _FUNCTIONS:
                raise DataError(f"{name}() is not among what a question to a lake may call")
        elif "table_name" in node and "column_names" not in node:
            _table(node)


def _table(node: dict[str, Any]) -> None:
    catalogue, schema = (str(node.get(key) or "").lower() for key in ("catalog_name", "schema_name"))
    name = str(node["table_name"]).strip('"')
    own = name.lower().startswith(("duckdb_", "pragma_", "ducklake_")) and name.lower() not in _FUNCTIONS
    if catalogue not in _CATALOGUES or schema not in _SCHEMAS or own or (name and not _TABLE.fullmatch(name)):
        full_name = ".".join(filter(None, (catalogue, schema, name)))
        raise DataError(f"{full_name} is not a table of this night: the tables are described in docs/sql.md")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for inner in tree.values():
            yield from _nodes(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _nodes(inner)
