"""One URL for one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.normalise.urls import MAX_GIVEN, canonical_url, publishes, same_site
from pipeline.core.same_page import page_of

GOLDEN = [
    # case, ports, credentials, fragments, dots, slashes
    ("HTTPS://Reader:secret@EXAMPLE.com:443/a/./b/../c/#part", "https://example.com/a/c"),
    ("http://example.com:80", "http://example.com/"),
    ("http://example.com:8080/", "http://example.com:8080/"),
    ("https://example.com./x/", "https://example.com/x"),
    ("  https://example.com/x\n", "https://example.com/x"),
    ("http://127.0.0.1:8765/feed.xml", "http://127.0.0.1:8765/feed.xml"),
    ("http://[0:0::1]:80/", "http://[::1]/"),
    # escapes
    ("https://example.com/%7eann/%c3%a9 t%zz", "https://example.com/~ann/%C3%A9%20t%25zz"),
    ("https://example.com/a%2fb", "https://example.com/a%2Fb"),
    ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
    ("https://example.com/%E9", "https://example.com/%E9"),
    # queries
    ("https://example.com/?utm_source=a&fbclid=b&gclid=c&ref=d&mc_cid=e", "https://example.com/"),
    ("https://example.com/p?b=2&a=1&A=0&b=1", "https://example.com/p?A=0&a=1&b=2&b=1"),
    ("https://example.com/p?id=7&amp;utm_medium=rss&amp;page=2", "https://example.com/p?id=7&page=2"),
    ("https://example.com/p?q=a%20b+c&empty=&flag", "https://example.com/p?empty=&flag&q=a+b+c"),
    ("https://example.com/p?source=rss&reference=9", "https://example.com/p?reference=9"),
    ("https://example.com/p;jsessionid=1F?x=1", "https://example.com/p?x=1"),
    ("https://news.ycombinator.com/item?id=4321", "https://news.ycombinator.com/item?id=4321"),
    # AMP and mobile copies
    (
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/big-story/amp/",
        "https://www.example.com/news/big-story",
    ),
    ("https://www.google.com/amp/s/example.com/story.amp.html", "https://example.com/story.html"),
    ("https://amp.example.com/story?amp=1&outputType=amp", "https://example.com/story"),
    ("https://example.com/amp/2031/big-story", "https://example.com/2031/big-story"),
    ("https://mobile.example.co.uk/x", "https://example.co.uk/x"),
    ("https://m.co.uk/x", "https://m.co.uk/x"),
    ("https://en.m.wikipedia.org/wiki/Rumour", "https://en.wikipedia.org/wiki/Rumour"),
    ("https://www.google.com/amp/www.example.com/news/a-story", "http://www.example.com/news/a-story"),
    (
        "https://www.google.com/amp/s/www.example.com/news/a-story?usqp=x&amp_js_v=0.1",
        "https://www.example.com/news/a-story",
    ),
    ("https://www.bing.com/amp/s/www.example.com/news/a-story", "https://www.example.com/news/a-story"),
    ("https://github.com/some-body/amp", "https://github.com/some-body/amp"),
    ("https://example.com/amp", "https://example.com/amp"),
    # platforms and wrappers
    ("http://mobile.twitter.com/ann/status/12345/photo/1?s=20&t=x", "https://x.com/ann/status/12345"),
    ("https://twitter.com/i/web/status/12345", "https://x.com/i/status/12345"),
    ("https://vxtwitter.com/ann/status/12345", "https://x.com/ann/status/12345"),
    ("https://d.fxtwitter.com/ann/status/12345", "https://x.com/ann/status/12345"),
    ("https://twitter.com/statuses/12345", "https://x.com/i/status/12345"),
    ("https://x.com/i/status/12345/", "https://x.com/i/status/12345"),
    (
        "https://old.reddit.com/r/LocalModels/comments/1abc/some_title/",
        "https://www.reddit.com/r/LocalModels/comments/1abc",
    ),
    (
        "https://np.reddit.com/r/A/comments/1abc/t/k9z/?context=3",
        "https://www.reddit.com/r/A/comments/1abc/comment/k9z",
    ),
    (
        "https://www.reddit.com/r/A/comments/1abc/comment/k9z/",
        "https://www.reddit.com/r/A/comments/1abc/comment/k9z",
    ),
    ("https://redd.it/1abc", "https://www.reddit.com/comments/1abc"),
    ("http://www.redd.it/1abc", "https://www.reddit.com/comments/1abc"),
    ("https://www.reddit.com/tb/1abc", "https://www.reddit.com/comments/1abc"),
    ("https://reddit.com/gallery/1abc", "https://www.reddit.com/comments/1abc"),
    ("https://www.reddit.com/R/A/comments/1ABC/t/", "https://www.reddit.com/r/A/comments/1abc"),
    ("https://www.reddit.com/u/Ann", "https://www.reddit.com/user/Ann"),
    ("https://i.redd.it/1abc.png", "https://i.redd.it/1abc.png"),
    ("https://youtu.be/dQ?si=tracker", "https://www.youtube.com/watch?v=dQ"),
    ("https://m.youtube.com/watch?t=1&v=dQ&list=x", "https://www.youtube.com/watch?v=dQ"),
    ("https://www.youtube.com/embed/videoseries?list=x", "https://www.youtube.com/embed/videoseries?list=x"),
    ("https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("https://youtube.com/live/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("https://arxiv.org/pdf/2501.00001v2.pdf", "https://arxiv.org/abs/2501.00001"),
    ("https://browse.arxiv.org/html/2501.00001v2", "https://arxiv.org/abs/2501.00001"),
    ("https://hf.co/lab/aster", "https://huggingface.co/lab/aster"),
    ("http://export.arxiv.org/abs/cs.CL/0501001v12", "https://arxiv.org/abs/cs.CL/0501001"),
    ("https://arxiv.org/list/cs.CL/recent", "https://arxiv.org/list/cs.CL/recent"),
    ("https://t.me/s/channel/12", "https://t.me/channel/12"),
    (
        "https://www.google.com/url?q=https://m.example.com/a%3Fx%3D1%26utm_id%3D2&sa=U",
        "https://example.com/a?x=1",
    ),
    ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
]


@pytest.mark.parametrize(("given", "expected"), GOLDEN)
def test_golden(given: str, expected: str) -> None:
    assert canonical_url(given) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "forms",
    [
        (
            "https://redd.it/1abc",
            "https://www.reddit.com/comments/1abc",
            "https://old.reddit.com/r/LocalModels/comments/1abc/some_title/",
            "https://np.reddit.com/r/localmodels/comments/1abc",
        ),
        (
            "https://x.com/i/status/12345",
            "https://x.com/i/web/status/12345",
            "https://twitter.com/Ann/status/12345",
            "https://mobile.twitter.com/ann/status/12345?s=20",
            "https://x.com/ann/status/12345/photo/1",
            "https://vxtwitter.com/ann/status/12345",
            "https://fxtwitter.com/ann/status/12345",
        ),
        ("https://youtu.be/dQ", "https://youtube.com/watch?v=dQ", "https://m.youtube.com/watch?v=dQ&t=9"),
        (
            "https://arxiv.org/abs/2501.00001",
            "https://arxiv.org/abs/2501.00001v2",
            "https://arxiv.org/pdf/2501.00001",
            "http://www.arxiv.org/pdf/2501.00001v3.pdf",
        ),
        (
            "https://www.wsj.com/articles/a-b-1",
            "https://m.wsj.com/articles/a-b-1",
            "https://amp.wsj.com/articles/a-b-1",
            "https://www.wsj.com/amp/articles/a-b-1",
        ),
        (
            "https://www.theguardian.com/technology/2031/jan/1/a-b",
            "https://amp.theguardian.com/technology/2031/jan/1/a-b",
        ),
        (
            "https://www.cnn.com/2031/01/01/tech/a",
            "https://amp.cnn.com/cnn/2031/01/01/tech/a",
            "https://edition.cnn.com/2031/01/01/tech/a",
        ),
    ],
    ids=lambda addresses: addresses[0],
)
def test_all_addresses_of_a_page_have_one_page(forms: tuple[str, ...]) -> None:
    assert len({page_of(canonical_url(address)) for address in forms}) == 1


@pytest.mark.parametrize(
    "refused",
    [
        "", "   ", "example.com/x", "//example.com/x", "/x", "ftp://example.com/", "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x", "mailto:a@example.com", "https://", "https:///x", "http://exa mple.com/",
        "http://example.com:99999/",
        "http://example.com:x/", "https://example.com/a\x00b", "https://example.com/a%00b",
        "https://exam\nple.com/", "https://a\\@b.com/",
        "https://example.com\\@evil.example/", "http://2130706433/", "http://0x7f.1/", "http://127.1/",
        "http://[::g]/", "http://-a-.com/",
        "http://a..com/", "http://%31%32%37.0.0.1/", "https://example.com/\ud800",
        "https://example.com/" + "a" * MAX_GIVEN,
        "https://example.com/" + "é" * 1000, "https://\u202eexample.com/",
    ],
)  # fmt: skip
def test_refused(refused: str) -> None:
    with pytest.raises(ValueError):
        canonical_url(refused)


def test_a_relative_url_needs_a_base() -> None:
    assert canonical_url("../x?y=1", base="https://example.com/a/b/c") == "https://example.com/a/x?y=1"
    assert canonical_url("//other.example/x", base="https://example.com/a") == "https://other.example/x"
    with pytest.raises(ValueError):
        canonical_url("x", base="file:///tmp/page.html")


def test_same_site() -> None:
    assert same_site("https://www.example.co.uk/a", "http://news.example.co.uk/b")
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert same_site("http://127.0.0.1:80/", "http://127.0.0.1:81/")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")


@pytest.mark.parametrize(
    ("own", "page", "expected"),
    [
        ("https://gridpost.example/feed", "http://www.gridpost.example/a", True),
        ("https://feeds.gridpost.example/all.xml", "https://gridpost.example/a", True),
        ("https://gridpost.com/", "https://news.gridpost.com/a", True),
        ("https://edition.cnn.com/a", "https://www.cnn.com/a", True),
        ("https://lite.cnn.com/2026/a", "https://www.cnn.com/2026/a", True),
        ("https://one.co.uk/a", "https://two.co.uk/a", False),
        ("https://corvid.com/feed", "https://community.corvid.com/t/1", False),
        ("https://blog.google.com/feed", "https://sites.google.com/view/pen/a", False),
        ("https://pen.wordpress.com/a", "https://nib.wordpress.com/a", False),
        ("https://pen.blogspot.com/a", "https://nib.blogspot.com/a", False),
        ("https://www.pen.blogspot.com/a", "https://pen.blogspot.com/a", True),
        ("https://pen.hf.space/a", "https://nib.hf.space/a", False),
        ("https://pen.substack.com/feed", "https://pen.substack.com/p/a", True),
        ("https://pen.substack.com/feed", "https://nib.substack.com/p/a", False),
        ("https://pen.github.io/", "https://nib.github.io/", False),
        ("https://medium.com/feed/@pen", "https://medium.com/@pen/a", True),
        ("https://medium.com/@pen/a", "https://medium.com/@nib/a", False),
        ("https://medium.com/feed/makers/tagged/ai", "https://medium.com/makers/a", True),
        ("https://sites.google.com/view/pen/a", "https://sites.google.com/view/nib/a", False),
        ("https://sites.google.com/view/pen/a", "https://sites.google.com/view/pen/b", True),
        ("https://sites.google.com/a/pen/p", "https://sites.google.com/a/nib/p", False),
        ("https://sites.google.com/a/pen/p", "https://sites.google.com/a/pen/q", True),
        ("https://gridpost.com:81/a", "https://news.gridpost.com/a", False),
        ("https://www.dev.to/pen/a", "https://dev.to/nib/a", False),
        ("https://uni.example/~pen/feed", "https://uni.example/~nib/a", False),
        ("http://127.0.0.1:80/", "http://127.0.0.1:81/", False),
    ],
)
def test_publishes(own: str, page: str, expected: bool) -> None:
    assert publishes(own, page) is expected


@pytest.mark.parametrize("domain", [
    "bearblog.dev", "beehiiv.com", "blogspot.com", "dreamwidth.org", "ghost.io", "github.io", "gitlab.io",
    "hashnode.dev", "hf.space", "livejournal.com", "medium.com", "netlify.app", "notion.site", "pages.dev",
    "readthedocs.io", "substack.com", "tumblr.com", "vercel.app", "wixsite.com", "wordpress.com",
])  # fmt: skip
def test_on_a_domain_that_everybody_shares_nobody_publishes_for_a_neighbour(domain: str) -> None:
    for page in (f"https://nib.{domain}/a", f"https://{domain}/a"):
        assert not publishes(f"https://pen.{domain}/", page)


HOSTS = st.sampled_from(
    [
        "example.com", "www.example.com", "m.example.com", "amp.example.com", "mobile.twitter.com", "x.com",
        "old.reddit.com", "redd.it", "youtu.be", "t.me", "www.youtube.com", "arxiv.org", "www.google.com",
        "twitter.com", "d.fxtwitter.com", "www.redd.it", "amp.cnn.com", "bbc.co.uk", "www.theverge.com",
        "out.reddit.com", "a.cdn.ampproject.org", "bücher.example", "127.0.0.1", "[::1]", "EXAMPLE.com.",
    ]
)
PIECES = st.sampled_from(
    [
        "/", "//", ".", "..", "amp", ".amp", ".amp.html", "a-b", "s", "c/s", "www.example.com", "status",
        "123", "comments", "r", "pdf", "%2f", "%C3%A9", "%zz", "%", "é", ";", "=", "+", "?", "&", "#", "@",
        ":", "url=https://m.example.com/amp", "utm_id=1", "q=https://x.com/a", "amp=1", "amp;", "v=1",
        "jsessionid=2", "watch", "redirect", "url", "Ann", "i", "web", "statuses", "photo", "comment", "u",
        "tb", "gallery", "shorts", "embed", "cnn", "2031", "news", "platform", "1ABC",
    ]
)


@given(st.sampled_from(["http", "https", "HTTPS"]), HOSTS, st.lists(PIECES, max_size=8), st.booleans())
def test_idempotent(scheme: str, host: str, pieces: list[str], slashes: bool) -> None:
    url = f"{scheme}://{host}/" + ("/" if slashes else "").join(pieces)
    try:
        canonical = canonical_url(url)
    except ValueError:
        return
    assert canonical_url(canonical) == canonical
    assert canonical.startswith(("http://", "https://"))
    assert canonical.isascii()
    assert "#" not in canonical
    page = page_of(canonical)
    assert page_of(page) == page
    assert page_of(canonical_url(page)) == page


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=20)))
def test_anything_gives_a_url_or_a_value_error(text: str, base: str | None) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}", f"https://example.com/?{text}"):
        try:
            canonical = canonical_url(url, base=base)
        except ValueError:
            continue
        assert canonical_url(canonical) == canonical
