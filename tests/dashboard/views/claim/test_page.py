"""One claim's page: what was known on a day, quotes in context, diffs, folded copies, and downloads."""

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

import pytest

from dashboard.components import evidence_card, provenance
from dashboard.data import claim as rows
from dashboard.data import queries
from dashboard.views.claim import downloads, edits, releases
from dashboard.views.claim.as_of import Known
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import EdgeKind, Extent, Precision, Stance
from pipeline.exports.tables import write_csv, write_json
from pipeline.published.claim import LATEST, TEXT_EVENTS
from pipeline.published.claim_rows import (
    Claim,
    Decision,
    Document,
    Evidence,
    FirstWords,
    Happening,
    Move,
    Sign,
)
from pipeline.published.provenance_tree import grow
from pipeline.text.diff import Wording
from tests.conftest import query_published
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, opened
from tests.worlds.sample import MERGED, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # a page for each test

LYRA = claim_id(STORIES[0].claim)
OPEN = claim_id(STORIES[1].claim)
LARGE = claim_id("Borealis 3 has 400 billion parameters")
LEARNED_LATER = [
    number for number, story in enumerate(STORIES)
    if any(said.night or said.gone or said.edited for said in story.said)
]  # fmt: skip
DAYS = [date(2026, 3, day) for day in range(8, 12)]
Changed = Callable[..., Home]

def _page(home: Home, claim: str = LYRA, **parameters: str) -> str:
    return html_of(opened(home, "claim", id=claim, **parameters))


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


def _put(table: str, **values: object) -> str:
    """Return SQL that inserts one row into a table."""

    def literal(value: object) -> str:
        if isinstance(value, datetime):
            return f"TIMESTAMP '{value}'"
        return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)

    columns = ", ".join(f'{literal(value)} AS "{name}"' for name, value in values.items())
    return f"INSERT INTO {table} BY NAME SELECT {columns}"


def _decision(
    kind: str, target: str, value: str, *, number: int = 9, day: int = 10, claim: str | None = LYRA
) -> str:
    """Return SQL that inserts a decision of an editor at noon of a day in March."""
    identity = {"number": number, "decision_id": f"x{number}", "editor": "bea", "reason": "Read it."}
    subject = {"sha256": "h", "kind": kind, "target": target, "value": value, "claim_id": claim}
    return _put("decisions", **identity, **subject, decided_at=_march(day, 12))


def _march(day: int, hour: int = 3, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute)  # noqa: DTZ001  # as the published copy holds it


def _mention(home: Home, source: str, column: str = "mention_id", claim: str = LYRA) -> str:
    sql = f"SELECT {column} FROM evidence WHERE claim_id = ? AND source_id = ?"
    return str(query_published(home, sql, claim, source)[0][0])


# ---- as of ----


