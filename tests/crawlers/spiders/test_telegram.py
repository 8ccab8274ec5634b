"""Telegram's second looks: what the post's own page proves, and what it does not prove."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers.spiders.telegram import TelegramSpider
from tests.crawlers.conftest import SECOND_NIGHT
from tests.crawlers.pump import Pump, documents, gone, issues

ERROR = '<div class="tgme_widget_message_error">{0}</div>'
CHANNEL = '<section class="tgme_channel_history">{0}</section>'


def post(number: int, words: str, name: str = "nestbox") -> str:
    return (
        f'<div class="tgme_widget_message" data-post="{name}/{number}"><div '
        f'class="js-message_text">{words}</div>'
        '<a class="tgme_widget_message_date"><time datetime="2026-03-01T10:00:01+00:00"></time></a></div>'
    )


def html(words: str) -> str:
    return f"<!DOCTYPE html><html><body>{words}</body></html>"


@pytest.fixture
def pump(tmp_path: Path) -> Pump:
    """A channel with one post in the first night."""
    pump = Pump(tmp_path, TelegramSpider, spider="telegram", url="https://t.me/Nestbox")
    assert len(documents(pump.night(lambda _: html(CHANNEL.format(post(41, "It comes.")))))) == 1
    return pump


def second(pump: Pump, page: Any) -> list[Any]:
    """Run the second night, whose preview lacks the post; `page` is the post's own page."""
    results = pump.night(lambda url: page if "embed=1" in url else html(CHANNEL.format("")), SECOND_NIGHT)
    assert pump.asked[-1] == "https://t.me/Nestbox/41?embed=1&mode=tme"
    return results


def test_a_post_that_is_not_there(pump: Pump) -> None:
    (deletion,) = gone(second(pump, html(ERROR.format("Post not found"))))
    assert (deletion.url, deletion.last_present_at.day) == ("https://t.me/nestbox/41", 2)
    assert "tgme_widget_message_error" in deletion.evidence


@pytest.mark.parametrize(
    "page",
    [
        html(ERROR.format("Channel with username <b>@nestbox</b> not found")),
        html("<p>Post not found</p>"),
        html(ERROR.format("Post not found") + post(40, "Another one.")),
        html(post(40, "Post not found")),
        html(""),
        404,
        410,
        503,
    ],
)
def test_nothing_else_is_evidence(pump: Pump, page: Any) -> None:
    results = second(pump, page)
    assert (gone(results), documents(results)) == ([], [])
    assert [issue.severity for issue in issues(results)] == ["warning"]


def test_a_post_that_speaks_of_deletion_is_there(pump: Pump) -> None:
    (document,) = documents(second(pump, html(post(41, "Post not found. This message has been deleted."))))
    assert document.text.startswith("Post not found")


def test_a_channel_without_a_preview_is_lost_and_nothing_in_it_is_gone(pump: Pump) -> None:
    results = pump.night(lambda _: html('<div class="tgme_page">Nestbox</div>'), SECOND_NIGHT)
    assert pump.spider.listing_lost and gone(results) == []
    assert [issue.code for issue in issues(results)] == ["bad_answer"]
    assert len(pump.asked) == 1
