"""Accounts whose role an earlier Rumortrail told wrongly, and names that it took for one, are put right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.core.vocabulary import EdgeKind, Platform, Role
from pipeline.store.store import Store
from tests.worlds.builder import World
from tests.worlds.upgraded import upgraded

pytestmark = pytest.mark.slow  # a store for each test

ACCOUNTS = 25
AT = datetime(2026, 2, 13, 9, tzinfo=UTC)
LAB = "https://x.com/lab"


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def feed(world: World, source_id: str, role: Role, url: str, organisation: str | None = None,
         platform: Platform = Platform.X) -> None:
    world.source(source_id, role, organisation, platform, source_id=source_id, url=url)


def account(world: World, name: str, role: Role = Role.COMMUNITY, url: str | None = None,
            organisation: str | None = None, platform: Platform = Platform.X) -> str:
    """An account as it was stored, with what a feed at `url` lent it."""
    return world.source(name, role, organisation, platform, source_id=f"{platform}:{name}", url=url)


def post(world: World, document_id: str, source_id: str, feed_id: str, *mentions: dict[str, Any],
         **fields: Any) -> None:
    """A post with its mentions, which organisation Lab is named in, and a passage; it was traced."""
    name = source_id.partition(":")[2]
    world.document(document_id, source_id, AT, feed=feed_id, author=name, **fields)
    for mention in mentions or ({},):
        world.mention("c", document_id, **mention)
    world.row("passages", passage_id=f"p-{document_id}", version_id=f"v-{document_id}-1",
              document_id=document_id,
              part="text", start_char=0, end_char=9, names=[], organisations=[], inherited=[], numbers=[],
              language="en", speaker=name, speaker_organisation=world.sources[source_id].organisation,
              said_at=AT, seen_at=AT, model="by-hand", run_id="r1")  # fmt: skip
    world.row("speech", version_id=f"v-{document_id}-1", part="text", start_char=0, end_char=9,
              voice="author", speaker=name, speaker_organisation=world.sources[source_id].organisation,
              speech_verb=None, attributed_to=None, certainty="reported")  # fmt: skip
    world.row("traced", document_id=document_id, run_id="r1")


def sources(store: Store) -> dict[str, tuple[str, str | None, str | None]]:
    source_rows = rows(store, "SELECT source_id, role, url, organisation FROM store.sources "
                       "WHERE contains(source_id, ':')")
    return {source_id: (role, url, organisation) for source_id, role, url, organisation in source_rows}


def said(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, "SELECT document_id, speaker, speaker_role, speaker_organisation FROM store.mentions "
                       "ORDER BY document_id, start_char")


def test_a_stranger_loses_the_role_of_the_feed_that_showed_it() -> None:
    def fill(world: World) -> None:
        feed(world, "x-lab", Role.FIRST_PARTY, LAB, "Lab")
        world.claim("c", organisations=("Lab",))
        account(world, "ab", Role.FIRST_PARTY, LAB, "Lab")
        account(world, "Lab", Role.FIRST_PARTY, LAB, "Lab")
        post(world, "d-lab", "x:Lab", "x-lab", {"role": Role.FIRST_PARTY})
        post(world, "d-stranger", "x:ab", "x-lab", {"role": Role.FIRST_PARTY},
             {"speaker": "Ann", "organisation": "Lab", "role": Role.FIRST_PARTY},
             {"speaker": "Ben", "role": Role.FIRST_PARTY},
             {"speaker": None, "role": Role.ANONYMOUS})
        world.follows("d-stranger", "d-lab", EdgeKind.ATTRIBUTION)
        world.follows("d-lab", "d-stranger", EdgeKind.LINK)

    store = upgraded(ACCOUNTS, fill)
    assert sources(store) == {"x:ab": ("community", None, None), "x:Lab": ("first_party", LAB, "Lab")}
    assert said(store) == [
        ("d-lab", "Lab", "first_party", "Lab"),
        ("d-stranger", "ab", "community", None),
        ("d-stranger", "Ann", "first_party", "Lab"),
        ("d-stranger", "Ben", "community", None),
        ("d-stranger", None, "anonymous", None),
    ]
    for table in ("passages", "speech"):
        assert rows(store, f"SELECT speaker, speaker_organisation FROM store.{table} ORDER BY speaker") == [
            ("Lab", "Lab"), ("ab", None)
        ]
    assert rows(store, "SELECT document_id FROM store.traced") == [("d-lab",)]
    assert rows(store, "SELECT kind FROM store.edges") == [("link",)]


def test_an_account_that_another_listing_showed_first_has_the_role_of_its_own_feed() -> None:
    def fill(world: World) -> None:
        feed(world, "x-lab", Role.FIRST_PARTY, LAB, "Lab")
        world.claim("c", organisations=("Lab",))
        account(world, "Lab")
        post(world, "d", "x:Lab", "x-else", {"role": Role.COMMUNITY})

    store = upgraded(ACCOUNTS, fill)
    assert sources(store) == {"x:Lab": ("first_party", LAB, "Lab")}
    assert said(store) == [("d", "Lab", "first_party", "Lab")]
    assert rows(store, "SELECT speaker_organisation FROM store.passages") == [("Lab",)]
    assert rows(store, "FROM store.traced") == []


def test_an_account_of_a_feed_that_is_declared_no_more_keeps_its_role() -> None:
    def fill(world: World) -> None:
        world.claim("c")
        account(world, "Lab", Role.FIRST_PARTY, LAB, "Lab")
        account(world, "ann")
        post(world, "d-lab", "x:Lab", "x-lab")
        post(world, "d-ann", "x:ann", "x-lab")

    store = upgraded(ACCOUNTS, fill)
    assert sources(store) == {"x:Lab": ("first_party", LAB, "Lab"), "x:ann": ("community", None, None)}
    assert rows(store, "SELECT count(*) FROM store.traced") == [(2,)]


@pytest.mark.parametrize(
    ("platform", "name", "url", "own"),
    [
        (Platform.X, "openai", "https://x.com/OpenAI/", True),
        (Platform.X, "OpenAI", "https://x.com/OpenAIDevs", False),
        (Platform.X, "search", "https://x.com/search?q=search", False),
        (Platform.BLUESKY, "lab.example", "https://bsky.app/profile/lab.example", True),
        (Platform.BLUESKY, "bsky.app", "https://bsky.app/profile/lab.example", False),
        (Platform.MASTODON, "ann@tower.example", "https://Tower.example/@ann", True),
        (Platform.MASTODON, "ann@far.example", "https://tower.example/@ann@far.example", True),
        (Platform.MASTODON, "ann@far.example", "https://tower.example/@ann", False),
        (Platform.TELEGRAM, "Nestbox", "https://t.me/s/nestbox", True),
        (Platform.REDDIT, "OpenAI", "https://www.reddit.com/r/OpenAI", False),
        (Platform.HACKERNEWS, "story", "https://hn.algolia.com/api/v1/search_by_date?tags=story", False),
    ],
)
def test_addresses_are_read_as_new_documents_are(platform: Platform, name: str, url: str, own: bool) -> None:
    def fill(world: World) -> None:
        feed(world, "the-feed", Role.EXPERT, url, platform=platform)
        account(world, name, Role.EXPERT, url, platform=platform)

    assert sources(upgraded(ACCOUNTS, fill)) == {
        f"{platform}:{name}": ("expert", url, None) if own else ("community", None, None)
    }


def test_names_alike_on_two_servers_become_two_accounts() -> None:
    tower = "https://tower.example/@simon"

    def fill(world: World) -> None:
        feed(world, "simon", Role.EXPERT, tower, platform=Platform.MASTODON)
        feed(world, "far-llm", Role.COMMUNITY, "https://far.example/tags/LLM", platform=Platform.MASTODON)
        world.claim("c")
        account_id = account(world, "simon", Role.EXPERT, tower, platform=Platform.MASTODON)
        account(world, "lena@far.example", platform=Platform.MASTODON)
        for document_id, feed_id in (("d-own", "simon"), ("d-tag", "far-llm")):
            post(world, document_id, account_id, feed_id, {"role": Role.EXPERT})
        post(world, "d-lena", "mastodon:lena@far.example", "simon")
        world.row("houses", source_id=account_id, house=None, name=None, data="then")

    store = upgraded(ACCOUNTS, fill)
    assert sources(store) == {
        "mastodon:simon@tower.example": ("expert", tower, None),
        "mastodon:simon@far.example": ("community", None, None),
        "mastodon:lena@far.example": ("community", None, None),
    }
    assert rows(store, "SELECT document_id, author, source_id FROM store.documents ORDER BY ALL") == [
        ("d-lena", "lena@far.example", "mastodon:lena@far.example"),
        ("d-own", "simon@tower.example", "mastodon:simon@tower.example"),
        ("d-tag", "simon@far.example", "mastodon:simon@far.example"),
    ]
    assert said(store) == [
        ("d-lena", "lena@far.example", "community", None),
        ("d-own", "simon@tower.example", "expert", None),
        ("d-tag", "simon@far.example", "community", None),
    ]
    assert rows(store, "SELECT document_id FROM store.traced") == [("d-lena",)]
    assert rows(store, "FROM store.houses") == []


def test_two_names_of_an_account_become_that_of_its_own_page() -> None:
    page = "https://fedi.blog.example/@simon"

    def fill(world: World) -> None:
        feed(world, "simon", Role.EXPERT, page, platform=Platform.MASTODON)
        feed(world, "llm", Role.COMMUNITY, "https://tower.example/tags/LLM", platform=Platform.MASTODON)
        world.claim("c")
        account_id = account(world, "simon", Role.EXPERT, page, platform=Platform.MASTODON)
        named_account = account(world, "simon@blog.example", platform=Platform.MASTODON)
        post(world, "d-own", account_id, "simon", url=f"{page}/1")
        post(world, "d-tag", named_account, "llm", url=f"{page}/2")
        post(world, "d-boost", named_account, "llm", url=f"{page}/1?reblogged_by=simon@blog.example")

    store = upgraded(ACCOUNTS, fill)
    assert rows(store, "SELECT document_id, source_id FROM store.documents ORDER BY ALL") == [
        ("d-boost", "mastodon:simon@blog.example"),
        ("d-own", "mastodon:simon@fedi.blog.example"),
        ("d-tag", "mastodon:simon@fedi.blog.example"),
    ]


def test_a_bare_name_without_a_declared_server_stays() -> None:
    def fill(world: World) -> None:
        world.claim("c")
        account_id = account(world, "simon", platform=Platform.MASTODON)
        post(world, "d", account_id, account_id)

    store = upgraded(ACCOUNTS, fill)
    assert sources(store) == {"mastodon:simon": ("community", None, None)}
    assert rows(store, "SELECT author FROM store.documents") == [("simon",)]
    assert rows(store, "SELECT document_id FROM store.traced") == [("d",)]
