"""How every spider treats a document's fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers.normalise.validate import MAX_NAME, MAX_TITLE
from crawlers.spiders.github import GitHubSpider
from crawlers.spiders.mastodon import MastodonSpider
from tests.crawlers.pump import Pump, documents, issues

STATUS = {
    "id": "1", "uri": "https://tower.example/1", "url": "https://tower.example/@castell/1",
    "created_at": "2026-02-27T10:00:00Z", "content": "<p>Kestrel 3 is near.</p>", "language": "en",
    "account": {"id": "7", "acct": "castell", "display_name": "Castell"},
}  # fmt: skip


def status(tmp_path: Path, changes: dict[str, Any]) -> list[Any]:
    """Return the spider's results for one status with these values."""
    account = STATUS["account"] | changes.pop("account", {})  # type: ignore[operator]
    pump = Pump(tmp_path, MastodonSpider, spider="mastodon", url="https://tower.example/@castell")
    return pump.night(lambda url: STATUS["account"] if "lookup" in url
                      else [STATUS | changes | {"account": account}])


@pytest.mark.parametrize("language", ["zh_CN", "", "English (US)", "e" * 36, "\u4e2d\u6587"])
def test_a_language_that_is_no_code_costs_no_document(language: str, tmp_path: Path) -> None:
    results = status(tmp_path, {"language": language})
    assert [document.language for document in documents(results)] == [None]
    assert issues(results) == []


def test_names_and_titles_are_cut_and_cost_no_document(tmp_path: Path) -> None:
    long_fields = {"account": {"display_name": "n" * 1000}, "spoiler_text": "t" * 9000}
    results = status(tmp_path, long_fields)
    (document,) = documents(results)
    assert (len(document.author_name), len(document.title)) == (MAX_NAME, MAX_TITLE)
    assert document.title.endswith("t\u2026") and document.text == "Kestrel 3 is near."
    assert issues(results) == []


def test_a_commit_message_of_one_long_line(tmp_path: Path) -> None:
    sha = "a" * 40
    answer = {"items": [{"html_url": f"https://github.com/tower-lab/engine/commit/{sha}",
                         "commit": {"message": "Add Kestrel 3, " * 1000}}]}  # fmt: skip
    search = "https://github.com/search?q=repo:tower-lab/engine+model&type=commits"
    results = Pump(tmp_path, GitHubSpider, spider="github", url=search).night(lambda _: answer)
    assert [document.title[:13] for document in documents(results)] == ["Add Kestrel 3"]
    assert issues(results) == []
