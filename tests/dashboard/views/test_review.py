"""The page Review, without a browser."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.review import READ
from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, run_script
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # a page for each test

FIRST, SECOND = (claim_id(story.claim) for story in STORIES[:2])

_PAGE = """
from pathlib import Path
from dashboard.data import queries
from dashboard.editing.service import Desk
from dashboard.views import review
from pipeline.core.config import Config
from pipeline.core.home import Home
home = Home(Path({home!r}))
review.show(queries.current(home, Config()), {desk})
"""


@pytest.fixture
def desk_home(sample_home: Home, home: Home) -> Home:
    return altered(sample_home, home.path)


def _open(home: Home, *, reader: bool = False, **parameters: str) -> AppTest:
    desk = "None" if reader else "Desk(home, Config(), 'ada')"
    return run_script(_PAGE.format(home=str(home.path), desk=desk), parameters)


def test_a_reader_is_shown_where_to_sign_in_and_nothing_else(desk_home: Home) -> None:
    app = _open(desk_home, reader=True)
    assert 'href="sign-in?next=review"' in html_of(app)
    assert list(app.button) == []


def test_a_pair_is_merged_into_the_one_with_more_mentions_and_taken_back(desk_home: Home) -> None:
    app = _open(desk_home)
    html = html_of(app)
    assert STORIES[0].claim in html and STORIES[1].claim in html
    assert "The model rates their likeness at 41%" in html
    assert "1 nearly the same claim" in html
    app.text_input(key="why").set_value("two wordings").run()
    app.button(key="merge").click().run()
    (entry,) = Journal(desk_home.journal).read()
    sizes = {claim_id(story.claim): len(story.said) for story in STORIES[:2]}
    larger = max(sizes, key=lambda claim: sizes[claim])
    assert (entry.kind, entry.value, entry.reason, entry.editor) == ("merge", larger, "two wordings", "ada")
    assert "0 nearly the same claim" in html_of(app)
    assert "1 decision waiting" in html_of(app)
    app.button(key="undo-told").click().run()
    assert Journal(desk_home.journal).read()[0].undone_at is not None
    assert "1 nearly the same claim" in html_of(app)


def test_a_pair_is_kept_apart(desk_home: Home) -> None:
    app = _open(desk_home)
    app.button(key="apart").click().run()
    (entry,) = Journal(desk_home.journal).read()
    assert (entry.kind, {entry.target, entry.value}, entry.reason) == ("apart", {FIRST, SECOND}, READ)
    assert "0 nearly the same claim" in html_of(app)


def test_a_stance_is_set_with_its_context_in_view(desk_home: Home) -> None:
    app = _open(desk_home, queue="Unsure stances")
    html = html_of(app)
    assert "Which stance does this take?" in html
    assert "rt-around" in html
    before = html
    app.button(key="stance-denies").click().run()
    (entry,) = Journal(desk_home.journal).read()
    assert (entry.kind, entry.value) == ("stance", "denies")
    assert entry.target.startswith("m")
    assert html_of(app) != before


def test_what_a_second_reader_reads_otherwise_is_asked_first(sample_home: Home, home: Home) -> None:
    # The surest evidence of the copy, about which Review would not ask otherwise.
    sure_opinion = """INSERT INTO second_opinions BY NAME
        SELECT claim_id, mention_id, evidence_id, 'reader-1' AS model, 'unrelated' AS relation,
               'its words' AS quotation, machine_stance, false AS agrees,
               TIMESTAMP '2026-03-10' AS asked_at, 'r' AS run_id
        FROM evidence ORDER BY confidence DESC, mention_id LIMIT 1"""
    before = html_of(_open(altered(sample_home, home.path / "before"), queue="Unsure stances"))
    after = altered(sample_home, home.path / "after", sure_opinion)
    app = _open(after, queue="Unsure stances")
    html = html_of(app)
    page_text = re.sub(r"<[^>]+>", "", html)
    assert "A second reader (reader-1) reads this as “unrelated” from “its words”" in page_text
    assert "second reader" not in before
    (waiting,), (waiting_after,) = (re.findall(r"(\d+) unsure stances", page) for page in (before, html))
    assert int(waiting_after) == int(waiting) + 1
    app.button(key="stance-reports").click().run()
    assert Journal(after.journal).read()[0].value == "reports"
    assert "second reader" not in html_of(app)


def test_later_goes_on_and_keeps_the_question(desk_home: Home) -> None:
    app = _open(desk_home, queue="Unsure stances")
    first = html_of(app)
    app.button(key="later-stances").click().run()
    assert html_of(app) != first
    assert Journal(desk_home.journal).read() == []


def test_claims_about_to_change_say_why(desk_home: Home) -> None:
    html = html_of(_open(desk_home, queue="About to change"))
    assert "Aurora Labs skipped the safety tests of Aster 2" in html
    assert html.count("One more independent voice would corroborate it.") == 1
    assert "Its deadline is near" not in html


def test_hostile_words_stay_words(hostile_home: Home) -> None:
    for queue in ("Nearly the same claim", "Unsure stances", "About to change"):
        html = html_of(_open(hostile_home, queue=queue))
        assert "<script" not in html and "<img" not in html
