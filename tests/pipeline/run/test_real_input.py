"""The news article that the project started from, ingested as it is, with the real models and stages."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from pipeline.core.config import AskConfig, Config
from pipeline.core.home import Home
from pipeline.published.database import open_published, query
from pipeline.run.nightly import process, take_in
from tests.conftest import NOW, SHARED_DATA

ARTICLE = SHARED_DATA / "meta_llama4_article.txt"

Copy = duckdb.DuckDBPyConnection
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not ARTICLE.exists(), reason=f"no data set at {ARTICLE}")]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The published copy."""
    home = Home(tmp_path_factory.mktemp("article"))
    take_in(home, Config(), [ARTICLE], now=NOW)
    assert process(home, Config(), now=NOW).exit_code == 0
    return open_published(home.published, AskConfig())


def ask(published: Copy, sql: str) -> list[dict[str, Any]]:
    columns, rows = query(published, sql, seconds=600)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def the_claim(published: Copy, *words: str) -> dict[str, Any]:
    """The one claim whose evidence's propositions hold all words."""
    condition = " AND ".join(f"e.proposition ILIKE '%{word}%'" for word in words)
    rows = ask(published,
               f"SELECT DISTINCT c.* FROM claims AS c JOIN evidence AS e USING (claim_id) WHERE {condition}")
    assert len(rows) == 1, [row["claim"] for row in rows]
    return rows[0]


def test_the_text_is_repaired_and_the_furniture_left_out(published: Copy) -> None:
    (version,) = ask(published, "SELECT title, text FROM versions")
    text = version["title"] + version["text"]
    assert "’" in text
    assert text.count("“") == text.count("”") > 0
    assert not set(text) & set("โ€™ยป�")
    for furniture in ("RELATED ARTICLES", "LEAVE A REPLY", "Source link", "Most Popular",
                      "Recent Comments", "Translate"):
        assert furniture not in text


def test_no_date_is_taken_from_the_sites_date_line(published: Copy) -> None:
    assert ask(published, "SELECT published_at, published_precision FROM documents") == [
        {"published_at": None, "published_precision": "unknown"}
    ]
    assert ask(published, "SELECT said_at FROM evidence WHERE said_at IS NOT NULL") == []


def test_the_accusation_is_disputed_and_says_why(published: Copy) -> None:
    claim = the_claim(published, "train", "Maverick", "Scout", "test sets")
    assert claim["status"] == "disputed"
    assert "Al-Dahle" in claim["reason"]
    assert "Chinese social media" in claim["reason"]
    assert claim["organisations"] == ["Meta"]


def test_the_denial_is_his_and_the_first_partys(published: Copy) -> None:
    claim = the_claim(published, "train", "Maverick", "Scout", "test sets")
    denials = ask(published, "SELECT speaker, speaker_role, quote FROM evidence WHERE stance = 'denies' "
                             f"AND claim_id = '{claim['claim_id']}'")
    assert {(row["speaker"], row["speaker_role"]) for row in denials} == {("Ahmad Al-Dahle", "first_party")}
    assert any("simply not true" in row["quote"] for row in denials)
    assert not ask(published, "SELECT * FROM evidence WHERE stance = 'supports' "
                              f"AND speaker = 'Ahmad Al-Dahle' AND claim_id = '{claim['claim_id']}'")


def test_the_rumours_origin_and_spread_are_kept(published: Copy) -> None:
    claim = the_claim(published, "train", "Maverick", "Scout", "test sets")
    (rumour,) = ask(published, "SELECT speaker, certainty, attributed_to, quote FROM evidence "
                               f"WHERE stance = 'reports' AND claim_id = '{claim['claim_id']}'")
    assert rumour["speaker"] is None
    assert rumour["certainty"] == "reported"
    assert "Chinese social media site" in rumour["attributed_to"]
    assert "resigned from Meta" in rumour["attributed_to"]
    assert "X and Reddit" in rumour["quote"]


def test_what_it_says_in_other_words_is_kept_and_founds_no_claim(published: Copy) -> None:
    accusation = the_claim(published, "train", "Maverick", "Scout", "test sets")
    observation = the_claim(published, "observed", "Maverick", "LM Arena")
    claims = [row["claim"] for row in ask(published, "SELECT claim FROM claims ORDER BY claim")]
    assert claims == sorted([accusation["claim"], observation["claim"]])
    mentions = ask(published, "SELECT proposition, withheld, speaker, speaker_role FROM mentions "
                          "WHERE withheld IS NOT NULL")
    assert {row["withheld"] for row in mentions} == {"reworded", "points"}
    mentions = [row for row in mentions if row["withheld"] == "reworded"]
    for terms in (("experimental, unreleased", "LM Arena"), ("Maverick and Scout", "poorly on certain tasks"),
                  ("mixed", "cloud providers")):
        assert len([row for row in mentions if all(word in row["proposition"] for word in terms)]) == 1, terms
    (mixed_mention,) = (row for row in mentions if "mixed" in row["proposition"])
    assert (mixed_mention["speaker"], mixed_mention["speaker_role"]) == ("Ahmad Al-Dahle", "first_party")


def test_every_quote_stands_where_it_is_said_to_stand(published: Copy) -> None:
    rows = ask(published,
               "SELECT m.*, v.title, v.text FROM mentions AS m JOIN versions AS v USING (version_id)")
    assert rows
    for row in rows:
        assert row[row["part"]][row["start_char"] : row["end_char"]] == row["quote"]
