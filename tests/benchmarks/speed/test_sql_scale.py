"""The made-up store of the SQL benchmark fits the schema, and no view loses its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.speed.sql_scale import build
from pipeline.store.store import Store

pytestmark = pytest.mark.slow  # a made-up store


def test_the_made_up_store_fits_the_schema(tmp_path: Path) -> None:
    build(tmp_path, 2_000)
    store = Store.open(tmp_path / "work.duckdb")
    sql = (
        "SELECT (SELECT count(*) FROM evidence), (SELECT count(*) FROM claims), (SELECT count(*) FROM "
        "documents)"
    )
    assert store.connection.execute(sql).fetchall() == [(2_000, 200, 600)]
    torn_mentions = (
        "SELECT count(*) FROM mentions JOIN versions USING (version_id) WHERE NOT contains(title || ' ' || "
        "text, quote)"
    )
    assert store.connection.execute(torn_mentions).fetchall() == [(0,)]
    store.close()