@pytest.mark.parametrize("story", LEARNED_LATER)
def test_nothing_that_was_learned_later_is_known(sample_home: Home, story: int) -> None:
    claim = claim_id(STORIES[story].claim)
    # All claims behave alike before and after the nights in which something was learned.
    for day in DAYS if story == LEARNED_LATER[0] else DAYS[1:3]:
        known = _known(sample_home, claim, day)
        end = datetime.combine(day + timedelta(days=1), datetime.min.time())
        sql = "SELECT evidence_id, mention_id FROM evidence WHERE claim_id = ? AND seen_at < ?"
        evidence = query_published(sample_home, sql, claim, end)
        points = known.read(rows.Point, "points", limit=1000)
        assert {point.evidence_id for point in points} == {row[0] for row in evidence}
        past = known.read(Claim, "claim")[0]
        assert past.mentions == len(evidence)
        assert past.mentions == past.supports + past.denies + past.questions + past.reports
        voice_rows = known.read(rows.Voice, "voices", stances=[], newest=False, limit=100, offset=0)
        voices = [voice.voice_key for voice in voice_rows]
        placed = known.read(rows.Placed, "placed", stances=[], voices=voices, each=100)
        assert {row.mention_id for row in placed} == {row[1] for row in evidence}
        ids = {"mentions": [p.mention_id for p in placed], "documents": [p.document_id for p in placed]}
        cards = known.read(Evidence, "evidence", around=9, **ids)
        assert len(cards) == len(evidence)
        assert all(card.gone_at is None or card.gone_at < end for card in cards)
        assert all(card.edited_at < end for card in cards)
        assert all(first.seen_at < end for first in known.read(FirstWords, "first", limit=1000))
        happenings = known.read(Happening, "happenings", events=TEXT_EVENTS, limit=1000)
        assert all(happening.at < end for happening in happenings)
        assert all(deletion.gone_at < end for deletion in known.read(rows.Gone, "gone"))
        assert all(edit.seen_at < end for edit in known.read(rows.Edited, "edited", limit=1000))
        assert all(decision.decided_at < end for decision in known.read(Decision, "decisions"))
        signs = known.read(Sign, "signs", limit=1000)
        ends = [end_id for sign in signs for end_id in (sign.document_id, sign.origin_document_id) if end_id]
        nodes = known.read(Document, "documents", documents=ends, of=[claim] * len(ends))
        assert all(node.seen_at < end and (node.gone_at is None or node.gone_at < end) for node in nodes)
        # The newest judgement made by that day gives both the status and the moves.
        judged_rows = query_published(
            sample_home,
            "SELECT status, since FROM status_history WHERE claim_id = ? AND judged_at < ?"
            " QUALIFY rank() OVER (ORDER BY judged_at DESC) = 1 ORDER BY step",
            claim,
            end,
        )
        moves = [(move.status, move.at) for move in known.read(Move, "moves")]
        assert moves == sorted(judged_rows, key=lambda row: row[1])
        assert past.status == (judged_rows[-1][0] if judged_rows else "unverified")


@pytest.mark.parametrize("story", range(len(STORIES)))
def test_now_shows_what_the_copy_says(sample_home: Home, story: int) -> None:
    known = _known(sample_home, claim_id(STORIES[story].claim))
    claim = queries.claim(known.copy, known.claim_id)
    assert claim
    columns = "mentions, supports, denies, status, voices, would_change, score, importance"
    (stored_row,) = query_published(
        sample_home, f"SELECT {columns} FROM claims WHERE claim_id = ?", known.claim_id
    )
    assert stored_row == tuple(getattr(claim, name) for name in columns.split(", "))


def test_the_page_says_of_which_day_it_is_and_leads_back_to_now(sample_home: Home) -> None:
    html = _page(sample_home, asof="2026-03-09")
    assert "As known on 9 Mar 2026</b> (the end of the day, UTC): 10 of 12 mentions were known" in html
    assert "were known, status <b>disputed</b>" in html
    assert f'<a class="rt-in" href="claim?id={LYRA}">Back to now</a>' in html
    learned_later = ("tinplate", "quietlogs", "deleted since", "edited", "Asked Aurora Labs")
    for later_text in (*learned_later, "no longer in the newest text", "date unknown"):
        assert later_text not in html, later_text
    now = _page(sample_home)
    assert "As known on" not in now
    for later_text in learned_later:
        assert later_text in now, later_text


def test_a_day_between_two_marks_shows_the_earlier_and_a_decision_its_own_day(sample_home: Home) -> None:
    html = _page(sample_home, asof="2026-03-10")
    assert "Asked Aurora Labs for the audit." in html
    assert "quietlogs" in html
    assert "tinplate" not in html


def test_a_claims_status_is_that_of_the_day_on_its_page_and_as_a_rival(sample_home: Home) -> None:
    before = _page(sample_home, LARGE, asof="2026-03-09")
    assert "status <b>unverified</b>" in before
    assert "contradicted" not in before
    assert "substantiated" not in before, "how the rival stands was learned later"
    assert "asof=2026-03-09" in before.partition("Rival claims")[2].partition("</ul>")[0]
    assert "contradicted" in _page(sample_home, LARGE)


@pytest.mark.parametrize("given", ["2026-03-11", "2030-01-01", "yesterday", "<b>", ""])
def test_a_day_that_is_not_over_or_no_day_is_now(sample_home: Home, given: str) -> None:
    html = _page(sample_home, asof=given)
    assert "As known on" not in html
    assert "tinplate" in html


