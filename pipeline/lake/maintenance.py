"""Keep a lake quick to read: join its many small files, and delete the files that no snapshot needs.

Called by the one writer between two nights, never beside a night: DuckLake does not notice each conflict of
the two (docs/adr/0008-a-lake-with-one-writer.md).
"""

from __future__ import annotations

import duckdb

from pipeline.lake.catalogue import Catalogue

SMALL = 32_000_000
"""Bytes: smaller files are joined."""
MOST_SMALL = 32
"""Small files that a table may have before they are joined."""
GONE = 0.2
"""The share of a file's rows that may be gone before it is rewritten: files with rows that are gone are not
joined. The old file stays for the nights that refer to it."""
KEPT = "2 days"
"""Files that were joined may still be read by a question that began before."""


def maintain(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, name: str) -> bool:
    """Join small files where a table has too many; return whether any were. All nights can still be read.

    Raises duckdb.Error.
    """
    for clean in ("cleanup_old_files", "delete_orphaned_files"):
        connection.execute(f"CALL ducklake_{clean}('{name}', older_than => now() - INTERVAL '{KEPT}')")
    if catalogue.rows("small_files", size=SMALL)[0][0] <= MOST_SMALL:
        return False
    connection.execute(f"CALL ducklake_rewrite_data_files('{name}', delete_threshold => {GONE})")
    connection.execute(f"CALL ducklake_merge_adjacent_files('{name}', max_file_size => {SMALL})")
    return True
