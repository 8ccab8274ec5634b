"""One claim's page: what was known on a day, quotes in context, diffs, folded copies, and what is handed out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import citation, evidence_card
from dashboard.data import claim as rows
from dashboard.data import queries
from dashboard.views.claim import downloads, edits, provenance, releases
from dashboard.views.claim.as_of import Known
from pipeline.core.config import Config, Home
from pipeline.core.records import EdgeKind, Precision, Stance
from pipeline.exports.tables import write_csv, write_json
from pipeline.published.claim import LATEST, TEXT_EVENTS
from pipeline.published.claim_rows import Claim, Decision, Document, Evidence, Happening, Move, Sign
from pipeline.published.provenance_tree import grow
from pipeline.text.diff import Wording
from tests.dashboard.altered import altered
from tests.worlds.sample import MERGED, claim_id
from tests.worlds.stories import STORIES, hostile_texts

LYRA = claim_id(STORIES[0].claim)
OPEN = claim_id(STORIES[1].claim)
LARGE = claim_id("Borealis 3 has 400 billion parameters")
LEARNED_LATER = [
    number for number, story in enumerate(STORIES)
    if any(said.night or said.gone or said.edited for said in story.said)
]  # fmt: skip
DAYS = [date(2026, 3, day) for day in range(8, 12)]
Changed = Callable[..., Home]

_PAGE = """
from pathlib import Path
from dashboard.data import queries
from dashboard.views.claim import page
from pipeline.core.config import Config, Home
page.show(queries.current(Home(Path({home!r})), Config()))
"""


def _open(home: Home, **parameters: str) -> AppTest:
    app = AppTest.from_string(_PAGE.format(home=str(home.path)), default_timeout=60)
    for key, value in parameters.items():
        app.query_params[key] = value
    return app.run()


def _html(app: AppTest) -> str:
    assert not app.exception
    return "".join(element.proto.body for element in app.get("html"))


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


@pytest.fixture
def changed(sample_home: Home, tmp_path: Path) -> Changed:
    """`changed(*statements)`: a home with the sample's copy, changed by some SQL."""

    def change(*statements: str) -> Home:
        return altered(sample_home, tmp_path / "changed", *statements)

    return change


def _known(home: Home, claim: str, day: date | None = None) -> Known:
    return Known(queries.current(home, Config()), claim, day)


def _stored(home: Home, sql: str, *given: object) -> list[tuple[Any, ...]]:
    connection = duckdb.connect(str(home.published), read_only=True)
    try:
        return connection.execute(sql, given).fetchall()
    finally:
        connection.close()


# ---- as of ----


@pytest.mark.parametrize("story", LEARNED_LATER)
def test_nothing_that_was_learned_later_is_known(sample_home: Home, story: int) -> None:
    claim = claim_id(STORIES[story].claim)
    for day in DAYS:
        known = _known(sample_home, claim, day)
        end = datetime.combine(day + timedelta(days=1), datetime.min.time())
        evidence = _stored(sample_home, "SELECT evidence_id, mention_id FROM evidence WHERE claim_id = ? AND seen_at < ?", claim, end)
        points = known.read(rows.Point, "points", limit=1000)
        assert {point.evidence_id for point in points} == {row[0] for row in evidence}
        then = known.read(Claim, "claim")[0]
        assert then.mentions == len(evidence) == sum((then.supports, then.denies, then.questions, then.reports))
        heads = known.read(rows.Voice, "voices", stances=[], newest=False, limit=100, offset=0)
        placed = known.read(rows.Placed, "placed", stances=[], voices=[head.voice_key for head in heads], each=100)
        assert {one.mention_id for one in placed} == {row[1] for row in evidence}
        shown = known.read(
            Evidence, "evidence", mentions=[p.mention_id for p in placed], documents=[p.document_id for p in placed], around=9
        )
        assert len(shown) == len(evidence)
        assert all(card.gone_at is None or card.gone_at < end for card in shown)
        assert all(card.edited_at < end for card in shown)
        assert all(first.seen_at < end for first in known.read(rows.FirstWords, "first"))
        assert all(one.at < end for one in known.read(Happening, "happenings", events=TEXT_EVENTS, limit=1000))
        assert all(one.gone_at < end for one in known.read(rows.Gone, "gone"))
        assert all(one.seen_at < end for one in known.read(rows.Edited, "edited", limit=1000))
        assert all(one.decided_at < end for one in known.read(Decision, "decisions"))
        signs = known.read(Sign, "signs", limit=1000)
        nodes = known.read(Document, "documents", documents=[i for s in signs for i in (s.document_id, s.origin_document_id) if i])
        assert all(node.seen_at < end and (node.gone_at is None or node.gone_at < end) for node in nodes)
        # The newest judgement of all that were made by then tells both the status and the moves.
        judged = _stored(
            sample_home,
            "SELECT status, since FROM status_history WHERE claim_id = ? AND judged_at < ? QUALIFY rank() OVER (ORDER BY judged_at DESC) = 1 ORDER BY step",
            claim,
            end,
        )
        assert [(move.status, move.at) for move in known.read(Move, "moves")] == sorted(judged, key=lambda row: row[1])
        assert then.status == (judged[-1][0] if judged else "unverified")


