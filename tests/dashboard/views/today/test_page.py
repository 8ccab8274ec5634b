"""Test the page Today without a browser: what changed since the last visit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.data.today import Fresh
from dashboard.views.today import last_visit
from dashboard.views.today.claims import fresh
from pipeline.core.home import Home
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, opened
from tests.worlds.sample import NIGHTS, RUNS, TOLD, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # a page for each test

LYRA = claim_id(STORIES[0].claim)
FJORD = next(claim_id(story.claim) for story in STORIES if "Fjord licence" in story.claim)
WEIGHTS = claim_id(STORIES[1].claim)
NEXT = "20260312T030000Z"
Shown = Callable[..., str]
NEXT_NIGHT = (
    "INSERT INTO runs "
    f"VALUES ('{NEXT}', 'nightly', '2026-03-12 03:00', '2026-03-12 03:09', 'ok', NULL, 0, 0, 0, 0)",
    f"UPDATE meta SET value = '{NEXT}' WHERE key = 'run_id'",
    "UPDATE meta SET value = '2026-03-12T03:08:00+00:00' WHERE key = 'published_at'",
)


def _move(claim: str, at: str, before: str, status: str, moved_at: str = "2026-03-11 20:00",
          evidence: str = "[]") -> str:
    return (
        "INSERT INTO changes "
        f"VALUES ('{NEXT}', '{claim}', '{at}', '{moved_at}', '{before}', '{status}', 0.5, 1, "
        f"'judged {status}', {evidence})"
    )


def _looked(monkeypatch: pytest.MonkeyPatch, night: int, *, name: str = "rumortrail_looked") -> None:
    """Set the cookie of a browser that saw a night's copy at 8:15 on the next morning."""
    published = round(NIGHTS[night].timestamp()) + 660
    looked_at = round(datetime(2026, 3, 9 + night, 8, 14, tzinfo=UTC).timestamp())
    monkeypatch.setattr(last_visit, "_cookies", lambda: {name: f"{looked_at}.{published}.{RUNS[night]}"})


@pytest.fixture
def next_night(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Return `next_night(*statements)`: the page a night later for a reader who saw the sample's last."""

    def page(*statements: str) -> str:
        _looked(monkeypatch, 2)
        return html_of(opened(altered(sample_home, tmp_path / "h", *NEXT_NIGHT, *statements), "today"))

    return page


def _section(html: str, name: str) -> str:
    section = re.search(rf'<div id="{name}">.*?(?=<div id="|<p class="rt-soft rt-small rt-quiet|$)',
                        html, re.DOTALL)
    return section.group() if section else ""


def test_the_first_visit_shows_the_last_run(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "today"))
    assert "Since the run of 10 Mar 2026, 03:00 UTC: 2 claims moved and 1 is new." in html
    assert "From your next visit on" in html
    moves_html = _section(html, "moves")
    assert moves_html.count('class="rt-news"') == 2
    assert FJORD in moves_html
    assert "the first party, whose licence it is, denies it." in moves_html


def test_what_was_published_by_day_is_since_the_run_before(sample_home: Home, tmp_path: Path) -> None:
    by_day = [statement.replace("'nightly'", "'process'").replace("2026-03-12 03:", "2026-03-12 14:")
              for statement in NEXT_NIGHT]  # fmt: skip
    move = _move(LYRA, "2026-03-12 14:08", "disputed", "substantiated")
    home = altered(sample_home, tmp_path / "h", *by_day, move)
    html = html_of(opened(home, "today"))
    assert "Since the run of 11 Mar 2026, 03:00 UTC: 1 claim moved." in html
    assert "night" not in html.partition("</p>")[0].partition("rt-lead")[2]
    assert LYRA in _section(html, "moves")


