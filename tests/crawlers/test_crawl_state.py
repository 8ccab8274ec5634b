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
    old_database = sqlite3.connect(tmp_path / "crawl.sqlite")
    old_database.execute(
        "CREATE TABLE sources (source TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, modified TEXT, "
        "complete INTEGER NOT NULL)"
    )
    old_database.execute("INSERT INTO sources VALUES ('s', 'https://a.example/', NULL, NULL, 1)")
    old_database.commit()
    old_database.close()
    for _ in range(2):
        state = CrawlState(tmp_path / "crawl.sqlite")
        assert state.listing("s") == Listing("https://a.example/", complete=True)
    state.save_listing("s", Listing("https://a.example/", complete=True, whole_at=NIGHT))
    assert state.listing("s") == Listing("https://a.example/", complete=True, whole_at=NIGHT)


def test_a_sighting_keeps_the_first_address_and_the_last_time(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "https://a.example/old", "memo")], NIGHT)
    state.save_sightings("s", [Sighting("1", "https://a.example/new")], NIGHT + DAY)
    (sighting,) = state.seen("s", NIGHT + 2 * DAY, 30)
    assert (sighting.url, sighting.memo, sighting.last_present) == (
        "https://a.example/old",
        "memo",
        NIGHT + DAY,
    )


def test_a_night_that_could_not_look_moves_no_last_present(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "u")], NIGHT)
    state.save_sightings("s", [Sighting("1", "u", present=None)], NIGHT + DAY)
    assert state.seen("s", NIGHT + DAY, 30)[0].last_present == NIGHT


def test_what_is_newer_stays_whoever_writes_last(state: CrawlState) -> None:
    """A night and a parallel revisit each write in batches: the order of writing proves nothing."""
    state.save_sightings("s", [Sighting("1", "u"), Sighting("2", "v")], NIGHT)
    state.save_sightings(
        "s", [Sighting("1", "u", at=NIGHT + DAY), Sighting("2", "v", present=False)], NIGHT + DAY
    )
    state.save_sightings(
        "s", [Sighting("1", "u", at=NIGHT + DAY / 2), Sighting("2", "v", at=NIGHT + DAY / 2)], NIGHT + 2 * DAY
    )
    (look,) = state.looks(["u", "v"])
    assert (look.ref, look.first_seen, look.checked) == ("1", NIGHT, NIGHT + DAY)
    assert [sighting.last_present for sighting in state.named("s", ["2", "1", "9"])] == [NIGHT + DAY]


def test_the_address_is_that_of_the_page_once_it_was_fetched(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "https://a.example/listed", present=None)], NIGHT)
    assert (state.named("s", ["1"]), state.looks(["https://a.example/listed"])) == ([], [])
    state.save_sightings("s", [Sighting("1", "https://a.example/page")], NIGHT + DAY)
    assert [sighting.url for sighting in state.named("s", ["1"])] == ["https://a.example/page"]


def test_never_fetched_has_no_last_present(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "u", "memo", present=None)], NIGHT)
    assert state.seen("s", NIGHT, 30)[0].last_present is None


def test_gone_is_not_looked_at_and_may_come_back(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("1", "u")], NIGHT)
    state.save_sightings("s", [Sighting("1", "u", present=False)], NIGHT + DAY)
    assert state.seen("s", NIGHT + DAY, 30) == []
    assert state.refs("s") == {"1"}
    state.save_sightings("s", [Sighting("1", "u")], NIGHT + 2 * DAY)
    assert [sighting.ref for sighting in state.seen("s", NIGHT + 2 * DAY, 30)] == ["1"]


def test_only_recent_documents_of_one_source_longest_unchecked_first(state: CrawlState) -> None:
    state.save_sightings("s", [Sighting("old", "u")], NIGHT - 40 * DAY)
    state.save_sightings("s", [Sighting("a", "u"), Sighting("b", "u")], NIGHT)
    state.save_sightings("s", [Sighting("a", "u", present=None)], NIGHT + DAY)
    state.save_sightings("other", [Sighting("z", "u")], NIGHT)
    assert [sighting.ref for sighting in state.seen("s", NIGHT + DAY, 30)] == ["b", "a"]


def test_listings(state: CrawlState) -> None:
    assert state.listing("s") is None
    state.save_listing("s", Listing("u", '"v1"', "Sun", True))
    assert state.listing("s") == Listing("u", '"v1"', "Sun", True)
    state.save_listing("s", Listing("u"))
    assert state.listing("s") == Listing("u", None, None, False)


def test_sightings_are_saved_whole_or_not_at_all(state: CrawlState) -> None:
    broken_sighting = Sighting("2", None)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        state.save_sightings("s", [Sighting("1", "u"), broken_sighting], NIGHT)
    assert state.seen("s", NIGHT, 30) == []
    state.save_sightings("s", [Sighting("1", "u")], NIGHT)


def test_it_is_there_after_the_process(tmp_path: Path) -> None:
    first_state = CrawlState(tmp_path / "deep" / "crawl.sqlite")
    first_state.save_sightings("s", [Sighting("1", "u")], NIGHT)
    first_state.close()
    assert CrawlState(tmp_path / "deep" / "crawl.sqlite").refs("s") == {"1"}


