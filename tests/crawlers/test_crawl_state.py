"""What the crawlers remember."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.crawl_state import CrawlState, Listing, Sighting
from pipeline.core.errors import DataError

NIGHT = datetime(2026, 3, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def state(tmp_path: Path) -> CrawlState:
    return CrawlState(tmp_path / "crawl.sqlite")


def test_a_damaged_file_is_told_with_what_is_lost_without_it(tmp_path: Path) -> None:
    (tmp_path / "crawl.sqlite").write_bytes(b"none of ours" * 1000)
    with pytest.raises(DataError, match=r"crawl\.sqlite is damaged: .* move them away.* cannot tell what"):
        CrawlState(tmp_path / "crawl.sqlite")


def test_a_file_of_an_earlier_rumortrail_is_read_on(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "crawl.sqlite")
    old.execute("CREATE TABLE sources (source TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, modified TEXT, "
                "complete INTEGER NOT NULL)")
    old.execute("INSERT INTO sources VALUES ('s', 'https://a.example/', NULL, NULL, 1)")
    old.commit()
    old.close()
    for _ in range(2):
        state = CrawlState(tmp_path / "crawl.sqlite")
        assert state.listing("s") == Listing("https://a.example/", complete=True)
    state.save_listing("s", Listing("https://a.example/", complete=True, whole_at=NIGHT))
    assert state.listing("s") == Listing("https://a.example/", complete=True, whole_at=NIGHT)


def test_a_sighting_keeps_the_first_address_and_the_last_time(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "https://a.example/old", "memo")], NIGHT)
    state.save_sightings("s", [Sighting("1", "https://a.example/new")], NIGHT + DAY)
    (seen,) = state.seen("s", NIGHT + 2 * DAY, 30)
    assert (seen.url, seen.memo, seen.last_present) == ("https://a.example/old", "memo", NIGHT + DAY)


def test_a_night_that_could_not_look_moves_no_last_present(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "u")], NIGHT)
    state.save_sightings("s", [Sighting("1", "u", present=None)], NIGHT + DAY)
    assert state.seen("s", NIGHT + DAY, 30)[0].last_present == NIGHT


def test_what_is_newer_stays_whoever_writes_last(state: CrawlState) -> None:
    """A night and a revisit beside it each write when they have enough: the order says nothing."""
    state.save_sightings("s", [Sighting("1", "u"), Sighting("2", "v")], NIGHT)
    state.save_sightings(
        "s", [Sighting("1", "u", at=NIGHT + DAY), Sighting("2", "v", present=False)], NIGHT + DAY
    )
    state.save_sightings(
        "s", [Sighting("1", "u", at=NIGHT + DAY / 2), Sighting("2", "v", at=NIGHT + DAY / 2)], NIGHT + 2 * DAY
    )
    (look,) = state.looks(["u", "v"])
    assert (look.ref, look.first_seen, look.checked) == ("1", NIGHT, NIGHT + DAY)
    assert [seen.last_present for seen in state.named("s", ["2", "1", "9"])] == [NIGHT + DAY]


def test_the_address_is_that_of_the_page_once_it_was_fetched(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "https://a.example/listed", present=None)], NIGHT)
    assert (state.named("s", ["1"]), state.looks(["https://a.example/listed"])) == ([], [])
    state.save_sightings("s", [Sighting("1", "https://a.example/page")], NIGHT + DAY)
    assert [seen.url for seen in state.named("s", ["1"])] == ["https://a.example/page"]


def test_never_fetched_has_no_last_present(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "u", "memo", present=None)], NIGHT)
    assert state.seen("s", NIGHT, 30)[0].last_present is None


def test_gone_is_not_looked_at_and_may_come_back(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "u")], NIGHT)
    state.save_sightings("s", [Sighting("1", "u", present=False)], NIGHT + DAY)
    assert state.seen("s", NIGHT + DAY, 30) == []
    assert state.refs("s") == {"1"}
    state.save_sightings("s", [Sighting("1", "u")], NIGHT + 2 * DAY)
    assert [seen.ref for seen in state.seen("s", NIGHT + 2 * DAY, 30)] == ["1"]


def test_only_recent_documents_of_one_source_longest_unchecked_first(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("old", "u")], NIGHT - 40 * DAY)
    state.save_sightings("s", [Sighting("a", "u"), Sighting("b", "u")], NIGHT)
    state.save_sightings("s", [Sighting("a", "u", present=None)], NIGHT + DAY)
    state.save_sightings("other", [Sighting("z", "u")], NIGHT)
    assert [seen.ref for seen in state.seen("s", NIGHT + DAY, 30)] == ["b", "a"]


def test_listings(state: CrawlState) -> None:
    assert state.listing("s") is None
    state.save_listing("s", Listing("u", '"v1"', "Sun", True))
    assert state.listing("s") == Listing("u", '"v1"', "Sun", True)
    state.save_listing("s", Listing("u"))
    assert state.listing("s") == Listing("u", None, None, False)


def test_sightings_are_saved_whole_or_not_at_all(state: CrawlState) -> None:
    broken = Sighting("2", None)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        state.save_sightings("s", [Sighting("1", "u"), broken], NIGHT)
    assert state.seen("s", NIGHT, 30) == []
    state.save_sightings("s", [Sighting("1", "u")], NIGHT)


def test_it_is_there_after_the_process(tmp_path: Path) -> None:
    first = CrawlState(tmp_path / "deep" / "crawl.sqlite")
    first.save_sightings("s", [Sighting("1", "u")], NIGHT)
    first.close()
    assert CrawlState(tmp_path / "deep" / "crawl.sqlite").refs("s") == {"1"}
