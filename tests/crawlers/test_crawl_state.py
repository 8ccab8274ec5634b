"""What the crawlers remember."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.crawl_state import CrawlState, Followed, Listing, Sighting
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


class TestOnAnotherMachine:
    """A part of the memory goes out as a file, and what changed in it comes back."""

    @staticmethod
    def away(state: CrawlState, folder: Path, *sources: str) -> tuple[Path, CrawlState]:
        """What is remembered of `sources`, as it was and as it is moved along on the other machine."""
        before, now = folder / "before.sqlite", folder / "now.sqlite"
        state.part(before, sources)
        now.write_bytes(before.read_bytes())
        return before, CrawlState(now)

    def test_a_part_holds_its_sources_alone(self, state: CrawlState, tmp_path: Path) -> None:
        for name in ("a", "b"):
            found = [Sighting("1", f"https://{name}.example/")]
            state.save_sightings(name, found, NIGHT, ["https://l.example/"])
            state.save_listing(name, Listing(f"https://{name}.example/f", complete=True, whole_at=NIGHT))
            state.save_asked(name, [f"{name}.example"], NIGHT, 30)
        _, there = self.away(state, tmp_path, "a", "none")
        assert [seen.url for seen in there.seen("a", NIGHT, 30)] == ["https://a.example/"]
        assert there.listing("a") == state.listing("a")
        assert there.asked() == {"a": {"a.example"}}
        assert (there.seen("b", NIGHT, 30), there.listing("b"), there.waiting_links()) == ([], None, [])

    def test_what_changed_there_is_taken_in_and_nothing_else(self, state: CrawlState, tmp_path: Path) -> None:
        state.save_sightings("a", [Sighting("1", "u", "old"), Sighting("2", "v", "memo")], NIGHT)
        before, there = self.away(state, tmp_path, "a")
        later = NIGHT + DAY
        there.save_sightings("a", [Sighting("1", "u", "new"), Sighting("3", "w")], later, ["https://l.example/"])
        there.save_listing("a", Listing("f", "etag", complete=True, whole_at=later))
        there.save_asked("a", ["a.example"], later, 30)
        # A revisit looks here meanwhile.
        state.save_sightings("a", [Sighting("2", "v", "looked at"), Sighting("1", "u", present=False)],
                             later + DAY)
        state.take_in(there.changes(before))
        seen = {one.ref: one for one in state.seen("a", later, 30)}
        assert (seen["2"].memo, seen["2"].last_present) == ("looked at", later + DAY)
        assert seen["3"].last_present == later
        assert [one.ref for one in state.gone("a", later, 30)] == ["1"], "the later look stays"
        assert state.listing("a") == Listing("f", "etag", complete=True, whole_at=later)
        assert (state.waiting_links(), state.asked()) == ([("https://l.example/", 0)], {"a": {"a.example"}})

    def test_of_a_source_that_is_crawled_elsewhere_nothing_comes_back(
        self, state: CrawlState, tmp_path: Path
    ) -> None:
        before, there = self.away(state, tmp_path, "a", "b")
        for name in ("a", "b"):
            there.save_sightings(name, [Sighting("1", "u")], NIGHT)
            there.save_listing(name, Listing("f"))
            there.save_asked(name, ["x.example"], NIGHT, 30)
        state.take_in(there.changes(before, without=["b"]))
        assert (len(state.seen("a", NIGHT, 30)), state.seen("b", NIGHT, 30)) == (1, [])
        assert (state.listing("b"), state.asked()) == (None, {"a": {"x.example"}})

    def test_a_link_that_was_followed_here_is_not_followed_again(
        self, state: CrawlState, tmp_path: Path
    ) -> None:
        before, there = self.away(state, tmp_path, "a")
        there.save_sightings("a", [], NIGHT + DAY, ["https://l.example/"])
        state.save_sightings("linked", [], NIGHT, ["https://l.example/"],
                             [Followed("https://l.example/", done=True)])
        state.take_in(there.changes(before))
        assert state.waiting_links() == []


    def test_links_are_moved_along_and_what_came_of_them_is_taken_in(
        self, state: CrawlState, tmp_path: Path
    ) -> None:
        links = [f"https://{name}.example/" for name in "abc"]
        state.save_sightings("hn", [], NIGHT, links)
        state.save_sightings("linked", [], NIGHT, followed=[Followed(links[1], done=False)])
        before = tmp_path / "before.sqlite"
        state.part(before, [], links[:2])
        (tmp_path / "now.sqlite").write_bytes(before.read_bytes())
        there = CrawlState(tmp_path / "now.sqlite")
        assert there.tried(links) == {links[0]: 0, links[1]: 1}
        seen = [Sighting(links[0], links[0]), Sighting("other", "https://b.example/known")]
        followed = [Followed(links[0], done=True), Followed(links[1], done=False)]
        there.save_sightings("linked", seen, NIGHT, followed=followed)
        state.take_in(there.changes(before), without=["https://b.example/known"])
        assert state.tried(links) == {links[0]: 1, links[1]: 2, links[2]: 0}
        assert [link for link, _ in state.waiting_links()] == links[1:]
        assert [one.url for one in state.seen("linked", NIGHT, 30)] == links[:1]


def test_sites_that_a_source_asks_no_more_are_forgotten(state: CrawlState) -> None:
    state.save_asked("s", ["old.example", "own.example"], NIGHT, 30)
    state.save_asked("s", ["own.example"], NIGHT + 31 * DAY, 30)
    assert state.asked() == {"s": {"own.example"}}