class TestOnAnotherMachine:
    """A part of the memory goes out as a file, and what changed in it comes back."""

    @staticmethod
    def away(state: CrawlState, folder: Path, *sources: str) -> tuple[Path, CrawlState]:
        """Return the file with the state of `sources`, and the state that another machine goes on with."""
        before_file, now_file = folder / "before.sqlite", folder / "now.sqlite"
        state.part(before_file, sources)
        now_file.write_bytes(before_file.read_bytes())
        return before_file, CrawlState(now_file)

    def test_a_part_holds_its_sources_alone(self, state: CrawlState, tmp_path: Path) -> None:
        for name in ("a", "b"):
            sightings = [Sighting("1", f"https://{name}.example/")]
            state.save_sightings(name, sightings, NIGHT, ["https://l.example/"])
            state.save_listing(name, Listing(f"https://{name}.example/f", complete=True, whole_at=NIGHT))
            state.save_asked(name, [f"{name}.example"], NIGHT, 30)
        _, remote = self.away(state, tmp_path, "a", "none")
        assert [sighting.url for sighting in remote.seen("a", NIGHT, 30)] == ["https://a.example/"]
        assert remote.listing("a") == state.listing("a")
        assert remote.asked() == {"a": {"a.example"}}
        assert (remote.seen("b", NIGHT, 30), remote.listing("b"), remote.waiting_links()) == ([], None, [])

    def test_what_changed_there_is_taken_in_and_nothing_else(self, state: CrawlState, tmp_path: Path) -> None:
        state.save_sightings("a", [Sighting("1", "u", "old"), Sighting("2", "v", "memo")], NIGHT)
        before_file, remote = self.away(state, tmp_path, "a")
        later = NIGHT + DAY
        remote.save_sightings(
            "a", [Sighting("1", "u", "new"), Sighting("3", "w")], later, ["https://l.example/"]
        )
        remote.save_listing("a", Listing("f", "etag", complete=True, whole_at=later))
        remote.save_asked("a", ["a.example"], later, 30)
        # Meanwhile a revisit on this machine looks at the document.
        state.save_sightings("a", [Sighting("2", "v", "looked at"), Sighting("1", "u", present=False)],
                             later + DAY)
        state.take_in(remote.changes(before_file))
        by_ref = {sighting.ref: sighting for sighting in state.seen("a", later, 30)}
        assert (by_ref["2"].memo, by_ref["2"].last_present) == ("looked at", later + DAY)
        assert by_ref["3"].last_present == later
        assert [sighting.ref for sighting in state.gone("a", later, 30)] == ["1"], "the later look stays"
        assert state.listing("a") == Listing("f", "etag", complete=True, whole_at=later)
        assert (state.waiting_links(), state.asked()) == ([("https://l.example/", 0)], {"a": {"a.example"}})

    def test_of_a_source_that_is_crawled_elsewhere_nothing_comes_back(
        self, state: CrawlState, tmp_path: Path
    ) -> None:
        before_file, remote = self.away(state, tmp_path, "a", "b")
        for name in ("a", "b"):
            remote.save_sightings(name, [Sighting("1", "u")], NIGHT)
            remote.save_listing(name, Listing("f"))
            remote.save_asked(name, ["x.example"], NIGHT, 30)
        state.take_in(remote.changes(before_file, without=["b"]))
        assert (len(state.seen("a", NIGHT, 30)), state.seen("b", NIGHT, 30)) == (1, [])
        assert (state.listing("b"), state.asked()) == (None, {"a": {"x.example"}})

    def test_a_link_that_was_followed_here_is_not_followed_again(
        self, state: CrawlState, tmp_path: Path
    ) -> None:
        before_file, remote = self.away(state, tmp_path, "a")
        remote.save_sightings("a", [], NIGHT + DAY, ["https://l.example/"])
        state.save_sightings("linked", [], NIGHT, ["https://l.example/"],
                             [Followed("https://l.example/", done=True)])
        state.take_in(remote.changes(before_file))
        assert state.waiting_links() == []


    def test_links_are_moved_along_and_what_came_of_them_is_taken_in(
        self, state: CrawlState, tmp_path: Path
    ) -> None:
        links = [f"https://{name}.example/" for name in "abc"]
        state.save_sightings("hn", [], NIGHT, links)
        state.save_sightings("linked", [], NIGHT, followed=[Followed(links[1], done=False)])
        before_file = tmp_path / "before.sqlite"
        state.part(before_file, [], links[:2])
        (tmp_path / "now.sqlite").write_bytes(before_file.read_bytes())
        remote = CrawlState(tmp_path / "now.sqlite")
        assert remote.tried(links) == {links[0]: 0, links[1]: 1}
        sightings = [Sighting(links[0], links[0]), Sighting("other", "https://b.example/known")]
        followed = [Followed(links[0], done=True), Followed(links[1], done=False)]
        remote.save_sightings("linked", sightings, NIGHT, followed=followed)
        state.take_in(remote.changes(before_file), without=["https://b.example/known"])
        assert state.tried(links) == {links[0]: 1, links[1]: 2, links[2]: 0}
        assert [link for link, _ in state.waiting_links()] == links[1:]
        assert [sighting.url for sighting in state.seen("linked", NIGHT, 30)] == links[:1]


def test_sites_that_a_source_asks_no_more_are_forgotten(state: CrawlState) -> None:
    state.save_asked("s", ["old.example", "own.example"], NIGHT, 30)
    state.save_asked("s", ["own.example"], NIGHT + 31 * DAY, 30)
    assert state.asked() == {"s": {"own.example"}}