def test_what_is_new_is_what_this_browser_has_not_seen(sample_home: Home,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    _looked(monkeypatch, 0)
    html = html_of(opened(sample_home, "today"))
    assert "Since your last visit, 9 Mar 2026, 08:14 UTC: 2 runs, 4 claims moved and 3 are new" in html
    assert WEIGHTS in _section(html, "moves")
    _looked(monkeypatch, 1)
    html = html_of(opened(sample_home, "today"))
    assert "Since your last visit, 10 Mar 2026, 08:14 UTC: 1 run, 2 claims moved" in html
    assert WEIGHTS not in _section(html, "moves")


def test_the_visit_that_lasts_goes_before_the_last_look(sample_home: Home,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    _looked(monkeypatch, 0, name="rumortrail_visit")
    first_cookies = last_visit._cookies()
    _looked(monkeypatch, 2)
    all_cookies = last_visit._cookies() | first_cookies
    monkeypatch.setattr(last_visit, "_cookies", lambda: all_cookies)
    assert "Since your last visit, 9 Mar 2026" in html_of(opened(sample_home, "today"))
    monkeypatch.setattr(last_visit, "_cookies", lambda: all_cookies | {"rumortrail_visit": "first"})
    assert "Since the run of 10 Mar 2026" in html_of(opened(sample_home, "today"))


@pytest.mark.parametrize("cookie", ["1773216840.1773198660.20250101T000000Z", "<script>alert(1)</script>",
                                    "1.2.'; DROP TABLE runs; --"])
def test_a_cookie_of_another_dashboard_or_of_nobody_is_none(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch, cookie: str
) -> None:
    monkeypatch.setattr(last_visit, "_cookies", lambda: {"rumortrail_looked": cookie})
    html = html_of(opened(sample_home, "today"))
    assert "Since the run of 10 Mar 2026" in html
    assert "<script>alert" not in html


def test_a_page_that_stays_open_over_several_nights_misses_none(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "open")
    app = opened(home, "today")
    assert "Since the run of 10 Mar 2026" in html_of(app)
    later_sql = [statement.replace("2026-03-12", "2026-03-13").replace(NEXT, "20260313T030000Z")
                 for statement in NEXT_NIGHT]
    move = _move(LYRA, "2026-03-12 03:08", "disputed", "substantiated")
    altered(sample_home, tmp_path / "fresh", *NEXT_NIGHT, *later_sql, move).published.replace(home.published)
    html = html_of(app.run())
    assert "Since the run of 10 Mar 2026, 03:00 UTC: 3 runs, 3 claims moved" in html
    assert LYRA in _section(html, "moves")


def test_where_nothing_moved_it_says_so_and_still_tells_what_failed(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _looked(monkeypatch, 2)
    html = html_of(opened(sample_home, "today"))
    assert "Since your last visit, 11 Mar 2026, 08:14 UTC: no new run, nothing moved." in html
    assert "Nothing moved</h2>" in html
    assert 'href="claims"' in html
    failing_html = _section(html, "failing")
    for text in ("Circuit Courier", "r/modelgossip", "answered 503 three times",
                 "last read 10 Mar 2026, 03:00 UTC"):
        assert text in failing_html
    assert "2 sources failed since, or cannot be read in full now" in html


def test_what_was_said_long_ago_and_learned_since_is_news(next_night: Shown) -> None:
    html = next_night(_move(LYRA, "2026-03-12 03:08", "disputed", "substantiated", "2020-01-01"))
    assert "1 run, 1 claim moved." in html
    assert LYRA in _section(html, "moves")


def test_a_claim_that_moved_several_times_is_one_row_from_first_to_last(next_night: Shown) -> None:
    steps = ("disputed", "corroborated", "unverified", "substantiated")
    moves = [_move(LYRA, f"2026-03-12 03:0{n}", before, after)
             for n, (before, after) in enumerate(pairwise(steps), 4)]
    section = _section(next_night(*moves), "moves")
    assert section.count('class="rt-news"') == 1
    chips = re.findall(r'rt-chip rt-is-(\w+)"', section)
    assert chips == ["disputed", "substantiated"]
    assert "moved 3 times" in section
    assert "disputed → corroborated → unverified → substantiated" in section
    assert "judged substantiated" in section


def test_the_evidence_that_moved_a_claim_stands_under_it_with_who_says_so_where(next_night: Shown) -> None:
    evidence = (
        f"(SELECT list(evidence_id ORDER BY evidence_id) FROM evidence WHERE claim_id = '{LYRA}' "
        "AND (speaker = 'tinplate' OR source = 'The Meridian Wire'))"
    )
    seen_update = ("UPDATE evidence SET seen_at = '2026-03-12 03:02' "
                   "WHERE speaker = 'tinplate' AND stance = 'questions'")
    move = _move(LYRA, "2026-03-12 03:08", "disputed", "unverified", evidence=evidence)
    section = _section(next_night(seen_update, move), "moves")
    new_at, known_at = section.index("Learned since"), section.index("Cited, known before")
    assert new_at < section.index("Has anybody asked") < known_at
    denial_html = section[known_at:]
    assert "Mara Lindqvist" in denial_html
    assert "first party, " in denial_html
    assert "The Meridian Wire" in denial_html.partition("figcaption")[2]


def test_stories_that_moved_come_first_with_what_moved_last_and_why(sample_home: Home,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    _looked(monkeypatch, 0)
    html = html_of(opened(sample_home, "today"))
    stories, moves_html = _section(html, "stories"), _section(html, "moves")
    assert html.index('<div id="stories">') < html.index('<div id="moves">')
    assert stories.count("rt-news-story") == 1, "the other story did not move since"
    assert 'href="story?id=sborealis"' in stories and "How large Borealis 3 is" in stories
    assert "The published weights count" in stories and "2 claims moved" in stories
    assert 'title="1 contradicted, 1 substantiated"' in stories
    assert "Status changes outside stories" in moves_html
    for claim in (story.claim for story in STORIES if story.claim.startswith("Borealis 3 has")):
        assert claim_id(claim) not in moves_html, "its story tells of it"
    html_alone = html_of(opened(sample_home, "today", show="moves"))
    for claim in (story.claim for story in STORIES if story.claim.startswith("Borealis 3 has")):
        assert claim_id(claim) in html_alone, "single claims are one click away"
    assert "4 claims moved and 3 are new" in html and "4 status changes</a>" in html
    week = html_of(opened(sample_home, "today", since="Week", show="stories"))
    assert week.count("rt-news-story") == len(TOLD) and "Stories that moved (2)" in week


def test_a_scale_of_no_documents_is_not_told(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "h",
                   "UPDATE evidence SET said_at = '2020-01-01', seen_at = '2020-01-01'")
    html = html_of(opened(home, "today", since="Week", show="stories"))
    assert "rt-news-story" in html and "tallest bar" not in html and "rt-spark" not in html
    assert "no document in the last 14 days" in html


def test_new_claims_say_how_much_of_their_growth_is_repetition(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "today", since="Week"))
    new_html = _section(html, "new")
    lyra = new_html.partition("Aurora Labs trained Aster 2 on the questions")[2].partition("</li>")[0]
    assert re.search(r"Repetition is no confirmation: \d+ mentions carry it, and come from \d voices", lyra)
    assert "independent voices" in lyra
    assert 'class="rt-spark" role="img" aria-label="' in lyra


def test_the_rest_of_a_section_is_one_link_away(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "today", since="Week"))
    total = len(STORIES)
    lone_moves = total - sum(len(claims) for _, claims in TOLD.values())
    assert f'<a class="rt-in" href="?since=Week&amp;show=new">and {lone_moves - 6} more</a>' in html
    assert f'<a class="rt-in" href="?since=Week&amp;show=new">{total} new claims</a>' in html
    lone_moves = html_of(opened(sample_home, "today", since="Week", show="new"))
    assert lone_moves.count('class="rt-news"') == total
    assert 'id="moves"' not in lone_moves
    assert "sources failed since" in lone_moves


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"since": "Last run"}, "Since the run of 10 Mar 2026, 03:00 UTC"),
        ({"since": "Last night"}, "Since the run of 10 Mar 2026, 03:00 UTC"),
        ({"since": "night"}, "Since the run of 10 Mar 2026, 03:00 UTC"),
        ({"since": "3 days"}, "In the 3 days up to 11 Mar 2026, 03:11 UTC: 3 runs"),
        ({"since": "Week"}, "In the 7 days up to 11 Mar 2026, 03:11 UTC: 3 runs"),
        ({"since": "A date", "from": "2026-03-10"}, "Since 10 Mar 2026: 2 runs"),
        ({"since": "A date", "from": "<b>"}, "In the 7 days up to"),
        ({"since": "A date", "from": "2030-01-01"}, "In the 7 days up to"),
        ({"since": "A date", "from": "1900-01-01"}, "In the 7 days up to"),
        ({"since": "<script>", "show": "<script>", "p": "99"}, "Since your last visit, 9 Mar 2026"),
    ],
)
def test_since_when_is_held_by_the_address(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch, parameters: dict[str, str], words: str
) -> None:
    _looked(monkeypatch, 0)
    assert words in html_of(opened(sample_home, "today", **parameters))


