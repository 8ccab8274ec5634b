"""The words of a message: what moved, verbatim; and hostile text, harmless in mail, chat and feed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import feedparser
import pytest

from pipeline.core.config import Config, MailConfig, PublisherConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import Stance, Status
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches import notice
from pipeline.watches.events import EVER, Event, EventKind, opened
from pipeline.watches.feed import filter_feed, recent, write_feeds
from pipeline.watches.messages import ATTACHMENTS, compose
from pipeline.watches.records import Channel, Watch, WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW
from tests.pipeline.watches.conftest import DESK
from tests.shared import Canary

pytestmark = pytest.mark.slow  # a store for each test

CONFIG = Config(publisher=DESK, mail=MailConfig(sender="Desk <desk@paper.example>"))


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    draft = WatchDraft("Alle & <b>jeder</b> “Fälle”", "ada", ClaimFilter(), mail="ada@paper.example")
    return WatchStore(tmp_path_factory.mktemp("watches") / "watches.sqlite").add(draft, now=NOW)


def all_events(home: Home) -> list[Event]:
    with opened(home, Config()) as copy:
        return [*copy.moves(EVER), *copy.look(()).events]


def letter(watch: Watch, events: list[Event], config: Config = CONFIG) -> EmailMessage:
    _, body = compose(watch, events, Channel.MAIL, config=config, now=NOW)
    message = message_from_bytes(body, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_words_of_a_night(sample_home: Home) -> None:
    with opened(sample_home, Config()) as copy:
        events = recent(copy, ClaimFilter(organisations=("Northwind AI",)), days=0.5)[::-1]
    assert notice.headline(events) == (
        "2 status changes, 2 first denials, 1 new question, 1 deleted source document"
    )
    message = notice.text(notice.by_claim(events), DESK)
    licence = message.partition("The Fjord licence")[2].partition("\n\n")[0]
    assert licence.splitlines() == [
        " of Borealis 3 forbids use in newsrooms",
        "  Disputed (was unverified), 1 independent voice. One voice reads the licence so; the first party, "
        "whose licence it is, denies it.",
        "  - First denial; it moved the status: Northwind AI, in Northwind AI "
        "newsroom, 2026-03-10: “The Fjord licence does not forbid journalism. We have made section 4 "
        "clearer.”",
        "  - New question: Ines Okafor, 2026-03-10: “The old text did, the new one does not. Which "
        "one came with the weights?”",
        "  https://desk.paper.example/c/c0510137779b5c2d2",
    ]
    words = "A source document was deleted: Circuit Courier, 2026-03-04 (HTTP 404, and the feed no longer"
    assert words in message


def test_who_denies_or_asks_is_no_voice_for_a_claim(sample_home: Home) -> None:
    voices = [event for event in all_events(sample_home) if event.kind is EventKind.VOICE]
    voice = next(event for event in voices if event.stance is Stance.SUPPORTS)
    known_event = replace(voice, before=Status.DISPUTED)
    for stance, label, headline in (
        (Stance.SUPPORTS, "New independent voice", "1 new independent voice"),
        (Stance.DENIES, "New denial", "1 new denial"),
        (Stance.QUESTIONS, "New question", "1 new question"),
    ):
        event = replace(known_event, stance=stance)
        assert notice.headline([event]) == headline
        assert notice.title(event) == label
        assert f"- {label}: " in notice.text(notice.by_claim([event]), DESK)


@pytest.mark.parametrize(
    ("status", "stance", "moved"),
    [
        (Status.DISPUTED, Stance.DENIES, True),
        (Status.CONTRADICTED, Stance.DENIES, True),
        (Status.CONTRADICTED, Stance.SUPPORTS, False),  # another claim is substantiated
        (Status.RETRACTED, Stance.SUPPORTS, False),
        (Status.EXPIRED, Stance.SUPPORTS, False),  # time moved it
        (Status.SUBSTANTIATED, Stance.DENIES, False),
        (Status.SUBSTANTIATED, Stance.SUPPORTS, True),
    ],
)
def test_only_words_that_can_have_moved_a_status_are_said_to(
    sample_home: Home, status: Status, stance: Stance, moved: bool
) -> None:
    event = next(event for event in all_events(sample_home) if event.kind is EventKind.STATUS and event.quote)
    event = replace(event, status=status, stance=stance)
    assert ("What moved the status" in notice.text(notice.by_claim([event]), DESK)) == moved


class Links(HTMLParser):
    """Collect what an HTML page links to or loads, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        names = {"href", "src", "srcset", "action", "background", "data", "poster"}
        self.targets += [value or "" for name, value in attrs if name in names]
        assert not any(name.startswith("on") for name, _ in attrs)
        assert not any("url(" in (value or "") for name, value in attrs if name == "style")


