"""Which addresses lead to one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.same_page import page_of

ONE_PAGE = [
    (
        "https://x.com/i/status/12",
        "https://x.com/OpenAI/status/12",
        "https://x.com/openai/status/12",
        "http://www.x.com/a_former_name/status/12",
    ),
    (
        "https://www.reddit.com/comments/1abc",
        "https://www.reddit.com/r/LocalLLaMA/comments/1abc",
        "https://www.reddit.com/r/localllama/comments/1abc",
        "https://www.reddit.com/user/Ann/comments/1abc",
    ),
    (
        "https://www.reddit.com/comments/1abc/comment/k9z",
        "https://www.reddit.com/r/LocalLLaMA/comments/1abc/comment/k9z",
    ),
    ("https://www.reddit.com/r/LocalLLaMA", "https://www.reddit.com/r/localllama"),
    ("https://x.com/OpenAI", "https://x.com/openai"),
    ("https://t.me/NestBox/12", "https://t.me/nestbox/12"),
    ("https://bsky.app/profile/Ann.example/post/3k", "https://bsky.app/profile/ann.example/post/3k"),
    ("https://social.example/@Ann/12", "https://social.example/@ann/12"),
    ("https://github.com/Lab/Aster/releases/tag/V1", "https://github.com/lab/aster/releases/tag/V1"),
    ("https://huggingface.co/Lab/Aster", "https://huggingface.co/lab/aster"),
    ("https://example.com/a", "http://example.com/a", "https://www.example.com/a"),
    ("https://example.com", "https://example.com/"),
    (
        "https://www.cnn.com/2026/03/01/tech/aster",
        "https://edition.cnn.com/2026/03/01/tech/aster",
        "https://cnn.com/cnn/2026/03/01/tech/aster",
    ),
    (
        "https://www.bbc.com/news/technology-123",
        "https://www.bbc.co.uk/news/technology-123",
        "https://www.bbc.com/news/amp/technology-123",
    ),
    ("https://www.theverge.com/2026/3/1/1/a-b", "https://www.theverge.com/platform/amp/2026/3/1/1/a-b"),
]
APART = [
    "https://x.com/openai/status/12",
    "https://x.com/openai/status/13",
    "https://x.com/openai",
    "https://x.com/openai/status/12/quotes",
    "https://nitter.example/openai/status/12",
    "https://www.reddit.com/comments/1abc",
    "https://www.reddit.com/comments/1abc/comment/k9z",
    "https://www.reddit.com/r/1abc",
    "https://example.com/A",
    "https://example.com/a",
    "https://example.com/a?p=1",
    "https://example.com:8443/a",
    "https://news.example.com/a",
    "https://www.com/a",
    "https://github.com/lab/aster/blob/main/README",
    "https://github.com/lab/aster/blob/main/readme",
    "file:///a",
    "reddit:1abc",
    "http://[",
    "",
]


@pytest.mark.parametrize("addresses", ONE_PAGE, ids=[page[0] for page in ONE_PAGE])
def test_addresses_of_one_page(addresses: tuple[str, ...]) -> None:
    assert len({page_of(address) for address in addresses}) == 1


def test_addresses_of_other_pages() -> None:
    assert len({page_of(address) for address in APART}) == len(APART)


@pytest.mark.parametrize("given", ["file:///a", "reddit:1abc", "http://[", "", "//example.com/a"])
def test_what_is_no_web_address_stays(given: str) -> None:
    assert page_of(given) == given


PARTS = st.sampled_from([
    "x.com", "www.", "WWW.X.com", "www.reddit.com", "cnn.com", "bbc.co.uk", "www.theverge.com", "example.com",
    "/", "//", "i", "Ann", "@Ann", "status", "12", "r", "user", "comments", "1abc", "comment", "cnn", "2026",
    "news", "amp", "platform", "?", "#", ":", "@", "[", "]", "%2F", "é", " ", "\n",
])  # fmt: skip


@given(st.sampled_from(["http://", "https://", "HTTPS://", "", "//"]), st.lists(PARTS, max_size=9),
       st.booleans())
def test_applied_again_it_changes_nothing(scheme: str, parts: list[str], slashes: bool) -> None:
    page = page_of(scheme + ("/" if slashes else "").join(parts))
    assert page_of(page) == page


@given(st.text(max_size=60))
def test_any_text_has_a_page(text: str) -> None:
    for address in (text, f"https://{text}", f"https://x.com/{text}"):
        assert page_of(page_of(address)) == page_of(address)
