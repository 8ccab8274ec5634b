"""Telegram: the posts of a public channel, from the preview pages that t.me shows to everyone.

`url` is the channel's page (`https://t.me/CHANNEL` or `https://t.me/s/CHANNEL`). There is no documented
format: posts are read by the classes and attributes that Telegram's own widget uses, never by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree
from lxml import html as lxml_html
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.crawl_state import Seen, Sighting
from crawlers.normalise.dates import read_moment
from crawlers.normalise.html import html_text
from crawlers.spiders.base import Yield
from crawlers.spiders.listing import ListingSpider
from pipeline.core.inbox_records import InboxLink
from pipeline.core.text import one_line
from pipeline.core.vocabulary import DateOrigin, LinkKind

NOT_THERE = "Post not found"
"""The whole error of the widget where a post does not exist; for a lost channel it says something else."""

_POST = re.compile(r"([A-Za-z0-9_]{1,64})/([0-9]{1,18})")
_VIEWS = re.compile(r"([0-9]+(?:\.[0-9]+)?)([KM]?)")
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000}


class TelegramSpider(ListingSpider):
    """One channel."""

    def first(self) -> Request:
        """Return the request for the newest posts."""
        return self.ask_listing(self.preview(), self.listing)

    def channel(self) -> str:
        """Return the channel's name, as the source gives it."""
        return urlsplit(self.source.url).path.removeprefix("/s/").strip("/")

    def preview(self) -> str:
        """Return the address of the channel's preview page."""
        return f"{self.root()}/s/{self.channel()}"

    def answer(self, response: Response) -> Any:
        """Return the page's tree."""
        return _read(response)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the posts, newest first, and the page before them, if that leads further back."""
        if not _classed(answer, "tgme_channel_history"):
            raise ValueError("no posts are shown here: the channel is private, closed or has no preview")
        following = None
        for link in _classed(answer, "tme_messages_more"):
            number = link.get("data-before") or ""
            if re.fullmatch("[0-9]{1,18}", number) and int(number) < _before(response.url):
                following = f"{self.preview()}?before={number}"
        return list(reversed(_messages(answer))), following

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a post; a notice of the channel (a new picture, a pinned post) is none."""
        if "service_message" in _classes(raw):
            return
        name, number = self.named(raw)
        self.listed.add(number)
        yield from self.post(raw, name, number, response)

    def named(self, raw: Any) -> tuple[str, str]:
        """Return the channel's name and the post's number. Raises ValueError for another's post."""
        match = _POST.fullmatch(raw.get("data-post") or "")
        if match is None or match[1].lower() != self.channel().lower():
            raise ValueError(f"expected a post of {self.channel()}, not {raw.get('data-post')!r}")
        return match[1], match[2]

    def post(self, raw: Any, name: str, number: str, response: Response) -> Iterator[Yield]:
        """Yield the document of a post; a picture alone is none, since Telegram has no words for pictures."""
        base = f"{self.root()}/{name}/"
        forwarded = _classed(raw, "tgme_widget_message_forwarded_from_name")
        origin = _href(forwarded)
        # Words of a writer without an address are kept apart from the channel's own by quoting them.
        text, links = _body(raw, base, quoted=bool(forwarded) and origin is None)
        parent = _href(_classed(raw, "tgme_widget_message_reply"))
        extra = [InboxLink(url) for url in [_href(_classed(raw, "tgme_widget_message_link_preview"))] if url]
        if origin is not None:
            extra.append(InboxLink(origin, LinkKind.REPOST))
        if parent is not None:
            extra.append(InboxLink(parent, LinkKind.REPLY))
        owner = _classed(raw, "tgme_widget_message_owner_name")
        yield from self.worded(
            response,
            number,
            text,
            url=f"{self.root()}/{name}/{number}",
            author=name,
            author_name=_words(owner[0]) if owner else None,
            **_published(raw),
            in_reply_to=parent,
            links=(*links, *extra),
            score=_views(raw),
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each post at its own page, as it is embedded elsewhere."""
        for document in seen:
            url = f"{self.root()}/{self.channel()}/{document.ref}?embed=1&mode=tme"
            yield self.ask_again(url, self.embedded, document, seen=document)

    def gone_evidence(self, failure: Failure) -> str | None:
        """Return None: Telegram answers 200 for a post that does not exist, and says so on the page."""
        return None

    def embedded(self, response: Response, seen: Seen) -> Iterator[Yield]:
        """Yield the post on its own page, or its deletion where the widget's error stands in its place."""
        try:
            root = _read(response)
            for raw in _messages(root):
                name, number = self.named(raw)
                if number == seen.ref:
                    yield from list(self.post(raw, name, number, response))
                    return
            errors = [_words(element) for element in _classed(root, "tgme_widget_message_error")]
            if errors != [NOT_THERE] or _messages(root):
                raise ValueError("the page has neither the post nor a note that it does not exist")
        except ValueError as error:
            yield Sighting(seen.ref, seen.url, present=None)
            yield self.bad_answer(error, seen.url)
            return
        if seen.last_present is not None:
            yield self.lost(seen, f"tgme_widget_message_error ({NOT_THERE}) at {response.url}")


def _read(response: Response) -> Any:
    """Return the page's tree. Raises ValueError where the page is not HTML."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(response.body, parser=parser)
    except (etree.LxmlError, AssertionError) as error:
        raise ValueError(f"HTML that cannot be read: {error}") from error


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _classed(root: Any, name: str) -> list[Any]:
    """Return the elements in `root` that have the class `name`."""
    return [element for element in root.iter(etree.Element) if name in _classes(element)]


def _messages(root: Any) -> list[Any]:
    return [post for post in _classed(root, "tgme_widget_message") if post.get("data-post") is not None]


def _words(element: Any) -> str:
    return one_line("".join(element.itertext()))


def _href(elements: list[Any]) -> str | None:
    """Return the address that the first of `elements` leads to."""
    href = elements[0].get("href") if elements else None
    return href if href and href.startswith(("http://", "https://")) else None


def _before(url: str) -> float:
    """Return the number of the post that a page ends before; infinity for the newest page."""
    text = parse_qs(urlsplit(url).query).get("before", [""])[0]
    return int(text) if text.isascii() and text.isdigit() else float("inf")


def _body(raw: Any, base: str, *, quoted: bool) -> tuple[str, list[InboxLink]]:
    """Return the text, or a poll's question, and its links without mentions and hashtags."""
    parts = _classed(raw, "js-message_text") or _classed(raw, "tgme_widget_message_poll_question")
    if not parts:
        return "", []
    html = etree.tostring(parts[0], encoding="unicode", method="html", with_tail=False)
    text, links = html_text(f"<blockquote>{html}</blockquote>" if quoted else html, base)
    return text, [link for link in links if not (link.words or "").startswith(("@", "#"))]


def _published(raw: Any) -> dict[str, Any]:
    """Return when the post appeared, by its footer; no fields where that cannot be read."""
    for date in _classed(raw, "tgme_widget_message_date"):
        for clock in date.iter("time"):
            try:
                moment = read_moment(clock.get("datetime") or "")
            except ValueError:
                continue
            moment = moment if moment.zoned else moment.day()
            fields = {"published_at": moment.at, "published_precision": moment.precision}
            return fields | {"published_from": DateOrigin.META}
    return {}


def _views(raw: Any) -> int | None:
    """Return how often the post was read, as exactly as Telegram says it (1.2K)."""
    elements = _classed(raw, "tgme_widget_message_views")
    match = _VIEWS.fullmatch(_words(elements[0])[:20]) if elements else None
    return round(float(match[1]) * _TIMES[match[2]]) if match else None
