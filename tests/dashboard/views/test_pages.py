"""The pages' logic, without a browser."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from pipeline.run.nightly import process
from tests.conftest import NOW
from tests.dashboard.altered import altered
from tests.dashboard.pages import assert_harmless, html_of, opened
from tests.fakes import FakeModels
from tests.worlds.sample import MERGED, NOTICE, RUNS, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # a page for each test

LYRA = claim_id(STORIES[0].claim)


def _whole(home: Home, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("RUMORTRAIL_HOME", str(home.path))
    monkeypatch.setattr("sys.argv", ["main.py"])
    script = Path(__file__).resolve().parents[3] / "dashboard" / "script.py"
    return AppTest.from_file(str(script), default_timeout=600).run()


def test_before_the_first_night_the_page_says_what_to_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = html_of(_whole(home, monkeypatch))
    assert "Nothing is published yet" in html
    assert f"rumortrail nightly --home {home.path}" in html


def test_a_faulty_copy_is_told_and_not_thrown(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.published.write_bytes(b"this is no database" * 1000)
    html = html_of(_whole(home, monkeypatch))
    assert "This did not work" in html
    assert "Traceback" not in html


@pytest.mark.parametrize("lacking", [
    "ALTER TABLE stories DROP COLUMN title",
    "ALTER TABLE status_history DROP COLUMN judged_until",
    "DROP TABLE changes",
])  # fmt: skip
def test_a_copy_of_another_version_says_which_command_makes_it_anew(
    sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    html = html_of(_whole(altered(sample_home, tmp_path / "h", lacking), monkeypatch))
    assert "The published copy is of another version" in html
    assert "rumortrail publish" in html
    assert "Binder" not in html


def test_pages_of_a_copy_of_another_version_do_not_break(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "h", "ALTER TABLE goalposts DROP COLUMN basis")
    with duckdb.connect(str(home.published), read_only=True) as connection:
        ((story_id,),) = connection.execute("SELECT min(story_id) FROM stories").fetchall()
    for app in (opened(home, "story", id=story_id), opened(home, "models", name="Lyra 3")):
        assert [error.message for error in app.exception if "rumortrail publish" not in error.message] == []


def test_faulty_settings_are_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.config_file.write_text("[dashboard]\nport = '<b>x</b>'\n", "utf-8")
    html = html_of(_whole(home, monkeypatch))
    assert "[dashboard] port" in html
    assert "<b>x</b>" not in html


def test_the_notice_and_the_night_stand_on_the_page(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = html_of(_whole(sample_home, monkeypatch))
    assert NOTICE in html
    assert "11 Mar 2026, 03:11 UTC" in html


def test_the_settings_notice_goes_before_the_copys(
    home: Home, sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.link(sample_home.published, home.published)
    home.config_file.write_text('[dashboard]\nnotice = "Embargo until <noon>"\n', "utf-8")
    html = html_of(_whole(home, monkeypatch))
    assert "Embargo until &lt;noon&gt;" in html
    assert NOTICE not in html


def test_a_claim_page_tells_status_reason_origin_and_denial(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "claim", id=LYRA))
    assert "A denial by the accused is no refutation." in html
    assert "Aurora Labs publishing its training data" in html
    assert "Said first, of all we have stored, by one of 2" in html
    assert "About the same time, as far as is known" in html
    assert "<mark>It is simply not true</mark> that we trained Aster 2 on Lyra." in html
    denial = html.split("Mara Lindqvist, vice president of research at Aurora Labs.")[1].split("</article>")[
        0
    ]
    assert "Mara Lindqvist" in denial
    assert "(first party, " in denial
    assert "The Meridian Wire" in denial
    assert "date unknown" in html
    assert "deleted since" in html
    assert "the quote is no longer in the newest text" in html
    assert "Asked Aurora Labs for the audit." in html


def test_a_claim_page_shows_one_stance_alone(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "claim", id=LYRA, stance="denies"))
    assert html.count('class="rt-voice"') == 1
    assert "2 other mentions of this voice" in html


def test_rivals_stand_on_both_pages(sample_home: Home) -> None:
    small, large = (next(s.claim for s in STORIES if f"has {n} billion" in s.claim) for n in (120, 400))
    assert claim_id(large) in html_of(opened(sample_home, "claim", id=claim_id(small)))
    assert claim_id(small) in html_of(opened(sample_home, "claim", id=claim_id(large)))


@pytest.mark.parametrize("given", ["nope", "<script>", "'; DROP TABLE claims; --", ""])
@pytest.mark.parametrize("page", ["claim", "sources"])
def test_an_unknown_id_is_told(sample_home: Home, page: str, given: str) -> None:
    html = html_of(opened(sample_home, page, id=given))
    assert "<script>" not in html
    assert "rt-table" in html if page == "sources" and not given else "rt-empty" in html


def test_a_merged_claim_leads_on(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "claim", id=MERGED))
    assert "merged into another" in html
    assert f"claim?id={LYRA}" in html


def test_a_sources_page_lists_what_it_said(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "sources", id="kestrel"))
    assert html.count('class="rt-claim-text"') == 5
    assert "no credentials" in html


def test_few_settled_claims_are_shown_as_few(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "sources"))
    assert "1 of 2 held: too few to say" in html
    assert "rt-strip" not in html
    html = html_of(opened(sample_home, "sources", id="kestrel"))
    assert "1 of 2 settled claims held: too few to say." in html
    assert "It was early by 7 days, the median of 1 claim that held. 2 still open." in html


def test_every_number_of_a_record_leads_to_its_claims(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "sources", id="kestrel"))
    assert '<a class="rt-in" href="sources?id=kestrel&amp;show=Counted">2</a>' in html
    assert html.count("Not counted yet: the claim is ") == 2
    assert html.count("Not counted as first: at about the same time as ") == 1
    html = html_of(opened(sample_home, "sources", id="kestrel", show="Counted"))
    assert html.count('class="rt-claim-text"') == html.count("Counted: it was first, and the claim is ") == 2


def test_those_who_are_quoted_have_pages_of_their_own(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "sources", who="Organisations"))
    assert "Northwind AI" in html
    assert "sources?id=organisation%3Aaurora%20labs&amp;who=Organisations" in html
    html = html_of(opened(sample_home, "sources", who="Organisations", id="organisation:aurora labs"))
    assert "<h1><bdi" in html
    assert "Not counted: it speaks about itself" in html


@pytest.mark.parametrize("who", ["house", "Houses", "Publisher groups"])
def test_publisher_groups_are_found_under_every_address_they_had(sample_home: Home, who: str) -> None:
    assert "Publishers with one owner" in html_of(opened(sample_home, "sources", who=who))
    missing_html = html_of(opened(sample_home, "sources", who=who, id="house:none"))
    assert "No publisher group has the id" in missing_html


def test_about_tells_every_status_and_what_is_stored(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "about"))
    for story in STORIES:
        assert str(story.moves[-1].status) in html
    assert "1 document without a known date" in html


def test_hostile_text_comes_out_escaped_on_every_page(hostile_home: Home) -> None:
    pages = [("claims", {}), ("runs", {}), ("runs", {"run": RUNS[2]}), ("sources", {}),
             ("sources", {"id": "hostile0"}), ("about", {})]
    pages += [("sources", {"who": who}) for who in ("People", "Organisations", "Publisher groups")]
    pages += [("claim", {"id": claim_id(text)}) for text in hostile_texts("http://canary.example")[:2]]
    for page, parameters in pages:
        assert_harmless(html_of(opened(hostile_home, page, **parameters)), page)


def test_every_page_stands_where_a_followed_claim_is_all_there_is(home: Home) -> None:
    sentence = "Model Zinnia ate all the test sets."
    decision, _ = Journal(home.journal).follow(sentence, reason="a tip", editor="ada", now=NOW)
    process(home, Config(), now=NOW, models=FakeModels())
    for page in ("today", "claims", "models", "sources", "runs", "about"):
        html_of(opened(home, page))
    assert sentence in html_of(opened(home, "claims", q="zinnia"))
    html = html_of(opened(home, "claim", id=decision.target))
    assert "No evidence on it is stored yet." in html and "a tip" in html
