"""A change of any stored column that is published moves a mark, so that it is published.

The store holds the newsroom once for each column of each table, each under names of its own, and one column
is changed in each: what a mark of another column would publish along is published in none of them.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pipeline.store.store import Store
from tests.pipeline.stages.publish.copies import (
    KNOWN_OTHERWISE,
    PUBLISHED,
    differing,
    fill_all,
    world_in,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("always")]  # a store and three publishes

SHARED = {"heirs", "intervals", "release_stages", "rules"}
"""Tables that know nothing of whom they are about; their rows stand once."""
NAMED = {"url", "page", "leads_to", "in_reply_to", "feed", "inbox_folder", "target", "heir", "merged_into",
         "house", "voice", "voice_name", "name", "organisation", "speaker", "speaker_organisation", "owner",
         "release_key", "split_from", "origin_name", "author"}  # fmt: skip
"""Columns that hold names, beside those whose own name ends in `_id`."""
LEFT_OUT = KNOWN_OTHERWISE | {("second_opinions", "refused")}
"""And what the store refuses beside an opinion."""
NAMED_LISTS = {"organisations", "entities", "names", "evidence_ids"}


def columns_of(store: Store, table: str) -> dict[str, str]:
    """Return the columns of a table with their types."""
    return {name: kind for name, kind, *_ in store.connection.execute(f"DESCRIBE store.{table}").fetchall()}


def named_anew(table: str, column: str) -> str | None:
    """Return how the names of a column are made those of newsroom number `i`; None where it holds none."""
    if column.endswith("_id") or column in NAMED or (table, column) == ("releases", "model"):
        return f"CASE WHEN {column} NOT IN ('', 'hearsay') THEN {column} || ' r' || i ELSE {column} END"
    if (table, column) == ("decisions", "value"):
        return "CASE WHEN kind = 'apart' THEN value || ' r' || i ELSE value END"
    if column in NAMED_LISTS:
        return f"list_transform({column}, lambda one: one || ' r' || i)"
    return None


def changed(table: str, column: str, kind: str) -> str:
    """Return the expression for another value of a column: of words the ones that follow in the table."""
    if kind == "BOOLEAN":
        return f"NOT coalesce({column}, false)"
    if kind in {"INTEGER", "BIGINT", "FLOAT", "DOUBLE"}:
        return f"coalesce({column}, 0) + 100"
    if kind == "TIMESTAMP":
        return f"coalesce({column}, TIMESTAMP '2026-01-05') + INTERVAL 1 HOUR"
    if kind.endswith("[]"):
        return f"list_append(coalesce({column}, []), 'another')"
    if kind == "JSON":
        return """'{"another": 1}'"""
    if (table, column) == ("second_opinions", "relation"):
        return f"if({column} = 'denies', 'supports', 'denies')"
    if named_anew(table, column):
        return f"coalesce({column}, '') || ' another'"
    return f"coalesce((SELECT min(other.{column}) FROM store.{table} AS other " \
           f"WHERE other.{column} > one.{column}), 'another')"  # fmt: skip


def lay_newsrooms(store: Store, number: int) -> None:
    """Add `number` newsrooms under names of their own."""
    for table in set(PUBLISHED) - SHARED:
        columns = {name: named_anew(table, name) for name in columns_of(store, table)}
        anew = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items() if sql)
        store.connection.execute(f"INSERT INTO store.{table} BY NAME SELECT * EXCLUDE (i) REPLACE ({anew}) "
                                 f"FROM store.{table}, range({number}) AS r(i)")


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str]]]:
    """A folder with a store of many newsrooms, and the columns of which each gets one changed."""
    folder = tmp_path_factory.mktemp("newsrooms")
    fill_all(folder)
    with closing(Store.open(folder / "work.duckdb")) as store:
        columns = [(table, column) for table in PUBLISHED for column in columns_of(store, table)
                   if (table, column) not in LEFT_OUT]
        lay_newsrooms(store, len(columns))
    return folder, columns


def test_a_change_of_any_column_is_published_as_in_a_copy_from_nothing(
    changes: tuple[Path, list[tuple[str, str]]], tmp_path: Path
) -> None:
    folder, columns = changes
    with world_in(tmp_path, folder) as world:
        world.publish("one")
        assert world.whole == 1
        for number, (table, column) in enumerate(columns):
            kinds = columns_of(world.store, table)
            key = next(iter(kinds))
            where = "" if table in SHARED else f" WHERE ends_with({key}, ' r{number}')"
            value = changed(table, column, kinds[column])
            world.store.connection.execute(f'UPDATE store.{table} AS one SET "{column}" = {value}{where}')
        incremental = world.publish("one")
        assert world.whole == 1
        assert differing(incremental, world.publish("other")) == []
