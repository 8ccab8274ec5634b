"""The one reader of a claim: as of any instant, through merges, and what was not traced is no voice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError, HiddenError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Stance
from pipeline.published.claim import NOW, AsOf, claim_of, find_claim, read_claim, read_claims
from pipeline.published.claim_rows import About
from pipeline.published.database import open_published
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.stages.trace.stage import trace
from tests.conftest import NOW as TONIGHT
from tests.worlds.builder import World, hours
from tests.worlds.laid import EmptyStore
from tests.worlds.sample import NIGHTS

pytestmark = pytest.mark.slow  # published copies


def plain(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


@pytest.fixture(scope="module")
def untraced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, EmptyStore]]:
    """A home with claims that were not traced yet, and the store that it was published from.

    a was merged into b, b into c; x and y into one another. One was joined to a hidden one, one is followed,
    one no longer. Of two a denial was said.
    """
    store = EmptyStore()
    world = World(store)
    for name in ("Gazette", "Courier", "Herald"):
        world.source(name)
    world.claim("denied")
    world.say("denied", "gazette", hours(0))
    world.say("denied", "courier", hours(1), Stance.DENIES)
    world.claim("may", "Aster 5 comes in May")
    world.say("may", "gazette", hours(0))
    # It was said before the denial and seen after it.
    world.say("may", "courier", hours(2), quote="In May Aster 5 will be there",
              document={"seen_at": hours(90)})
    world.say("may", "herald", hours(4), Stance.DENIES)
    for claim in "abcxy":
        world.claim(claim, f"Claim {claim}")
        if claim in "cy":
            world.say(claim, world.source(f"Source {claim}"), hours(0))
    for number, (claim, into_id) in enumerate((("a", "b"), ("b", "c"), ("x", "y"), ("y", "x"))):
        world.decide(DecisionKind.MERGE, claim, into_id, hours(60 + number))
    world.claim("hidden")
    world.claim("joined")
    world.say("hidden", "gazette", hours(0))
    join_fields = {"forward": 0.9, "backward": 0.9, "model": "m", "joined_at": hours(2), "parted_at": None}
    world.row("joins", claim_id="joined", into_id="hidden", run_id="r1", **join_fields)
    world.decide(DecisionKind.HIDE, "hidden", None, hours(3))
    for claim, into_id in {"a": "c", "b": "c", "x": "y", "joined": "hidden"}.items():
        store.execute("UPDATE store.claims SET merged_into = ? WHERE claim_id = ?", [into_id, claim])
    world.claim("followed", mention_id="")
    world.decide(DecisionKind.FOLLOW, "followed", "Aurel trained Aster 4 on test sets", hours(24), "a tip")
    world.claim("left")
    world.say("left", "gazette", hours(0))
    world.decide(DecisionKind.FOLLOW, "left", "Aurel trained Aster 4 on test sets", hours(24))
    store.execute("UPDATE store.decisions SET undone_at = ? WHERE target = 'left'", [hours(48)])
    home = Home(tmp_path_factory.mktemp("untraced"))
    publish(store, night(home))
    yield home, store
    store.close()


@pytest.fixture(scope="module")
def copy(untraced: tuple[Home, EmptyStore]) -> Home:
    """Return the copy of the home that was published before tracing."""
    return untraced[0]


@pytest.fixture(scope="module")
def traced(untraced: tuple[Home, EmptyStore], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return the same home, traced and judged."""
    run, store = night(Home(tmp_path_factory.mktemp("traced"))), untraced[1]
    trace(store, run)
    judge(store, run)
    publish(store, run)
    return run.home


def night(home: Home) -> RunContext:
    return RunContext("20260302T030000Z", TONIGHT, home, Config())


def test_what_was_not_traced_yet_is_shown_and_is_no_voice(copy: Home, traced: Home) -> None:
    case = read_claim(copy, Config(), "denied")
    assert [(said.source, said.independent, said.is_voice) for said in case.statements] == [
        ("Gazette", False, False),
        ("Courier", False, False),
    ]
    assert all("not yet traced" in (said.voice_reason or "") for said in case.statements)
    assert (case.subject.mentions, case.subject.denies, case.subject.denied_by) == (2, 1, 0)
    case = read_claim(traced, Config(), "denied")
    assert all(said.independent and said.is_voice for said in case.statements) and case.subject.denied_by == 1


def test_a_claim_that_was_merged_twice_leads_to_the_last_one(copy: Home) -> None:
    for asked_id in "ab":
        case = read_claim(copy, Config(), asked_id)
        assert (case.subject.claim_id, case.asked_id) == ("c", asked_id)
    assert read_claim(copy, Config(), "c").asked_id is None


