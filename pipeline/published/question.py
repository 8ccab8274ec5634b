"""Tell a question about the published copy from a statement that would write, attach or set something."""

from __future__ import annotations

import re

import duckdb

from pipeline.core.errors import DataError
from pipeline.published.reach import is_lake, keep_to_the_night

_EXPLAIN = re.compile(
    r"(\s|--[^\n]*\n|/\*.*?\*/)*EXPLAIN\s+(ANALYZE\s+|\([^)]*\)\s*)?", re.IGNORECASE | re.DOTALL
)
# Functions that a SELECT may call and that do more than read.
_SETTING = re.compile(
    r"\b((?:en|dis)able_(?:logging|profiling)|(?:force_)?checkpoint|truncate_duckdb_logs)\s*\(",
    re.IGNORECASE,
)
_READING = "SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW and EXPLAIN ask; "


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise DataError unless `sql` is one statement that reads and does nothing else."""
    if match := _SETTING.search(sql):
        raise DataError(f"{match[1]}() changes how the database works: the copy can only be read")
    try:
        statements = connection.extract_statements(sql)
    except UnicodeDecodeError as error:  # of DuckDB's own message, where it cuts a letter in two
        raise DataError("This is not SQL as the database reads it.") from error
    if not statements:
        raise DataError("There is no question in this: write SQL, for example FROM claims LIMIT 20")
    kinds = [str(statement.type).rpartition(".")[2] for statement in statements]
    if kinds == ["CREATE", "SELECT"] and re.match(r"\s*(PIVOT|FROM|WITH)\b", sql, re.IGNORECASE):
        raise DataError("A PIVOT must name its columns: PIVOT claims ON status IN ('disputed', 'expired') …")
    if len(statements) > 1:
        raise DataError(f"These are {len(statements)} statements: ask one question at a time")
    statement_sql = sql
    if kinds == ["EXPLAIN"]:
        # EXPLAIN ANALYZE does what it explains.
        statement_sql = sql[match.end() :] if (match := _EXPLAIN.match(sql)) else ""
        kinds = [
            str(statement.type).rpartition(".")[2]
            for statement in connection.extract_statements(statement_sql)
        ]
    if kinds != ["SELECT"]:
        raise DataError(f"{_READING}{' '.join(kinds) or 'this'} does not: the copy can only be read")
    if is_lake(connection):
        keep_to_the_night(connection, statement_sql)
