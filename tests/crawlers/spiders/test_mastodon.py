"""Authors on Mastodon: a name without a server belongs to the server that was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers.spiders.mastodon import MastodonSpider
from tests.crawlers.pump import Pump, documents


def status(number: int, home: str, acct: str, **fields: Any) -> dict[str, Any]:
    """Return a status of an account whose server is `home`."""
    page = f"https://{home}/@{acct.partition('@')[0]}"
    return {
        "id": str(number), "uri": f"{page}/{number}", "url": f"{page}/{number}",
        "content": "<p>It is out.</p>", "created_at": "2026-03-01T09:00:00.000Z",
        "account": {"id": acct, "acct": acct},
    } | fields  # fmt: skip


def listed(folder: Path, url: str, *statuses: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    """Return the address and author of each document of these statuses."""
    pump = Pump(folder, MastodonSpider, spider="mastodon", url=url)
    toots = documents(pump.night(lambda url: {"id": "7", "acct": "simon"} if "lookup" in url
                                 else list(statuses)))
    return [(document.url, document.author) for document in toots]


@pytest.mark.parametrize("host", ["tower.example", "far.example"])
def test_a_bare_name_is_of_the_server_that_is_asked(tmp_path: Path, host: str) -> None:
    for number, path in enumerate(("@simon", "tags/LLM")):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert listed(folder, f"https://{host}/{path}", status(1, host, "simon")) == [
            (f"https://{host}/@simon/1", f"simon@{host}")
        ]


def test_a_name_with_a_server_stays(tmp_path: Path) -> None:
    lena = status(1, "far.example", "lena@far.example")
    assert listed(tmp_path, "https://tower.example/tags/LLM", lena) == [
        ("https://far.example/@lena/1", "lena@far.example")
    ]


def test_an_account_has_one_name_in_every_listing(tmp_path: Path) -> None:
    page = "https://fedi.blog.example/@simon"
    for number, (url, acct) in enumerate([(page, "simon"),
                                          ("https://tower.example/tags/LLM", "simon@blog.example")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        post = status(1, "fedi.blog.example", acct, account={"id": "7", "acct": acct, "url": page})
        assert listed(folder, url, post) == [(f"{page}/1", "simon@fedi.blog.example")]


def test_a_boost_and_what_it_passes_on_name_their_servers(tmp_path: Path) -> None:
    boost = status(2, "tower.example", "simon", reblog=status(1, "tower.example", "ada"))
    assert listed(tmp_path, "https://tower.example/@simon", boost) == [
        ("https://tower.example/@ada/1", "ada@tower.example"),
        ("https://tower.example/@ada/1?reblogged_by=simon", "simon@tower.example"),
    ]


def test_an_answer_leads_to_the_page_under_the_servers_own_name(tmp_path: Path) -> None:
    answer = status(2, "tower.example", "simon", in_reply_to_id="1", in_reply_to_account_id="8",
                    mentions=[{"id": "8", "acct": "ada"}])
    pump = Pump(tmp_path, MastodonSpider, spider="mastodon", url="https://tower.example/tags/LLM")
    (document,) = documents(pump.night(lambda _: [answer]))
    assert (document.author, document.in_reply_to) == ("simon@tower.example", "https://tower.example/@ada/1")
