"""Who repeats whom on the page of a source, without a browser."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.views.sources import repetition
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Run, Source
from pipeline.core.vocabulary import Outcome, Platform, Role
from pipeline.published.sources import ListedSource, Repeat
from pipeline.stages.publish.stage import publish
from tests.conftest import NOW
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, opened
from tests.worlds.laid import EmptyStore


def _source(claims: int, repeated: int) -> ListedSource:
    empty: tuple[int, ...] = (0,) * 5
    return ListedSource(
        "source",
        "s",
        "Gridpost",
        "news",
        "press",
        None,
        None,
        1,
        claims,
        *empty,
        None,
        None,
        None,
        True,
        None,
        0,
        0,
        0,
        repeated,
        0,
        0,
        0,
        1,
    )


def _repeat(name: str, claims: int, total: int, *signs: str, stored: bool = True) -> Repeat:
    return Repeat(name if stored else None, name, claims, claims, list(signs), total)


def test_a_sources_page_tells_whom_it_repeats_and_who_repeats_it(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "sources", id="gossip"))
    section = html.partition("Who repeats whom")[2].partition("What it said")[0]
    assert "Repetition is no confirmation" in section
    assert "sources?id=kestrel" in section
    html = html_of(opened(sample_home, "sources", id="kestrel"))
    assert "sources?id=gossip" in html.partition("Taken by")[2].partition("What it said")[0]


def test_the_list_tells_when_each_address_was_verified(sample_home: Home, tmp_path: Path) -> None:
    verified_months = json.dumps({"kestrel": "2026-10", "gossip": "<b>never</b>"})
    verified = f"INSERT OR REPLACE INTO meta VALUES ('verified', '{verified_months}')"
    html = html_of(opened(altered(sample_home, tmp_path / "verified", verified), "sources"))
    assert "Address verified" in html and "2026-10" in html
    assert "<b>never" not in html and "&lt;b&gt;never" in html
    people = html_of(opened(sample_home, "sources", who="People"))
    assert "Address verified" not in people
    older_home = altered(sample_home, tmp_path / "older", "DELETE FROM meta WHERE key = 'verified'")
    assert "Address verified" in html_of(opened(older_home, "sources"))


def test_the_finding_says_most_only_where_there_is_a_most() -> None:
    even = [_repeat("Kestrel", 1, 3), _repeat("Tidewire", 1, 3), _repeat("a letter", 1, 3, stored=False)]
    html = repetition.section(_source(8, 5), even, even)
    assert "Of 8 claims it only passes on 5. It takes no more than 1 claim each from" in html
    assert "3 sources repeat it, none more than 1 claim" in html
    assert "(not stored)" in html
    assert "through others" in html
    uneven = [_repeat("Kestrel", 4, 2, "link: 3", "repost: 1"), _repeat("Tidewire", 1, 2)]
    html = repetition.section(_source(8, 0), uneven, uneven)
    assert "It takes most (4 claims) from" in html
    assert "2 sources repeat it, most often" in html
    assert "link (3) · repost (1)" in html


@pytest.mark.slow
def test_a_source_that_brings_nothing_new_is_named_in_the_list_and_on_its_page(home: Home) -> None:
    store = EmptyStore()
    store.append("sources", [Source("wire", "The <b>Wire", Platform.NEWS, Role.PRESS)])
    for day in range(8):
        at = NOW - timedelta(days=100 - day)
        row = {"document_id": f"d{day}", "platform": "news", "source_id": "wire", "feed": "wire",
               "published_at": at, "published_precision": "second", "published_from": "feed", "seen_at": NOW,
               "artefact": False, "run_id": "r"}  # fmt: skip
        store.append("documents", [row])
    store.append("runs", [Run("r", "nightly", NOW, NOW, Outcome.OK, None)])
    crawl = {"inbox_folder": "r", "run_id": "r", "feed": "wire", "started_at": NOW, "finished_at": NOW,
             "outcome": "ok"}
    store.append("crawls", [crawl | {"documents": 8, "requests": 1}])
    publish(store, RunContext(run_id="r", now=NOW, home=home, config=Config()))
    store.close()
    list_html = html_of(opened(home, "sources"))
    assert "1 ailing source</summary>" in list_html
    for html in (list_html, html_of(opened(home, "sources", id="wire")), html_of(opened(home, "about"))):
        assert ">stale</span>" in html and "<b>Wire" not in html
    assert "nothing new since 2025-11-29, usually every day" in list_html


def test_a_long_list_says_how_much_of_it_is_shown() -> None:
    html = repetition.section(_source(1, 0), [_repeat("Kestrel", 1, 90)], [])
    assert "The first 1 of 90." in html
    assert "Nobody is known to repeat it" in html
    html = repetition.section(_source(1, 0), [], [_repeat("Kestrel", 1, 1)])
    assert "It is not known to repeat anybody" in html


def test_strangers_names_and_signs_are_text() -> None:
    html = repetition.section(_source(1, 0), [_repeat("<b>x</b>", 1, 1, "<i>y</i>: <u>")], [])
    assert "<b>x" not in html
    assert "<i>y" not in html
    assert "<u>" not in html
