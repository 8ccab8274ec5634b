"""A claim's page: golden, small however many statements, harmless, and without a verdict of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Precision
from pipeline.exports.claimreview import claim_review
from pipeline.pages import links
from pipeline.pages.claim import claim_page, statements_csv, timeline_svg
from pipeline.pages.embed import claim_embed, frame
from pipeline.published.claim import NOW, AsOf, CaseFile, read_claim
from pipeline.published.claim_rows import About, Decision
from tests.pipeline.pages.reading import only_ours
from tests.shared import Canary
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES, hostile_texts

CONFIG = Config()
PUBLISHER = PublisherConfig("The Paper", "https://desk.paper.example/rumours")
FILES, SERVED = links.files(PUBLISHER.url), links.served(PUBLISHER.url)
GOLDEN = Path(__file__).resolve().parent / "golden"
LYRA = claim_id(STORIES[0].claim)
LARGEST = 100_000


@cache
def read(home: Home, claim: str, as_of: AsOf = NOW) -> CaseFile:
    return read_claim(home, CONFIG, claim, as_of)


@pytest.fixture
def case(sample_home: Home) -> CaseFile:
    return read(sample_home, LYRA)


def same(name: str, made: str) -> None:
    """Compare with the golden file `name`; RUMORTRAIL_GOLDEN=1 writes it anew."""
    file = GOLDEN / name
    if os.environ.get("RUMORTRAIL_GOLDEN") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, "utf-8")
    assert made == file.read_text("utf-8"), "RUMORTRAIL_GOLDEN=1 writes it anew; look at it"


def test_it_is_the_golden_page(case: CaseFile) -> None:
    same("claim.html", claim_page(case, FILES, PUBLISHER))
    same("embed.html", claim_embed(case, FILES, PUBLISHER))
    same("timeline.svg", timeline_svg(case, PUBLISHER))


def test_what_the_timeline_spans_is_told_no_finer_than_it_is_known(case: CaseFile) -> None:
    first = min(one.said_at or one.seen_at for one in case.statements)
    statements = [replace(one, said_precision=Precision.MONTH) if one.said_at == first else one
                  for one in case.statements]
    page = claim_page(replace(case, statements=statements), FILES, PUBLISHER)
    assert f"<figcaption>{first:%B %Y} to " in page


def test_a_name_leads_to_its_page_where_it_has_one(case: CaseFile) -> None:
    about = (
        About("organisation", "Aurora Labs", None),
        About("model", "Aster 2/β", None),
        About("person", "Mara Lindqvist", "speaker:mara lindqvist"),
    )
    subject = replace(
        case.subject, organisations=["Aurora Labs"], entities=["Aster 2/β", "Mara Lindqvist", "Lyra"]
    )
    led = replace(case, subject=subject, about=about)

    def addresses(addressing: links.Links) -> dict[str, str | None]:
        label = re.search(r'<p class="label">Claim .*?</p>', claim_page(led, addressing, PUBLISHER))
        assert label
        page, seen = only_ours(label[0]), [name.subject for name in about] + ["Lyra"]
        assert all(name in page.text for name in seen)
        shown = re.findall(r'<a href="([^"]*)"><bdi>([^<]*)</bdi></a>', label[0])
        return {name: address for address, name in shown}

    assert addresses(SERVED) == {
        "Aurora Labs": "../models?org=Aurora%20Labs",
        "Aster 2/β": "../models?model=Aster%202%2F%CE%B2",
        "Mara Lindqvist": "../sources?id=speaker%3Amara%20lindqvist&amp;who=People",
    }
    assert addresses(FILES) == {
        "Aurora Labs": f"../models/org-{links.file_name('Aurora Labs')}.html",
        "Aster 2/β": f"../models/{links.file_name('Aster 2/β')}.html",
    }


def test_a_name_of_an_organisation_and_of_another_kind_leads_to_the_page_of_each(case: CaseFile) -> None:
    subject = replace(case.subject, organisations=["Both", "Solo"], entities=["Both", "Solo"])
    for kind, who_id in (("model", None), ("person", "speaker:both")):
        about = (About(kind, "Both", who_id), About("organisation", "Both", None),
                 About("model", "Solo", None))
        page = claim_page(replace(case, subject=subject, about=about), SERVED, PUBLISHER)
        label = re.search(r'<p class="label">Claim .*?</p>', page)
        assert label
        other = "../models?model=Both" if who_id is None else "../sources?id=speaker%3Aboth&amp;who=People"
        assert re.findall(r'<a href="([^"]*)"', label[0]) == [
            "../models?org=Both", other, "../models?model=Solo"]
        assert label[0].count(">Solo<") == 1


def test_a_sentence_in_brackets_has_one_full_stop(case: CaseFile) -> None:
    repeated = [replace(statement, independent=False, voice_reason="A passes on “B”, which is not stored.")
                for statement in case.statements]
    page = claim_page(replace(case, statements=repeated), FILES, PUBLISHER)
    assert "which is not stored</bdi>)." in page and "stored.</bdi>)" not in page


def test_status_reason_quotes_sources_times_and_hashes_are_told(case: CaseFile) -> None:
    page = only_ours(claim_page(case, SERVED, PUBLISHER))
    text = " ".join(page.text.split())
    for statement in case.statements:
        for text_part in (statement.quote, statement.source, statement.text_sha256):
            assert text_part in page.text
    for text_part in (
        case.subject.reason or "",
        f"What would change it: {case.subject.would_change}",
        "said 5 March 2026, 21:14:08 UTC · seen",
        "said 8 March 2026, the hour unknown",
        "said at an unknown time (first seen 10 March 2026, 03:00:00 UTC)",
        "deleted between 10 March 2026, 03:00:00 UTC and 11 March 2026, 03:00:00 UTC",
        "as known on 11 March 2026, 03:11:00 UTC",
        "note by ada, 10 March 2026",
        "https://desk.paper.example/rumours/c/" + LYRA,
        f'<iframe src="https://desk.paper.example/rumours/embed/{LYRA}"',
    ):
        assert text_part in text, text_part


def test_times_of_first_words_that_overlap_are_equals(case: CaseFile) -> None:
    several_first = replace(case, first=[replace(case.first[0], evidence_id=f"e{n}") for n in range(20)])
    text = " ".join(only_ours(claim_page(several_first, SERVED, PUBLISHER)).text.split())
    assert "Said first, of all that is stored, by one of 20" in text
    assert "About the same time, as far as is known" in text
    assert "And 13 more. Their times overlap, or are not all known, so nobody can tell which" in text


def test_as_known_on_an_earlier_day(sample_home: Home) -> None:
    day = date(2026, 3, 9)
    earlier_case = read(sample_home, LYRA, AsOf(datetime(2026, 3, 10)))  # noqa: DTZ001
    page = claim_page(earlier_case, SERVED, PUBLISHER, day=day)
    assert "<b>As known on 9 March 2026</b>, the end of the day in UTC." in page
    assert '<meta name="robots" content="noindex">' in page
    assert f"{LYRA}.svg?as_of=2026-03-09" in page
    assert f"/c/{LYRA}?as_of=2026-03-09" in only_ours(page).text, "the citation names the day"


@pytest.mark.slow
def test_ten_thousand_statements_stay_small(case: CaseFile) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    many_statements = [
        replace(
            case.statements[number % len(case.statements)],
            evidence_id=f"e{number:05}",
            voice_key=f"source:{number % 3000}",
            said_at=start + timedelta(minutes=number),
        )
        for number in range(10_000)
    ]
    subject = replace(case.subject, mentions=10_000, evidence_ids=["e09999", "e00001"])
    large_case = replace(case, statements=many_statements, subject=subject)
    html = claim_page(large_case, SERVED, PUBLISHER)
    assert len(html.encode()) < LARGEST
    page = only_ours(html)
    assert {"e2", "e10000"} <= {a.get("id") for t, a in page.tags if t == "article"}, "what decides is shown"
    assert re.search(r"9,9\d\d more mentions, with source, times and hashes", page.text)
    assert "more mentions, counted; a bar is as long as their number" in page.text
    assert len(timeline_svg(large_case, PUBLISHER)) < LARGEST
    rows = list(csv.reader(io.StringIO(statements_csv(large_case))))
    assert len(rows) == 10_001


@pytest.mark.slow
def test_hostile_text_stays_text_and_pages_stay_small(hostile_home: Home, canary: Canary) -> None:
    for text in hostile_texts(canary.url):
        case = read(hostile_home, claim_id(text))
        html = claim_page(case, SERVED, PublisherConfig(text[:200], PUBLISHER.url))
        page = only_ours(html)
        assert len(html.encode()) < LARGEST
        json.loads(page.data)
        if "VISIBLE" in text:
            assert "VISIBLE" in page.text
        embed_html = claim_embed(case, SERVED, PublisherConfig(text[:200], PUBLISHER.url))
        only_ours(embed_html.replace('<base target="_blank">', ""), data=False)
        assert len(embed_html.encode()) <= 10_000
        ET.fromstring(timeline_svg(case, PUBLISHER))
    assert canary.asked == []


def test_floods_of_hidden_characters_do_not_make_a_page_large(case: CaseFile) -> None:
    flood = "\u202e" * 4_000
    told = [replace(mention, quote=flood, title=flood, speaker=flood, url=f"https://a.example/{'&' * 1_900}")
            for mention in case.statements * 3]  # fmt: skip
    subject = replace(case.subject, claim=flood, reason=flood, would_change=flood)
    html = claim_page(replace(case, statements=told, subject=subject), SERVED, PUBLISHER)
    assert len(html.encode()) < LARGEST
    assert len(claim_embed(replace(case, subject=subject), SERVED, PUBLISHER).encode()) <= 10_000
    only_ours(html)


def test_only_a_signed_off_claim_has_a_claim_review(case: CaseFile) -> None:
    data = json.loads(only_ours(claim_page(case, FILES, PUBLISHER)).data)
    assert (data["@type"], data["mainEntity"]["@type"]) == ("WebPage", "Claim")
    assert "reviewRating" not in json.dumps(data)
    signed = Decision(
        1, "d1", DecisionKind.STATUS, LYRA, str(case.subject.status), "checked", "ada",
        datetime(2026, 3, 12, tzinfo=UTC), None, "0" * 64, None, None,
    )  # fmt: skip
    review = claim_review(case, signed, PUBLISHER)
    data = json.loads(only_ours(claim_page(case, FILES, PUBLISHER, review=review)).data)
    assert data["@type"] == "ClaimReview"
    assert data["url"] == f"https://desk.paper.example/rumours/c/{LYRA}.html", "it is about the page it is on"


def test_nothing_is_said_of_a_public_address_that_is_not_known(case: CaseFile) -> None:
    page = claim_page(case, links.served(""), PublisherConfig())
    assert "og:image" not in page and "canonical" not in page and "iframe" not in page
    assert frame(LYRA, case.subject.claim, links.served("")) is None


@pytest.mark.parametrize(
    ("denied", "questioned", "words"),
    [
        (2, 0, "3 independent voices, 12 mentions, denied by 2; as known on"),
        (0, 1, "3 independent voices, 12 mentions, questioned by 1; as known on"),
        (1, 1200, "12 mentions, denied by 1, questioned by 1,200; as known on"),
        (0, 0, "12 mentions; as known on"),
    ],
)
def test_an_embed_says_who_contradicts_whatever_its_reason_tells(
    case: CaseFile, denied: int, questioned: int, words: str
) -> None:
    reason = "Hugging Face shows it on the page itself, not in words about it."
    subject = replace(case.subject, reason=reason, denied_by=denied, questioned_by=questioned)
    page = only_ours(
        claim_embed(replace(case, subject=subject), SERVED, PUBLISHER).replace('<base target="_blank">', "")
    )
    assert reason in page.text and words in " ".join(page.text.split())


@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_an_embed_has_the_theme_that_is_asked_for(case: CaseFile, theme: str) -> None:
    page = claim_embed(case, SERVED, PUBLISHER, theme)  # type: ignore[arg-type]
    assert ('data-theme="' in page.partition("<style>")[0]) == bool(theme)
    assert "<script" not in page


def test_the_picture_is_a_file_of_its_own(case: CaseFile) -> None:
    root = ET.fromstring(timeline_svg(case, PUBLISHER))
    picture_text = " ".join(element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text"))
    assert case.subject.claim[:40] in picture_text and "as known on 11 March 2026" in picture_text
