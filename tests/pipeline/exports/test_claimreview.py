"""ClaimReview: only what an editor signed off, whole for its readers, and unbreakable inside a page."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Precision, Stance, Status
from pipeline.decisions.journal import Journal
from pipeline.exports.claimreview import RATINGS, WORDS, as_html, as_json, claim_review, sign_off
from pipeline.published.claim import CaseFile, read_claim
from pipeline.published.claim_rows import Decision
from pipeline.run.nightly import process
from pipeline.run.stages import STAGES
from tests.conftest import NOW, Command, InboxWriter, document, query_published
from tests.fakes import FakeModels
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # whole nights

DESK = PublisherConfig("The Paper", "https://desk.paper.example")


@pytest.fixture(scope="module")
def case(sample_home: Home) -> CaseFile:
    """A disputed claim: an anonymous post, repetitions, a denial by the subject."""
    return read_claim(sample_home, Config(), claim_id(STORIES[0].claim))


@pytest.fixture
def decided() -> Decision:
    """Return an editor's status decision."""
    kind, value = DecisionKind.STATUS, "disputed"
    return Decision(1, "x9", kind, "c", value, "asked both", "ada", NOW, None, "", None, None)


def said_otherwise(case: CaseFile, **fields: Any) -> CaseFile:
    """Return the claim with these fields changed in all its statements."""
    statements = [dataclasses.replace(statement, **fields) for statement in case.statements]
    return dataclasses.replace(case, statements=statements)


def reviewed(case: CaseFile, decided: Decision) -> dict[str, Any]:
    """Return the reviewed item."""
    item: dict[str, Any] = claim_review(case, decided, DESK)["itemReviewed"]
    return item


def test_it_has_what_its_readers_ask_for(case: CaseFile, decided: Decision) -> None:
    review = claim_review(case, decided, DESK)
    assert {key: value for key, value in review.items() if key != "itemReviewed"} == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": STORIES[0].claim,
        "url": f"https://desk.paper.example/c/{claim_id(STORIES[0].claim)}",
        "datePublished": "2026-03-02",
        "author": {"@type": "Organization", "name": "The Paper", "url": "https://desk.paper.example"},
        "reviewRating": {
            "@type": "Rating", "bestRating": 5, "worstRating": 1, "alternateName": "Disputed",
        },
    }  # fmt: skip
    item = review["itemReviewed"]
    assert item["@type"] == "Claim"
    assert item["datePublished"] == "2026-03-05T21:14:08Z"
    authors = ("@kestrel_at_dusk", "u/quietlogs")  # of about the same time: one post has no date
    assert item["author"] == [{"@type": "Person", "name": name} for name in authors]
    assert len({work["url"] for work in item["appearance"]}) == len(item["appearance"]) > 3
    denials = {statement.url for statement in case.statements if statement.stance is Stance.DENIES}
    assert denials and not denials & {work["url"] for work in item["appearance"]}


def test_only_who_was_first_alone_is_the_first_appearance(case: CaseFile, decided: Decision) -> None:
    both_first = reviewed(case, decided)
    assert [first.name for first in case.first] == ["@kestrel_at_dusk", "u/quietlogs, in r/modelgossip"]
    assert "firstAppearance" not in both_first
    first_alone = dataclasses.replace(case, first=case.first[:1])
    item = reviewed(first_alone, decided)
    assert item["firstAppearance"] == both_first["appearance"][0]
    assert item["firstAppearance"]["datePublished"] == item["datePublished"] == both_first["datePublished"]
    assert item["firstAppearance"]["url"].startswith("https://x.example/")
    assert item["author"] == {"@type": "Person", "name": "@kestrel_at_dusk"}
    assert item["firstAppearance"] not in item["appearance"]


def test_of_several_first_speakers_all_are_authors(case: CaseFile, decided: Decision) -> None:
    spoken = [said for said in case.statements if said.carries and said.independent and said.speaker][:2]
    first = [dataclasses.replace(case.first[0], document_id=said.document_id) for said in spoken]
    review = reviewed(dataclasses.replace(case, first=first), decided)
    assert [author["name"] for author in review["author"]] == [said.speaker for said in spoken]


@pytest.mark.parametrize("status", Status)
def test_only_what_was_shown_gets_a_number(case: CaseFile, decided: Decision, status: Status) -> None:
    case = dataclasses.replace(case, subject=dataclasses.replace(case.subject, status=status))
    rating = claim_review(case, decided, DESK)["reviewRating"]
    assert rating["alternateName"] == WORDS[status]
    assert rating.get("ratingValue") == RATINGS.get(status)


