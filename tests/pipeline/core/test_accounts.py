"""Which account's page an address is."""

from __future__ import annotations

import pytest

from pipeline.core.accounts import account_of
from pipeline.core.records import Platform


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
