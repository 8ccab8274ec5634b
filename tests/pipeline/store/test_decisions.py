"""The words of a claim that an editor hid stand in no public view (step.hidden); its ids still do."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import DecisionKind
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.builder import World, hours

LIBEL = "Jane Doe stole the weights of Aster 4"


def told(store: Store) -> tuple[list[Any], ...]:
    """Return the sentences of joins, follows and mentions."""
    columns = (
        "claim FROM joins", "value FROM decisions WHERE kind = 'follow'",
        "DISTINCT proposition FROM mentions",
    )  # fmt: skip
    return tuple([value for (value,) in store.execute(f"SELECT {column}")] for column in columns)


@pytest.fixture
def world(store: Store) -> World:
    """Claim c2, which an editor followed and the machine joined to c1; both have a statement."""
    world = World(store)
    world.source("Alder")
    world.claim("c1", "The weights of Aster 4 were stolen")
    world.claim("c2", LIBEL, mention_id="")
    for claim in ("c1", "c2"):
        world.say(claim, "alder", hours(0), quote="“She took them”, says the suit", proposition=LIBEL)
    world.decide(DecisionKind.FOLLOW, "c2", LIBEL, hours(1))
    join_fields = {"forward": 0.9, "backward": 0.9, "model": "m", "joined_at": hours(2), "run_id": "r1"}
    world.row("joins", claim_id="c2", into_id="c1", parted_at=None, **join_fields)
    store.execute("UPDATE store.members SET claim_id = 'c1'")
    store.execute("UPDATE store.claims SET merged_into = 'c1' WHERE claim_id = 'c2'")
    return world


def test_a_claim_that_stands_for_another_hides_its_words(world: World) -> None:
    assert told(world.store) == ([LIBEL], [LIBEL], [LIBEL])
    world.decide(DecisionKind.HIDE, "c1", None, hours(3))
    assert told(world.store) == ([None], [None], [None])
    assert world.store.execute("SELECT joined_id, into_id, claim_id FROM joins") == [("c2", "c1", "c1")]


@pytest.mark.slow
def test_no_table_of_the_copy_has_the_words_of_a_hidden_claim(world: World, run: RunContext) -> None:
    world.decide(DecisionKind.HIDE, "c1", None, hours(3))
    publish(world.store, run)
    with duckdb.connect(str(run.home.published), read_only=True) as copy:
        tables = copy.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").fetchall()
        search_sql = 'SELECT 1 FROM "{}" AS t WHERE contains(t::VARCHAR, $words) LIMIT 1'
        tables_found = [
            name for (name,) in tables if copy.execute(search_sql.format(name), {"words": LIBEL}).fetchone()
        ]
    assert ("decisions",) in tables and tables_found == []


def test_one_that_was_parted_and_hidden_hides_its_own(world: World) -> None:
    store = world.store
    store.execute("UPDATE store.joins SET parted_at = $now", {"now": NOW})
    store.execute("UPDATE store.claims SET merged_into = NULL WHERE claim_id = 'c2'")
    store.execute("UPDATE store.members SET claim_id = 'c2' WHERE mention_id = 'm-d001-c2-0'")
    world.decide(DecisionKind.HIDE, "c2", None, hours(3))
    mentions = store.execute("SELECT claim_id, proposition FROM mentions ORDER BY claim_id")
    assert (mentions, *told(store)[:2]) == ([("c1", LIBEL), ("c2", None)], [None], [None])


def test_a_sentence_that_is_followed_and_hidden_before_it_is_a_claim_is_not_told(store: Store) -> None:
    world = World(store)
    world.decide(DecisionKind.FOLLOW, "c9", LIBEL, hours(1))
    assert told(store)[1] == [LIBEL]
    world.decide(DecisionKind.HIDE, "c9", None, hours(3))
    assert told(store)[1] == [None]
