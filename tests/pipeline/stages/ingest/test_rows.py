"""Who publishes a document: an account takes a role only from its own feed."""

from __future__ import annotations

import pytest

from pipeline.core.inbox_records import InboxDocument
from pipeline.core.records import Source
from pipeline.core.vocabulary import Platform, Role
from pipeline.stages.ingest.rows import publisher_row
from tests.conftest import NOW


def publisher(platform: Platform, author: str, url: str) -> Source:
    """Return the publisher of a post that a maker's feed at `url` lists."""
    listed_document = InboxDocument(
        url="https://post.example/1",
        platform=platform,
        source="feed",
        text="Out now.",
        seen_at=NOW,
        author=author,
    )
    return publisher_row(listed_document, Source("feed", "Feed", platform, Role.FIRST_PARTY, url, "Maker"))


@pytest.mark.parametrize(
    ("platform", "author", "url"),
    [
        (Platform.X, "X", "https://x.com/OpenAI"),
        (Platform.X, "AI", "https://x.com/OpenAI"),
        (Platform.X, "OpenAI", "https://x.com/OpenAIDevs"),
        (Platform.X, "search", "https://x.com/search?q=OpenAI"),
        (Platform.BLUESKY, "bsky.app", "https://bsky.app/profile/openai.com"),
        (Platform.TELEGRAM, "s", "https://t.me/s/nestbox"),
        (Platform.REDDIT, "OpenAI", "https://www.reddit.com/r/OpenAI"),
    ],
)
def test_an_account_whose_name_is_part_of_the_address_is_a_stranger(platform: Platform, author: str,
                                                                    url: str) -> None:
    assert publisher(platform, author, url) == Source(f"{platform}:{author}", author, platform,
                                                      Role.COMMUNITY, None, None)


@pytest.mark.parametrize(
    ("platform", "author", "url"),
    [
        (Platform.X, "openai", "https://x.com/OpenAI"),
        (Platform.BLUESKY, "openai.com", "https://bsky.app/profile/OpenAI.com"),
        (Platform.TELEGRAM, "Nestbox", "https://t.me/s/nestbox"),
    ],
)
def test_the_account_of_the_feed_has_its_role(platform: Platform, author: str, url: str) -> None:
    assert publisher(platform, author, url) == Source(f"{platform}:{author}", author, platform,
                                                      Role.FIRST_PARTY, url, "Maker")