def test_before_anything_was_known_the_page_says_so(sample_home: Home) -> None:
    html = _page(sample_home, asof="2026-03-01")
    assert "nothing was known of this claim" in html
    assert "rt-card" not in html
    assert "kestrel" not in html


def test_the_slider_has_a_mark_where_something_was_learned_and_none_for_one_day(sample_home: Home) -> None:
    app = opened(sample_home, "claim", id=LYRA)
    slider = app.select_slider(key="asof")
    assert slider.options == ["2026-03-09", "2026-03-10", "now"]
    slider.set_value("2026-03-09").run()
    assert "As known on 9 Mar 2026" in html_of(app)
    first_night = (story for story in STORIES if {said.night for said in story.said} == {0})
    steady = next(story for story in first_night if not any(said.gone or said.edited for said in story.said))
    app_alone = opened(sample_home, "claim", id=claim_id(steady.claim))
    assert not app_alone.exception
    assert [control.key for control in app_alone.select_slider] == []


def test_a_document_that_was_not_seen_yet_names_no_voice(changed: Changed, sample_home: Home) -> None:
    kestrel = _mention(sample_home, "kestrel", "document_id")
    seen_later = f"SET seen_at = TIMESTAMP '2026-03-10 03:00:00' WHERE document_id = '{kestrel}'"
    home = changed(*(f"UPDATE {table} {seen_later}" for table in ("documents", "evidence", "versions")))
    page = {"stances": [], "newest": False, "limit": 99, "offset": 0}
    voice_rows = _known(home, LYRA, DAYS[1]).read(rows.Voice, "voices", **page)
    assert not any(voice.is_voice for voice in voice_rows if voice.name in ("r/modelgossip", "Model Roundup"))
    names = {voice.name for voice in voice_rows}
    assert "@kestrel_at_dusk" not in names
    assert {"r/modelgossip", "Model Roundup"} <= names
    html = _page(home, asof="2026-03-09")
    assert "@kestrel_at_dusk" not in html
    assert "@kestrel_at_dusk" in _page(home, asof="2026-03-10")


def test_an_editors_stance_counts_from_the_day_of_the_decision(changed: Changed, sample_home: Home) -> None:
    mention = _mention(sample_home, "tanaka")
    home = changed(
        f"UPDATE evidence SET stance = 'denies' WHERE mention_id = '{mention}'",
        _decision("stance", mention, "denies"),
    )
    for day, stance, denials in ((DAYS[1], "supports", 3), (DAYS[2], "denies", 4), (None, "denies", 4)):
        known = _known(home, LYRA, day)
        points = known.read(rows.Point, "points", limit=99)
        assert {point.stance for point in points if point.speaker == "Rei Tanaka"} == {stance}
        assert known.read(Claim, "claim")[0].denies == denials
    assert "an editor; the model read “supports”" in _page(home)
    decisions_html = _page(home).partition("What editors decided")[2]
    assert "the machine says “<bdi" in decisions_html
    assert "the model read" not in _page(home, asof="2026-03-09")


def test_what_an_editor_merged_in_was_no_part_of_it_before(changed: Changed, sample_home: Home) -> None:
    mention = _mention(sample_home, "tanaka")
    home = changed(
        f"UPDATE evidence SET machine_claim_id = 'cother' WHERE mention_id = '{mention}'",
        _decision("merge", "cother", "cmiddle", number=8, day=9, claim=None),
        _decision("merge", "cmiddle", LYRA),
    )
    for day, spoke in ((DAYS[1], False), (DAYS[2], True), (None, True)):
        points = _known(home, LYRA, day).read(rows.Point, "points", limit=99)
        assert ("Rei Tanaka" in {point.speaker for point in points}) is spoke


def test_a_claim_that_was_merged_twice_leads_to_the_one_that_stands_for_it(changed: Changed) -> None:
    home = changed(_decision("merge", "cfirst", MERGED))
    html = _page(home, "cfirst")
    assert "This claim was merged into another" in html and f"claim?id={LYRA}" in html