@pytest.mark.parametrize("story", range(len(STORIES)))
def test_now_shows_what_the_copy_says(sample_home: Home, story: int) -> None:
    known = _known(sample_home, claim_id(STORIES[story].claim))
    claim = queries.claim(known.copy, known.claim_id)
    assert claim
    columns = "mentions, supports, denies, status, voices, would_change, score, importance"
    (stored,) = _stored(sample_home, f"SELECT {columns} FROM claims WHERE claim_id = ?", known.claim_id)
    assert stored == tuple(getattr(claim, name) for name in columns.split(", "))


def test_the_page_says_of_which_day_it_is_and_leads_back_to_now(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA, asof="2026-03-09"))
    assert "As known on 9 Mar 2026</b> (the end of the day, UTC): 10 of 12 mentions were known, status <b>disputed</b>" in html
    assert f'<a class="rt-in" href="claim?id={LYRA}">Back to now</a>' in html
    for later in ("tinplate", "quietlogs", "deleted since", "edited", "Asked Aurora Labs", "no longer in the newest text", "date unknown"):
        assert later not in html, later
    now = _html(_open(sample_home, id=LYRA))
    assert "As known on" not in now
    for later in ("tinplate", "quietlogs", "deleted since", "edited", "Asked Aurora Labs"):
        assert later in now, later


def test_a_day_between_two_marks_shows_the_earlier_and_a_decision_its_own_day(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA, asof="2026-03-10"))
    assert "Asked Aurora Labs for the audit." in html
    assert "quietlogs" in html
    assert "tinplate" not in html


def test_a_claims_status_is_that_of_the_day_on_its_page_and_as_a_rival(sample_home: Home) -> None:
    before = _html(_open(sample_home, id=LARGE, asof="2026-03-09"))
    assert "status <b>unverified</b>" in before
    assert "contradicted" not in before
    assert "substantiated" not in before, "how the rival stands was learned later"
    assert "asof=2026-03-09" in before.partition("Rival claims")[2].partition("</ul>")[0]
    assert "contradicted" in _html(_open(sample_home, id=LARGE))


@pytest.mark.parametrize("given", ["2026-03-11", "2030-01-01", "yesterday", "<b>", ""])
def test_a_day_that_is_not_over_or_no_day_is_now(sample_home: Home, given: str) -> None:
    html = _html(_open(sample_home, id=LYRA, asof=given))
    assert "As known on" not in html
    assert "tinplate" in html


def test_before_anything_was_known_the_page_says_so(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA, asof="2026-03-01"))
    assert "nothing was known of this claim" in html
    assert "rt-card" not in html
    assert "kestrel" not in html


def test_the_slider_has_a_mark_where_something_was_learned_and_none_for_one_day(sample_home: Home) -> None:
    app = _open(sample_home, id=LYRA)
    slider = app.select_slider(key="asof")
    assert slider.options == ["2026-03-09", "2026-03-10", "now"]
    slider.set_value("2026-03-09").run()
    assert "As known on 9 Mar 2026" in _html(app)
    single = next(story for story in STORIES if {said.night for said in story.said} == {0} and not any(s.gone or s.edited for s in story.said))
    alone = _open(sample_home, id=claim_id(single.claim))
    assert not alone.exception
    assert [one.key for one in alone.select_slider] == []


