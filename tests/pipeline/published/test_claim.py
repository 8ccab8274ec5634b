"""The one reader of a claim: as of any instant, through merges, and what was not traced is no voice."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from pipeline.core.config import Config, Home
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError, HiddenError
from pipeline.core.records import DecisionKind, Stance
from pipeline.published.claim import NOW, AsOf, claim_of, find_claim, read_claim, read_claims
from pipeline.published.database import open_published
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store
from tests.worlds.builder import World, hours
from tests.worlds.sample import NIGHTS

pytestmark = pytest.mark.slow  # a published copy for each


def plain(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


@pytest.mark.slow
def test_what_was_not_traced_yet_is_shown_and_is_no_voice(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1")
    world.say("c1", world.source("Gazette"), hours(0))
    world.say("c1", world.source("Courier"), hours(1), Stance.DENIES)
    publish(store, run)
    case = read_claim(run.home, Config(), "c1")
    assert [(one.source, one.independent, one.is_voice) for one in case.statements] == [
        ("Gazette", False, False),
        ("Courier", False, False),
    ]
    assert all("not traced yet" in (one.voice_reason or "") for one in case.statements)
    assert (case.subject.mentions, case.subject.denies, case.subject.denied_by) == (2, 1, 0)
    trace(store, run)
    publish(store, run)
    case = read_claim(run.home, Config(), "c1")
    assert all(one.independent and one.is_voice for one in case.statements) and case.subject.denied_by == 1


@pytest.fixture
def merged(store: Store, run: RunContext) -> Home:
    """Claim a was merged into b, b into c; x and y into one another."""
    world = World(store)
    for claim in "abcxy":
        world.claim(claim, f"Claim {claim}")
        if claim in "cy":
            world.say(claim, world.source(f"Source {claim}"), hours(0))
    for number, (claim, into) in enumerate((("a", "b"), ("b", "c"), ("x", "y"), ("y", "x"))):
        world.decide(DecisionKind.MERGE, claim, into, hours(60 + number))
    store.connection.execute("UPDATE store.claims SET merged_into = 'c' WHERE claim_id IN ('a', 'b')")
    store.connection.execute("UPDATE store.claims SET merged_into = 'y' WHERE claim_id = 'x'")
    publish(store, run)
    return run.home


def test_a_claim_that_was_merged_twice_leads_to_the_last_one(merged: Home) -> None:
    for asked in "ab":
        case = read_claim(merged, Config(), asked)
        assert (case.subject.claim_id, case.asked_id) == ("c", asked)
    assert read_claim(merged, Config(), "c").asked_id is None


def test_a_circle_of_merges_ends(merged: Home) -> None:
    assert read_claim(merged, Config(), "x").subject.claim_id == "y"
    with pytest.raises(DataError, match="no claim 'nobody' is published"):
        read_claim(merged, Config(), "nobody")


def test_a_claim_that_was_joined_to_a_hidden_one_is_hidden_too(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1")
    world.claim("c2")
    world.say("c1", world.source("Gazette"), hours(0))
    joined = {"forward": 0.9, "backward": 0.9, "model": "m", "joined_at": hours(2), "parted_at": None}
    world.row("joins", claim_id="c2", into_id="c1", run_id="r1", **joined)
    store.execute("UPDATE store.claims SET merged_into = 'c1' WHERE claim_id = 'c2'")
    world.decide(DecisionKind.HIDE, "c1", None, hours(3))
    publish(store, run)
    with pytest.raises(HiddenError, match="hidden"):
        read_claim(run.home, Config(), "c2")


@pytest.mark.slow
def test_a_claim_is_read_as_of_what_was_seen_and_of_what_was_said(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1", "Aster 5 comes in May")
    world.say("c1", world.source("Gazette"), hours(0))
    # Said before the denial was, and seen after it.
    world.say("c1", world.source("Courier"), hours(2), quote="In May Aster 5 will be there",
              document={"seen_at": hours(90)})
    world.say("c1", world.source("Herald"), hours(4), Stance.DENIES)
    trace(store, run)
    judge(store, run)
    publish(store, run)

    def sources(as_of: AsOf) -> set[str]:
        case = find_claim(run.home, Config(), "aster may", as_of)
        assert not isinstance(case, list)
        assert case.subject.mentions == len(case.statements)
        return {one.source for one in case.statements}

    assert sources(AsOf()) == {"Gazette", "Courier", "Herald"}
    assert sources(AsOf(said=plain(hours(3)))) == {"Gazette", "Courier"}
    case = read_claim(run.home, Config(), "c1", AsOf(said=plain(hours(3))))
    assert (case.subject.denied_by, case.subject.status, case.subject.importance) == (0, "corroborated", None)
    assert read_claim(run.home, Config(), "c1").subject.status == "disputed"
    assert [move.status for move in case.moves] == ["unverified", "corroborated"]
    assert "Courier" not in sources(AsOf(seen=plain(hours(80))))
    with pytest.raises(DataError, match="nothing was known of c1"):
        read_claim(run.home, Config(), "c1", AsOf(seen=plain(hours(0) - timedelta(days=1))))


def test_one_that_is_followed_is_known_from_then_on_without_evidence(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1", mention_id="")
    world.decide(DecisionKind.FOLLOW, "c1", "Aurel trained Aster 4 on test sets", hours(24), "a tip")
    publish(store, run)
    case = read_claim(run.home, Config(), "c1")
    assert (case.subject.followed_by, case.subject.followed_since, case.subject.followed_why) == (
        "Edda", hours(24), "a tip"
    )
    assert (case.statements, case.moves, case.subject.mentions) == ([], [], 0)
    assert [decision.kind for decision in case.decisions] == ["follow"]
    with pytest.raises(DataError, match="nothing was known of c1 at that time"):
        read_claim(run.home, Config(), "c1", AsOf(plain(hours(23))))


def test_one_that_is_no_longer_followed_was_followed_once(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1")
    world.say("c1", world.source("Gazette"), hours(0))
    world.decide(DecisionKind.FOLLOW, "c1", "Aurel trained Aster 4 on test sets", hours(24))
    store.connection.execute("UPDATE store.decisions SET undone_at = ?", [plain(hours(48))])
    publish(store, run)
    assert read_claim(run.home, Config(), "c1").subject.followed_by is None
    assert read_claim(run.home, Config(), "c1", AsOf(plain(hours(30)))).subject.followed_by == "Edda"


@pytest.mark.parametrize("as_of", [NOW, AsOf(plain(NIGHTS[1] + timedelta(hours=9)))], ids=["now", "then"])
def test_many_claims_are_read_as_each_is_alone(sample_home: Home, as_of: AsOf) -> None:
    config = Config()
    with open_published(sample_home.published, config.ask) as connection:
        ids = [row[0] for row in connection.execute("SELECT claim_id FROM claims ORDER BY ALL").fetchall()]
        cases = read_claims(connection, [*ids, "nobody", *ids], seconds=600, as_of=as_of)
        alone = []
        for claim_id in ids:
            with suppress(DataError):  # nothing was known of it then
                alone.append(claim_of(connection, claim_id, as_of, 600))
    assert cases == alone and len(alone) > 5