def test_a_page_beyond_the_last_is_the_first(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "today", since="Week", show="new", p="99"))
    assert html.count('class="rt-news"') == len(STORIES)


def test_a_claim_that_was_merged_away_or_hidden_since_is_left_out(next_night: Shown) -> None:
    html = next_night(
        _move(LYRA, "2026-03-12 03:08", "disputed", "substantiated"),
        _move(FJORD, "2026-03-12 03:08", "disputed", "retracted"),
        f"DELETE FROM claims WHERE claim_id = '{LYRA}'", f"DELETE FROM evidence WHERE claim_id = '{LYRA}'",
        "INSERT INTO decisions BY NAME SELECT 9 AS number, 'x9' AS decision_id, 'hide' AS kind, "
        "'gone' AS target, 'Two stories in one.' AS reason, 'ada' AS editor, "
        "TIMESTAMP '2026-03-11 16:00' AS decided_at, '' AS sha256",
    )  # fmt: skip
    assert "1 run, 1 claim moved." in html
    assert LYRA not in html
    assert "hid a claim" in _section(html, "decisions")
    assert "Two stories in one." in _section(html, "decisions")


def test_a_decision_about_a_story_is_told_in_words_with_the_story(next_night: Shown) -> None:
    html = next_night(
        "INSERT INTO decisions BY NAME SELECT 9 AS number, 'x9' AS decision_id, 'story_title' AS kind, "
        "'saster' AS target, 'What Aster_2 <b>' AS value, 'Clearer.' AS reason, 'ada' AS editor, "
        "TIMESTAMP '2026-03-12 03:05' AS decided_at, 'saster' AS story_id",
        "INSERT INTO decisions BY NAME SELECT 10 AS number, 'x10' AS decision_id, 'story_merge' AS kind, "
        "'sold' AS target, 'saster' AS value, 'One matter.' AS reason, 'ada' AS editor, "
        "TIMESTAMP '2026-03-12 03:05' AS decided_at, 'saster' AS story_id",
    )
    decisions_html = _section(html, "decisions")
    assert "renamed a story" in decisions_html and "What Aster_2 &lt;b&gt;" in decisions_html
    assert "merged a story into another" in decisions_html and 'href="story?id=saster"' in decisions_html


