"""Which account's page an address is, and whose server a bare name is of."""

from __future__ import annotations

import pytest

from pipeline.core.accounts import account_of, full_name
from pipeline.core.vocabulary import Platform


@pytest.mark.parametrize(
    ("platform", "url", "account"),
    [
        (Platform.X, "https://x.com/OpenAI", "OpenAI"),
        (Platform.X, "https://x.com/OpenAI/", "OpenAI"),
        (Platform.X, "https://x.com/search?q=OpenAI", None),
        (Platform.X, "https://x.com/i/lists/7", None),
        (Platform.X, "https://x.com", None),
        (Platform.BLUESKY, "https://bsky.app/profile/openai.com", "openai.com"),
        (Platform.BLUESKY, "https://bsky.app/search?q=openai.com", None),
        (Platform.MASTODON, "https://Tower.example/@simon", "simon@tower.example"),
        (Platform.MASTODON, "https://tower.example/@simon@far.example", "simon@far.example"),
        (Platform.MASTODON, "https://mastodon.social/tags/LLM", None),
        (Platform.TELEGRAM, "https://t.me/opendatascience", "opendatascience"),
        (Platform.TELEGRAM, "https://t.me/s/opendatascience", "opendatascience"),
        (Platform.REDDIT, "https://www.reddit.com/r/OpenAI", None),
        (Platform.HACKERNEWS, "https://hn.algolia.com/api/v1/search_by_date?tags=story&query=OpenAI", None),
        (Platform.NEWS, "https://wire.example/openai", None),
        (Platform.X, "http://[", None),
        (Platform.X, None, None),
    ],
)
def test_the_account_is_read_from_the_address(platform: Platform, url: str | None,
                                              account: str | None) -> None:
    assert account_of(platform, url) == account


@pytest.mark.parametrize(
    ("name", "url", "full"),
    [
        ("simon", "https://tower.example/tags/LLM", "simon@tower.example"),
        ("lena@far.example", "https://tower.example/tags/LLM", "lena@far.example"),
        ("Simon Somebody", "https://tower.example/@simon.rss", "Simon Somebody"),
        ("simon", "http://[", "simon"),
        ("simon", None, "simon"),
    ],
)
def test_a_bare_name_is_of_the_server_that_tells_it(name: str, url: str | None, full: str) -> None:
    assert full_name(name, url) == full


@pytest.mark.parametrize(
    ("name", "page", "full"),
    [
        ("simon", "https://fedi.blog.example/@simon", "simon@fedi.blog.example"),
        ("simon@blog.example", "https://fedi.blog.example/@simon", "simon@fedi.blog.example"),
        ("simon@blog.example", "https://fedi.blog.example/@Simon/17", "simon@fedi.blog.example"),
        ("simon@blog.example", "https://fedi.blog.example/@simon/1?reblogged_by=x", "simon@blog.example"),
        ("eve@evil.example", "https://blog.example/@simon", "eve@evil.example"),
        ("simon", "https://fedi.blog.example/users/simon", "simon@tower.example"),
        ("simon", "http://[", "simon@tower.example"),
    ],
)
def test_an_accounts_own_page_tells_its_name(name: str, page: str, full: str) -> None:
    assert full_name(name, "https://tower.example/tags/LLM", page) == full
