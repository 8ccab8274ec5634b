"""A page to an article: golden pages, dates only where the page states them, hostile pages."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.articles.extract import MAX_BYTES, Article, _resolved, read_article
from crawlers.normalise.html import MAX_LINKS
from crawlers.normalise.urls import canonical_url
from pipeline.core.vocabulary import DateOrigin, LinkKind, Precision

FIXTURES = Path(__file__).parents[1] / "fixtures_text"
URL = "https://www.harbourpost.example/technology/glimmer"
BODY = (
    "<p>Lumenforge released its model Glimmer 9 on Tuesday, and said that it would answer questions about "
    "the Orrery exam later.</p>"
    "<p>Nobody outside the company has been able to confirm the figures that it gave, and the exam’s makers "
    "ask for patience.</p>"
)


def page(head: str = "", body: str = BODY, *, top: str = "", inside: str = "") -> bytes:
    inner = f"{top}<article>{inside}{body}</article>"
    return f"<html><head><meta charset=utf-8>{head}</head><body>{inner}</body></html>".encode()


def read(head: str = "", body: str = BODY, *, top: str = "", inside: str = "", url: str = URL) -> Article:
    return read_article(page(head, body, top=top, inside=inside), url=url)


@pytest.mark.parametrize("name", ["news", "undated", "blog"])
def test_golden(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    article = dataclasses.asdict(
        read_article((FIXTURES / f"{name}.html").read_bytes(), url=expected["fetched"])
    )
    for name in ("published_at", "modified_at"):
        article[name] = article[name] and article[name].isoformat()
    assert json.loads(json.dumps(article)) == expected["article"]


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (False, True), ("False", True), ("http://schema.org/False", True), (True, False), ("True", False),
        (None, False), ([], False), ({"a": [False]}, False), ("x" * 10_000, False),
    ],
)  # fmt: skip
def test_a_page_tells_that_it_is_not_free(told: object, expected: bool) -> None:
    assert read(ld(**ARTICLE, headline="H", isAccessibleForFree=told)).paywalled is expected
    assert not read().paywalled


ARTICLE = {"@context": "https://schema.org", "@type": "NewsArticle"}
UNKNOWN = (None, "unknown", "unknown")


@pytest.mark.parametrize(
    ("head", "top", "inside", "url", "expected"),
    [
        ("", "", "", URL, UNKNOWN),
        # what is on the page, but not about the article
        ("", "<div>Thursday, June 25, 2026</div>", "", URL, UNKNOWN),
        ("", "<header><time datetime='2026-06-25'>today</time></header>", "", URL, UNKNOWN),
        ("<meta name=date content=2026-06-25><meta property=article:modified_time "
            "content=2026-06-25T01:00:00Z>", "", "", URL, UNKNOWN),
        ("", "", "<aside><time datetime='2026-06-25'>teaser</time></aside>", URL, UNKNOWN),
        ("", "", "<article><time datetime='2026-06-25'>teaser</time></article>", URL, UNKNOWN),
        ("", "", "<p>Updated <time class=updated datetime='2026-06-25'>x</time></p>", URL, UNKNOWN),
        ("", "", "<time datetime='2026-06-25'>a</time><time datetime='2026-06-24'>b</time>", URL, UNKNOWN),
        (ld(**ARTICLE, headline="a", datePublished="2026-06-25") + ld(**ARTICLE, headline="b",
            datePublished="2026-06-24"), "", "", URL, UNKNOWN),
        (ld(**{"@type": "ItemList", "itemListElement": [{**ARTICLE, "datePublished": "2026-06-25"}]}), "", "",
            URL, UNKNOWN),
        (ld(**ARTICLE, datePublished="04/07/2025"), "", "", URL, UNKNOWN),
        (ld(**ARTICLE, datePublished="1970-01-01T00:00:01Z"), "", "", URL, UNKNOWN),
        # what the article says of itself, in order
        (ld(**ARTICLE,
            datePublished="2025-04-07T10:00:00+02:00") + "<meta property=article:published_time "
                "content=2025-04-08>", "", "", URL,
         ("2025-04-07T08:00:00+00:00", "second", "json_ld")),
        (ld(**{"@graph": [{"@type": "WebPage", "datePublished": "2025-04-07"}]}), "", "", URL,
            ("2025-04-07T00:00:00+00:00", "day", "json_ld")),
        ("<meta property=article:published_time content='2025-04-07T10:00:00Z'>", "", "", URL,
            ("2025-04-07T10:00:00+00:00", "second", "meta")),
        ("<meta itemprop=datePublished content='2025-04-07'>", "", "", URL,
            ("2025-04-07T00:00:00+00:00", "day", "meta")),
        ("", "", "<time datetime='2025-04-07T10:00Z'>x</time>", URL,
            ("2025-04-07T10:00:00+00:00", "minute", "visible_text")),
        ("", "", "<time class=entry-date datetime='2025-04-07'>a</time><time datetime='2025-04-09'>b</time>",
            URL,
         ("2025-04-07T00:00:00+00:00", "day", "visible_text")),
        ("", "", "", "https://harbourpost.example/2025/04/07/x", ("2025-04-07T00:00:00+00:00", "day", "url")),
        # a clock time without a zone gives the day, unless another part of the page states the zone
        (ld(**ARTICLE, datePublished="2025-04-07T23:30:00"), "", "", URL,
            ("2025-04-07T00:00:00+00:00", "day", "json_ld")),
        (ld(**ARTICLE,
            datePublished="2025-04-07T23:30:00") + "<meta property=article:published_time "
                "content='2025-04-07T23:30:00-04:00'>", "", "",
         URL, ("2025-04-08T03:30:00+00:00", "second", "json_ld")),
        (ld(**ARTICLE, datePublished="2025-04-07T00:00:00+02:00"), "", "", URL,
            ("2025-04-07T00:00:00+00:00", "day", "json_ld")),
    ],
)  # fmt: skip
def test_publication_dates(head: str, top: str, inside: str, url: str,
    expected: tuple[str | None, str, str]) -> None:
    article = read(head, top=top, inside=inside, url=url)
    published_at = article.published_at.isoformat() if article.published_at else None
    assert (published_at, article.published_precision, article.published_from) == expected
    assert (article.published_at is None) == (article.published_precision is Precision.UNKNOWN)
    assert (article.published_at is None) == (article.published_from is DateOrigin.UNKNOWN)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://harbourpost.example/a/?utm_source=x", "https://harbourpost.example/a"),
        ("/b", "https://www.harbourpost.example/b"),
        ("https://evil.example/technology/glimmer", URL),
        ("https://www.harbourpost.example/", URL),
        ("javascript:alert(1)", URL),
        ("", URL),
    ],
)
def test_a_page_names_its_address_within_its_site_only(href: str, expected: str) -> None:
    assert read(f'<link rel="canonical" href="{href}">').url == expected


@pytest.mark.parametrize(
    ("url", "other", "believed"),
    [
        ("https://pen.substack.com/p/a", "https://nib.substack.com/p/a", False),
        ("https://pen.wordpress.com/a", "https://wordpress.com/a", False),
        ("https://medium.com/@pen/a", "https://medium.com/@nib/a", False),
        ("https://medium.com/@pen/a-1", "https://medium.com/@pen/b-1", True),
        ("https://www.gridpost.com/a", "https://gridpost.com/a", True),
        ("https://amp.gridpost.com/a", "https://www.gridpost.com/a", True),
        ("https://edition.gridpost.com/a", "https://www.gridpost.com/a", True),
    ],
)
def test_a_neighbour_on_a_shared_domain_is_not_believed(url: str, other: str, believed: bool) -> None:
    read_url = read(f'<link rel="canonical" href="{other}">', url=url).url
    assert read_url == (other if believed else canonical_url(url))


@pytest.mark.parametrize(
    ("head", "inside", "title"),
    [
        (
            "<title>Glimmer 9 is out | The Harbour Post</title><meta property=og:site_name content='The "
            "Harbour Post'>",
            "", "Glimmer 9 is out",
        ),
        ("<title>Harbourpost - Glimmer 9 - a model</title>", "", "Glimmer 9 - a model"),
        ("<title>Glimmer 9 - a model</title>", "", "Glimmer 9 - a model"),
        ("<title>Glimmer 9 is out now | Post</title>", "", "Glimmer 9 is out now"),
        ("<title>x</title>" + ld(**ARTICLE, headline="Glimmer &amp; Petrel"), "", "Glimmer & Petrel"),
        (
            ld(**ARTICLE, headline="Glimmer 9 is out, and…"), "<h1>Glimmer 9 is out, and what now</h1>",
            "Glimmer 9 is out, and what now",
        ),
        ("<meta property=og:title content='Itโ€™s out'>", "", "It’s out"),
        (
            ld(**ARTICLE, headline="Glimmer 9 is out | The Harbour Post")
            + "<meta property=og:site_name content='The Harbour Post'>",
            "", "Glimmer 9 is out",
        ),
        (ld(**ARTICLE, headline="Glimmer 9 is out - harbourpost.example"), "", "Glimmer 9 is out"),
        ("", "", None),
    ],
)
def test_titles(head: str, inside: str, title: str | None) -> None:
    assert read(head, inside=inside).title == title


@pytest.mark.parametrize(
    ("inside", "headline"),
    [
        ("<h1>Lumenforge denies it</h1>", "Lumenforge denies it"),
        ("<h1>Lumenforge <em>denies</em> it | Harbourpost</h1>", "Lumenforge denies it"),
        ("<h1>Glimmer 9: is it out?</h1><h1>Glimmer 9: is it out?</h1>", "Glimmer 9: is it out?"),
        ("<h1>GLIMMER 9 is out!</h1>", None),
        ("<h1>harbourpost.example</h1>", None),
        ("<h1> </h1>", None),
        ("<h1>One</h1><h1>Another</h1>", None),
        ("", None),
    ],
)
def test_the_headline_that_is_shown_is_kept_beside_the_one_for_machines(
    inside: str, headline: str | None
) -> None:
    article = read(ld(**ARTICLE, headline="Glimmer 9 is out"), inside=inside, top="")
    assert (article.title, article.headline) == ("Glimmer 9 is out", headline)


def test_the_headline_of_the_article_counts_not_that_of_the_site() -> None:
    top = "<header><h1>All the news</h1></header>"
    article = read(ld(**ARTICLE, headline="A"), top=top, inside="<h1>B</h1>")
    assert (article.title, article.headline) == ("A", "B")
    assert article.text.startswith("Lumenforge released")


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("105092", None),
        ("(Image: Getty Images)", None),
        ("Image: Getty Images", None),
        ("Getty Images", None),
        ("See full bio", None),
        ("Ottilie Marsh See full bio", "Ottilie Marsh"),
        ("Ottilie Marsh (Image: Getty Images)", "Ottilie Marsh"),
        ("More by Ottilie Marsh", None),
        ("Von Ottilie Marsh", "Ottilie Marsh"),
        ("VON OTTILIE MARSH", "OTTILIE MARSH"),
        ("Von Marsh", "Von Marsh"),
        ("von Marsh, Ottilie", "von Marsh, Ottilie"),
        ("Par Ottilie Marsh", "Ottilie Marsh"),
        ("Written by: Ottilie Marsh", "Ottilie Marsh"),
        ("BY OTTILIE MARSH", "OTTILIE MARSH"),
        ("Byron Marsh", "Byron Marsh"),
        ("Bill Photon", "Bill Photon"),
        ("Imagen Seer", "Imagen Seer"),
        ("Reuters Staff", "Reuters Staff"),
        ("张伟", "张伟"),
        ("| Ottilie Marsh |", "Ottilie Marsh"),
        ("  ", None),
    ],
)
def test_an_author_is_a_name(stated: str, author: str | None) -> None:
    assert read(ld(**ARTICLE, headline="H", author={"name": stated})).author == author


def test_what_is_no_name_leaves_the_names_beside_it() -> None:
    bylines = ["See full bio", "Ottilie Marsh", "105092", "OTTILIE MARSH"]
    assert read(ld(**ARTICLE, author=bylines)).author == "Ottilie Marsh"
    two_bylines = ld(**ARTICLE, author="105092") + "<meta name=author content='Ottilie Marsh'>"
    assert read(two_bylines).author == "Ottilie Marsh"


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (ld(**ARTICLE, author="Ottilie Marsh"), "Ottilie Marsh"),
        (
            ld(
                **ARTICLE,
                author=[{"name": "Ottilie Marsh"}, {"name": "by Ruben Fole"}, {"name": "Ottilie Marsh"}],
            ),
            "Ottilie Marsh, Ruben Fole",
        ),
        ("<meta name=author content='Ottilie Marsh'>", "Ottilie Marsh"),
        ("<meta property=article:author content='https://social.example/marsh'>", None),
        (ld(**ARTICLE, author={"name": ["Ottilie Marsh"]}), "Ottilie Marsh"),
        (ld(**ARTICLE, author=[7, None, {"name": {}}]), None),
    ],
)
def test_authors(head: str, author: str | None) -> None:
    assert read(head).author == author


def test_links_come_from_the_main_text_only_and_once() -> None:
    links = (
        "<p>The company said so <a href='https://twitter.com/lumenforge/status/7?s=1'>in a <i>post</i></a> "
        "and again "
        "<a href='https://x.com/lumenforge/status/7'>later</a>, as <a href='mailto:a@b.example'>we</a> and "
        "<a href='/technology/glimmer#top'>this page</a> told; see <a href='../orrery?utm_medium=x'>the "
        "exam</a> for more of it.</p>"
    )
    article = read(
        "<base href='https://www.harbourpost.example/base/x/'>", BODY + links,
        top="<nav><a href='/home'>Home</a></nav>",
    )
    assert [(link.url, link.kind, link.words) for link in article.links] == [
        ("https://x.com/lumenforge/status/7", LinkKind.LINK, "in a post"),
        ("https://www.harbourpost.example/base/orrery", LinkKind.LINK, "the exam"),
    ]


def test_a_file_takes_the_address_that_it_names() -> None:
    html = page(
        "<link rel=canonical href='https://harbourpost.example/2025/04/07/a'>",
        BODY + "<p>More is <a href='b'>over there</a>, it says.</p>",
    )
    article = read_article(html, url="file:///home/reader/2024/01/02/saved.html")
    assert article.url == "https://harbourpost.example/2025/04/07/a"
    assert article.links[0].url == "https://harbourpost.example/2025/04/07/b"
    bare = read_article(page(), url="file:///home/reader/2024/01/02/saved.html")
    assert (bare.url, bare.published_at) == ("file:///home/reader/2024/01/02/saved.html", None)


def test_a_wrongly_declared_encoding_is_seen_through() -> None:
    assert "exam’s" in read_article(page(), url=URL, encoding="windows-874").text
    latin = (
        page()
        .decode()
        .replace("’", "'")
        .replace("utf-8", "latin-1")
        .replace("Nobody", "Ñobody")
        .encode("latin-1")
    )
    assert "Ñobody" in read_article(latin, url=URL).text
    assert "Ñobody" in read_article(latin.replace(b"latin-1", b"utf-8"), url=URL, encoding="iso-8859-1").text


@pytest.mark.parametrize(
    "html",
    [
        b"", b"   ", b"\x00\x01\x02", b"plain words", b"<html></html>", b"<html><body></body></html>",
        b"<!-- x", b"\xff\xfe", b"<?xml version='1.0'?>",
        b"%PDF-1.7 \xe2\xe3", b"<html><body><nav><a href=/>Home</a></nav></body></html>", b"<" * 100_000,
        b"<div>" * 200_000,
        b"<html><body>" + b"<p>x</p>" * 70_000, b"<p>" + b"x" * MAX_BYTES,
    ],
    ids=range(15),
)  # fmt: skip
def test_pages_without_a_main_text_are_refused(html: bytes) -> None:
    start = time.process_time()
    with pytest.raises(ValueError):
        read_article(html, url=URL)
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "html",
    [
        page(body=BODY + "<b>" * 50_000 + "deep"),
        page(body="<div>" * 150 + BODY),
        page(body=BODY + "<table><tr><td>" * 500 + "deep"),
        page("<script type='application/ld+json'>" + "[" * 400_000 + "</script>"),
        page("<script type='application/ld+json'>{\"@type\": [{}], \"@graph\": 7}</script>"),
        page("<base href='::::'><link rel=canonical href='http://['>"),
        page(body=BODY + "<a href='http://['>x</a><a href>y</a>"),
        b"<?xml version='1.0' encoding='utf-8'?>" + page(),
        page(body=BODY + "\x00\x0b" + "&#0;&#x110000;&nosuch;"),
    ],
    ids=range(9),
)
def test_hostile_pages_are_read(html: bytes) -> None:
    start = time.process_time()
    article = read_article(html, url=URL)
    assert "Lumenforge released" in article.text
    assert time.process_time() - start < 20


def test_links_are_bounded() -> None:
    many_links = "".join(
        f"<p>This is sentence number {i} of a text, with <a href='/{i}'>a link</a> amid its many words.</p>"
        for i in range(400)
    )
    assert len(read(body=many_links).links) == MAX_LINKS


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([b"<p>", b"</p>", b"<a href=", b"'", b">", b"<article>", b"<table>", b"<td>",
    b"<!--", b"<svg>", b"<time datetime=",
                                 b"<script>", b"\x00", b"\xff", b"&#", b"words of a text that goes on. " * 5,
                                 b"<blockquote>", b"<br>", b"<head>"]), max_size=30))  # fmt: skip
def test_anything_is_an_article_or_a_value_error(parts: list[bytes]) -> None:
    try:
        article = read_article(b"".join(parts), url=URL)
    except ValueError:
        return
    assert article.text.strip() == article.text
    assert article.text


@given(
    st.sampled_from(
        [
            "https://h.example/p/q", "http://h.example:80/", "https://H.example?x=/y", "file:///tmp/page",
            "https://u:p@h.example/a", "",
        ]
    ),
    st.lists(
        st.sampled_from(
            [
                "/", "//", "a", "b-c", ".", "..", "?q", "#f", ";p", "http:", "https://", "h.example", "é",
                "%20", "mailto:",
            ]
        ),
        max_size=6,
    ).map("".join),
)
def test_links_resolve_as_the_library_resolves_them(base: str, href: str) -> None:
    try:
        expected = urljoin(base, href)
    except ValueError:
        expected = ""
    assert _resolved(base, href) == expected
