"""Every word of the main text is read in its order: between blocks, in lists and tables, in all parts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.articles.extract import read_article
from crawlers.articles.main_text import MAX_RUN
from pipeline.core.vocabulary import LinkKind
from tests.crawlers.articles.test_extract import ARTICLE, BODY, URL, ld, page, read

LONG = "".join(
    f"<p>Lumenforge told reporter {number} that its model Glimmer 9 was never trained on the questions.</p>"
    for number in range(8)
)


def blocks(inner: str, head: str = "") -> list[str]:
    return read_article(page(head, inner), url=URL).text.split("\n\n")


@pytest.mark.parametrize("around", [BODY, LONG])
@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("An analyst said so, in words after a block.", ["An analyst said so, in words after a block."]),
        ("<blockquote>The lead of a quotation<p>and its paragraph</p>and what follows</blockquote>",
         ["The lead of a quotation", "and its paragraph", "and what follows"]),
        ("<div>Words before <b>any</b> block<p>of this one.</p>between two<p>of them.</p>and behind</div>",
         ["Words before any block", "of this one.", "between two", "of them.", "and behind"]),
        ("<h2>A part</h2>that says <a href='/x'>with a link</a> what <i>it</i> says",
         ["A part", "that says with a link what it says"]),
        ("<pre><code>x = 1\n  y</code></pre>after the code", ["x = 1\n  y", "after the code"]),
        ("<p>Castell said that it <q>is <b>not</b> it</q>, and left.</p><ul><li>So <q>never</q>.</li></ul>",
         ["Castell said that it is not it, and left.", "So never."]),
    ],
)  # fmt: skip
def test_words_between_blocks_are_read(around: str, inner: str, expected: list[str]) -> None:
    text_blocks = blocks(around + inner + around.replace("reporter", "colleague"))
    start = text_blocks.index(expected[0])
    assert text_blocks[start : start + len(expected)] == expected
    assert len(text_blocks) == len(expected) + 2 * around.count("<p>")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<ol><li>one thing</li><li>another</li></ol>", "1. one thing\n2. another"),
        ("<ol start=3><li>a thing</li><li value=7>another</li><li><p>more</p><p>of it</p></li></ol>",
         "3. a thing\n7. another\n8. more of it"),
        ("<ol reversed><li>the third</li><li>the second</li><li>the first</li></ol>",
         "3. the third\n2. the second\n1. the first"),
        ("<ol start=x><li>a thing</li><li value=''>another</li></ol>", "1. a thing\n2. another"),
        ("<ol><li>1. numbered by hand</li><li>2) too</li></ol>", "1. numbered by hand\n2) too"),
        ("<ul><li>outer<ul><li>inner</li></ul>and after</li><li>last</li></ul>",
         "outer\ninner\nand after\nlast"),
        ("<table><tr><th>Model</th><th>Arena</th><th>Price</th></tr>"
         "<tr><td>Glimmer</td><td></td><td>3</td></tr><tr><td colspan=2>Petrel</td><td>4</td></tr></table>",
         "Model | Arena | Price\nGlimmer |  | 3\nPetrel |  | 4"),
    ],
)  # fmt: skip
def test_lists_keep_their_numbers_and_tables_their_columns(inner: str, expected: str) -> None:
    assert expected in blocks(LONG + inner + LONG)


def test_a_table_that_only_frames_a_text_is_that_text() -> None:
    inner = f"<table><tr><td>{LONG}</td></tr><tr><td><p>And a last word of it.</p></td></tr></table>"
    assert blocks(inner)[-1] == "And a last word of it."
    assert len(blocks(inner)) == 9


def test_a_link_in_a_list_keeps_its_own_words() -> None:
    article = read(body=LONG + "<ol><li><a href='/first'>a first</a> link</li></ol>" + LONG)
    assert [(link.url, link.kind, link.words) for link in article.links] == [
        ("https://www.harbourpost.example/first", LinkKind.LINK, "a first")
    ]


def part(text: str, beside: str = "") -> str:
    inner = f"<div class='BodyWrapper body body__container article__body'><div class=inner>{text}</div></div>"
    item = f"<div class=GridWrapper><div class=GridItem>{beside}{inner}</div></div>"
    return f"{item}<div class=ad-row>Advert</div>"


@pytest.mark.parametrize("before", ["", "<p>A paragraph.</p>"])
def test_words_before_more_inline_elements_than_are_wrapped_are_read(before: str) -> None:
    names = "".join(f"<a href='/{number}'>name {number}</a>, " for number in range(MAX_RUN + 1))
    joined_blocks = " ".join(blocks(f"<div>{before}The letter is signed by {names}and others.{LONG}</div>"))
    assert "The letter is signed by" in joined_blocks and "and others." in joined_blocks


def test_a_text_in_several_containers_is_one_text() -> None:
    text_parts = [LONG, LONG.replace("reporter", "colleague"), "<p>And this is its last word.</p>"]
    text_blocks = blocks("<h1>Glimmer 9 was never trained so</h1>" + "".join(map(part, text_parts)))
    assert len(text_blocks) == 17
    assert text_blocks[-1] == "And this is its last word."
    assert "Advert" not in text_blocks


@pytest.mark.parametrize(
    "story",
    [
        lambda text: part(text, "<h2>Another story</h2>"),
        lambda text: "<h2>Another story</h2>" + part(text),
        lambda text: part(text, "<time datetime=2025-04-07>7 April</time>"),
        lambda text: f"<article>{part(text)}</article>",
    ],
)
def test_stories_beside_each_other_stay_apart(story: object) -> None:
    assert callable(story)
    other_text = LONG.replace("reporter", "stranger")
    text_blocks = blocks(story(LONG) + story(other_text))
    assert not any("stranger" in block for block in text_blocks)


def stated(text: str, **more: object) -> str:
    return ld(**ARTICLE, headline="H", articleBody=text, **more)


WHOLE = "\n".join(
    f"Lumenforge told reporter {number} that its model Glimmer 9 was never trained on the questions."
    for number in range(20)
)


def test_a_text_that_the_page_states_in_full_replaces_what_was_cut() -> None:
    article = read(stated(WHOLE, isAccessibleForFree=False), body=LONG)
    assert article.text == WHOLE.replace("\n", "\n\n")
    assert not article.paywalled
    markup = "<p>" + WHOLE.replace("\n", "</p><p>").replace("9", "&lt;9&gt; &amp;") + "</p>"
    assert read(stated(markup), body=LONG.replace("9", "&lt;9&gt; &amp;")).text.count("\n\n") == 19


OTHERS = [WHOLE[:850], WHOLE.replace("reporter", "stranger"), "x" * 900_000, 7, [], [7]]


@pytest.mark.parametrize("text", OTHERS)
def test_a_stated_text_that_is_another_or_no_longer_is_left(text: object) -> None:
    article = read(stated(text, isAccessibleForFree="False"), body=LONG)  # type: ignore[arg-type]
    assert article.text.count("reporter") == 8
    assert "stranger" not in article.text
    assert article.paywalled


PIECES = [
    "<p>", "</p>", "words of it ", "<div class=article-body>", "</div>", "<ol>", "</ol>", "<li>", "<table>",
    "<tr>", "<td>", "</table>", "<blockquote>", "</blockquote>", "<a href=/x>", "</a>", "<br>", "<pre>",
]  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_word_is_read_more_than_once(parts: list[str]) -> None:
    numbered_words = "".join(f"w{n}x " if word == "words of it " else word for n, word in enumerate(parts))
    text = read_article(page(body=LONG + numbered_words), url=URL).text
    for number in range(len(parts)):
        assert text.count(f"w{number}x") <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "inner",
    [
        "<div class=post-body><p>x</p></div>" * 5_000,
        "".join(f"<div class='post-body c{n}'><p>x</p></div>" * 50 for n in range(200)),
        "<div><p>x</p>" + "y<b>z</b>" * 3_000 + "</div>",
        "<ol>" * 200 + "<li>x" * 10_000,
        "<table>" * 100 + "<td>x" * 5_000,
    ],
    ids=range(5),
)
def test_hostile_structure_takes_bounded_time(inner: str) -> None:
    start = time.process_time()
    assert read(body=LONG + inner).text
    assert time.process_time() - start < 20