def test_what_was_not_traced_yet_is_no_voice_on_the_page(changed: Changed, sample_home: Home) -> None:
    denials = f"claim_id = '{LYRA}' AND stance = 'denies'"
    home = changed(f"UPDATE evidence SET voice = NULL, voice_name = NULL, independent = NULL WHERE {denials}")
    known = _known(home, LYRA)
    ids = query_published(home, f"SELECT mention_id, document_id FROM evidence WHERE {denials}")
    ids_read = {"mentions": [row[0] for row in ids], "documents": [row[1] for row in ids]}
    cards = known.read(Evidence, "evidence", around=0, **ids_read)
    points = {point.evidence_id: point for point in known.read(rows.Point, "points", limit=99)}
    assert cards and not any(card.independent or card.is_voice for card in cards)
    assert not any(points[card.evidence_id].independent for card in cards)
    before = _known(sample_home, LYRA).read(Claim, "claim")[0]
    assert known.read(Claim, "claim")[0].denied_by == 0 < before.denied_by
    assert "it counts as no voice" in _page(home)


# ---- cards ----


def test_a_quote_stands_in_its_context_to_the_letter(changed: Changed, sample_home: Home) -> None:
    before, after = "Früher war alles anders. " * 40, " 🙂 Später auch,\n\nund noch viel mehr." * 30
    home = changed(
        f"UPDATE versions SET text = '{before}' || text || '{after}'",
        f"UPDATE evidence SET start_char = start_char + {len(before)}, end_char = end_char + {len(before)}",
    )
    texts = {row[0] for row in query_published(home, "SELECT text FROM versions")}
    html = _page(home)
    quote = r'<blockquote class="rt-quote" dir="auto">(<span class="rt-context">.*?)</blockquote>'
    quotes = re.findall(quote, html, re.DOTALL)
    assert len(quotes) == 12
    for quoted in quotes:
        patterns = r'<span class="rt-context">…(.*?)</span>', r'<span class="rt-context">(.*?) …</span>'
        parts = re.fullmatch(r"<strong>(.*?)</strong>".join(patterns), quoted, re.DOTALL)
        assert parts, quoted
        quote_text = _text("".join(parts.groups()))
        assert any(quote_text in text for text in texts), quote_text
        assert evidence_card.AROUND < len(quote_text) - len(_text(parts[2])) <= 2 * evidence_card.AROUND


def test_a_short_text_is_shown_to_its_ends_without_an_ellipsis(sample_home: Home) -> None:
    html = _page(sample_home)
    assert '</strong><span class="rt-context"> This line stands around it.</span></blockquote>' in html


def test_a_quote_that_is_not_at_its_place_has_no_context(changed: Changed) -> None:
    home = changed("UPDATE evidence SET start_char = start_char + 1, end_char = end_char + 1")
    html = _page(home)
    assert html.count("The quote is no longer where it was read") == 12
    assert "rt-context" not in html


def test_a_card_tells_how_its_page_is_kept_and_how_to_get_it(changed: Changed, sample_home: Home) -> None:
    assert "no page was archived" in _page(sample_home)
    home = changed("UPDATE versions SET warc = '20260309T030000Z.warc.gz#urn:uuid:0-1<b>', sha256 = 'ab12'")
    html = _page(home)
    assert "<code>20260309T030000Z.warc.gz</code>" in html
    assert "<code>urn:uuid:0-1&lt;b&gt;</code>" in html
    assert "<code>ab12</code>" in html
    assert re.search(r"<code>rumortrail evidence d[0-9a-f]{16}</code>", html)


def _second(home: Home, source: str, relation: str, model: str = "reader-1", day: int = 10) -> str:
    """Return SQL that inserts a second reader's opinion of a source's mention."""
    ids = {name: _mention(home, source, name) for name in ("mention_id", "evidence_id", "machine_stance")}
    opinion = {"claim_id": LYRA, "model": model, "relation": relation, "quotation": "the <words>"}
    agrees = relation == ids["machine_stance"]
    return _put("second_opinions", **ids, **opinion, agrees=agrees, asked_at=_march(day, 12), run_id="r")