def test_a_voice_is_not_named_by_a_document_that_was_not_seen_yet(changed: Changed, sample_home: Home) -> None:
    kestrel = _stored(sample_home, "SELECT document_id FROM evidence WHERE claim_id = ? AND source_id = 'kestrel'", LYRA)[0][0]
    home = changed(
        *(f"UPDATE {table} SET seen_at = TIMESTAMP '2026-03-10 03:00:00' WHERE document_id = '{kestrel}'" for table in ("documents", "evidence", "versions"))
    )
    names = {head.name for head in _known(home, LYRA, DAYS[1]).read(rows.Voice, "voices", stances=[], newest=False, limit=99, offset=0)}
    assert "@kestrel_at_dusk" not in names
    assert {"r/modelgossip", "Model Roundup"} <= names
    html = _html(_open(home, id=LYRA, asof="2026-03-09"))
    assert "@kestrel_at_dusk" not in html
    assert "@kestrel_at_dusk" in _html(_open(home, id=LYRA, asof="2026-03-10"))


def test_an_editors_stance_counts_from_the_day_on_which_it_was_decided(changed: Changed, sample_home: Home) -> None:
    mention = _stored(sample_home, "SELECT mention_id FROM evidence WHERE claim_id = ? AND source_id = 'tanaka'", LYRA)[0][0]
    home = changed(
        f"UPDATE evidence SET stance = 'denies' WHERE mention_id = '{mention}'",
        f"INSERT INTO decisions BY NAME SELECT 9 AS number, 'x9' AS decision_id, 'bea' AS editor, TIMESTAMP '2026-03-10 12:00:00' AS decided_at, 'Misread.' AS reason, 'stance' AS kind, '{mention}' AS target, 'denies' AS value, '{LYRA}' AS claim_id, 'h' AS sha256",
    )
    for day, stance, denials in ((DAYS[1], "supports", 3), (DAYS[2], "denies", 4), (None, "denies", 4)):
        known = _known(home, LYRA, day)
        points = known.read(rows.Point, "points", limit=99)
        assert {point.stance for point in points if point.speaker == "Rei Tanaka"} == {stance}
        assert known.read(Claim, "claim")[0].denies == denials
    assert "an editor; the model read “supports”" in _html(_open(home, id=LYRA))
    decided = _html(_open(home, id=LYRA)).partition("What editors decided")[2]
    assert "the machine says “<bdi" in decided
    assert "the model read" not in _html(_open(home, id=LYRA, asof="2026-03-09"))


def test_what_an_editor_merged_in_was_no_part_of_it_before(changed: Changed, sample_home: Home) -> None:
    mention = _stored(sample_home, "SELECT mention_id FROM evidence WHERE claim_id = ? AND source_id = 'tanaka'", LYRA)[0][0]
    home = changed(
        f"UPDATE evidence SET machine_claim_id = 'cother' WHERE mention_id = '{mention}'",
        "INSERT INTO decisions BY NAME SELECT 8 AS number, 'x8' AS decision_id, 'bea' AS editor, TIMESTAMP '2026-03-09 12:00:00' AS decided_at, 'Same.' AS reason, 'merge' AS kind, 'cother' AS target, 'cmiddle' AS value, NULL AS claim_id, 'h' AS sha256",
        f"INSERT INTO decisions BY NAME SELECT 9 AS number, 'x9' AS decision_id, 'bea' AS editor, TIMESTAMP '2026-03-10 12:00:00' AS decided_at, 'Same.' AS reason, 'merge' AS kind, 'cmiddle' AS target, '{LYRA}' AS value, '{LYRA}' AS claim_id, 'h' AS sha256",
    )
    spoke = [
        "Rei Tanaka" in {point.speaker for point in _known(home, LYRA, day).read(rows.Point, "points", limit=99)}
        for day in (DAYS[1], DAYS[2], None)
    ]
    assert spoke == [False, True, True]


