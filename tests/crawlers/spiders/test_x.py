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
    """A search with two posts in the first night."""
    url = "https://x.com/search?q=%28kestrel+OR+corvid%29+lang%3Aen"
    pump = Pump(tmp_path, XSpider, spider="x", url=url)
    pump.night(lambda _: answer(post(FIRST, "It comes."), post(OTHER, "It does not.")))
    return pump


def second(pump: Pump, *answers: dict[str, Any]) -> list[Any]:
    """Run the second night: the search is empty, the look-ups give `answers`, one after the other."""
    answers_left = list(answers)
    return pump.night(lambda url: NO_POSTS if "/search/" in url else answers_left.pop(0), SECOND_NIGHT)


def test_a_search_and_its_pages(tmp_path: Path, pump: Pump) -> None:
    def pages(url: str) -> Any:
        token = parse_qs(urlsplit(url).query).get("next_token")
        return answer(post(OTHER, "B.")) if token else answer(post(FIRST, "A."), meta={"next_token": "t0k"})

    fresh_pump = Pump(tmp_path / "b", XSpider, spider="x", url=pump.source.url)
    assert [document.text for document in documents(fresh_pump.night(pages))] == ["A.", "B."]
    assert all(url.startswith("https://api.x.com/2/tweets/search/recent?") for url in fresh_pump.asked)
    assert parse_qs(urlsplit(fresh_pump.asked[0]).query)["query"] == ["(kestrel OR corvid) lang:en"]


def test_the_api_says_what_is_gone(pump: Pump) -> None:
    errors = [problem(FIRST, "resource-not-found"), problem(OTHER, "not-authorized-for-resource")]
    evidence_by_id = {
        deletion.url[-19:]: deletion.evidence for deletion in gone(second(pump, {"errors": errors}))
    }
    assert "deleted" in evidence_by_id[FIRST] and "not public any more" in evidence_by_id[OTHER]


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
    results = second(pump, answer(post(OTHER, "It does not, they say: resource-not-found."), errors=errors))
    assert gone(results) == []
    assert [document.text[:12] for document in documents(results)] == ["It does not,"]
    assert [issue.severity for issue in issues(results)] == ["warning"]


def test_an_edit_is_another_version_of_the_same_post(pump: Pump) -> None:
    old_post = post(FIRST, "It comes.") | {"edit_history_tweet_ids": [FIRST, EDIT]}
    results = second(
        pump,
        answer(old_post, post(OTHER, "It does not.")),
        answer(post(EDIT, "It comes on Thursday.", FIRST)),
    )
    urls_by_text = {document.text: document.url for document in documents(results)}
    assert urls_by_text["It comes on Thursday."] == f"https://x.com/wren_fictional/status/{FIRST}"
    assert "It comes." not in urls_by_text
    last_results = second(
        pump, answer(post(EDIT, "It comes on Thursday.", FIRST), post(OTHER, "It does not."))
    )
    assert EDIT in pump.asked[-1] and FIRST not in pump.asked[-1]
    assert len(documents(last_results)) == 2


def test_an_account_that_is_not_there(tmp_path: Path) -> None:
    pump = Pump(tmp_path, XSpider, spider="x", url="https://x.com/nobody_fictional")
    results = pump.night(
        lambda _: {"errors": [{"title": "Not Found Error", "detail": "Could not find user"}]}
    )
    assert pump.spider.listing_lost
    assert [(issue.code, issue.message) for issue in issues(results)] == [
        ("bad_answer", "Not Found Error: Could not find user")
    ]