def test_a_second_reader_who_reads_otherwise_is_shown_beside_the_evidence(
    changed: Changed, sample_home: Home
) -> None:
    home = changed(_second(sample_home, "kestrel", "unrelated"))
    html = _page(home)
    assert "A second reader (reader-1) reads this as “unrelated” from “the <words>”" in _text(html)
    assert "<words>" not in html
    assert html.count("Read otherwise") == 1
    assert "second reader" not in _page(home, asof="2026-03-09")
    (row,) = [row for row in json.loads(downloads.evidence(_known(home, LYRA), write_json))
              if row["second_reader"]]  # fmt: skip
    assert (row["second_relation"], row["second_quotation"]) == ("unrelated", "the <words>")


def test_of_several_second_readers_the_last_is_told_and_none_who_agrees(
    changed: Changed, sample_home: Home
) -> None:
    stance = _mention(sample_home, "kestrel", "machine_stance")
    home = changed(
        _second(sample_home, "kestrel", "unrelated"), _second(sample_home, "kestrel", stance, "reader-2", 11)
    )
    assert "second reader" not in _page(home)


def test_a_card_says_where_its_words_bear_out_a_part(changed: Changed, sample_home: Home) -> None:
    assert "says a part of it" not in _page(sample_home)
    mention_sql = f"SELECT min(mention_id) FROM evidence WHERE claim_id = '{LYRA}' AND stance = 'supports'"
    home = changed(f"UPDATE evidence SET entails = 0.3 WHERE mention_id = ({mention_sql})")
    assert "says a part of it" in _page(home)


# ---- trail ----


def _document(name: str, hour: int) -> Document:
    time = datetime(2026, 3, 1, hour)  # noqa: DTZ001
    return Document(name, name, name, None, None, time, Precision.SECOND, time, None, None, Stance.REPORTS)


def _sign(child: str, origin: str | None, kind: EdgeKind = EdgeKind.LINK, name: str | None = None) -> Sign:
    return Sign(child, origin, name, kind, None, 9)


def test_copies_are_folded_with_their_number_and_unfold() -> None:
    documents = {name: _document(name, hour) for hour, name in enumerate("abcde")}
    copy_signs = [_sign(child, origin, EdgeKind.NEAR_DUPLICATE) for child, origin in ("ba", "cb", "dc")]
    origins = grow(documents, [_sign("e", "b"), *copy_signs])
    html = "".join(provenance.branch_html(origin, documents) for origin in origins)
    assert "<details><summary><b>2 documents</b> nearly repeat it</summary>" in html
    folded_html = html.partition("<details>")[2].partition("</details>")[0]
    assert folded_html.count("rt-node") == 2
    assert ">b<" not in folded_html, "what others follow in turn is not folded away"


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        (Extent.FEED, "only what its feed says: the page refused"),
        (Extent.TEASER, "maybe a teaser: the page is not free"),
        (Extent.WHOLE, None),
    ],
)
def test_a_document_of_which_only_a_part_is_known_is_marked(extent: Extent, words: str | None) -> None:
    documents = {"a": replace(_document("a", 1), extent=extent)}
    html = "".join(provenance.branch_html(origin, documents) for origin in grow(documents, []))
    assert ("rt-alert" in html) is (words is not None)
    assert words is None or words in html


def test_the_sample_is_followed_to_its_origin(sample_home: Home) -> None:
    html = _page(sample_home).partition("Who took it from whom")[2]
    assert "6 documents that lead back to 2 origins, by 6 signs." in html
    first = html.partition('<ul class="rt-tree"><li>')[2]
    assert "@kestrel_at_dusk" in first.partition("</div>")[0]
    assert "nearly repeats it" in first
    assert 'class="rt-sign">links to it' in first


# ---- edits ----


def test_an_edit_is_shown_by_sentence_and_word(sample_home: Home) -> None:
    html = _page(sample_home).partition("Versions, and what changed")[2]
    assert "which the company <del>has not answered.</del> <ins>denies.</ins>" in html
    assert "no note on the page" in html
    assert html.count("<del>") == html.count("<ins>") == 1


def test_trivial_edits_stand_apart_and_hedges_are_told(changed: Changed) -> None:
    home = changed(
        "UPDATE edits SET change = 'trivial'",
        _put(
            "timeline", claim_id=LYRA, event="hedged", reason="“It was <b>trained” became “may have been”",
            at=_march(10), at_is_said=False, seen_at=_march(10),
        ),
    )
    html = _page(home)
    assert "1 trivial edit: typography" in html
    assert "<ins>" not in html
    assert "softened without a note" in html
    assert "It was &lt;b&gt;trained" in html
    assert "hedged" not in _page(home, asof="2026-03-09")


