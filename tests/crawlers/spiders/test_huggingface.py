"""Hugging Face: when a model became public, although its page does not say so; old models are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import TextResponse

from crawlers.spiders.base import FoundDocument
from crawlers.spiders.huggingface import ELDERS, HuggingFaceSpider
from crawlers.spiders.listing import LAG
from pipeline.core.vocabulary import Precision
from tests.crawlers.conftest import FIRST_NIGHT, SECOND_NIGHT
from tests.crawlers.pump import Answer, Pump, documents, issues

OLD = "2025-11-13T09:00:00.000Z"


def model(name: str, made: Any = "2026-02-27T09:00:00.000Z", changed: Any = None) -> dict[str, Any]:
    """Return a model as the hub lists it."""
    return {"id": f"corvid-ai/{name}", "createdAt": made, "lastModified": changed or made, "private": False,
            "gated": False, "likes": 3, "tags": ["license:mit"]}


def hub(*models: dict[str, Any]) -> Answer:
    return lambda url: list(models) if "api/models?" in url else "# A card\n"


def pump(folder: Path) -> Pump:
    return Pump(folder, HuggingFaceSpider, spider="huggingface", url="https://hub.example/corvid-ai")


def names(yields: list[Any]) -> list[str]:
    return [document.title.partition("/")[2] for document in documents(yields)]


def test_a_model_that_was_hidden_is_dated_by_what_is_known(tmp_path: Path) -> None:
    """Created in November, public between two nights in March: it is not dated before its prediction."""
    spider = pump(tmp_path)
    spider.night(hub(model("Kestrel-1")))
    _, document = documents(spider.night(hub(model("Kestrel-1"), model("Kestrel-3", OLD)), SECOND_NIGHT))
    assert document.title == "corvid-ai/Kestrel-3"
    assert (document.published_at, document.published_precision) == (None, Precision.UNKNOWN)
    assert (document.not_before, document.seen_at) == (FIRST_NIGHT - LAG, SECOND_NIGHT)


def test_its_making_is_the_bound_where_nothing_better_is_known(tmp_path: Path) -> None:
    (document,) = documents(pump(tmp_path).night(hub(model("Kestrel-1"))))
    assert (document.published_at, document.not_before) == (None, datetime(2026, 2, 27, 9, tzinfo=UTC))


def test_the_day_is_known_where_it_was_made_and_seen_on_it(tmp_path: Path) -> None:
    (document,) = documents(pump(tmp_path).night(hub(model("Kestrel-1", "2026-03-02T01:00:00.000Z"))))
    assert (document.published_at, document.published_precision) == (
        datetime(2026, 3, 2, tzinfo=UTC), Precision.DAY
    )  # fmt: skip


@pytest.mark.parametrize("made", ["soon", "9999-12-31T23:59:59-14:00", ["x"], {"a": 1}, True])
def test_a_time_that_cannot_be_read_costs_no_model(tmp_path: Path, made: Any) -> None:
    broken_model = model("Kestrel-1", made, "2026-03-01T00:00:00.000Z")
    results = pump(tmp_path).night(hub(broken_model, model("Kestrel-2")))
    models = [result for result in results if isinstance(result, FoundDocument)]
    assert names(results) == ["Kestrel-1", "Kestrel-2"] and issues(results) == []
    assert models[0].document.not_before is None and models[0].undated[0].startswith("not_before: ")


@pytest.mark.parametrize("made", [None, "2022-03-02T23:29:04.000Z"])
def test_what_the_hub_does_not_know_is_no_bound(tmp_path: Path, made: Any) -> None:
    (document,) = documents(pump(tmp_path).night(hub(model("Kestrel-1", made))))
    assert (document.published_at, document.not_before) == (None, None)


def test_the_listing_is_read_to_its_end_in_each_night(tmp_path: Path) -> None:
    pages = {"1": [model("Kestrel-1")], "2": [model("Kestrel-2")], "3": []}

    def answer(url: str) -> Any:
        if "api/models?" not in url:
            return "# A card\n"
        number = url.partition("cursor=")[2] or "1"
        next_link = f'<https://hub.example/api/models?cursor={int(number) + 1}>; rel="next"'
        return TextResponse(url, body=str(pages[number]).replace("'", '"').replace("False", "false").encode(),
                            headers={"Link": next_link} if number != "3" else {})

    spider = pump(tmp_path)
    spider.night(answer)
    pages["3"] = [model("Kestrel-3", OLD)]
    assert names(spider.night(answer, SECOND_NIGHT)) == ["Kestrel-1", "Kestrel-2", "Kestrel-3"]


def test_old_models_are_read_so_many_a_night_and_none_is_dropped(tmp_path: Path) -> None:
    models = [model("Kestrel-9"), *(model(f"Kestrel-0.{number}", OLD) for number in range(ELDERS + 7))]
    spider = pump(tmp_path)
    first = spider.night(hub(*models))
    assert len(documents(first)) == 1 + ELDERS and [issue.code for issue in issues(first)] == ["backlog"]
    second = spider.night(hub(*models), SECOND_NIGHT)
    assert len(documents(second)) == 1 + 7 and issues(second) == []
    # Models of the first night existed before it, and the others may have existed too.
    assert {document.not_before for document in documents(second)[1:]} == {
        datetime(2025, 11, 13, 9, tzinfo=UTC)
    }
    assert names(spider.night(hub(*models), SECOND_NIGHT + timedelta(days=1))) == ["Kestrel-9"]


def test_an_old_model_that_changed_is_read_again(tmp_path: Path) -> None:
    spider = pump(tmp_path)
    spider.night(hub(model("Kestrel-1", OLD)))
    assert documents(spider.night(hub(model("Kestrel-1", OLD)), SECOND_NIGHT)) == []
    assert spider.state.seen("one", SECOND_NIGHT, 30)[0].last_present == SECOND_NIGHT
    changed_model = model("Kestrel-1", OLD, "2026-03-03T09:00:00.000Z")
    assert names(spider.night(hub(changed_model), SECOND_NIGHT + timedelta(days=1))) == ["Kestrel-1"]


def test_a_listing_that_was_cut_says_nothing_of_what_it_lacks(tmp_path: Path) -> None:
    spider = pump(tmp_path)
    spider.night(hub(model("Kestrel-1"), model("Kestrel-2")), max_items=1)
    _, document = documents(spider.night(hub(model("Kestrel-1"), model("Kestrel-2")), SECOND_NIGHT))
    assert document.not_before == datetime(2026, 2, 27, 9, tzinfo=UTC)


def test_an_item_that_could_not_be_read_was_not_absent(tmp_path: Path) -> None:
    spider = pump(tmp_path)
    spider.night(hub(model("Kestrel-1"), model("Kestrel-2") | {"likes": "many"}))
    _, document = documents(spider.night(hub(model("Kestrel-1"), model("Kestrel-2")), SECOND_NIGHT))
    assert document.not_before == datetime(2026, 2, 27, 9, tzinfo=UTC)
