"""The digest in its three forms: the same news in each, and nothing that a stranger wrote does anything."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import Config, MailConfig, PublisherConfig
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Kind, Outcome, Severity, Status
from pipeline.digest.changes import (
    AilingSource,
    Changes,
    CrawlFailure,
    Deletion,
    Edit,
    IssueCount,
    Move,
    headline,
    markdown,
    sections,
)
from pipeline.digest.mail import ROWS, mail
from pipeline.digest.webhook import SECTION, inert, webhook_body
from tests.conftest import NOW
from tests.worlds.stories import hostile_texts

pytestmark = pytest.mark.slow  # huge nights

CANARY = "http://canary.example"
NOTHING = Changes([], [], [], [], [], [])


def full(text: str = "Aster 4 has 70b parameters", times: int = 1) -> Changes:
    """Return `times` changes of each kind, with `text` in every field that a stranger may fill."""
    moved_claim = Move("c1", text, Kind.SIZE, Status.UNVERIFIED, Status.DISPUTED, f"A denial. {text}", 2)
    new_claim = Move("c2", text, Kind.SIZE, None, Status.UNVERIFIED, text, 1)
    return Changes(
        [moved_claim, new_claim] * times,
        [Edit("d1", CANARY, text, text, 2, None, NOW)] * times,
        [Deletion("d2", CANARY, text, text, NOW - timedelta(days=1), NOW, text)] * times,
        [CrawlFailure("wire", text, Outcome.FAILED, 0, text + str(number or "")) for number in range(times)],
        [AilingSource(text, 4, None, text)] * times,
        [IssueCount(Severity.ERROR, "http_503", 3, text)] * times,
    )


def configured(run: RunContext, **mail_settings: str) -> RunContext:
    publisher = PublisherConfig("The Paper", "https://desk.paper.example/")
    config = Config(publisher=publisher, mail=MailConfig(**mail_settings))  # type: ignore[arg-type]
    return dataclasses.replace(run, config=config)


def parsed(letter: bytes) -> EmailMessage:
    return message_from_bytes(letter, _class=EmailMessage, policy=SMTP)


def html_of(letter: bytes) -> str:
    html_part = parsed(letter).get_body(("html",))
    assert html_part is not None
    return str(html_part.get_content())


def test_sources_that_failed_in_the_same_words_are_told_in_one_row(run: RunContext) -> None:
    failed = [CrawlFailure(f"s{n}", f"Source {n}", Outcome.FAILED, 0, "no network") for n in range(98)]
    other_failure = CrawlFailure("wire", "Wire", Outcome.FAILED, 0, "timeout")
    told_sections = sections(dataclasses.replace(NOTHING, crawls=[*failed[:1], other_failure, *failed[1:]]))
    assert headline(told_sections) == "99 sources not read in full"
    text = markdown(run, told_sections)
    rows = "- Source 0, Source 1, Source 2 and 95 more: failed. no network\n- Wire: failed. timeout\n"
    assert "## Sources not read in full (99)\n\n" + rows in text
    assert "(99)" in json.loads(webhook_body(run, told_sections))["attachments"][0]["title"]


def test_every_form_tells_the_same(run: RunContext) -> None:
    run = configured(run, sender="Desk <desk@paper.example>", to="ada@paper.example, bo@paper.example")
    told_sections = sections(full())
    assert headline(told_sections) == (
        "1 status change, 1 new claim, 1 edited document, 1 deleted document, "
        "1 source not read in full, 1 ailing source, 1 kind of issue"
    )
    assert headline(sections(NOTHING)) == "nothing changed"
    text = markdown(run, told_sections)
    assert (
        "- **disputed** (was unverified): Aster 4 has 70b parameters. "
        "A denial. Aster 4 has 70b parameters `c1`" in text
    )
    assert "- error, http_503, 3 times: " in text
    message = parsed(mail(run, told_sections))
    assert message["Subject"] == f"Rumortrail 2026-03-02: {headline(told_sections)}"
    assert (message["To"], message["From"]) == (
        "ada@paper.example, bo@paper.example",
        "Desk <desk@paper.example>",
    )
    assert message["Message-ID"] == "<20260302T030000Z@paper.example>"
    plain_part = message.get_body(("plain",))
    assert plain_part is not None
    assert plain_part.get_content().replace("\r\n", "\n") == text
    body = json.loads(webhook_body(run, told_sections))
    assert body["text"] == f"Rumortrail, 2026-03-02 03:00 UTC: {headline(told_sections)}"
    for form in (html_of(mail(run, told_sections)), json.dumps(body)):
        assert "https://desk.paper.example/c/c1" in form
        for section in told_sections:
            assert section.title in form


def test_an_empty_night_is_told_too(run: RunContext) -> None:
    assert "None." in markdown(run, sections(NOTHING))
    assert json.loads(webhook_body(run, sections(NOTHING)))["attachments"] == []
    assert "Nothing to report under: Status changes, " in html_of(mail(run, sections(NOTHING)))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "text", hostile_texts(CANARY), ids=lambda text: text[:20].encode("ascii", "replace").decode()
)
def test_a_strangers_text_does_nothing(run: RunContext, text: str) -> None:
    run = configured(run)
    letter = mail(run, sections(full(text)))
    html = html_of(letter)
    for tag, attributes in Tags(html).found:
        assert tag in {
            "html",
            "head",
            "meta",
            "title",
            "body",
            "div",
            "p",
            "h1",
            "h2",
            "span",
            "ul",
            "li",
            "b",
            "a",
            "wbr",
        }
        assert set(attributes) <= {"lang", "charset", "name", "content", "style", "class", "href"}
        assert tag != "a" or (attributes["href"] or "").startswith("https://desk.paper.example/c/")
    assert CANARY not in html
    assert "url(" not in html.replace(" url(", "")
    _assert_harmless(json.loads(webhook_body(run, sections(full(text)))))


def _assert_harmless(body: dict[str, object]) -> None:
    """Assert for Slack and Mattermost: no mention, no picture, no code, and no link but ours."""
    text = json.dumps(body, ensure_ascii=False).replace("https://desk.paper.example/c/", "")
    assert not re.search(r"[@<>&`~#$]|\w://|\]\(|www\.\w", text)


@given(st.text(max_size=200))
def test_what_chats_act_on_never_comes_out(text: str) -> None:
    inert_text = inert(text)
    assert not set(inert_text) & set("@#<>&*_~`[]|\\$!\n\r\t")
    assert not re.search(r":\S|\w\.[^\W\d]", inert_text)


def test_a_plain_sentence_stays_readable() -> None:
    assert inert("Aster 4.5 costs 3 dollars, says Ada.") == "Aster 4.5 costs 3 dollars, says Ada."
    assert inert("@channel <!here> see http://evil.example") == "＠channel ‹ǃhere› see http∶//evil․example"


def test_a_huge_night_stays_within_the_limits(run: RunContext) -> None:
    run = configured(run)
    told_sections = sections(full("Aster 4 " * 500, times=400))
    body = json.loads(webhook_body(run, told_sections))
    assert len(body["attachments"]) == 7
    assert all(len(attachment["text"]) <= SECTION + 30 for attachment in body["attachments"])
    assert all("and 39" in attachment["text"] for attachment in body["attachments"])
    assert len(json.dumps(body, ensure_ascii=False)) < 9_000
    html = html_of(mail(run, told_sections))
    assert html.count("<li") == 7 * ROWS
    assert "and 360 more: the plain-text part of this mail has them all" in html


def test_an_address_that_is_none_is_told(run: RunContext) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed|header"):
        mail(configured(run, to="ada@paper.example\nBcc: all@paper.example"), sections(full()))


def test_the_digest_has_the_runs_clock(run: RunContext) -> None:
    date = parsed(mail(run, sections(NOTHING)))["Date"]
    assert date.datetime == datetime.fromisoformat("2026-03-02T03:00:00+00:00")