def test_what_has_no_time_is_told_between_its_bounds(changed: Changed) -> None:
    """A model's page tells when its repository was made and when we saw it: it became public in between."""
    html = _page(changed("UPDATE evidence SET said_earliest = '2026-02-13 09:00' WHERE said_at IS NULL"))
    assert 'said between <time datetime="2026-02-13T09:00:00Z"' in html


def test_what_has_neither_time_nor_bound_is_told_between_none(changed: Changed) -> None:
    html = _page(changed("UPDATE evidence SET said_earliest = NULL WHERE said_at IS NULL"))
    assert "said between" not in html


def test_a_deletion_names_its_interval_and_its_witness(sample_home: Home) -> None:
    html = _page(sample_home).partition('<h3 class="rt-sub">Deleted</h3>')[2]
    assert "between <time" in html
    assert "HTTP 404, and the feed no longer lists it" in html


def test_a_text_too_long_to_compare_is_said_to_be(sample_home: Home) -> None:
    long_wording = Wording(None, "word " * edits.LONGEST)
    assert "rumortrail edits" in edits._difference(long_wording, Wording(None, "word"))
    assert "is not stored" in edits._difference(None, long_wording)
    headline = edits._difference(Wording("Aster 4 is <out>", "x"), Wording("Aster 4 may be <out>", "x"))
    assert "Aster 4 <del>is</del> <ins>may be</ins> &lt;out&gt;" in headline


# ---- releases, silences, figures ----


def test_release_stages_and_deadlines_are_shown_as_seen_by_then(changed: Changed, sample_home: Home) -> None:
    hub, evidence = (_mention(sample_home, "hub", column, OPEN) for column in ("document_id", "evidence_id"))
    model = {"model": "Borealis 3", "organisation": "Northwind AI"}
    post = model | {"precision": "day", "how": "Decides: A <page>."}
    home = changed(
        "DELETE FROM releases",
        "DELETE FROM goalposts",
        _put(
            "releases", **model, rung="open_weights", reached_at=_march(9, 14), at_is_said=True,
            document_id=hub, url="https://hub.example/x", words="northwind/<i>", claim_id=OPEN,
        ),
        _put(
            "goalposts", **post, revision=1, claim_id=OPEN, claim="By 9 March", kind="release",
            deadline=_march(9, 23, 59), speaker="Ines Okafor", evidence_id=evidence, said_at=_march(2, 19),
            seen_at=_march(9), state="met", reason="Its page is there.",
        ),
        _put(
            "goalposts", **post | {"how": "Cannot be resolved: it was withdrawn"}, revision=2, claim_id=LARGE,
            claim="By 12 March", kind="delay",
            deadline=_march(12, 23, 59), speaker="Northwind", evidence_id="e", said_at=_march(9, 19),
            seen_at=_march(10), state="void", reason="no", void="withdrawn",
        ),
    )
    html = _page(home, OPEN)
    assert html.count("rt-reached") == 1
    assert html.count("not seen</span>") == len(releases.STAGE_WORDS) - 1
    assert "northwind/&lt;i&gt;" in html
    posts = html.partition("Deadline revisions")[2]
    assert "3 days later than before" in posts
    assert "met: <bdi" in posts
    assert "void: it was withdrawn before its date" in posts
    assert "Decides: A <page>." in _text(posts)
    assert "Cannot be resolved: it was withdrawn" in _text(posts)
    html_then = _page(home, OPEN, asof="2026-03-09")
    assert "rt-reached" not in html_then, "its page was seen on the next day"
    assert "By 12 March" not in html_then
    assert "met" not in _text(html_then.partition("Deadline revisions")[2].partition("</ol>")[0]).split()
    assert "Ines Okafor" not in html_then, "who said it first was learned later"