def test_a_claim_that_was_merged_twice_leads_to_the_one_that_stands_for_it(changed: Changed) -> None:
    home = changed(
        f"INSERT INTO decisions BY NAME SELECT 9 AS number, 'x9' AS decision_id, 'bea' AS editor, TIMESTAMP '2026-03-10 12:00:00' AS decided_at, 'Same.' AS reason, 'merge' AS kind, 'cfirst' AS target, '{MERGED}' AS value, '{LYRA}' AS claim_id, 'h' AS sha256"
    )
    html = _html(_open(home, id="cfirst"))
    assert "This claim was merged into another" in html and f"claim?id={LYRA}" in html


def test_what_was_not_traced_yet_is_no_voice_on_the_page(changed: Changed, sample_home: Home) -> None:
    denial = _stored(sample_home, "SELECT mention_id FROM evidence WHERE claim_id = ? AND stance = 'denies'", LYRA)[0][0]
    home = changed(
        f"UPDATE evidence SET voice = NULL, voice_name = NULL, independent = NULL WHERE claim_id = '{LYRA}' AND stance = 'denies'"
    )
    known = _known(home, LYRA)
    points = {point.evidence_id: point for point in known.read(rows.Point, "points", limit=99)}
    cards = [card for card in known.read(Evidence, "evidence", around=0, **_all(known)) if card.mention_id == denial]
    assert [(card.independent, card.is_voice, points[card.evidence_id].independent) for card in cards] == [(False, False, False)]
    assert known.read(Claim, "claim")[0].denied_by == 0 < _known(sample_home, LYRA).read(Claim, "claim")[0].denied_by
    assert "it counts as no voice" in _html(_open(home, id=LYRA))


def _all(known: Known) -> dict[str, list[str]]:
    found = _stored(Home(Path(known.copy.path).parent), "SELECT mention_id, document_id FROM evidence WHERE claim_id = ?", known.claim_id)
    return {"mentions": [row[0] for row in found], "documents": [row[1] for row in found]}


# ---- cards ----


def test_a_quote_stands_in_its_context_to_the_letter(changed: Changed, sample_home: Home) -> None:
    before, after = "Früher war alles anders. " * 40, " 🙂 Später auch,\n\nund noch viel mehr." * 30
    home = changed(
        f"UPDATE versions SET text = '{before}' || text || '{after}'",
        f"UPDATE evidence SET start_char = start_char + {len(before)}, end_char = end_char + {len(before)}",
    )
    texts = {row[0] for row in _stored(home, "SELECT text FROM versions")}
    html = _html(_open(home, id=LYRA))
    quotes = re.findall(r'<blockquote class="rt-quote" dir="auto">(<span class="rt-context">.*?)</blockquote>', html, re.DOTALL)
    assert len(quotes) == 12
    for shown in quotes:
        parts = re.fullmatch(r'<span class="rt-context">…(.*?)</span><strong>(.*?)</strong><span class="rt-context">(.*?) …</span>', shown, re.DOTALL)
        assert parts, shown
        words = _text("".join(parts.groups()))
        assert any(words in text for text in texts), words
        assert evidence_card.AROUND < len(words) - len(_text(parts[2])) <= 2 * evidence_card.AROUND


def test_a_short_text_is_shown_to_its_ends_without_an_ellipsis(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA))
    assert '</strong><span class="rt-context"> This line stands around it.</span></blockquote>' in html


def test_a_quote_that_is_not_at_its_place_has_no_context(changed: Changed) -> None:
    home = changed("UPDATE evidence SET start_char = start_char + 1, end_char = end_char + 1")
    html = _html(_open(home, id=LYRA))
    assert html.count("The quote is not where it was read") == 12
    assert "rt-context" not in html


def test_a_card_tells_how_its_page_is_kept_and_how_to_get_it(changed: Changed, sample_home: Home) -> None:
    assert "no page was archived" in _html(_open(sample_home, id=LYRA))
    home = changed("UPDATE versions SET warc = '20260309T030000Z.warc.gz#urn:uuid:0-1<b>', sha256 = 'ab12'")
    html = _html(_open(home, id=LYRA))
    assert "<code>20260309T030000Z.warc.gz</code>" in html
    assert "<code>urn:uuid:0-1&lt;b&gt;</code>" in html
    assert "<code>ab12</code>" in html
    assert re.search(r"<code>rumortrail evidence d[0-9a-f]{16}</code>", html)


