"""Strangers' text as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.sanitize import host_of, line, link, marked, plain, safe, unmarked, words
from tests.worlds.stories import hostile_texts


class Reader(HTMLParser):
    """The tags and the text that a browser would see; notes are left out of the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.notes: list[str] = []
        self._note = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if ("class", "rt-note") in attrs:
            self._note = True
            self.notes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._note = False

    def handle_data(self, data: str) -> None:
        if self._note:
            self.notes[-1] += data
        else:
            self.text += data


@given(st.text())
def test_only_our_own_tags_come_out(text: str) -> None:
    for html in (safe(text), line(text), marked(text, ["a", text[:3]])):
        for tag, attributes in Reader(html).tags:
            assert (tag, attributes) in [("span", {"class": "rt-note"}), ("wbr", {}), ("mark", {})]


@given(
    st.text(
        st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0"),
        max_size=300,
    )
)
def test_an_ordinary_text_is_shown_to_the_letter(text: str) -> None:
    assert Reader(safe(text)).text == text
    assert Reader(marked(text, ["e", "the"])).text == text


@given(st.text())
def test_what_reorders_or_controls_never_comes_out(text: str) -> None:
    for safe_text in (safe(text), plain(text)):
        assert not set(safe_text) & set(
            "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x07\x08\x1b\x7f"
        )
        safe_text.encode("utf-8")


def test_hidden_characters_are_named() -> None:
    assert Reader(safe("a\u202eb")).notes == ["U+202E"]
    assert Reader(safe("a" + "\u200b" * 70 + "b")).notes == ["70 invisible characters"]
    assert safe("mot\u200dto") == "mot\u200dto"
    assert Reader(safe("line\r\nline\ttab")).text == "line\nline\ttab"
    assert plain("a\u202eb") == "a[U+202E]b"


def test_marks_that_would_paint_over_other_lines_are_cut() -> None:
    assert len(Reader(safe("z" + "\u0301" * 500)).text) == 5
    assert Reader(safe("cafe\u0301")).text == "cafe\u0301"


def test_a_long_text_is_cut_and_says_so() -> None:
    reader = Reader(safe("W" * 1_000_000))
    assert reader.text == "W" * 4_000 + " "
    assert reader.notes == ["4,000 of 1,000,000 characters shown"]
    assert ("wbr", {}) in reader.tags
    assert Reader(line("word " * 500, 50)).text == ("word " * 10)[:49] + "…"


def test_cues_are_marked_where_they_stand_as_words() -> None:
    assert marked("It is NOT true.", ["not true"]) == "It is <mark>NOT true</mark>."
    assert marked("nothing", ["not"]) == "nothing"
    assert marked("<b>not</b>", ["not"]) == "&lt;b&gt;<mark>not</mark>&lt;/b&gt;"
    assert unmarked("It is not true", ["not", "never", " "]) == ["never"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.wire.example/a?b=c", "wire.example"),
        ("http://wire.example:8080/", "wire.example:8080"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("//wire.example/x", None),
        ("https://user:pass@wire.example/", None),
        ("https://wire.example/\u202egpj", None),
        ("https://wire.example/ onclick=alert(1)", None),
        ('https://wire.example/"onmouseover="alert(1)', None),
        ("https://wire.example\\@evil.example/", None),
        ("https://[::1", None),
        ("https://wire.example:99999/", None),
        ("https:///path", None),
        ("https://wire.example/" + "a" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None, host: str | None) -> None:
    assert host_of(url) == host
    tags = [tag for tag, _ in Reader(link(url)).tags]
    assert ("a" in tags) == (host is not None)


def test_a_link_shows_its_host_and_tells_nobody() -> None:
    ((tag, attributes),) = Reader(link("https://www.wire.example/a?b=1&c=2")).tags
    assert (tag, attributes["href"]) == ("a", "https://www.wire.example/a?b=1&c=2")
    assert attributes["target"] == "_blank"
    assert set((attributes["rel"] or "").split()) == {"noreferrer", "noopener"}
    assert Reader(link("https://www.wire.example/")).text == "wire.example"


@given(st.text())
def test_words_hold_nothing_that_markdown_reads(text: str) -> None:
    safe_words = words(text)
    assert all(letter.isalnum() or letter in " …" or not letter.isascii() for letter in safe_words)
    assert not set(safe_words) & set("\\`*_{}[]()<>#+-.!|~$:/&@^=\"'\n")


def test_no_hostile_text_survives_words() -> None:
    for text in hostile_texts("http://canary.example"):
        assert not set(words(text)) & set("<>[](){}$:!/\\.*_`\u202e\u200b")
