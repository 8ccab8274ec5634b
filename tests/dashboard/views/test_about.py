"""Test the page About without a browser: it tells what the rules and the copy contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.config import Config, JudgeConfig
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.judge.releases import STAGE_WORDS
from pipeline.stages.judge.rules import RULES, VERSION
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.text.sanitize import line
from tests.conftest import query_published
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, opened
from tests.worlds.laid import EmptyStore
from tests.worlds.sample import NIGHTS, RUNS


def test_about_has_every_rule_in_its_order_and_every_release_stage(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "about"))
    positions = [html.index(f'<code class="rt-small">{rule.id}</code>') for rule in RULES]
    assert positions == sorted(positions)
    for rule in RULES:
        assert line(rule.holds_when(2), 1_000) in html
        assert line(rule.would_change, 400) in html
    for asked_words, shown_words in STAGE_WORDS.values():
        assert line(asked_words) in html
        assert line(shown_words) in html
    assert VERSION in html


def test_about_tells_dates_undated_share_models_and_when_each_source_was_read(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "about"))
    assert "without a known date, " in html
    assert "collected since" in html
    versions = html.partition('id="versions"')[2].partition("<h2")[0]
    assert versions.count("by-hand") == 2, "the models that the copy names"
    read_section = html.partition("When each source was last read")[2]
    assert read_section.count("<tr>") == 1 + 12
    assert "9 of 12 sources could be read in full at the last crawl" in html
    assert read_section.startswith("</summary><table"), "no paragraph without words where all are shown"


@pytest.mark.slow
def test_about_tells_the_number_of_voices_that_the_run_asked_for(home: Home) -> None:
    store = EmptyStore()
    config = Config(judge=JudgeConfig(corroborating_voices=3))
    run = RunContext(run_id=RUNS[-1], now=NIGHTS[-1], home=home, config=config)
    judge(store, run)
    publish(store, run)
    store.close()
    html = html_of(opened(home, "about"))
    assert "At least 3 independent voices" in html
    assert "No document is stored yet." in html
    assert "No source was ever read" in html


def test_about_says_that_a_copy_of_an_older_version_lists_no_rules(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "older", "DROP TABLE rules", "DROP TABLE release_stages",
                   "DROP TABLE foundings")
    html = html_of(opened(home, "about"))
    for missing in ("rules", "stages", "numbers"):
        older_message = "This copy was published by an older version: the {} are listed after the next run."
        assert older_message.format(missing) in html
    assert "did not work" not in html
    assert 'id="versions"' in html


def test_about_tells_how_many_sentences_found_no_claim_and_why(sample_home: Home, tmp_path: Path) -> None:
    amounts = {"founds": 4_000, "reworded": 195, "repeats": 5, "asks": 30, "points": 7, "unsound": 1_000,
               "no_sentence": 60, "other_language": 1}
    home = altered(sample_home, tmp_path / "withheld", *(
        f"UPDATE foundings SET amount = {amount} WHERE outcome = '{outcome}'"
        for outcome, amount in amounts.items()))
    section = html_of(opened(home, "about")).partition('id="founding"')[2].partition("<h2")[0]
    assert "1,237 of 5,237 sentences withheld" in section
    assert "No sentence could be taken from 61 passages" in section
    for outcome, amount, meaning in query_published(home, "SELECT outcome, amount, meaning FROM foundings"):
        assert (f"{amount:,}" in section and line(meaning) in section) == (outcome != "founds")


def test_about_says_that_nothing_was_read_for_claims_yet(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "unread", "UPDATE foundings SET amount = 0")
    assert "No text was read for claims yet." in html_of(opened(home, "about"))
