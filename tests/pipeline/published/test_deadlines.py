"""The ledger of deadlines, read from a published copy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Kind, Precision, Status
from pipeline.published import deadlines
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.deadlines import read_ledger
from pipeline.stages.publish.stage import publish
from tests.conftest import NOW
from tests.worlds.builder import World, hours
from tests.worlds.laid import EmptyStore

MARCH, APRIL, PRICE = (datetime(2026, month, 28, 23, 59, 59, tzinfo=UTC) for month in (3, 4, 5))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release put off twice, the second time to no date; a price; a hidden claim; one without a date."""
    store = EmptyStore()
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("deadlines")), Config())
    world = World(store)
    courier = world.source("Courier")
    for claim_id, kind, at, day, precision in (
        ("c-march", Kind.RELEASE, 1, MARCH, Precision.DAY),
        ("c-april", Kind.DELAY, 50, APRIL, Precision.MONTH),
        ("c-soon", Kind.DELAY, 90, None, Precision.UNKNOWN),
        ("c-price", Kind.PRICE, 5, PRICE, Precision.QUARTER),
        ("c-hidden", Kind.RELEASE, 7, APRIL, Precision.DAY),
        ("c-plain", Kind.SIZE, 8, None, Precision.UNKNOWN),
    ):
        world.claim(claim_id, f"Claim {claim_id}", kind, ("Aurel",), ("Aster 5",), day, precision,
                    mention_id=f"m-{claim_id}", first_seen_at=hours(at))
        world.say(claim_id, courier, hours(at), document_id=f"d-{claim_id}", mention_id=f"m-{claim_id}",
                  quote=f"Words of {claim_id}.")
        world.judge(claim_id, hours(at + 1), [(hours(at), Status.UNVERIFIED, 0.3, "One voice.")], 1)
    for claim_id, model, day in (("c-march", "Aster 5", MARCH), ("c-april", "Aster 5", APRIL),
                                 ("c-hidden", "Borea 1", APRIL)):
        world.release(claim_id, model, "Aurel", deadline=day, precision="day", seen_at=hours(200),
                      state="missed" if claim_id == "c-march" else "open")
    world.release("c-soon", "Aster 5", "Aurel")
    for claim_id, void in (("c-soon", "no_time"), ("c-price", None)):
        day = PRICE if claim_id == "c-price" else None
        world.row("resolutions", claim_id=claim_id, seen_at=hours(200), deadline=day, void=void, run_id="r1",
                  precision="quarter" if day else "unknown")
        world.row("resolution_texts", claim_id=claim_id, number=1, written_at=hours(200), rules="rules-0",
                  text="Decides: A page.", why="first seen", run_id="r1")
        world.row("outcomes", claim_id=claim_id, state="open" if day else "void", resolved_at=None,
                  reason="the time that it names cannot be fixed" if void else "Its deadline has not passed.")
    world.row("resolution_texts", claim_id="c-price", number=2, written_at=hours(300), rules="rules-1",
              text="Decides: Its own word.", why="other rules", run_id="r1")
    world.decide(DecisionKind.HIDE, "c-hidden", None, hours(300))
    publish(store, run)
    store.close()
    return run.home


@pytest.mark.slow
def test_a_release_is_one_deadline_with_all_its_dates_and_others_are_theirs(home: Home) -> None:
    ledger = read_ledger(home, Config())
    assert ledger.published_at == NOW
    release, price = ledger.deadlines
    assert release.date.claim_id == "c-april", "one without a date is no deadline"
    assert release.revision == 3, "two dates after the first, and one decision"
    assert [date.claim_id for date in release.before] == ["c-march"]
    (lost_date,) = release.after
    assert (lost_date.claim_id, lost_date.deadline, lost_date.void) == ("c-soon", None, "no_time")
    assert (release.date.deadline, release.date.precision) == (APRIL, Precision.DAY)
    assert (release.before[0].state, release.date.quote) == ("missed", "Words of c-april.")
    assert (price.date.claim_id, price.date.state) == ("c-price", None)
    assert price.date.precision is Precision.QUARTER
    assert (price.date.how, price.date.how_now) == ("Decides: A page.", "Decides: Its own word.")
    assert price.date.speaker == price.date.source == "Courier"
    assert price.changed_at == hours(300)


def test_what_is_hidden_is_in_no_ledger(home: Home) -> None:
    assert "c-hidden" not in str(read_ledger(home, Config()))
    assert not read_ledger(home, Config(), ClaimFilter(models=("Borea 1",))).deadlines


def test_of_some_claims_the_newest_date_is_the_deadline(home: Home) -> None:
    (release,) = read_ledger(home, Config(), ClaimFilter(kinds=("release",))).deadlines
    assert (release.date.claim_id, release.revision) == ("c-march", 3)
    assert [date.claim_id for date in release.after] == ["c-april", "c-soon"]
    assert not read_ledger(home, Config(), ClaimFilter(organisations=("Nobody",))).deadlines
    assert not read_ledger(home, Config(), ClaimFilter(kinds=("size",))).deadlines


def test_of_many_those_that_end_last_are_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "DEADLINES", 1)
    (last_deadline,) = read_ledger(home, Config()).deadlines
    assert last_deadline.date.claim_id == "c-price"
    monkeypatch.setattr(deadlines, "_REVISIONS", 1)
    (first,) = read_ledger(home, Config(), ClaimFilter(kinds=("delay",))).deadlines
    assert (first.revision, first.before) == (3, ())


@pytest.mark.slow
def test_a_revision_never_falls(tmp_path: Path) -> None:
    store, run = EmptyStore(), RunContext("20260302T030000Z", NOW, Home(tmp_path), Config())
    world = World(store)
    world.source("Courier")
    for number, (claim_id, day) in enumerate((("c-march", MARCH), ("c-april", APRIL))):
        world.claim(claim_id, f"Claim {claim_id}", Kind.RELEASE, ("Aurel",), ("Aster 5",), day, Precision.DAY,
                    mention_id=f"m-{claim_id}", first_seen_at=hours(number))
        world.say(claim_id, "courier", hours(number), mention_id=f"m-{claim_id}")
        world.release(claim_id, "Aster 5", "Aurel", deadline=day, precision="day", seen_at=hours(number))
    revisions: list[tuple[str, int]] = []
    for undone_at in (None, None, NOW):
        if revisions and undone_at is None:
            world.decide(DecisionKind.HIDE, "c-april", None, NOW)
        store.execute("UPDATE store.decisions SET undone_at = $at", {"at": undone_at})
        publish(store, run)
        (deadline,) = read_ledger(run.home, Config()).deadlines
        revisions.append((deadline.date.claim_id, deadline.revision))
    store.close()
    assert revisions == [("c-april", 1), ("c-march", 1), ("c-april", 3)]


def test_without_a_copy_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing is published"):
        read_ledger(Home(tmp_path), Config())
