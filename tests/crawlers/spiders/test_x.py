"""X: searches, pages, edits, and the API's own word on what is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.spiders.x import XSpider
from tests.crawlers.conftest import SECOND_NIGHT
from tests.crawlers.pump import Pump, documents, gone, issues

FIRST, EDIT, OTHER = "2028062712918966273", "2028067892221841410", "2028079049733046273"
NO_POSTS = {"meta": {"result_count": 0}}
PROBLEMS = "https://api.twitter.com/2/problems/"


def post(number: str, words: str, *history: str) -> dict[str, Any]:
    return {"id": number, "text": words, "author_id": "101", "edit_history_tweet_ids": [*history, number]}


def answer(*posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    users = [{"id": "101", "username": "wren_fictional", "name": "Wren"}]
    return {"data": list(posts), "includes": {"users": users}, "meta": {"result_count": len(posts)}} | more


def problem(number: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"resource_id": number, "value": number, "resource_type": "tweet", "type": PROBLEMS + kind} | more


@pytest.fixture
def pump(tmp_path: Path) -> Pump:
    """A search that found two posts in the first night."""
    url = "https://x.com/search?q=%28kestrel+OR+corvid%29+lang%3Aen"
    pump = Pump(tmp_path, XSpider, spider="x", url=url)
    pump.night(lambda _: answer(post(FIRST, "It comes."), post(OTHER, "It does not.")))
    return pump


def second(pump: Pump, *answers: dict[str, Any]) -> list[Any]:
    """The second night: the search finds nothing, the look-ups give `answers`, one after the other."""
    waiting = list(answers)
    return pump.night(lambda url: NO_POSTS if "/search/" in url else waiting.pop(0), SECOND_NIGHT)


def test_a_search_and_its_pages(tmp_path: Path, pump: Pump) -> None:
    def pages(url: str) -> Any:
        more = parse_qs(urlsplit(url).query).get("next_token")
        return answer(post(OTHER, "B.")) if more else answer(post(FIRST, "A."), meta={"next_token": "t0k"})

    fresh = Pump(tmp_path / "b", XSpider, spider="x", url=pump.source.url)
    assert [one.text for one in documents(fresh.night(pages))] == ["A.", "B."]
    assert all(url.startswith("https://api.x.com/2/tweets/search/recent?") for url in fresh.asked)
    assert parse_qs(urlsplit(fresh.asked[0]).query)["query"] == ["(kestrel OR corvid) lang:en"]


def test_the_api_says_what_is_gone(pump: Pump) -> None:
    errors = [problem(FIRST, "resource-not-found"), problem(OTHER, "not-authorized-for-resource")]
    told = {one.url[-19:]: one.evidence for one in gone(second(pump, {"errors": errors}))}
    assert "deleted" in told[FIRST] and "not public any more" in told[OTHER]


@pytest.mark.parametrize(
    "errors",
    [
        [],
        [problem(FIRST, "invalid-request")],
        [problem(FIRST, "resource-not-found", resource_type="user")],
        [problem("1", "resource-not-found")],
        [{"detail": f"Could not find tweet with ids: [{FIRST}]."}, "broken"],
    ],
)
def test_silence_and_other_problems_are_no_evidence(pump: Pump, errors: list[Any]) -> None:
    yields = second(pump, answer(post(OTHER, "It does not, they say: resource-not-found."), errors=errors))
    assert gone(yields) == []
    assert [one.text[:12] for one in documents(yields)] == ["It does not,"]
    assert [issue.severity for issue in issues(yields)] == ["warning"]


def test_an_edit_is_another_version_of_the_same_post(pump: Pump) -> None:
    old = post(FIRST, "It comes.") | {"edit_history_tweet_ids": [FIRST, EDIT]}
    yields = second(
        pump, answer(old, post(OTHER, "It does not.")), answer(post(EDIT, "It comes on Thursday.", FIRST))
    )
    told = {one.text: one.url for one in documents(yields)}
    assert told["It comes on Thursday."] == f"https://x.com/wren_fictional/status/{FIRST}"
    assert "It comes." not in told
    third = second(pump, answer(post(EDIT, "It comes on Thursday.", FIRST), post(OTHER, "It does not.")))
    assert EDIT in pump.asked[-1] and FIRST not in pump.asked[-1]
    assert len(documents(third)) == 2


def test_an_account_that_is_not_there(tmp_path: Path) -> None:
    pump = Pump(tmp_path, XSpider, spider="x", url="https://x.com/nobody_fictional")
    yields = pump.night(lambda _: {"errors": [{"title": "Not Found Error", "detail": "Could not find user"}]})
    assert pump.spider.listing_lost
    assert [(one.code, one.message) for one in issues(yields)] == [
        ("bad_answer", "Not Found Error: Could not find user")
    ]
