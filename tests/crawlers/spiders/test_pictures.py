"""Posts with pictures: alternative texts become text, and a picture without one is no error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers.crawl_state import Sighting
from crawlers.spiders.base import SourceSpider
from crawlers.spiders.bluesky import BlueskySpider
from crawlers.spiders.mastodon import MastodonSpider
from crawlers.spiders.telegram import TelegramSpider
from crawlers.spiders.x import XSpider
from tests.crawlers.conftest import SECOND_NIGHT
from tests.crawlers.pump import Pump, documents, issues

LEAK = "Screenshot of a price list: Aster Pro costs $20 a month."
AT = "2026-03-01T10:00:00.000Z"
DID = "did:plc:wren000000000000000000aa"
NUMBER = "2028062712918966273"


def bluesky(words: str, *alts: str, embed: Any = None, reply: Any = None) -> Any:
    """An account's feed with one post; the view of each picture has an `alt`, which may be empty."""
    images = {
        "$type": "app.bsky.embed.images#view",
        "images": [
            {"thumb": "https://cdn.bsky.example/t", "fullsize": "https://cdn.bsky.example/f", "alt": alt}
            for alt in alts
        ],
    }
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "createdAt": AT, "langs": ["en"], "text": words}
    item: dict[str, Any] = {
        "post": {
            "uri": f"at://{DID}/app.bsky.feed.post/3kaaaaaaaaaa2", "cid": "bafyreia",
            "author": {"did": DID, "handle": "wren.bsky.example", "displayName": "Wren Tallis"},
            "record": record, "embed": embed or images, "likeCount": 1, "indexedAt": AT,
        }
    }  # fmt: skip
    if reply is not None:
        reference = {"uri": reply["uri"], "cid": "bafyreib"}
        record["reply"] = {"root": reference, "parent": reference}
        item["reply"] = {"root": reply, "parent": reply}
    return {"feed": [item]}


def mastodon(words: str, *alts: str) -> Any:
    """One status of an account; Mastodon's description of a picture is null where none is given."""
    html = f"<p>{words}</p>" if words else ""
    account = {"id": "7", "acct": "castell", "display_name": "Ruben Castell"}
    media = [
        {"id": str(number), "type": "image", "url": "https://files.tower.example/o.png", "meta": {},
         "description": alt or None}
        for number, alt in enumerate(alts)
    ]  # fmt: skip
    return [
        {
            "id": "116100000000000001", "created_at": "2026-03-01T09:00:00.000Z", "spoiler_text": "",
            "visibility": "public", "language": "en", "content": html, "reblog": None, "account": account,
            "uri": "https://tower.example/users/castell/statuses/116100000000000001",
            "url": "https://tower.example/@castell/116100000000000001", "media_attachments": media,
            "mentions": [], "card": None, "favourites_count": 4,
        }
    ]  # fmt: skip


def x(words: str, *alts: str) -> Any:
    """A search with one post; its media stand beside it, and one without a description has no `alt_text`."""
    keys = [f"3_{number}" for number, _ in enumerate(alts)]
    media = [
        {"media_key": key, "type": "photo"} | ({"alt_text": alt} if alt else {})
        for key, alt in zip(keys, alts, strict=True)
    ]
    urls = [
        {"url": "https://t.co/aaaaaaaaaa", "media_key": key,
         "expanded_url": f"https://x.com/wren_fictional/status/{NUMBER}/photo/1"}
        for key in keys
    ]  # fmt: skip
    post = {
        "id": NUMBER, "text": f"{words} https://t.co/aaaaaaaaaa".strip(), "author_id": "101", "lang": "en",
        "edit_history_tweet_ids": [NUMBER], "attachments": {"media_keys": keys}, "entities": {"urls": urls},
        "created_at": "2026-03-01T10:00:00.000Z",
    }  # fmt: skip
    users = [{"id": "101", "username": "wren_fictional", "name": "Wren"}]
    return {"data": [post], "includes": {"users": users, "media": media}, "meta": {"result_count": 1}}


def telegram(words: str, *alts: str) -> Any:
    """A channel's preview; Telegram shows pictures as backgrounds, which have no words of their own."""
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>' if words else ""
    photo = (
        '<a class="tgme_widget_message_photo_wrap" href="https://t.me/nestbox/41" '
        "style=\"background-image:url('https://cdn4.telegram-cdn.example/file/a.jpg')\"></a>"
    )
    return (
        '<!DOCTYPE html><html><body><section class="tgme_channel_history js-message_history">'
        f'<div class="tgme_widget_message" data-post="nestbox/41">{photo * max(1, len(alts))}{text}'
        '<a class="tgme_widget_message_date" href="https://t.me/nestbox/41">'
        '<time datetime="2026-03-01T10:00:01+00:00" class="time">10:00</time></a></div></section>'
        "</body></html>"
    )