def test_hostile_text_does_nothing_in_mail_chat_and_feed(
    hostile_home: Home, canary: Canary, watch: Watch
) -> None:
    events = all_events(hostile_home)
    assert len(events) > 60
    received = letter(watch, events)
    assert {key for key, _ in received.items()} == {
        "Subject", "To", "From", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
        "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
    }  # fmt: skip
    html, plain_part = (received.get_body((kind,)) for kind in ("html", "plain"))
    assert html and plain_part
    page = Links(html.get_content())
    own_addresses = ("https://desk.paper.example/c/", "https://desk.paper.example/unsubscribe/")
    assert page.targets and all(target.startswith(own_addresses) for target in page.targets)
    assert page.tags <= {"html", "head", "meta", "title", "body", "div", "p", "h1", "h2", "ul", "li", "a",
                         "b", "span", "wbr", "code"}  # fmt: skip
    text = plain_part.get_content().replace("\r\n", "\n")
    assert {char for char in text if not char.isprintable()} == {"\n"}
    _, body = compose(watch, events, Channel.WEBHOOK, config=CONFIG, now=NOW)
    payload = json.loads(body)
    assert len(payload["attachments"]) == ATTACHMENTS
    assert len(body.decode()) < 16_383
    for attachment in payload["attachments"]:
        # A look-alike character replaces each character that a chat would act on.
        assert not re.search(r"[<>@`]|://(?!desk\.paper\.example/claim)", attachment["text"]), attachment
    with opened(hostile_home, Config()) as copy:
        feed_text = filter_feed(copy, ClaimFilter(), DESK)
    feed = feedparser.parse(feed_text.encode())
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert len(feed.entries) > 60
    links = {link.get("href") for link in ET.fromstring(feed_text).iter("{http://www.w3.org/2005/Atom}link")}
    assert all(str(link).startswith("https://desk.paper.example") for link in links)
    assert canary.asked == []


def test_the_watch_s_own_name_is_text_too(sample_home: Home, watch: Watch) -> None:
    message = letter(watch, all_events(sample_home)[:3])
    assert str(message["Subject"]).startswith("Alle & <b>jeder</b> “Fälle”: ")
    html = message.get_body(("html",))
    assert html and "watch Alle &amp; &lt;b&gt;jeder&lt;/b&gt;" in html.get_content()


def test_ids_follow_from_watch_channel_and_events(sample_home: Home, watch: Watch) -> None:
    events = all_events(sample_home)

    def id_of(told: list[Event], channel: Channel = Channel.MAIL, *, test: bool = False) -> str:
        return compose(watch, told, channel, config=CONFIG, now=NOW, test=test)[0]

    assert id_of(events) == id_of(events[::-1])
    other_ids = id_of(events[1:]), id_of(events, Channel.WEBHOOK), id_of(events, test=True)
    assert len({id_of(events), *other_ids}) == 4


