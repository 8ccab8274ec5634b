"""The day of publication that a page shows, and other dates on it that are not the publication's."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from crawlers.articles.extract import read_article
from pipeline.core.vocabulary import DateOrigin, Precision
from tests.crawlers.articles.test_extract import ARTICLE, BODY, URL, ld

DAY = datetime(2025, 4, 7, tzinfo=UTC)
HEAD = "<h1>Glimmer 9 is out</h1>"


def shown(inner: str, *, lang: str = "en", top: str = "", box: str = "article") -> datetime | None:
    head = ld(**ARTICLE, headline="Glimmer 9 is out", author="Ottilie Marsh")
    html = f"<html lang={lang}><head><meta charset=utf-8>{head}</head><body>{top}<{box}>{inner}{BODY}</{box}>"
    article = read_article(html.encode(), url=URL)
    if article.published_at is None:
        assert article.published_from is DateOrigin.UNKNOWN
        return None
    assert (article.published_precision, article.published_from) == (Precision.DAY, DateOrigin.VISIBLE_TEXT)
    return article.published_at


@pytest.mark.parametrize(
    "inner",
    [
        "<p>By Ottilie Marsh | April 7, 2025</p>",
        "<p>Ottilie Marsh, Senior Reporter · 7 April 2025 · 4 min read</p>",
        "<div><span>By Ruben Fole</span> <span>Apr. 7, 2025, 3:04 PM ET</span></div>",
        "<div class=meta><div>Ottilie Marsh</div><div>2025-04-07</div></div>",
        "<p>By Ottilie Marsh, April 7, 2025. Updated April 9, 2025</p>",
        f"{HEAD}<p>April 7, 2025</p>",
        f"<header>{HEAD}</header><div><span>Monday, April 7th, 2025</span></div>",
        f"{HEAD}<p class=deck>It is</p><p>7 April 2025 09:30 BST</p>",
        "<span class='post-date'>April 7, 2025</span>",
        "<div class=entry_date>7 April 2025</div>",
        "<time>April 7, 2025</time>",
        "<p>By Ottilie Marsh | April 7, 2025</p><p>By Ottilie Marsh, 7 April 2025</p>",
    ],
)
def test_a_day_in_a_place_of_the_article(inner: str) -> None:
    assert shown(inner) == DAY


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", "Von Ottilie Marsh, 7. April 2025, 14:05 Uhr"), ("de", "Ottilie Marsh · 07.04.2025"),
        ("fr", "Par Ottilie Marsh le 7 avril 2025 à 14h05"), ("es", "Por Ottilie Marsh | 7 de abril de 2025"),
        ("it", "di Ottilie Marsh, 7 aprile 2025"), ("zh-CN", "作者：Ottilie Marsh 2025年4月7日"),
        ("ru", "Ottilie Marsh, 7 апреля 2025"),
    ],
)  # fmt: skip
def test_other_languages(lang: str, line: str) -> None:
    assert shown(f"<p>{line}</p>", lang=lang) == DAY


def test_a_headline_without_an_article_element_is_enough() -> None:
    assert shown(f"{HEAD}<div>April 7, 2025</div>", box="div") == DAY


@pytest.mark.parametrize(
    "inner",
    [
        # not a part of the article
        "<p>June 25, 2026</p>",
        "<p>Lumenforge said so on June 25, 2026.</p>",
        "<p>By June 25, 2026, the company wants to answer all of the questions.</p>",
        "<p>Ottilie Marsh met the founder on June 25, 2026, and asked.</p>",
        f"{HEAD}<p>The exam of June 25, 2026</p>",
        "<h1>All the news</h1><p>June 25, 2026</p>",
        "<aside><p>By Ottilie Marsh | June 25, 2026</p></aside>",
        "<div class=related-stories><p>By Ottilie Marsh | June 25, 2026</p></div>",
        "<ul><li>By Ottilie Marsh | June 25, 2026</li></ul>",
        "<a href=/x>By Ottilie Marsh | June 25, 2026</a>",
        "<article><p>By Ruben Fole | June 25, 2026</p></article>",
        # the date of a change
        "<p>By Ottilie Marsh | Updated June 25, 2026</p>",
        f"{HEAD}<p>Last modified: June 25, 2026</p>",
        f"{HEAD}<p class=updated>June 25, 2026</p>",
        "<p>Von Ottilie Marsh, aktualisiert am 25. Juni 2026</p>",
        # no day, two, or one that may be another
        "<p>By Ottilie Marsh | June 2026</p>",
        "<p>By Ottilie Marsh | 06/05/2026</p>",
        "<p>By Ottilie Marsh | 6.5.2026</p>",
        "<p>By Ottilie Marsh | June 31, 2026</p>",
        "<p>By Ottilie Marsh | June 25, 2026</p><p>By Ottilie Marsh | June 26, 2026</p>",
        "<span class=date>June 25, 2026</span><span class=date>June 26, 2026</span>",
        "<p>By Ottilie Marsh | 1925-06-25-2026</p>",
    ],
)
def test_what_shows_another_day_or_none(inner: str) -> None:
    assert shown(inner) is None


def test_what_is_stated_for_machines_comes_first() -> None:
    head = ld(**ARTICLE, headline="H", datePublished="2025-04-07")
    html = f"<html><head>{head}</head><body><article><p>By Ottilie Marsh | June 25, 2026</p>{BODY}</article>"
    article = read_article(html.encode(), url=URL)
    assert (article.published_at, article.published_from) == (DAY, DateOrigin.JSON_LD)


@pytest.mark.slow
@pytest.mark.parametrize(
    "inner",
    [
        "<p>By X 7 April 2025</p>" * 4_000,
        "<p>7 " + "Foooo " * 20 + "2025</p>" * 2_000,
        "<div class=date>" * 200 + "2025-04-07",
        "<p>" + "20" * 100_000 + "</p>",
        "".join(f"<p>By Abc {n % 31} Brumaire 2025</p>" for n in range(2_000)),
    ],
    ids=range(5),
)
def test_hostile_dates_take_bounded_time(inner: str) -> None:
    start = time.process_time()
    shown(inner)
    assert time.process_time() - start < 15
