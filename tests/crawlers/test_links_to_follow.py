"""Which links a run asks for: the newest, as many as a run and a host may have, whoever asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawlers.crawl_state import CrawlState, Followed, Sighting
from crawlers.links_to_follow import WAIT_DAYS, Following, choose_links
from pipeline.core.config import CrawlConfig
from tests.crawlers.conftest import FIRST_NIGHT as NIGHT

BOUNDS = CrawlConfig(follow_links=5, follow_per_host=2)
ALL = Following(())


@pytest.fixture
def state(tmp_path: Path) -> Iterator[CrawlState]:
    """Three links to each of three hosts, a link an hour, and one that waits for too long."""
    state = CrawlState(tmp_path / "crawl.sqlite")
    for hour in range(9):
        link = f"https://{'abc'[hour % 3]}.example/{hour}"
        state.save_sightings("hn", [], NIGHT - timedelta(hours=hour), [link])
    state.save_sightings("hn", [], NIGHT - timedelta(days=WAIT_DAYS, hours=1), ["https://d.example/old"])
    yield state
    state.close()


def test_the_newest_come_first_within_the_bounds_of_a_run_and_a_host(state: CrawlState) -> None:
    choice = choose_links(state, BOUNDS, NIGHT, ALL)
    assert [link[8] + link[-1] for link in choice.asked] == ["a0", "b1", "c2", "a3", "b4"]
    assert (choice.left, choice.known, choice.taken) == (4, {}, ())
    assert choose_links(state, replace(BOUNDS, follow_links=0), NIGHT, ALL).asked == {}


def test_what_workers_settled_counts_and_what_they_left_is_chosen_again(state: CrawlState) -> None:
    asked_links = choose_links(state, BOUNDS, NIGHT, ALL).asked
    link_left = "https://c.example/2"
    settled = tuple(link for link in asked_links if link != link_left)
    # One gave a page, the others failed for now.
    state.save_sightings("linked", [Sighting(settled[0], settled[0])], NIGHT,
                         followed=[Followed(link, done=link == settled[0]) for link in settled])
    choice = choose_links(state, BOUNDS, NIGHT, Following((), settled=settled))
    assert (list(choice.asked), choice.left) == ([link_left], 4)


def test_a_page_that_is_known_is_not_asked_for(state: CrawlState) -> None:
    state.save_sightings("a", [Sighting("https://a.example/0", "https://a.example/zero"),
                               Sighting("https://b.example/1", "https://b.example/1", present=None)], NIGHT)
    choice = choose_links(state, BOUNDS, NIGHT, ALL)
    assert choice.known == {"https://a.example/0": "https://a.example/zero"}
    assert not {"https://a.example/0", "https://b.example/1"} & choice.asked.keys(), "b's source has it"