def test_no_time_is_guessed_or_finer_than_known(case: CaseFile, decided: Decision) -> None:
    item = reviewed(said_otherwise(case, said_at=None, said_precision=Precision.UNKNOWN), decided)
    assert {"datePublished", "firstAppearance"}.isdisjoint(item)
    assert not any("datePublished" in work for work in item["appearance"])
    dates = {"day": "2026-03-05", "month": "2026-03", "quarter": "2026", "year": "2026"}
    for precision, date in dates.items():
        coarse_case = said_otherwise(case, said_precision=Precision(precision))
        assert reviewed(coarse_case, decided)["datePublished"] == date


def test_nobody_named_is_no_author(case: CaseFile, decided: Decision) -> None:
    assert "author" not in reviewed(said_otherwise(case, speaker=None), decided)
    outlet = [statement for statement in case.statements if statement.source == "The Meridian Wire"][:1]
    outlet_case = said_otherwise(dataclasses.replace(case, statements=outlet), stance=Stance.SUPPORTS,
                                 speaker="The Meridian Wire", independent=True)  # fmt: skip
    assert reviewed(outlet_case, decided)["author"]["@type"] == "Organization"


class Scripts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    "text",
    [*hostile_texts("http://canary.example"), "</script><!--<script>", "\u2028\u2029"],
    ids=lambda text: ascii(text[:20]),
)
def test_a_strangers_text_cannot_break_out(case: CaseFile, decided: Decision, text: str) -> None:
    subject = dataclasses.replace(case.subject, claim=text)
    hostile_case = said_otherwise(case, title=text, source=text, speaker=text)
    review = claim_review(dataclasses.replace(hostile_case, subject=subject), decided, DESK)
    html = as_html(review)
    assert as_json(review).isascii()
    assert html.count("<") == html.count(">") == 2
    scripts = Scripts(html)
    assert scripts.tags == ["script"]
    assert json.loads(scripts.text) == review


def test_only_plain_web_addresses_are_named(case: CaseFile, decided: Decision) -> None:
    script_url_case = said_otherwise(case, url="javascript:alert(1)")
    assert "javascript" not in json.dumps(claim_review(script_url_case, decided, DESK))


def test_the_publisher_must_be_named(case: CaseFile, decided: Decision) -> None:
    for publisher in (
        PublisherConfig(),
        PublisherConfig("The Paper"),
        PublisherConfig("", "https://desk.paper.example"),
    ):
        with pytest.raises(ConfigError, match="set \\[publisher\\] name and url"):
            claim_review(case, decided, publisher)


def test_only_a_signed_off_claim_leaves_the_house(
    home: Home, write_inbox: InboxWriter, tmp_path: Path, command: Command
) -> None:
    write_inbox(
        [
            document(),
            document("https://other.example/1", text="Model Aster does not have 70b parameters.", title=None),
        ]
    )
    config = Config(publisher=DESK)

    def night(hour: int, *stages: str) -> None:
        now, stages = NOW + timedelta(hours=hour), stages or tuple(STAGES)
        process(home, config, now=now, stages=stages, models=FakeModels())

    def refused() -> str:
        with pytest.raises(DataError) as caught:
            sign_off(read_claim(home, config, claim), home)
        return str(caught.value)

    def decide(status: str, editor: str, hour: int) -> str:
        kind, now = DecisionKind.STATUS, NOW + timedelta(hours=hour)
        return journal.decide(kind, claim, status, reason="measured", editor=editor, now=now).decision_id

    night(0)
    ((claim,),) = query_published(home, "SELECT claim_id FROM claims")
    assert "no editor has signed off" in refused()
    journal = Journal(home.journal)
    first = decide("contradicted", "ada", hour=0)
    assert "run `rumortrail process`" in refused()
    night(1, "judge", "publish")
    assert sign_off(read_claim(home, config, claim), home).decision_id == first
    second = decide("disputed", "bo", hour=1)
    assert "run `rumortrail process`" in refused()
    night(2, "judge", "publish")
    case = read_claim(home, config, claim)
    assert claim_review(case, sign_off(case, home), DESK)["reviewRating"]["alternateName"] == "Disputed"
    home.config_file.write_text("[publisher]\nname = 'The Paper'\nurl = 'https://desk.paper.example'\n")
    arguments = ("claimreview", claim, "--home", home.path)
    code, out, _ = command(*arguments)
    assert (code, json.loads(out)["author"]["name"]) == (0, "The Paper")
    assert command(*arguments, "--html", "--out", tmp_path / "r.html")[0] == 0
    assert (tmp_path / "r.html").read_text().startswith('<script type="application/ld+json">')
    for number, decision in enumerate((second, first)):
        journal.undo(decision, reason="withdrawn", editor="ada", now=NOW + timedelta(hours=3 + number))
        assert "run `rumortrail process`" in refused()
    night(5, "judge", "publish")
    assert "no editor has signed off" in refused()


def test_a_claim_that_is_not_there_is_told(sample_home: Home) -> None:
    with pytest.raises(DataError, match="no claim 'nope'"):
        read_claim(sample_home, Config(), "nope")