def _card(home: Home, source: str) -> Evidence:
    known = _known(home, LYRA)
    found = _stored(home, "SELECT mention_id, document_id FROM evidence WHERE claim_id = ? AND source_id = ?", LYRA, source)
    return known.read(Evidence, "evidence", mentions=[found[0][0]], documents=[found[0][1]], around=9)[0]


def test_a_citation_names_quote_speaker_role_publisher_address_time_and_hash(sample_home: Home) -> None:
    words = citation.cited(_card(sample_home, "meridian"))
    for part in (
        "“It is simply not true that we trained Aster 2 on Lyra.",
        "Mara Lindqvist (first party, Aurora Labs)",
        "“Aurora Labs denies training on a benchmark”, The Meridian Wire, https://meridianwire.example/",
        "said 2026-03-07 18:45:00 UTC",
        "SHA-256 of headline and text ",
    ):
        assert part in words, part
    assert "said 2026-03-08," in citation.cited(_card(sample_home, "ledger")), "only the day is known"
    unknown = replace(_card(sample_home, "ledger"), said_at=None, speaker=None, url=None)
    assert "said at an unknown time" in citation.cited(unknown)
    assert "nobody named" in citation.cited(unknown)


# ---- trail ----


def _document(name: str, hour: int) -> Document:
    at = datetime(2026, 3, 1, hour)  # noqa: DTZ001
    return Document(name, name, name, None, None, at, Precision.SECOND, at, None, None, Stance.REPORTS)


def _sign(child: str, origin: str | None, kind: EdgeKind = EdgeKind.LINK, name: str | None = None) -> Sign:
    return Sign(child, origin, name, kind, None, 9)


def test_copies_are_folded_with_their_number_and_unfold() -> None:
    documents = {name: _document(name, hour) for hour, name in enumerate("abcde")}
    copied = [_sign(child, origin, EdgeKind.NEAR_DUPLICATE) for child, origin in ("ba", "cb", "dc")]
    origins = grow(documents, [_sign("e", "b"), *copied])
    html = "".join(provenance.branch_html(origin, documents) for origin in origins)
    assert "<details><summary><b>2 documents</b> nearly repeat it</summary>" in html
    folded = html.partition("<details>")[2].partition("</details>")[0]
    assert folded.count("rt-node") == 2
    assert ">b<" not in folded, "what others follow in turn is not folded away"


def test_the_sample_is_followed_to_its_origin(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA)).partition("Who took it from whom")[2]
    assert "From 2 origins outwards: 6 documents that follow, by 6 signs." in html
    first = html.partition('<ul class="rt-tree"><li>')[2]
    assert "@kestrel_at_dusk" in first.partition("</div>")[0]
    assert "nearly repeats it" in first
    assert 'class="rt-sign">links to it' in first


# ---- edits ----


def test_an_edit_is_shown_by_sentence_and_word(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA)).partition("Versions, and what changed")[2]
    assert "which the company <del>has not answered.</del> <ins>denies.</ins>" in html
    assert "no note on the page" in html
    assert html.count("<del>") == html.count("<ins>") == 1


def test_trivial_edits_stand_apart_and_hedges_are_told(changed: Changed) -> None:
    home = changed(
        "UPDATE edits SET change = 'trivial'",
        f"INSERT INTO timeline BY NAME SELECT '{LYRA}' AS claim_id, TIMESTAMP '2026-03-10 03:00:00' AS \"at\", 'hedged' AS event, '“It was <b>trained” became “may have been”' AS reason, false AS at_is_said, TIMESTAMP '2026-03-10 03:00:00' AS seen_at",
    )
    html = _html(_open(home, id=LYRA))
    assert "1 trivial edit: typography" in html
    assert "<ins>" not in html
    assert "hedged without a note" in html
    assert "It was &lt;b&gt;trained" in html
    assert "hedged" not in _html(_open(home, id=LYRA, asof="2026-03-09"))


