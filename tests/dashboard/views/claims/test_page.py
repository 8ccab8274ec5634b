"""The claims page, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import filters
from dashboard.views.claims.filters import VIEWS
from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from tests.conftest import NOW
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, run_script
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # a page for each test

_PAGE = """
from pathlib import Path
from dashboard.data import queries
from dashboard.editing.service import Desk
from pipeline.published.meaning import Load
from dashboard.views.claims import page
from pipeline.core.config import Config, ModelConfig
from pipeline.core.home import Home
from pipeline.core.errors import ModelError
from tests.fakes import FakeEmbedder

def missing(models):
    raise ModelError("no <b>weights</b> here")

makes = {{"fake": lambda models: FakeEmbedder(), "missing": missing}}
load = Load(ModelConfig(embedding={model!r}), makes[{model!r}]) if {model!r} in makes else None
home = Home(Path({home!r}))
page.show(queries.current(home, Config()), load, Desk(home, Config(), "ada") if {editor} else None)
"""


def _open(
    home: Home, model: str = "fake", *, editor: bool = False, **parameters: str | list[str]
) -> AppTest:
    return run_script(_PAGE.format(model=model, home=str(home.path), editor=editor), parameters)


def _listed(app: AppTest) -> int:
    return html_of(app).count('class="rt-claim"')


def test_what_moved_is_told_since_the_run_before_in_the_words_of_today(sample_home: Home) -> None:
    lead = " ".join(html_of(_open(sample_home)).partition("rt-lead")[2].partition("</p>")[0].split())
    assert "Since the run of 10 Mar 2026, 03:00 UTC" in lead
    assert ">2 moved and 1 was new</a>" in lead


def test_claims_are_filtered_by_the_address(sample_home: Home) -> None:
    html = html_of(_open(sample_home, status="disputed", org="Northwind AI"))
    assert html.count('class="rt-claim"') == 1
    assert "The Fjord licence" in html


def test_searching_writes_the_address_and_clearing_empties_it(sample_home: Home) -> None:
    app = _open(sample_home)
    app.text_input(key="q").set_value("no such claim").run()
    assert "No claim passes all filters" in html_of(app)
    app.button[0].click().run()
    assert html_of(app).count('class="rt-claim"') == len(STORIES)
    assert app.text_input(key="q").value == ""


def test_the_list_begins_with_what_is_most_worth_a_check_and_says_why(sample_home: Home) -> None:
    app = _open(sample_home)
    html = html_of(app)
    assert app.selectbox(key="sort").value == "best"
    assert "That says nothing about whether they are true." in html
    assert html.count("Worth a check?") == len(STORIES)
    assert f'checkable (<bdi class="rt-text">{STORIES[3].claim}' in html
    assert 'only announced (<bdi class="rt-text">presented</bdi>)' in html
    assert "date in the claim: " in html
    assert " due " not in html, "a date that a claim names may lie in its past"
    by_move = html_of(_open(sample_home, sort="Moved last"))
    assert "Worth a check?" not in by_move
    assert by_move.count('class="rt-claim"') == len(STORIES)


@pytest.mark.parametrize(
    ("parameters", "keys"),
    [
        ({"sort": "moved"}, {"sort": "moved"}),
        ({"sort": "What moved last"}, {"sort": "moved"}),
        ({"sort": "What was said first most lately"}, {"sort": "first"}),
        ({"sort": "What is due next"}, {"sort": "due"}),
        ({"rivals": "number"}, {"rivals": "number"}),
        ({"rivals": "Any rival"}, {"rivals": "any"}),
        ({"sort": "nothing of the kind"}, {"sort": "best", "rivals": ""}),
    ],
)
def test_an_address_may_name_an_option_by_its_key_or_by_former_words(
    sample_home: Home, parameters: dict[str, str], keys: dict[str, str]
) -> None:
    app = _open(sample_home, **parameters)
    assert html_of(app)
    assert {key: app.selectbox(key=key).value for key in keys} == keys
    app.selectbox(key="sort").set_value("denied").run()
    assert app.selectbox(key="sort").value == "denied", "what is chosen goes before the address"


def test_a_filter_that_is_no_option_is_left_out(sample_home: Home) -> None:
    assert html_of(
        _open(sample_home, status="<b>", org="Nobody", sort="x", p="99", since="yesterday")
    ).count('class="rt-claim"') == len(STORIES)


@pytest.mark.parametrize(
    ("parameters", "count", "told"),
    [
        ({"model": "Aster 2"}, 5, "Aster 2"),
        ({"source": "Circuit Courier"}, 4, "in <bdi"),
        ({"rivals": "Rival numbers"}, 2, "rival numbers"),
        ({"rivals": "Rival dates"}, 0, "rival dates"),
        ({"denied": "true"}, 3, "denied by the subject"),
        ({"due": "true"}, 1, "deadline ahead"),
        ({"since": "2026-03-09", "until": "2026-03-10"}, 8, "since 9 Mar 2026 · until 10 Mar 2026"),
        ({"status": ["disputed", "expired"], "single": "true"}, 2, "disputed · expired · single voice"),
    ],
)
def test_every_filter_is_held_by_the_address_and_told(
    sample_home: Home, parameters: dict[str, str | list[str]], count: int, told: str
) -> None:
    # Here `model` is a parameter of the address, not of `_open`.
    page = _PAGE.format(model="fake", home=str(sample_home.path), editor=False)
    html = html_of(run_script(page, parameters))
    assert html.count('class="rt-claim"') == count
    assert f"<b>{count} claim{'' if count == 1 else 's'}</b> · " in html
    assert told in html


def test_every_view_of_ours_is_a_link_and_shows_that_it_is_on(sample_home: Home) -> None:
    html = html_of(_open(sample_home))
    assert html.count('aria-current="true"') == 0
    for label, address in VIEWS.items():
        assert f">{label}</a>" in html
        view_html = html_of(_open(sample_home, **address))
        assert f'aria-current="true">{label}</a>' in view_html


def test_a_name_beyond_those_offered_still_filters(sample_home: Home,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "OPTIONS", 1)
    app = _open(sample_home, source="Rei Tanaka", org="Nobody")
    assert app.multiselect(key="source").value == ["Rei Tanaka"]
    assert len(app.multiselect(key="source").options) == 2
    assert app.multiselect(key="org").value == []
    assert 0 < _listed(app) < len(STORIES)


def test_a_search_says_what_holds_the_words_and_what_means_something_close(sample_home: Home) -> None:
    html = html_of(_open(sample_home, q="Borealis 3 has 400 billion parameters"))
    assert "Of all claims, one has the words; " in html
    assert html.count(">has the words</span>") == 1
    assert html.count(">has a similar meaning</span>") >= 1
    assert html.index(">has the words</span>") < html.index(">has a similar meaning</span>")
    assert "Worth a check?" not in html


def test_without_weights_words_are_searched_and_the_page_says_so_quietly(sample_home: Home) -> None:
    html = html_of(_open(sample_home, "missing", q="lindqvist"))
    assert "Only words were searched: the model cannot be loaded: no &lt;b&gt;weights&lt;/b&gt; here." in html
    assert html.count('class="rt-claim"') == 1
    assert "cannot be loaded" not in html_of(_open(sample_home, "missing"))


def test_a_made_up_name_finds_nothing(sample_home: Home) -> None:
    html = html_of(_open(sample_home, q="Zorblax"))
    assert "No claim has these words, and none has a similar meaning." in html
    assert "<b>0 claims</b>" in html


SILENT = """INSERT INTO claims BY NAME SELECT * REPLACE ('c-silent' AS claim_id,
    'Zephyr 9 ate the sun' AS claim, 0 AS mentions, 0 AS voices, 0 AS supports, 0 AS denies, 0 AS questions,
    0 AS reports, 'unverified' AS status,
    NULL AS reason, NULL AS score, NULL AS last_moved_at, NULL AS importance, NULL AS first_said_at,
    'ada <i>' AS followed_by, TIMESTAMP '2026-03-10' AS followed_since, 'a tip' AS followed_why)
    FROM claims LIMIT 1"""


def test_one_that_nobody_speaks_to_says_who_follows_it(sample_home: Home, home: Home) -> None:
    html = html_of(_open(altered(sample_home, home.path, SILENT), followed="true"))
    assert html.count('class="rt-claim"') == 1
    assert "Zephyr 9 ate the sun" in html
    assert "Followed by" in html and "ada &lt;i&gt;" in html
    assert "nobody was heard on it yet" in html
    assert "First said" not in html
    assert "followed by an editor" in html


def test_an_editor_alone_may_follow_and_what_waits_can_be_taken_back(sample_home: Home, home: Home) -> None:
    home = altered(sample_home, home.path)
    sentence = "Meta <b>trained</b> Llama 4 on test sets."
    decision, _ = Journal(home.journal).follow(sentence, reason="a tip", editor="bo", now=NOW)
    assert not [button for button in _open(home).button if button.label.startswith(("Follow", "Undo"))]
    app = _open(home, editor=True)
    html = html_of(app)
    assert "Meta &lt;b&gt;trained" in html and "waits for the next run" in html
    assert decision.target not in html
    app.button(key="follow-claim").click().run()
    assert "Write the claim as one sentence that stands alone" in html_of(app)
    assert [button.disabled for button in app.button if button.label == "Follow it"] == [True]
    app.button(key=f"undo-{decision.decision_id}").click().run()
    assert Journal(home.journal).read()[0].undone_at is not None
    assert "waits for the next run" not in html_of(app)