def test_deadlines_of_the_week_and_those_that_ended(next_night: Shown) -> None:
    update = "UPDATE claims SET event_precision = 'day', event_at = '{}' WHERE claim_id = '{}'"
    days = {"15": LYRA, "11": FJORD, "25": claim_id(STORIES[5].claim)}
    html = next_night(*(update.format(f"2026-03-{day} 23:59:59", claim) for day, claim in days.items()))
    due_html = _section(html, "due")
    assert due_html.index("by 15 Mar 2026") < due_html.index("its time ended 11 Mar 2026")
    assert due_html.count('class="rt-news"') == 2


def test_a_silent_hedge_stands_before_deletions_and_noted_edits(next_night: Shown) -> None:
    courier = ("SELECT claim_id, document_id, evidence_id, url, source FROM evidence "
               f"WHERE claim_id = '{LYRA}' AND source = 'Circuit Courier'")
    html = next_night(
        "INSERT INTO edits BY NAME SELECT 'v9' AS version_id, document_id, url, source, 3 AS number, "
        "'body' AS change, TIMESTAMP '2026-03-11 03:00' AS unchanged_at, "
        f"TIMESTAMP '2026-03-12 03:01' AS seen_at, false AS noted FROM ({courier})",
        "INSERT INTO timeline BY NAME "
        "SELECT claim_id, TIMESTAMP '2026-03-12 03:01' AS \"at\", 'hedged' AS event, evidence_id, "
        "'“It was” became “It may”, without a note, some time after 2026-03-11 03:00' AS reason, "
        f"false AS at_is_said, TIMESTAMP '2026-03-12 03:01' AS seen_at FROM ({courier})",
        "UPDATE documents SET gone_at = '2026-03-12 03:01', gone_after = '2026-03-11 03:00' "
        f"WHERE document_id = (SELECT document_id FROM evidence WHERE claim_id = '{FJORD}' "
        "AND speaker = 'tinplate')",
    )  # fmt: skip
    texts = _section(html, "texts")
    assert texts.index("softened or left out, without a note") < texts.index("It said: ")
    assert "“It was” became “It may”, without a note</bdi>" in texts
    assert "Section 4 of the Fjord licence rules out" in texts
    assert texts.count("<li><div") == 2


