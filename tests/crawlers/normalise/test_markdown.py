"""A post's Markdown as text."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.normalise.html import html_text
from crawlers.normalise.markdown import markdown_text, shows_markdown, unescaped

BASE = "https://a.example/page"
PLATFORMS = Path(__file__).parents[1] / "platforms"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("plain words, 2 * 3 and snake_case_name", "plain words, 2 * 3 and snake_case_name"),
        (r"Kestrel\-2 is out\. It\_is\_1\~2x", "Kestrel-2 is out. It_is_1~2x"),
        ("It reads **128K** tokens, *really*, __all__ of them", "It reads 128K tokens, really, all of them"),
        ("See [the card](https://hub.example/k) first", "See the card first"),
        ("See [the card](https://hub.exa", "See the card"),
        ("See [the card](https://hub.exa and more", "See the card and more"),
        ("![a chart](https://i.example/x.png)\n\nIt is out.", "It is out."),
        ("&gt; It is late.\n\nNo &amp; never &lt;b&gt;", "> It is late.\n\nNo & never <b>"),
        ("> It is late.\n> Very.\n\nNo.", "> It is late.\n> Very.\n\nNo."),
        ("# News\n\n* one\n* two\n\nor\n\n1) a\n2) b", "News\n\n- one\n- two\n\nor\n\n1. a\n2. b"),
        ("one line\nand another", "one line\nand another"),
        ("a `code_name` and\n\n```\nx = [1](2)\n```", "a code_name and\n\nx = [1](2)"),
        ("| Model | Price |\n|--|--|\n| **A** | 3 |", "Model | Price\nA | 3"),
        ("It ~~is~~ was >!Kestrel!<, 10^6 <think> words", "It is was Kestrel, 10^6 <think> words"),
        ("&#x200B;\n\nIt is out.&nbsp;Now", "It is out. Now"),
        ("![](https://i.example/x.png)", ""),
    ],
)
def test_text(markdown: str, text: str) -> None:
    assert markdown_text(markdown, BASE)[0] == text


def test_tags_are_words_or_tags() -> None:
    card = "<div align=center>\n\n**Kestrel**<br>2\n\n<!-- none --></div>\n\n&lt;b&gt; <think> >!b!<"
    assert markdown_text(card, BASE, tags=True)[0] == "Kestrel\n2\n\n<b>  >!b!<"
    assert markdown_text("<think> <b>", BASE)[0] == "<think> <b>"


def test_links_keep_their_words_and_bare_addresses_are_links_too() -> None:
    links = markdown_text("[The card](https://hub.example/k), https://b.example/x_y_z. [here](/r/a)", BASE)[1]
    assert [(link.url, link.words) for link in links] == [
        ("https://hub.example/k", "The card"), ("https://a.example/r/a", "here"),
        ("https://b.example/x_y_z", None),
    ]


@pytest.mark.parametrize("answer", ["reddit_new.json", "reddit_comments.json"])
def test_it_is_the_text_of_the_html_that_the_platform_makes_of_it(answer: str) -> None:
    listing = json.loads((PLATFORMS / answer).read_text("utf-8"))
    things = [child["data"] for child in listing["data"]["children"]]
    markdown_pairs = [
        (data.get("selftext") or data.get("body"), data.get("selftext_html") or data.get("body_html"))
        for data in things
        if isinstance(data, dict)
    ]
    markdown_pairs = [(markdown, page) for markdown, page in markdown_pairs if markdown and page]
    assert markdown_pairs
    for markdown, page in markdown_pairs:
        shown_text = html_text(html.unescape(page) if page.startswith("&lt;") else page, BASE)[0]
        assert markdown_text(markdown, BASE)[0].split() == shown_text.split()


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("See [it](https://a.example)", True), ("**All** of it", True), (r"Kestrel\-2", True),
        ("# 3 of 4 * 5 ** 2 _a_ and a**b**c", False), ("@_name_ #tag [1] (https://a.example) > - x", False),
    ],
)
def test_what_shows_that_a_text_is_markdown(text: str, shows: bool) -> None:
    assert shows_markdown(text) is shows


def test_escapes_of_html_are_undone_once() -> None:
    assert unescaped("R&amp;D &lt;3 &amp;lt; &quot;a&quot; &copy;") == 'R&D <3 &lt; "a" &copy;'


def test_a_text_that_takes_too_long_stays_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawlers.normalise.markdown.SECONDS", 0.01)
    text = "[![" * 100_000 + " https://a.example/x"
    assert markdown_text(text, BASE)[0] == text


@given(st.text(max_size=200))
def test_nothing_breaks_it(text: str) -> None:
    markdown_text(text, BASE)


@given(st.text(alphabet="*_[]()<>!\\`~#|-1. \n&;ahtps:/", max_size=120))
def test_no_marks_break_it(text: str) -> None:
    markdown_text(text, BASE)
    markdown_text(text, BASE, tags=True)