def test_resolution_texts_stand_side_by_side_as_written_by_then(changed: Changed, sample_home: Home) -> None:
    text = {"claim_id": OPEN, "newest": False}
    first = "Asked for: <i>its</i> release.\nTime: Before 9 March."
    home = changed(
        "DELETE FROM resolution_texts",
        _put("resolution_texts", **text, number=1, written_at=_march(9), rules="rules-7", text=first,
             why="first seen"),
        _put("resolution_texts", **text, number=2, written_at=_march(12), rules="rules-7",
             text="Cannot be resolved.", why="other rules"),
    )
    html = _page(home, OPEN)
    shown = _text(html.partition("How it will be resolved")[2])
    assert "Asked for: <i>its</i> release." in shown
    assert "<i>its" not in html
    assert shown.index("rules-7") < shown.index("other rules") < shown.index("Cannot be resolved.")
    text_then = _text(_page(home, OPEN, asof="2026-03-10"))
    assert "Before 9 March." in text_then
    assert "Cannot be resolved." not in text_then, "it was written later"


def test_sources_that_could_not_be_read_are_told_as_far_as_known(changed: Changed) -> None:
    home = changed(
        _put(
            "blind_spots", claim_id=LYRA, feed="ledger", source="The Harbour Ledger", kind="failing",
            since=_march(9), until=_march(11), message="answered <503>", bears_as="the press",
        )
    )
    def told(**asof: str) -> str:
        html = _page(home, **asof).partition("What we could not read")[2]
        items = html.partition("</ul>")[0].split("<li>")
        return next((item for item in items if "The Harbour Ledger" in item), "")

    assert "answered &lt;503&gt;" in told()
    assert "and still" not in told()
    assert "and still" in told(asof="2026-03-09")
    assert "503" not in told(asof="2026-03-09"), "what later nights said"
    assert told(asof="2026-03-08") == ""


def test_importance_stands_beside_support_and_not_on_an_earlier_day(sample_home: Home) -> None:
    html = _page(sample_home)
    assert "how much it is talked about, true or not" in html
    assert '<span class="rt-label">Support</span>' in html
    assert "Importance" not in _page(sample_home, asof="2026-03-09")


def test_rivals_stand_side_by_side_with_what_differs(sample_home: Home) -> None:
    html = _page(sample_home, LARGE).partition("Rival claims")[2].partition("</ul>")[0]
    assert html.count("<li") == 2
    assert "This claim" in html
    assert "differs in <bdi" in html
    assert "400b parameters / 120b parameters" in html


# ---- handing out ----


def test_a_csv_has_no_formula_and_a_json_every_mention(hostile_home: Home, canary: Any) -> None:
    hostile_id = claim_id(hostile_texts(canary.url)[0])
    connection = queries.current(hostile_home, Config())
    csv_text = downloads.evidence(Known(connection, hostile_id), write_csv).decode()
    csv_rows = list(csv.DictReader(io.StringIO(csv_text)))
    assert len(csv_rows) == 2
    assert all(not cell.startswith(("=", "+", "@", "\t")) for row in csv_rows for cell in row.values())
    assert {row["seen_at"] for row in csv_rows} == {"2026-03-11T03:00:00+00:00"}
    json_rows = json.loads(downloads.evidence(Known(connection, hostile_id), write_json))
    assert [row["quote"] for row in json_rows] == [row["quote"] for row in csv_rows]


def test_a_formula_in_a_quote_is_neutralised(changed: Changed) -> None:
    home = changed("UPDATE evidence SET speaker = '=HYPERLINK(\"http://x\")'")
    csv_rows = list(csv.DictReader(io.StringIO(downloads.evidence(_known(home, LYRA), write_csv).decode())))
    assert {row["speaker"] for row in csv_rows} == {"'=HYPERLINK(\"http://x\")"}


def test_a_file_of_an_earlier_day_holds_what_was_known(sample_home: Home) -> None:
    json_rows = json.loads(downloads.evidence(_known(sample_home, LYRA, DAYS[1]), write_json))
    assert len(json_rows) == 10
    assert all(row["gone_at"] is None and row["seen_at"] < "2026-03-10" for row in json_rows)


def test_the_dossier_is_one_page_that_loads_nothing(sample_home: Home) -> None:
    page = downloads._dossier(_known(sample_home, LYRA)).decode()
    assert "default-src &#39;none&#39;" in page
    assert STORIES[0].claim in page
    assert "simply not true" in page