def test_a_one_click_address_is_never_folded_and_needs_https(sample_home: Home, watch: Watch) -> None:
    events = all_events(sample_home)[:1]
    long_publisher = PublisherConfig("", f"https://{'desk-of-a-very-long-name.' * 4}example")
    _, body = compose(watch, events, Channel.MAIL, config=Config(publisher=long_publisher), now=NOW)
    assert f"\r\nList-Unsubscribe: <{long_publisher.url}/unsubscribe/{watch.token}>\r\n".encode() in body
    plain_letter = letter(watch, events, Config(publisher=PublisherConfig("", "http://desk.example")))
    assert plain_letter["List-Unsubscribe"] and not plain_letter["List-Unsubscribe-Post"]
    assert not letter(watch, events, Config())["List-Unsubscribe"]


def test_header_lines_are_as_mail_hosts_want_them(sample_home: Home, watch: Watch) -> None:
    named = replace(watch, name="Überwachung der großen Sprachmodelle — 模型发布的延迟和基准测试和更多的消息")
    config = Config(mail=MailConfig(sender="Große Zeitung <desk@zeitung-münchen.example>"))
    _, body = compose(named, all_events(sample_home), Channel.MAIL, config=config, now=NOW)
    assert body.isascii() and max(map(len, body.split(b"\r\n"))) <= 998
    header = body.partition(b"\r\n\r\n")[0].decode()
    encoded_words = re.findall(r"=\?[^? ]*\?[bq]\?[^? ]*\?=", header)
    assert encoded_words and max(map(len, encoded_words)) <= 75, "RFC 2047"
    message = message_from_bytes(body, policy=policy.default)
    assert message["From"].addresses[0].addr_spec == "desk@xn--zeitung-mnchen-osb.example"
    assert message["Message-ID"].endswith("@xn--zeitung-mnchen-osb.example>")
    assert str(message["Subject"]).startswith(f"{named.name}: ")


def test_a_feed_s_entries_keep_their_ids_and_follow_their_filter(sample_home: Home) -> None:
    with opened(sample_home, Config()) as copy:
        feeds = {name: feedparser.parse(filter_feed(copy, chosen, DESK).encode()) for name, chosen in {
            "all": ClaimFilter(), "again": ClaimFilter(), "disputed": ClaimFilter(statuses=("disputed",)),
            "was": ClaimFilter(statuses=("corroborated",)), "none": ClaimFilter(organisations=("Nobody",)),
        }.items()}  # fmt: skip
    assert feeds["all"] == feeds["again"]
    ids = {name: [entry.id for entry in feed.entries] for name, feed in feeds.items()}
    assert len(ids["all"]) == len(set(ids["all"])) > 40
    assert set() < set(ids["disputed"]) < set(ids["all"])
    assert ids["none"] == [] and feeds["none"].feed.updated
    titles = [entry.title for entry in feeds["was"].entries]
    assert any(title.startswith("Substantiated (was corroborated): ") for title in titles)
    updated = [entry.updated for entry in feeds["all"].entries]
    assert updated == sorted(updated, reverse=True)
    assert feeds["disputed"].feed.links[1].href == "https://desk.paper.example/feeds/claims.atom?status=disputed"


def test_each_watch_with_a_feed_has_a_file(sample_home: Home) -> None:
    watches = WatchStore(sample_home.watches)
    try:
        aurora = ClaimFilter(organisations=("Aurora Labs",))
        kept_watch = watches.add(WatchDraft("Aurora", "ada", aurora, True), now=NOW)
        watches.add(WatchDraft("mail", "ada", ClaimFilter(), mail="ada@paper.example"), now=NOW)
        write_feeds(sample_home, Config())
        (file,) = sample_home.watch_feeds.iterdir()
        feed = feedparser.parse(file.read_bytes())
        assert (file.stem, feed.feed.title) == (kept_watch.watch_id, "Rumortrail: Aurora")
        assert feed.entries
        watches.remove(kept_watch.watch_id)
        write_feeds(sample_home, Config())
        assert list(sample_home.watch_feeds.iterdir()) == []
    finally:
        sample_home.watches.unlink()