def test_a_deletion_names_its_interval_and_its_witness(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA)).partition('<h3 class="rt-sub">Deleted</h3>')[2]
    assert "between <time" in html
    assert "HTTP 404, and the feed no longer lists it" in html


def test_a_text_too_long_to_compare_is_said_to_be(sample_home: Home) -> None:
    long = Wording(None, "word " * edits.LONGEST)
    assert "rumortrail edits" in edits._difference(long, Wording(None, "word"))
    assert "is not stored" in edits._difference(None, long)
    headline = edits._difference(Wording("Aster 4 is <out>", "x"), Wording("Aster 4 may be <out>", "x"))
    assert "Aster 4 <del>is</del> <ins>may be</ins> &lt;out&gt;" in headline


# ---- releases, silences, figures ----


def test_rungs_and_goalposts_stand_on_the_page_and_only_what_was_seen_by_then(changed: Changed, sample_home: Home) -> None:
    hub, evidence = _stored(sample_home, "SELECT document_id, evidence_id FROM evidence WHERE claim_id = ? AND source_id = 'hub'", OPEN)[0]
    home = changed(
        "DELETE FROM releases",
        "DELETE FROM goalposts",
        f"INSERT INTO releases BY NAME SELECT 'Borealis 3' AS model, 'Northwind AI' AS organisation, 'open_weights' AS rung, TIMESTAMP '2026-03-09 14:00:00' AS reached_at, true AS at_is_said, '{hub}' AS document_id, 'https://hub.example/x' AS url, 'northwind/<i>' AS words, '{OPEN}' AS claim_id",
        f"INSERT INTO goalposts BY NAME SELECT 'Borealis 3' AS model, 'Northwind AI' AS organisation, 1 AS revision, '{OPEN}' AS claim_id, 'By 9 March' AS claim, 'release' AS kind, TIMESTAMP '2026-03-09 23:59:59' AS deadline, 'day' AS precision, 'Ines Okafor' AS speaker, '{evidence}' AS evidence_id, TIMESTAMP '2026-03-02 19:00:00' AS said_at, TIMESTAMP '2026-03-09 03:00:00' AS seen_at, 'met' AS state, 'Its page is there.' AS reason, 'by a page' AS how",
        f"INSERT INTO goalposts BY NAME SELECT 'Borealis 3' AS model, 'Northwind AI' AS organisation, 2 AS revision, '{LARGE}' AS claim_id, 'By 12 March' AS claim, 'delay' AS kind, TIMESTAMP '2026-03-12 23:59:59' AS deadline, 'day' AS precision, 'Northwind' AS speaker, 'e' AS evidence_id, TIMESTAMP '2026-03-09 19:00:00' AS said_at, TIMESTAMP '2026-03-10 03:00:00' AS seen_at, 'void' AS state, 'no' AS reason, 'by a page' AS how, 'withdrawn' AS void",
    )
    html = _html(_open(home, id=OPEN))
    assert html.count("rt-reached") == 1
    assert html.count("not seen</span>") == len(releases.RUNGS) - 1
    assert "northwind/&lt;i&gt;" in html
    posts = html.partition("Deadline revisions")[2]
    assert "3 days later than before" in posts
    assert "met: <bdi" in posts
    assert "void: it was withdrawn before its date" in posts
    then = _html(_open(home, id=OPEN, asof="2026-03-09"))
    assert "rt-reached" not in then, "its page was seen on the next day"
    assert "By 12 March" not in then
    assert "met" not in _text(then.partition("Deadline revisions")[2].partition("</ol>")[0]).split()
    assert "Ines Okafor" not in then, "who said it first was learned later"


