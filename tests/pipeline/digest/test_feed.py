"""The Atom feed, as feedparser and an XML parser read it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import PublisherConfig
from pipeline.core.vocabulary import Status
from pipeline.exports.status_feed import Changed, atom
from tests.conftest import NOW
from tests.worlds.stories import hostile_texts

DESK = PublisherConfig("The Paper", "https://desk.paper.example")
CHANGE = Changed(
    "c1",
    "Aster 4 has 70b parameters",
    NOW,
    NOW - timedelta(hours=5),
    None,
    Status.UNVERIFIED,
    1,
    "One voice.",
)


def test_it_is_valid_and_says_what_changed_when_it_was_judged() -> None:
    later_change = dataclasses.replace(
        CHANGE,
        judged_at=NOW + timedelta(days=1),
        status_before=Status.UNVERIFIED,
        status=Status.DISPUTED,
        voices=2,
    )
    parsed_feed = feedparser.parse(atom([later_change, CHANGE], DESK, NOW).encode())
    assert (parsed_feed.bozo, parsed_feed.version) == (False, "atom10")
    assert parsed_feed.feed.author == "The Paper"
    assert parsed_feed.feed.updated == "2026-03-03T03:00:00Z"
    first, second = parsed_feed.entries
    assert first.title == "Disputed: Aster 4 has 70b parameters"
    assert first.updated == "2026-03-03T03:00:00Z"
    assert first.link == "https://desk.paper.example/c/c1"
    assert first.tags[0].term == "disputed"
    assert (
        "It was unverified before. 2 independent voices. What moved it was said on 2026-03-01."
        in first.content[0].value
    )
    assert "The claim is new. 1 independent voice." in second.content[0].value


def test_ids_are_stable_and_differ() -> None:
    both_feeds = [feedparser.parse(atom([CHANGE], DESK, NOW + timedelta(days=day))) for day in (0, 9)]
    assert both_feeds[0].feed.id == both_feeds[1].feed.id
    assert both_feeds[0].entries[0].id == both_feeds[1].entries[0].id
    other_feed = feedparser.parse(
        atom([dataclasses.replace(CHANGE, judged_at=NOW + timedelta(days=1))], DESK, NOW)
    )
    assert other_feed.entries[0].id != both_feeds[0].entries[0].id
    other_desk_feed = feedparser.parse(atom([CHANGE], PublisherConfig("Other", "https://other.example"), NOW))
    assert other_desk_feed.entries[0].id != both_feeds[0].entries[0].id


def test_an_unknown_time_stays_unknown_and_no_address_is_no_link() -> None:
    parsed_feed = feedparser.parse(atom([dataclasses.replace(CHANGE, moved_at=None)], PublisherConfig(), NOW))
    assert "was said at an unknown time." in parsed_feed.entries[0].content[0].value
    assert not parsed_feed.entries[0].get("links")
    assert feedparser.parse(atom([], DESK, NOW)).feed.updated == "2026-03-02T03:00:00Z"


@pytest.mark.parametrize(
    "text", hostile_texts("http://canary.example")[:-2], ids=lambda text: ascii(text[:20])
)
def test_hostile_text_is_text(text: str) -> None:
    feed_text = atom([dataclasses.replace(CHANGE, claim=text, reason=text)], DESK, NOW)
    root = ET.fromstring(feed_text)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "feed", "id", "title", "updated", "author", "name", "generator", "link", "entry", "category",
        "content"
    }  # fmt: skip
    assert {element.get("type") for element in root.iter("{http://www.w3.org/2005/Atom}content")} == {"text"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_gives_xml(text: str) -> None:
    title = ET.fromstring(atom([dataclasses.replace(CHANGE, claim=text)], DESK, NOW)).find(
        "{*}entry/{*}title"
    )
    assert title is not None and (title.text or "").startswith("Unverified: ")


def test_times_of_another_zone_are_told_in_utc() -> None:
    naive_time = datetime(2026, 3, 2, 3, 0)  # noqa: DTZ001  # the published copy holds UTC without a zone
    assert "<updated>2026-03-02T03:00:00Z</updated>" in atom(
        [dataclasses.replace(CHANGE, judged_at=naive_time)], DESK, NOW
    )
    assert NOW.tzinfo is UTC
