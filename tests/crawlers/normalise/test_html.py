"""A post's HTML as text."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from crawlers.normalise import html as post_html
from crawlers.normalise.html import html_text, links_in
from crawlers.normalise.lists import numbers

BASE = "https://a.example/page"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  \n", ""),
        ("plain &amp; simple", "plain & simple"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<p>Two<p>Three", "One\n\nTwo\n\nThree"),
        ("<p>a<br>b<br/>c</p>", "a\nb\nc"),
        ("<p>a  \n  b</p>", "a b"),
        ("<p>He <b>did</b><i>n't</i>.</p>", "He didn't."),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<p>x</p><ul><li>a</li></ul><p>y</p>", "x\n\n- a\n\ny"),
        ("<p>x</p><ol><li>a</li><li>b</li></ol><p>y</p>", "x\n\n1. a\n2. b\n\ny"),
        ("<ol start=4><li><p>a</p><p>more</p></li><li>5. b</li></ol>", "4. a\nmore\n5. b"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n1. b"),
        ("<blockquote><ol><li>a</li></ol></blockquote>", "> 1. a"),
        (
            "<table><thead><tr><th>Model</th><th>Arena</th><th>Price</th></tr></thead><tbody><tr><td>A</td>"
            "<td></td><td><p>3</p><p>US$</p></td></tr><tr><td colspan=2>B<script>x</script></td><td>4<br>5"
            "</td></tr></tbody></table>after",
            "Model | Arena | Price\nA |  | 3 US$\nB |  | 4 5\n\nafter",
        ),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\n\nb"),
        ("<blockquote><table><tr><td>a</td><td>b</td></tr></table></blockquote>", "> a | b"),
        (
            "<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>",
            "a | b c",
        ),
        (
            "<table><tr><td>Castell</td><td>said:<blockquote>It is late.</blockquote></td></tr>"
            "<tr><td>a</td><td>b</td></tr></table>",
            "Castell\n\nsaid:\n\n> It is late.\n\na | b",
        ),
        ("<blockquote><p>quoted</p><p>more</p></blockquote><p>mine</p>", "> quoted\n\n> more\n\nmine"),
        ("<blockquote>a<br>b</blockquote>", "> a\n> b"),
        ("<blockquote><blockquote>deep</blockquote>outer</blockquote>", "> > deep\n\n> outer"),
        ("<pre><code>a  b\n  c</code></pre>", "a  b\n  c"),
        ("<p>seen</p><script>alert(1)</script><style>p{}</style><p>too</p>", "seen\n\ntoo"),
        ("<p>a<!-- SC_OFF -->b</p>", "ab"),
        ("<p>bad \x00 \x0b bytes</p>", "bad bytes"),
        ("<p>\ud800</p>", "?"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<p>2 < 3 and 4 > 3</p>", "2 < 3 and 4 > 3"),
    ],
)
def test_text(html: str, text: str) -> None:
    assert html_text(html, BASE)[0] == text


def test_a_long_numbered_list_takes_little_time() -> None:
    root = lxml_html.fragment_fromstring("<ol>" + "<li>a" * 60_000 + "</ol>")
    start = time.process_time()
    assert len(dict(numbers(root))) == 60_000
    assert time.process_time() - start < 20  # processor seconds; minutes if it counted anew for each item


@pytest.mark.parametrize("trail", [".", ")", "]*"])
def test_an_address_before_many_dots_takes_little_time(trail: str) -> None:
    start = time.process_time()
    assert [link.url for link in links_in("http://a.example/x" + trail * 60_000)] == ["http://a.example/x"]
    assert links_in("http://a.example/x" + "." * 60_000 + "y") == ()
    assert time.process_time() - start < 3  # processor seconds; a minute if it tried from each dot anew


@pytest.mark.slow
def test_spaces_before_a_word_take_little_time() -> None:
    start = time.process_time()
    assert html_text("<p><b>a</b>" + "<b> </b>" * 200_000 + "z</p>", BASE)[0] == f"a{' ' * 200_000}z"
    assert time.process_time() - start < 10  # processor seconds; 30 if it tried from each space anew


def test_no_more_addresses_are_read_in_a_text_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    urls_read: list[str] = []

    def counted(url: str) -> str:
        urls_read.append(url)
        return url

    monkeypatch.setattr(post_html, "canonical_url", counted)
    links = links_in(" ".join(f"https://a.example/{number}" for number in range(3 * post_html.MAX_LINKS)))
    assert len(links) == len(urls_read) == post_html.MAX_LINKS


def test_links_are_resolved_named_and_canonical() -> None:
    html = (
        '<a href="/b?utm_source=x">the  <b>words</b></a> <a href="javascript:alert(1)">no</a> <a '
        'href="mailto:a@b.example">no</a>'
        '<a class="mention hashtag" href="https://a.example/tags/x">#x</a> <a '
        'href="https://c.example/"></a> <a href="/b">again</a>'
    )
    links = html_text(html, BASE)[1]
    assert [(link.url, link.words) for link in links] == [
        ("https://a.example/b", "the words"),
        ("https://c.example/", None),
    ]


def test_links_in_plain_text() -> None:
    text = (
        "See https://a.example/x?utm_source=y, (http://b.example/z). And [words](https://c.example/q) "
        "and https://."
    )
    assert [link.url for link in links_in(text)] == [
        "https://a.example/x",
        "http://b.example/z",
        "https://c.example/q",
    ]


def test_lines_in_many_quotations_do_not_become_many_times_as_long() -> None:
    page = "<blockquote>" * 200 + "a<br>" * 40_000
    text = html_text(page, BASE)[0]
    assert text.startswith("> " * 10 + "a\n" + "> " * 10 + "a") and len(text) < 5 * len(page)


def test_deep_nesting_ends() -> None:
    assert html_text("<div>" * 50_000 + "x", BASE)[0] in ("", "x")


@given(st.text(max_size=200))
def test_escaped_text_comes_back(text: str) -> None:
    import html

    clean = "".join(char for char in text if char.isprintable())
    assert html_text(f"<p>{html.escape(clean)}</p>", BASE)[0].split() == clean.split()


@given(st.text(alphabet="<>/abpqlik \"'=&;#!-\n", max_size=120))
def test_no_markup_breaks_it(html: str) -> None:
    with contextlib.suppress(ValueError):
        html_text(html, BASE)