def test_sources_that_could_not_be_read_are_told_as_far_as_known(changed: Changed) -> None:
    home = changed(
        f"INSERT INTO blind_spots BY NAME SELECT '{LYRA}' AS claim_id, 'ledger' AS feed, 'The Harbour Ledger' AS source, 'failing' AS kind, TIMESTAMP '2026-03-09 03:00:00' AS since, TIMESTAMP '2026-03-11 03:00:00' AS until, 'answered <503>' AS message, 'the press' AS bears_as"
    )
    def told(**asof: str) -> str:
        spots = _html(_open(home, id=LYRA, **asof)).partition("What we could not read")[2].partition("</ul>")[0]
        return next((item for item in spots.split("<li>") if "The Harbour Ledger" in item), "")

    assert "answered &lt;503&gt;" in told()
    assert "and still" not in told()
    assert "and still" in told(asof="2026-03-09")
    assert "503" not in told(asof="2026-03-09"), "what later nights said"
    assert told(asof="2026-03-08") == ""


def test_importance_stands_beside_support_and_not_on_an_earlier_day(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LYRA))
    assert "how much it is talked about, true or not" in html
    assert '<span class="rt-label">Support</span>' in html
    assert "Importance" not in _html(_open(sample_home, id=LYRA, asof="2026-03-09"))


def test_rivals_stand_side_by_side_with_what_differs(sample_home: Home) -> None:
    html = _html(_open(sample_home, id=LARGE)).partition("Rival claims")[2].partition("</ul>")[0]
    assert html.count("<li") == 2
    assert "This claim" in html
    assert "differs in <bdi" in html
    assert "400b parameters / 120b parameters" in html


# ---- handing out ----


def test_a_csv_has_no_formula_and_a_json_every_mention(hostile_home: Home, canary: Any) -> None:
    evil = claim_id(hostile_texts(canary.url)[0])
    connection = queries.current(hostile_home, Config())
    made = downloads._evidence(Known(connection, evil), write_csv).decode()
    found = list(csv.DictReader(io.StringIO(made)))
    assert len(found) == 2
    assert all(not cell.startswith(("=", "+", "@", "\t")) for row in found for cell in row.values())
    assert {row["seen_at"] for row in found} == {"2026-03-11T03:00:00+00:00"}
    listed = json.loads(downloads._evidence(Known(connection, evil), write_json))
    assert [row["quote"] for row in listed] == [row["quote"] for row in found]


def test_a_formula_in_a_quote_is_neutralised(changed: Changed) -> None:
    home = changed("UPDATE evidence SET speaker = '=HYPERLINK(\"http://x\")'")
    found = list(csv.DictReader(io.StringIO(downloads._evidence(_known(home, LYRA), write_csv).decode())))
    assert {row["speaker"] for row in found} == {"'=HYPERLINK(\"http://x\")"}


def test_a_file_of_an_earlier_day_holds_what_was_known(sample_home: Home) -> None:
    listed = json.loads(downloads._evidence(_known(sample_home, LYRA, DAYS[1]), write_json))
    assert len(listed) == 10
    assert all(row["gone_at"] is None and row["seen_at"] < "2026-03-10" for row in listed)


def test_the_dossier_is_one_page_that_loads_nothing(sample_home: Home) -> None:
    page = downloads._dossier(_known(sample_home, LYRA)).decode()
    assert "default-src &#39;none&#39;" in page
    assert STORIES[0].claim in page
    assert "simply not true" in page


def test_claimreview_is_for_claims_that_an_editor_signed_off(changed: Changed, sample_home: Home) -> None:
    app = _open(sample_home, id=LYRA)
    assert "no editor has signed this claim off" in _html(app)
    home = changed(
        f"INSERT INTO decisions BY NAME SELECT 9 AS number, 'x9' AS decision_id, 'bea' AS editor, TIMESTAMP '2026-03-10 12:00:00' AS decided_at, 'Read it all.' AS reason, 'status' AS kind, '{LYRA}' AS target, 'disputed' AS value, '{LYRA}' AS claim_id, 'h' AS sha256"
    )
    assert "set [publisher] name and url" in _html(_open(home, id=LYRA))
    home.config_file.write_text('[publisher]\nname = "The Paper"\nurl = "https://paper.example"\n', "utf-8")
    assert "No ClaimReview" not in _html(_open(home, id=LYRA))


def test_now_is_later_than_everything(sample_home: Home) -> None:
    assert _stored(sample_home, "SELECT max(seen_at) FROM documents")[0][0] < LATEST