def test_a_run_that_broke_off_is_told_and_leads_to_itself(
    sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = altered(sample_home, tmp_path / "h", *NEXT_NIGHT,
                   "UPDATE runs SET outcome = 'failed', message = 'failed: <b>judge</b>' "
                   f"WHERE run_id = '{NEXT}'",
                   "UPDATE source_health SET outcome = 'ok', ailing = false")  # fmt: skip
    _looked(monkeypatch, 2)
    html = html_of(opened(home, "today"))
    assert "1 run did not end well" in html
    assert f'href="runs?run={NEXT}"' in html
    assert "failed: &lt;b&gt;judge" in html
    assert f'href="runs?run={NEXT}"' in html_of(opened(home, "today", show="failing"))


def test_where_all_was_read_it_says_so(next_night: Shown) -> None:
    html = next_night("UPDATE source_health SET outcome = 'ok'")
    assert "All 12 sources were read in full in their last crawl." in html
    assert "failed since" not in html


def test_a_stale_source_stands_beside_those_that_failed(next_night: Shown) -> None:
    html = next_night(
        "UPDATE source_health SET outcome = 'ok', ailing = false",
        "UPDATE source_health SET stale = true, last_ok_at = '2026-03-12 03:01',"
        " why = 'nothing new since 2026-01-02, usually every 2 days' WHERE source = 'Circuit Courier'",
    )
    assert "1 source failed since, cannot be read in full now, or went stale" in html
    failing_html = _section(html, "failing")
    for text in ("stale", "Circuit Courier", "last read 12 Mar 2026", "nothing new since 2026-01-02"):
        assert text in failing_html
    assert "read in full in their last crawl" not in html


def test_hostile_text_comes_out_escaped(hostile_home: Home) -> None:
    pages = ({}, *({"since": "Week", "show": section}
                   for section in ("stories", "moves", "new", "due", "texts", "failing", "decisions")))
    seen_text = ""
    for parameters in pages:
        html = html_of(opened(hostile_home, "today", **parameters))
        visit = (Path(last_visit.layout.THEME) / "visit.html").read_text("utf-8")
        html = html.replace(visit.partition("<script>")[2], "")
        seen_text += html
        for tag in ("<script>fetch", "<img", "<svg onload", "<iframe", "<style", "<meta", 'href="javascript',
                    'href="data', "\u202e"):
            assert tag not in html, f"{tag} in {parameters}"
    assert "VISIBLE-IMG" in seen_text
    assert all(claim_id(text) in seen_text for text in hostile_texts("http://canary.example")[11:15])


@pytest.mark.parametrize(("recent", "words"), [
    (2, "2 documents in the last 48 hours, 3 in all."), (0, "3 documents, none in the last 48 hours."),
])
def test_a_new_claim_says_how_fast_it_spreads(recent: int, words: str) -> None:
    claim = Fresh("c1", "It is", "other", "unverified", 1, 3, 1, recent, 3, 0, 0, 1)
    assert words in " ".join(str(fresh(claim, None, "")).split())