def test_a_circle_of_merges_ends(copy: Home) -> None:
    assert read_claim(copy, Config(), "x").subject.claim_id == "y"
    with pytest.raises(DataError, match="no claim 'nobody' is published"):
        read_claim(copy, Config(), "nobody")


def test_a_claim_that_was_joined_to_a_hidden_one_is_hidden_too(copy: Home) -> None:
    with pytest.raises(HiddenError, match="hidden"):
        read_claim(copy, Config(), "joined")


def test_a_claim_is_read_as_of_what_was_seen_and_of_what_was_said(traced: Home) -> None:
    def sources(as_of: AsOf) -> set[str]:
        case = find_claim(traced, Config(), "aster may", as_of)
        assert not isinstance(case, list)
        assert case.subject.mentions == len(case.statements)
        return {statement.source for statement in case.statements}

    assert sources(AsOf()) == {"Gazette", "Courier", "Herald"}
    assert sources(AsOf(said=plain(hours(3)))) == {"Gazette", "Courier"}
    case = read_claim(traced, Config(), "may", AsOf(said=plain(hours(3))))
    assert (case.subject.denied_by, case.subject.status, case.subject.importance) == (0, "corroborated", None)
    assert read_claim(traced, Config(), "may").subject.status == "disputed"
    assert [move.status for move in case.moves] == ["unverified", "corroborated"]
    assert "Courier" not in sources(AsOf(seen=plain(hours(80))))
    with pytest.raises(DataError, match="nothing was known of may"):
        read_claim(traced, Config(), "may", AsOf(seen=plain(hours(0) - timedelta(days=1))))


def test_one_that_is_followed_is_known_from_then_on_without_evidence(copy: Home) -> None:
    case = read_claim(copy, Config(), "followed")
    assert (case.subject.followed_by, case.subject.followed_since, case.subject.followed_why) == (
        "Edda", hours(24), "a tip"
    )
    assert (case.statements, case.moves, case.subject.mentions) == ([], [], 0)
    assert [decision.kind for decision in case.decisions] == ["follow"]
    with pytest.raises(DataError, match="nothing was known of followed at that time"):
        read_claim(copy, Config(), "followed", AsOf(plain(hours(23))))


def test_one_that_is_no_longer_followed_was_followed_once(copy: Home) -> None:
    assert read_claim(copy, Config(), "left").subject.followed_by is None
    assert read_claim(copy, Config(), "left", AsOf(plain(hours(30)))).subject.followed_by == "Edda"


def test_a_person_has_a_page_where_nobody_else_has_the_name(sample_home: Home, tmp_path: Path) -> None:
    home = Home(tmp_path)
    shutil.copy2(sample_home.published, home.published)
    with duckdb.connect(str(home.published)) as connection:
        [(claim,)] = connection.execute("SELECT min(claim_id) FROM claims").fetchall()
        for name, who_ids in {"Ann Sole": ["s:1"], "Jo Twin": ["s:2", "s:3"], "Al None": []}.items():
            connection.execute("INSERT INTO subjects BY NAME SELECT 'person' AS type, ? AS subject, "
                               "? AS claim_id", [name, claim])
            for who_id in who_ids:
                connection.execute("INSERT INTO track_records SELECT * REPLACE ('speaker' AS who, "
                                   "? AS who_id, ? AS name, 'all' AS slice) FROM track_records LIMIT 1",
                                   [who_id, name])
    added = [name for name in read_claim(home, Config(), claim).about if (name.who_id or "").startswith("s:")]
    assert added == [About("person", "Ann Sole", "s:1")]


@pytest.mark.parametrize("as_of", [NOW, AsOf(plain(NIGHTS[1] + timedelta(hours=9)))], ids=["now", "then"])
def test_many_claims_are_read_as_each_is_alone(sample_home: Home, as_of: AsOf) -> None:
    config = Config()
    with open_published(sample_home.published, config.ask) as connection:
        ids = [row[0] for row in connection.execute("SELECT claim_id FROM claims ORDER BY ALL").fetchall()]
        cases = read_claims(connection, [*ids, "nobody", *ids], seconds=600, as_of=as_of)
        cases_alone = []
        for claim_id in ids:
            with suppress(DataError):  # nothing was known of the claim then
                cases_alone.append(claim_of(connection, claim_id, as_of, 600))
    assert cases == cases_alone and len(cases_alone) > 5