def test_claimreview_is_for_claims_that_an_editor_signed_off(changed: Changed, sample_home: Home) -> None:
    assert "no editor has signed this claim off" in _page(sample_home)
    home = changed(_decision("status", LYRA, "disputed"))
    assert "set [publisher] name and url" in _page(home)
    home.config_file.write_text('[publisher]\nname = "The Paper"\nurl = "https://paper.example"\n', "utf-8")
    assert "No ClaimReview" not in _page(home)


def test_now_is_later_than_everything(sample_home: Home) -> None:
    assert query_published(sample_home, "SELECT max(seen_at) FROM documents")[0][0] < LATEST


SILENT = """INSERT INTO claims BY NAME SELECT * REPLACE ('c-silent' AS claim_id,
    'Zephyr 9 ate the sun' AS claim, 0 AS mentions, 0 AS voices, 0 AS supports, 0 AS denies, 0 AS questions,
    0 AS reports, 'unverified' AS status,
    NULL AS reason, NULL AS would_change, NULL AS score, NULL AS importance, NULL AS importance_why)
    FROM claims LIMIT 1"""
FOLLOWED = """INSERT INTO decisions BY NAME SELECT * REPLACE (99 AS number, 'x99' AS decision_id,
    'follow' AS kind, 'c-silent' AS target, 'c-silent' AS claim_id, 'Zephyr 9 ate the sun' AS value,
    'ada <i>' AS editor, 'a <b>tip</b>' AS reason, TIMESTAMP '2026-03-10 08:00' AS decided_at)
    FROM decisions LIMIT 1"""
HEARD = """INSERT INTO timeline BY NAME SELECT 'c-silent' AS claim_id, TIMESTAMP '2026-03-10 08:00' AS "at",
    'decision' AS event, true AS at_is_said, TIMESTAMP '2026-03-10 08:00' AS seen_at"""


def test_one_that_nobody_speaks_to_says_who_follows_it_since_when_and_why(changed: Changed) -> None:
    home = changed(SILENT, FOLLOWED, HEARD)
    text = _text(_page(home, "c-silent"))
    assert "Followed by ada <i> since 10 Mar 2026" in text
    assert "a <b>tip</b>" in text
    assert "No evidence on it is stored yet." in text
    assert "What editors decided" in text
    assert "It has not been judged yet" not in text and "Independent voices" not in text
    known = _known(home, "c-silent")
    assert b"Zephyr 9 ate the sun" in downloads._dossier(known)
    assert downloads.evidence(known, write_json).strip() in (b"[]", b"[\n]")


def test_before_it_was_followed_nothing_was_known_of_it(changed: Changed) -> None:
    home = changed(SILENT, FOLLOWED, HEARD)
    text = _text(_page(home, "c-silent", asof="2026-03-09"))
    assert "nothing was known of this claim" in text
    assert "Followed by" not in text
    text = _text(_page(home, "c-silent", asof="2026-03-10"))
    assert "it was followed, and no evidence on it was known." in text


def test_one_with_evidence_says_who_follows_it_too(changed: Changed) -> None:
    text = _text(_page(changed(FOLLOWED.replace("c-silent", LYRA))))
    assert "Followed by ada <i> since 10 Mar 2026" in text
    assert "Independent voices" in text


def test_the_way_to_the_public_page_and_the_line_to_embed_it(sample_home: Home, home: Home) -> None:
    html = html_of(opened(sample_home, "claim", id=LYRA))
    assert f'href="c/{LYRA}"' in html
    assert "To embed it, set [publisher] url in rumortrail.toml." in html
    html_then = html_of(opened(sample_home, "claim", id=LYRA, asof="2026-03-09"))
    assert f'href="c/{LYRA}?as_of=2026-03-09"' in html_then
    home.published.write_bytes(sample_home.published.read_bytes())
    home.config_file.write_text('[publisher]\nurl = "https://desk.paper.example"\n', "utf-8")
    line = f'<iframe src="https://desk.paper.example/embed/{LYRA}"'
    assert line in unescape(html_of(opened(home, "claim", id=LYRA)))
