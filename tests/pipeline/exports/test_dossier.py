"""The dossier: everything that is stored of a claim, to the letter, on a page that loads and runs nothing."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind, Stance
from pipeline.decisions.journal import Journal
from pipeline.exports.dossier import dossier
from pipeline.exports.wording import link, when
from pipeline.published.claim import CaseFile, read_claim, read_claims
from pipeline.published.database import open_published
from pipeline.run.nightly import process
from pipeline.store.store import Store
from tests.conftest import NOW, Command, InboxWriter, document, query_published
from tests.fakes import FakeModels
from tests.shared import Canary
from tests.worlds.kept import two_nights
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # whole nights

CONFIG = Config(publisher=PublisherConfig("The Paper", "https://desk.paper.example"))
LYRA = claim_id(STORIES[0].claim)
OURS = {
    "html", "head", "meta", "title", "style", "body", "header", "section", "article", "figure", "figcaption",
    "div", "p", "h1", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "b", "i", "br", "wbr", "span", "code",
    "a", "blockquote", "svg", "line", "rect", "text", "circle", "polygon",
}  # fmt: skip


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.style = ""
        self._styled = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._styled = tag == "style"
        self.text += " " * (tag == "br")

    def handle_endtag(self, tag: str) -> None:
        self._styled = False
        self.text += " " * (tag in ("dt", "dd"))

    def handle_data(self, data: str) -> None:
        if self._styled:
            self.style += data
        else:
            self.text += data


@pytest.fixture(scope="module")
def case(sample_home: Home) -> CaseFile:
    """Return a disputed claim that has everything a dossier can show."""
    return read_claim(sample_home, CONFIG, LYRA)


@pytest.fixture(scope="module")
def page(sample_home: Home, case: CaseFile) -> Page:
    """Return the dossier of that claim."""
    return Page(dossier(sample_home, CONFIG, case, NOW))


def cases_of(home: Home, *claims: str) -> dict[str, CaseFile]:
    """Return the case files of these claims by id, read at once."""
    with open_published(home.published, CONFIG.ask) as connection:
        cases = read_claims(connection, [claim_id(claim) for claim in claims], seconds=600)
    assert len(cases) == len(set(claims))
    return {case.subject.claim_id: case for case in cases}


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_statement_is_there_to_the_letter(case: CaseFile, page: Page) -> None:
    assert len(case.statements) == len(STORIES[0].said)
    for statement in case.statements:
        for text in (
            statement.quote,
            statement.evidence_id,
            statement.version_id,
            statement.document_id,
            statement.text_sha256,
            statement.source,
            statement.url or "",
        ):
            assert text in page.text
    assert sum(tag == "article" for tag, _ in page.tags) == len(case.statements)


def test_speaker_and_publisher_are_told_apart(page: Page) -> None:
    denial = flat(page.text.partition("said Mara Lindqvist")[2].partition("SHA-256")[0])
    assert (
        "Who says so Mara Lindqvist, first party, Aurora Labs Published by The Meridian Wire (news)" in denial
    )


def test_times_are_told_as_far_as_they_are_known(sample_home: Home, case: CaseFile, page: Page) -> None:
    text = flat(page.text)
    assert "Said 5 March 2026, 21:14:08 UTC" in text
    assert "Said 8 March 2026, the hour unknown" in text
    assert "Said unknown Seen by us 10 March 2026, 03:00:00 UTC" in text
    earliest = {"said_earliest": datetime(2026, 2, 13, tzinfo=UTC)}
    bounded = [dataclasses.replace(statement, **earliest) for statement in case.statements]
    assert "Said between 13 February 2026, 00:00:00 UTC and 10 March 2026, 03:00:00 UTC Seen" in flat(
        Page(dossier(sample_home, CONFIG, dataclasses.replace(case, statements=bounded), NOW)).text)
    at = datetime(2026, 5, 7, tzinfo=UTC)
    assert [when(at, precision) for precision in ("month", "quarter", "year", "unknown")] == [
        "May 2026, the day unknown",
        "Q2 2026, the day unknown",
        "2026, the day unknown",
        "unknown",
    ]
    assert when(None) == "unknown"


def test_verdict_decisions_deletions_provenance_and_blind_spots_are_told(case: CaseFile, page: Page) -> None:
    text = flat(page.text)
    for text_expected in (
        case.subject.reason,
        f"What would change it {case.subject.would_change}",
        "note by ada, 10 March 2026, 03:00:00 UTC Asked Aurora Labs for the audit.",
        "Deleted between 10 March 2026, 03:00:00 UTC and 11 March 2026, 03:00:00 UTC: HTTP 404",
        "r/modelgossip links to @kestrel_at_dusk",
        "Circuit Courier (its own source): it failed",
        "denied by 1 and questioned by 2",
        "As of 2 March 2026, 03:00:00 UTC",
        "Sample data: every organisation",
        "run 20260311T030000Z",
    ):
        assert text_expected and text_expected in text


def test_the_caption_says_that_a_number_without_room_is_left_out(page: Page) -> None:
    assert "numbered as in the evidence where there is room" in flat(page.text)


def test_a_second_reader_who_reads_otherwise_is_told(sample_home: Home, case: CaseFile) -> None:
    first = dataclasses.replace(case.statements[0], second_reader="reader <1>", second_relation="unrelated",
                                second_quotation="its <b>words")  # fmt: skip
    changed_case = dataclasses.replace(case, statements=[first, *case.statements[1:]])
    text = flat(Page(dossier(sample_home, CONFIG, changed_case, NOW)).text)
    assert text.count("A second reader (reader <1>) reads this as “unrelated”, from “its <b>words”.") == 1
    agreeing_statement = dataclasses.replace(first, second_relation=str(first.machine_stance))
    changed_case = dataclasses.replace(case, statements=[agreeing_statement, *case.statements[1:]])
    assert "second reader" not in Page(dossier(sample_home, CONFIG, changed_case, NOW)).text


def test_rivals_are_named(sample_home: Home) -> None:
    story = next(story for story in STORIES if story.rival)
    assert story.rival
    page_text = Page(
        dossier(sample_home, CONFIG, read_claim(sample_home, CONFIG, claim_id(story.claim)), NOW)
    ).text
    assert story.rival[0] in page_text


def test_how_a_dated_claim_will_be_resolved_is_told(sample_home: Home) -> None:
    dated_id = claim_id([story.claim for story in STORIES if story.kind == "release"][1])
    page_text = Page(dossier(sample_home, CONFIG, read_claim(sample_home, CONFIG, dated_id), NOW)).text
    assert "How it will be resolved" in page_text
    assert "Decides: A release page." in page_text


def test_a_quote_that_is_not_at_its_place_is_told(sample_home: Home, case: CaseFile, page: Page) -> None:
    assert "The quote is not at this place" not in page.text
    misplaced = [dataclasses.replace(statement, in_place=False) for statement in case.statements[:1]]
    page_text = Page(dossier(sample_home, CONFIG, dataclasses.replace(case, statements=misplaced), NOW)).text
    assert "The quote is not at this place" in page_text


def test_an_editors_stance_stands_beside_the_machines(sample_home: Home, case: CaseFile) -> None:
    moved = [
        dataclasses.replace(statement, stance=Stance.QUESTIONS, machine_stance=Stance.SUPPORTS)
        for statement in case.statements
    ]
    text = flat(Page(dossier(sample_home, CONFIG, dataclasses.replace(case, statements=moved), NOW)).text)
    assert "an editor’s decision; the machine read “supports”" in text


def test_nothing_loads_and_nothing_runs(page: Page) -> None:
    policy = next(
        a["content"] or "" for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in page.style and "@import" not in page.style
    _only_ours(page)


def _only_ours(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag in OURS
        assert not set(attributes) & {"src", "srcset", "style", "background", "ping"}
        assert not [name for name in attributes if name.startswith("on")]
        href = attributes.get("href") or "#"
        assert href.startswith("#e") or href == "#" or re.match(r"https?://", href)
        if href.startswith("http"):
            assert set((attributes["rel"] or "").split()) == {"noreferrer", "noopener", "nofollow"}


def test_hostile_text_stays_text(hostile_home: Home, canary: Canary) -> None:
    texts = hostile_texts(canary.url)[:-2]
    cases = cases_of(hostile_home, *texts)
    for text in texts:
        page = Page(dossier(hostile_home, CONFIG, cases[claim_id(text)], NOW))
        _only_ours(page)
        assert not set(page.text) & set("\u202e\u2066\x01\x08\x1b")
        if "VISIBLE" in text:
            assert re.findall(r"VISIBLE-\w+", text)[0] in page.text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_in_a_browser_it_fetches_nothing_and_fits(
    browser: Any, sample_home: Home, hostile_home: Home, canary: Canary, tmp_path: Path, width: int
) -> None:
    claims_of = {sample_home: [story.claim for story in STORIES], hostile_home: hostile_texts(canary.url)}
    pages = [(home, case) for home, claims in claims_of.items() for case in cases_of(home, *claims).values()]
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(240_000)  # a busy machine needs this long for a page
    page, requested, told = context.new_page(), [], []
    context.on("request", lambda request: requested.append(request.url))
    context.on("page", lambda popup: told.append(popup.url))
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: told.append(message.text))
    for number, (home, case) in enumerate(pages):
        file = tmp_path / f"{number}.html"
        file.write_text(dossier(home, CONFIG, case, NOW), "utf-8")
        page.goto(file.as_uri())
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, case.subject.claim[:60]
        assert page.evaluate("getComputedStyle(document.body).maxWidth") == "896px", "the style was refused"
        page.evaluate("document.querySelectorAll('*').forEach(e => e.dispatchEvent(new Event('mouseover')))")
    page.emulate_media(media="print")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    context.close()
    assert [url for url in requested if not url.startswith("file:")] == []
    assert (told, canary.asked) == ([], [])


def test_the_archived_page_and_its_root_stand_beside_the_quote(
    store: Store, run: RunContext, write_inbox: InboxWriter, case: CaseFile
) -> None:
    night = two_nights(store, run, write_inbox)
    names = ("sha256", "warc", "text_sha256")
    sql = f"SELECT {', '.join(names)} FROM versions WHERE warc IS NOT NULL ORDER BY seen_at"
    mention_row = dict(zip(names, query_published(night.home, sql)[0], strict=True))
    case = dataclasses.replace(case, statements=[dataclasses.replace(case.statements[0], **mention_row)])
    text = Page(dossier(night.home, CONFIG, case, NOW)).text
    assert mention_row["sha256"] in text and mention_row["warc"] in text
    name = mention_row["warc"].partition("#")[0]
    seal = night.home.archive / name.replace(".warc.gz", ".merkle.json")
    root = re.findall(r'"root": "(\w+)"', seal.read_text())[0]
    assert f"Merkle root {root}" in text
    seal.write_text("{")
    assert (
        "cannot be read; `rumortrail verify` tells more" in Page(dossier(night.home, CONFIG, case, NOW)).text
    )
    seal.unlink()
    assert "no Merkle root: its archive has no seal" in Page(dossier(night.home, CONFIG, case, NOW)).text


def test_a_merged_claims_id_leads_on_and_a_hidden_one_is_refused(
    home: Home, write_inbox: InboxWriter, tmp_path: Path, command: Command
) -> None:
    write_inbox(
        [
            document(),
            document("https://other.example/1", text="Model Borealis has 90b parameters.", title=None),
        ]
    )
    process(home, Config(), now=NOW, models=FakeModels())
    (merged_id,), (into_id,) = query_published(home, "SELECT claim_id FROM claims ORDER BY 1")
    journal = Journal(home.journal)
    journal.decide(DecisionKind.MERGE, merged_id, into_id, reason="the same", editor="ada", now=NOW)
    process(home, Config(), now=NOW + timedelta(hours=1), models=FakeModels())
    assert read_claim(home, CONFIG, merged_id).subject.claim_id == into_id
    target = tmp_path / "d.html"
    code, _, err = command("dossier", merged_id, "--out", target, "--home", home.path)
    assert code == 0
    assert "1 decision " in err
    assert "merge" in target.read_text("utf-8")
    journal.decide(
        DecisionKind.HIDE, into_id, None, reason="private", editor="ada", now=NOW + timedelta(hours=2)
    )
    process(home, Config(), now=NOW + timedelta(hours=2), stages=["publish"], models=FakeModels())
    with pytest.raises(DataError, match="is hidden: ada decided so"):
        read_claim(home, CONFIG, into_id)


def test_only_plain_web_addresses_are_links() -> None:
    assert str(link("https://wire.example/a?b=1&c=2")).startswith(
        '<a href="https://wire.example/a?b=1&amp;c=2" rel='
    )
    for url in ("javascript:alert(1)", "data:text/html,x", "https://u:p@evil.example/", None):
        assert "<a" not in link(url)
    assert "(host xn--bcher-kva.example)" in link("https://bücher.example/")