PLATFORMS: dict[str, tuple[type[SourceSpider], str, Any]] = {
    "bluesky": (BlueskySpider, "https://bsky.example/profile/wren.bsky.example", bluesky),
    "mastodon": (MastodonSpider, "https://tower.example/tags/leaks", mastodon),
    "x": (XSpider, "https://x.com/search?q=aster", x),
    "telegram": (TelegramSpider, "https://t.me/nestbox", telegram),
}
DESCRIBED = [name for name in PLATFORMS if name != "telegram"]


def pump(folder: Path, name: str) -> Pump:
    spider_class, url, _ = PLATFORMS[name]
    return Pump(folder, spider_class, spider=name, url=url)


def night(folder: Path, name: str, words: str, *alts: str) -> list[Any]:
    return pump(folder, name).night(lambda _: PLATFORMS[name][2](words, *alts))


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_picture_without_words_is_no_document_and_no_error(tmp_path: Path, name: str) -> None:
    assert night(tmp_path, name, "", "", "") == []


@pytest.mark.parametrize("name", DESCRIBED)
def test_the_words_for_a_picture_are_text(tmp_path: Path, name: str) -> None:
    results = night(tmp_path / "alone", name, "", LEAK)
    assert [document.text for document in documents(results)] == [f"[Alt text]\n{LEAK}"]
    results = night(tmp_path / "more", name, "From a reseller.", LEAK, "", "A dog.")
    assert [document.text for document in documents(results)] == [
        f"From a reseller.\n\n[Alt text]\n{LEAK}\n\n[Alt text]\nA dog."
    ]
    assert issues(results) == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_post_whose_words_were_taken_out_is_still_there(tmp_path: Path, name: str) -> None:
    source = pump(tmp_path, name)
    source.night(lambda _: PLATFORMS[name][2]("From a reseller.", ""))
    (sighting,) = source.night(lambda _: PLATFORMS[name][2]("", ""), SECOND_NIGHT)
    assert isinstance(sighting, Sighting) and sighting.present


def test_x_is_asked_for_the_words(tmp_path: Path) -> None:
    source = pump(tmp_path, "x")
    source.night(lambda _: x(""))
    assert "media.fields=alt_text" in source.asked[0] and "attachments.media_keys" in source.asked[0]


@pytest.mark.parametrize(
    "embed",
    [
        {"$type": "app.bsky.embed.video#view", "cid": "b", "playlist": "https://v.example/p", "alt": LEAK},
        {
            "$type": "app.bsky.embed.recordWithMedia#view",
            "record": {"record": {"$type": "app.bsky.embed.record#viewNotFound", "notFound": True,
                                  "uri": f"at://{DID}/app.bsky.feed.post/3kaaaaaaaaab2"}},
            "media": {"$type": "app.bsky.embed.images#view", "images": [{"alt": LEAK}, "broken", {"alt": 7}]},
        },
    ],
)  # fmt: skip
def test_films_and_pictures_beside_a_quoted_post_have_words_too(tmp_path: Path, embed: Any) -> None:
    results = pump(tmp_path, "bluesky").night(lambda _: bluesky("", embed=embed))
    assert [document.text for document in documents(results)] == [f"[Alt text]\n{LEAK}"]


@pytest.mark.parametrize(
    "parent",
    [
        {"$type": "app.bsky.feed.defs#blockedPost", "blocked": True,
         "author": {"did": "did:plc:ikoo000000000000000000bb", "viewer": {"blockedBy": True}}},
        {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True},
        {"$type": "app.bsky.feed.defs#blockedPost", "blocked": True, "author": "of another shape"},
    ],
)  # fmt: skip
def test_a_reply_to_an_account_that_blocks_is_kept(tmp_path: Path, parent: Any) -> None:
    parent = parent | {"uri": "at://did:plc:ikoo000000000000000000bb/app.bsky.feed.post/3kbbbbbbbbbb2"}
    results = pump(tmp_path, "bluesky").night(lambda _: bluesky("No. I asked them.", reply=parent))
    (document,) = documents(results)
    assert (
        document.in_reply_to
        == "https://bsky.example/profile/did:plc:ikoo000000000000000000bb/post/3kbbbbbbbbbb2"
    )
    assert issues(results) == []
