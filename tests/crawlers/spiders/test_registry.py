"""Registries and price lists of models: facts, their dates, additions of a second night, bad files."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response, TextResponse

from crawlers.crawl_state import CrawlState, Sighting
from crawlers.engine.check import check
from crawlers.normalise.urls import outlet
from crawlers.spiders import registry
from crawlers.spiders.listing import LAG
from crawlers.spiders.price_list import PriceListSpider
from crawlers.spiders.registry import RegistrySpider
from crawlers.spiders.registry_facts import MAX_FILE, Facts, facts_of_entry, facts_of_files, read_toml
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.vocabulary import DateOrigin, Outcome, Precision, Severity
from tests.crawlers.conftest import FIRST_NIGHT, SECOND_NIGHT, Nights, Reply, Web, json_reply
from tests.crawlers.pump import Pump, documents, gone, issues

FOLDER = "https://github.com/tower-lab/models/tree/dev/models"
LIST = "https://github.com/tower-lab/prices/blob/main/prices.json"
API = "https://api.github.com/repos/tower-lab/models/commits"
RAW = "https://raw.githubusercontent.com/tower-lab/models/dev"
MERGED = "2026-02-27T09:00:00Z"
SAID = date(2026, 3, 1)


def sha(number: int) -> str:
    return f"{number:040x}"


def commit(number: int, at: str = MERGED, by: str | None = "web-flow", **values: Any) -> dict[str, Any]:
    head = {"sha": sha(number), "committer": {"login": by} if by else None}
    return head | {"commit": {"message": "Add", "committer": {"date": at}}} | values


def files(*changes: tuple[str, str]) -> list[dict[str, str]]:
    return [{"filename": f"models/{name}.toml", "status": status} for name, status in changes]


def toml(name: str, **facts: Any) -> str:
    lines = {"name": name, "release_date": "2026-02-26", "open_weights": True} | facts
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in lines.items())


class Repository:
    """Answers as GitHub does: commits with their changed files, and the files themselves."""

    def __init__(self) -> None:
        self.commits: list[tuple[dict[str, Any], list[dict[str, str]]]] = []
        self.texts: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def __call__(self, url: str) -> Any:
        if url.startswith(f"{API}?"):
            return self.json([commit for commit, _ in self.commits])
        if url.startswith(API):
            number = url.rpartition("/")[2]
            matching = [
                commit | {"files": files} for commit, files in self.commits if commit["sha"] == number
            ]
            return self.json(matching[0]) if matching else 404
        text = self.texts.get(url.removeprefix(f"{RAW}/"), 404)
        return Response(url, body=text.encode()) if isinstance(text, str) else text

    def json(self, value: Any) -> Response:
        return TextResponse(API, body=json.dumps(value).encode(), headers=self.headers)


def pump(folder: Path, repository: Repository) -> Callable[..., list[Any]]:
    made_pump = Pump(folder, RegistrySpider, spider="registry", url=FOLDER, role="aggregator")

    def night(*when: Any) -> list[Any]:
        results = made_pump.night(repository, *when)
        night.asked = made_pump.asked  # type: ignore[attr-defined]
        night.spider = made_pump.spider  # type: ignore[attr-defined]
        return results

    return night


@pytest.fixture
def repository() -> Repository:
    made = Repository()
    made.commits = [(commit(1), files(("corvid/kestrel-3", "added")))]
    made.texts = {
        "models/corvid/kestrel-3.toml": toml("Kestrel 3"),
        "providers/corvid/models/kestrel-3.toml": "[cost]\ninput = 3\noutput = 15.5\n",
    }
    return made


class TestRegistry:
    def test_a_statement_is_the_registrys_and_bears_the_time_of_the_merge(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        (document,) = documents(pump(tmp_path, repository)())
        assert (document.source, document.author, document.artefact) == ("one", None, False)
        assert document.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)
        assert "costs $3 per million input tokens and $15.50 per million output tokens" in document.text

    def test_the_time_of_somebodys_clock_is_not_believed(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        repository.commits = [(commit(1, by="wren-fictional"), files(("corvid/kestrel-3", "added")))]
        (document,) = documents(pump(tmp_path, repository)())
        assert document.published_at is None
        assert (document.published_precision, document.published_from) == (
            Precision.UNKNOWN,
            DateOrigin.UNKNOWN,
        )

    def test_a_change_keeps_the_time_of_the_addition(self, tmp_path: Path, repository: Repository) -> None:
        repository.commits.insert(
            0, (commit(2, "2026-02-28T09:00:00Z"), files(("corvid/kestrel-3", "modified")))
        )
        (document,) = documents(pump(tmp_path, repository)())
        assert document.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)

    def test_a_second_night_reads_only_what_changed_and_looks_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        night = pump(tmp_path, repository)
        (first,) = documents(night())
        repository.texts["models/corvid/kestrel-3.toml"] = toml("Kestrel 3", open_weights=False)
        (second,) = documents(night(SECOND_NIGHT))
        assert [url for url in night.asked if "/commits/" in url] == []  # type: ignore[attr-defined]
        assert (second.url, second.published_at) == (first.url, first.published_at)
        assert "is not an open-weights model" in second.text

    def test_a_file_that_was_removed_is_gone(self, tmp_path: Path, repository: Repository) -> None:
        night = pump(tmp_path, repository)
        night()
        repository.commits.insert(0, (commit(2), files(("corvid/kestrel-3", "removed"))))
        del repository.texts["models/corvid/kestrel-3.toml"]
        (lost_entry,) = gone(night(SECOND_NIGHT))
        assert lost_entry.evidence == f"HTTP 404 at {RAW}/models/corvid/kestrel-3.toml"

    def test_a_file_that_was_removed_and_put_back_is_not_gone(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        """The commit that put it back was read the night before; the one that removed it had to wait."""
        night = pump(tmp_path, repository)
        night()
        repository.commits.insert(1, (commit(2), files(("corvid/kestrel-3", "removed"))))
        results = night(SECOND_NIGHT)
        assert gone(results) == [] and issues(results) == []
        assert [document.title for document in documents(results)] == ["Kestrel 3 (corvid/kestrel-3)"]

    @pytest.mark.parametrize("status", ["modified", "renamed"])
    @pytest.mark.parametrize("by", ["web-flow", "wren-fictional"])
    def test_a_change_of_an_old_file_dates_nothing(
        self, tmp_path: Path, repository: Repository, status: str, by: str
    ) -> None:
        night = pump(tmp_path, repository)
        night()
        repository.commits = [(commit(2, "2026-03-02T23:00:00Z", by), files(("corvid/old", status)))]
        repository.texts["models/corvid/old.toml"] = toml("Old")
        document = next(
            document for document in documents(night(SECOND_NIGHT)) if document.title == "Old (corvid/old)"
        )
        assert (document.published_at, document.not_before) == (None, None)

    def test_a_file_that_was_added_since_a_whole_night_is_bounded(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        night = pump(tmp_path, repository)
        night()
        added = commit(2, "2026-03-02T23:00:00Z", "wren-fictional")
        repository.commits.insert(0, (added, files(("corvid/new", "added"))))
        repository.texts["models/corvid/new.toml"] = toml("New")
        document = next(
            document for document in documents(night(SECOND_NIGHT)) if document.title == "New (corvid/new)"
        )
        assert (document.published_at, document.not_before) == (None, FIRST_NIGHT - LAG)

    def test_the_day_between_a_whole_night_and_the_next_is_known_from_the_api(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        night = pump(tmp_path, repository)
        night(datetime(2026, 3, 2, 3, tzinfo=UTC))
        repository.commits.insert(0, (commit(2, by=None), files(("corvid/new", "added"))))
        repository.texts["models/corvid/new.toml"] = toml("New")
        results = night(datetime(2026, 3, 2, 20, tzinfo=UTC))
        new_model = next(document for document in documents(results) if document.title == "New (corvid/new)")
        assert (new_model.published_precision, new_model.published_from) == (Precision.DAY, DateOrigin.API)

    def test_a_file_without_a_price_and_one_whose_price_cannot_be_had(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        price = "providers/corvid/models/kestrel-3.toml"
        repository.texts[price] = 404
        night = pump(tmp_path, repository)
        (document,) = documents(night())
        assert "costs" not in document.text
        repository.texts[price] = 502  # a failed request makes no edit
        results = night(SECOND_NIGHT)
        assert documents(results) == [] and [issue.code for issue in issues(results)] == ["http_502"]

    def test_a_model_whose_file_fails_is_asked_for_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        whole_text = repository.texts["models/corvid/kestrel-3.toml"]
        repository.texts["models/corvid/kestrel-3.toml"] = 503
        night = pump(tmp_path, repository)
        assert documents(night()) == []
        repository.texts["models/corvid/kestrel-3.toml"] = whole_text
        (document,) = documents(night(SECOND_NIGHT))
        assert document.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        "file", ["models/corvid/kestrel-3.toml", "providers/corvid/models/kestrel-3.toml"]
    )
    def test_a_change_whose_file_fails_is_read_in_the_next_run(
        self, tmp_path: Path, repository: Repository, file: str
    ) -> None:
        """The model itself is too old for a second look by then."""
        night = pump(tmp_path, repository)
        night()
        repository.commits = [
            (commit(2), files(("corvid/kestrel-3", "modified"), ("corvid/kestrel-4", "added")))
        ]
        whole_text = repository.texts[file]
        repository.texts["models/corvid/kestrel-4.toml"] = toml("Kestrel 4")
        repository.texts[file] = 503
        failed_results = night(FIRST_NIGHT + timedelta(days=40))
        assert [document.title for document in documents(failed_results)] == ["Kestrel 4 (corvid/kestrel-4)"]
        repository.texts[file] = whole_text
        repository.texts["models/corvid/kestrel-3.toml"] = toml("Kestrel 3", open_weights=False)
        texts = {
            document.title: document.text for document in documents(night(FIRST_NIGHT + timedelta(days=41)))
        }
        assert "is not an open-weights model" in texts["Kestrel 3 (corvid/kestrel-3)"]
        night(FIRST_NIGHT + timedelta(days=42))
        assert [url for url in night.asked if "/commits/" in url] == []  # type: ignore[attr-defined]

    def test_a_model_whose_file_is_not_there_is_not_asked_for_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        del repository.texts["models/corvid/kestrel-3.toml"]
        night = pump(tmp_path, repository)
        assert [issue.code for issue in issues(night())] == ["http_404"]
        assert night(SECOND_NIGHT) == [] and len(night.asked) == 1  # type: ignore[attr-defined]

    def test_a_model_that_a_run_had_no_time_for_is_asked_for_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        first_pump = Pump(tmp_path, RegistrySpider, spider="registry", url=FOLDER, role="aggregator")
        results = first_pump.night(repository)
        waits = [
            result
            for result in results
            if isinstance(result, Sighting) and result.ref.endswith("kestrel-3.toml")
        ]
        marks = [result for result in results if isinstance(result, Sighting) and result.ref == sha(1)]
        assert results.index(waits[0]) < results.index(marks[0])
        other = Pump(tmp_path / "other", RegistrySpider, spider="registry", url=FOLDER, role="aggregator")
        other.state.save_sightings("one", [*waits, *marks], FIRST_NIGHT)
        (document,) = documents(other.night(repository, SECOND_NIGHT))
        assert document.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)

    def test_more_models_than_a_run_reads_wait_with_their_commit(
        self, tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "MODELS", 2)
        names = [f"corvid/k{number}" for number in range(3)]
        repository.commits = [
            (commit(number), files((name, "added"))) for number, name in enumerate(names, 1)
        ]
        repository.texts = {f"models/{name}.toml": toml(name) for name in names}
        night = pump(tmp_path, repository)
        results = night()
        assert len(documents(results)) == 2 and [issue.code for issue in issues(results)] == ["max_items"]
        assert night.spider.unfinished  # type: ignore[attr-defined]
        assert "corvid/k2 (corvid/k2)" in [document.title for document in documents(night(SECOND_NIGHT))]
        assert f"{API}/{sha(3)}" in night.asked  # type: ignore[attr-defined]
        assert f"{API}/{sha(1)}" not in night.asked  # type: ignore[attr-defined]

    def test_a_commit_of_more_models_than_a_run_reads_is_read_in_later_runs(
        self, tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "MODELS", 2)
        names = [f"corvid/k{number}" for number in range(5)]
        repository.commits = [(commit(1), files(*((name, "added") for name in names)))]
        repository.texts = {f"models/{name}.toml": toml(name) for name in names}
        night = pump(tmp_path, repository)
        nights = [night(FIRST_NIGHT + timedelta(days=day)) for day in range(3)]
        assert {document.title for results in nights for document in documents(results)} == {
            f"{name} ({name})" for name in names
        }
        assert issues(nights[0])[0].message == "1 commit waits for the next run"

    def test_nothing_is_asked_beyond_githubs_own_count(self, tmp_path: Path, repository: Repository) -> None:
        repository.commits.append((commit(2), files(("corvid/k2", "added"))))
        repository.headers = {"X-RateLimit-Remaining": "1"}
        night = pump(tmp_path, repository)
        repository.texts["models/corvid/k2.toml"] = toml("K2")

        def spent(url: str) -> Any:
            if "/commits/" in url:
                repository.headers = {"X-RateLimit-Remaining": "0"}
            return repository(url)

        stopped_pump = Pump(tmp_path, RegistrySpider, spider="registry", url=FOLDER)
        results = stopped_pump.night(spent)
        assert [document.title for document in documents(results)] == ["Kestrel 3 (corvid/kestrel-3)"]
        assert "rate_limited" in [issue.code for issue in issues(results)] and stopped_pump.spider.unfinished
        repository.headers = {}
        assert "K2 (corvid/k2)" in [document.title for document in documents(night(SECOND_NIGHT))]

    @pytest.mark.slow
    def test_a_broken_file_takes_no_other(self, tmp_path: Path, repository: Repository) -> None:
        broken_texts = ["= 1", "name = 7", "name = ' '", "a" * (MAX_FILE + 1), "x = " + "[" * 9_000]
        broken_texts.append("a" + ".a" * 40_000 + " = 1")  # takes more than a minute without a bound
        changes = [(f"bad/b{number}", "added") for number in range(len(broken_texts))]
        repository.commits = [(commit(1), files(*changes, ("corvid/kestrel-3", "added")))]
        repository.texts |= {f"models/bad/b{number}.toml": text for number, text in enumerate(broken_texts)}
        results = pump(tmp_path, repository)()
        assert len(documents(results)) == 1
        assert [issue.code for issue in issues(results)] == ["bad_item"] * len(broken_texts)
        assert {issue.severity for issue in issues(results)} == {Severity.ERROR}

    @pytest.mark.parametrize(
        "name", ["models/../x.toml", "/models/x.toml", "models//x.toml", "models/./x.toml", 7]
    )
    def test_a_path_that_leads_elsewhere_is_not_asked(
        self, tmp_path: Path, repository: Repository, name: Any
    ) -> None:
        repository.commits = [(commit(1), [{"filename": name, "status": "added"}])]
        night = pump(tmp_path, repository)
        assert [issue.code for issue in issues(night())] == ["bad_item"]
        assert not any("raw" in url for url in night.asked)  # type: ignore[attr-defined]

    def test_other_folders_are_not_read(self, tmp_path: Path, repository: Repository) -> None:
        paths = ["README.md", "models-old/a.toml", "models/a.md", "providers/a/models/b.toml"]
        repository.commits = [(commit(1), [{"filename": path, "status": "added"} for path in paths])]
        night = pump(tmp_path, repository)
        assert night() != [] and len(night.asked) == 2  # type: ignore[attr-defined]


def prices(**entries: Any) -> dict[str, Any]:
    return {"sample_spec": {"max_input_tokens": "words"}} | entries


def entry(context: int = 400_000, **values: Any) -> dict[str, Any]:
    cost = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
    return {"litellm_provider": "corvid", "max_input_tokens": context} | cost | values


class TestPriceList:
    def pump(self, folder: Path) -> Pump:
        return Pump(folder, PriceListSpider, spider="price_list", url=LIST, role="aggregator")

    def test_the_first_reading_only_notes_what_is_there(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        assert documents(spider.night(lambda _: prices(a=entry(), b=entry()))) == []
        assert len(spider.spider.listed) == 2

    def test_a_new_entry_and_a_new_price_are_statements_of_unknown_time(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(old=entry(), other=entry()))
        entries = {"corvid/kestrel-3": entry(), "old": entry(input_cost_per_token=2e-6), "other": entry()}
        first, second = documents(spider.night(lambda _: prices(**entries), SECOND_NIGHT))
        assert (first.title, second.title) == ("kestrel-3 (corvid/kestrel-3)", "old (old)")
        assert first.url == f"{LIST}?entry=corvid%2Fkestrel-3"
        price = "costs $1 per million input tokens and $2 per million output tokens through corvid"
        assert price in first.text
        assert (first.not_before, first.author, first.artefact) == (FIRST_NIGHT - LAG, None, False)
        assert "costs $2 per" in second.text and second.not_before is None
        third_night = datetime(2026, 3, 4, 3, tzinfo=UTC)
        assert documents(spider.night(lambda _: prices(**entries), third_night)) == []

    def test_more_new_entries_than_a_run_tells_wait(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        many_prices = prices(a=entry(), **{f"k{number}": entry() for number in range(5)})
        results = spider.night(lambda _: many_prices, SECOND_NIGHT, max_items=3)
        assert len(documents(results)) == 3 and [issue.code for issue in issues(results)] == ["max_items"]
        assert spider.spider.unfinished
        later_results = spider.night(lambda _: many_prices, datetime(2026, 3, 4, 3, tzinfo=UTC), max_items=3)
        assert [document.title for document in documents(later_results)] == ["k3 (k3)", "k4 (k4)"]

    def test_a_first_reading_that_broke_off_is_begun_again(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.state.save_sightings("one", [Sighting("a", LIST, "x", present=None)], FIRST_NIGHT)
        (document,) = documents(spider.night(lambda _: prices(a=entry(), b=entry())))
        assert document.title == "a (a)"  # another price than the noted one
        assert documents(spider.night(lambda _: prices(a=entry(), b=entry()), SECOND_NIGHT)) == []

    def test_what_was_added_while_the_list_could_not_be_read_is_told(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        spider.night(lambda _: 503, SECOND_NIGHT)
        results = spider.night(lambda _: prices(a=entry(), b=entry()), datetime(2026, 3, 4, 3, tzinfo=UTC))
        assert [document.title for document in documents(results)] == ["b (b)"]

    def test_an_entry_that_is_missing_is_not_gone(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        spider.night(lambda _: prices(a=entry(), b=entry()), SECOND_NIGHT)
        results = spider.night(lambda _: prices(a=entry()), datetime(2026, 3, 4, 3, tzinfo=UTC))
        assert gone(results) == [] and len(spider.asked) == 1

    @pytest.mark.parametrize("answer", [[], {}, "<html>", {"a": {}}, 7, {"sample_spec": entry()}])
    def test_an_answer_that_is_no_list_of_prices(self, tmp_path: Path, answer: Any) -> None:
        results = self.pump(tmp_path).night(lambda url: TextResponse(url, body=json.dumps(answer).encode()))
        assert [issue.code for issue in issues(results)] == ["bad_answer"]

    def test_a_broken_entry_takes_no_other(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        entries = {"a": entry(), "b" * 400: entry(), "c": [], "\ud800": entry(), "": entry(), "d": entry()}
        results = spider.night(lambda _: prices(**entries), SECOND_NIGHT)
        assert "d (d)" in [document.title for document in documents(results)]
        assert {issue.code for issue in issues(results)} == {"bad_item"}


class TestFacts:
    @pytest.mark.parametrize(
        ("released", "words"),
        [
            ("2026-02-26", "Kestrel 3 was released on 26 February 2026."),
            ("2026-03-02", "Kestrel 3 will be released on 2 March 2026."),
            ("2026-02", "Kestrel 3 was released in February 2026."),
            ("2026-13-01", ""), ("2026-02-30", ""), ("soon", ""), (None, ""), ("0026-01-01", ""),
        ],
    )  # fmt: skip
    def test_a_release(self, released: str | None, words: str) -> None:
        assert Facts("Kestrel 3", released).text(SAID) == words

    def test_a_date_of_tomls_own_is_a_date(self) -> None:
        facts = facts_of_files(read_toml(b"name = 'K'\nrelease_date = 2026-02-26"), {})
        assert facts.released == "2026-02-26"

    @pytest.mark.parametrize("value", [True, "4", -1, 0, float("nan"), float("inf"), 10**400, None, [], 1e13])
    def test_a_number_that_is_none_is_not_told(self, value: Any) -> None:
        fields = {"max_input_tokens": value, "input_cost_per_token": value, "output_cost_per_token": value}
        assert facts_of_entry("k", fields).text(SAID) == ""

    @pytest.mark.parametrize(
        ("price", "words"),
        [(3, "$3 "), (0.3, "$0.30 "), (1.25, "$1.25 "), (0.0035, "$0.0035 "), (1200, "$1,200 ")],
    )
    def test_a_price(self, price: float, words: str) -> None:
        assert words in Facts("K", read=price, written=1).text(SAID)

    @pytest.mark.slow
    @given(st.dictionaries(st.text(max_size=20), st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )))
    def test_whatever_a_file_holds_becomes_sentences_or_a_value_error(self, table: dict[str, Any]) -> None:
        table = {**table, "name": "K", "limit": table, "cost": table}
        assert isinstance(facts_of_files(table, table).text(SAID), str)
        assert isinstance(facts_of_entry("k", table).text(SAID), str)


def declare(nights: Nights, web: Web) -> None:
    root = f"{web.url}/tower-lab"
    nights.sources(
        {"id": "models", "spider": "registry", "url": f"{root}/models/tree/dev/models"},
        {"id": "prices", "spider": "price_list", "url": f"{root}/prices/blob/main/prices.json"},
    )


class TestNight:
    """A real server, which stands in for GitHub at its own address."""

    def test_a_registry_and_a_price_list(self, nights: Nights, web: Web) -> None:
        web.pages |= {
            "/api/v3/repos/tower-lab/models/commits": json_reply([commit(1)]),
            f"/api/v3/repos/tower-lab/models/commits/{sha(1)}": json_reply(
                commit(1) | {"files": files(("corvid/kestrel-3", "added"))}
            ),
            "/tower-lab/models/raw/dev/models/corvid/kestrel-3.toml": Reply(
                toml("Kestrel 3"), kind="text/plain"
            ),
            "/tower-lab/prices/raw/main/prices.json": json_reply(prices(old=entry())),
        }
        declare(nights, web)
        night = nights.crawl()
        (document,) = night.of("document")
        assert (document["source"], document["platform"], document["published_at"]) == (
            "models",
            "github",
            MERGED,
        )
        assert document["warc"] and "open-weights" in document["text"]
        assert {crawl.outcome for crawl in night.crawls.values()} == {Outcome.OK}
        with closing(CrawlState(nights.home.crawl_state)) as state:  # sites, never the files that were read
            assert state.asked() == {source: {outlet(web.url)} for source in ("models", "prices")}
        web.pages["/tower-lab/prices/raw/main/prices.json"] = json_reply(prices(old=entry(), new=entry()))
        second_night = nights.crawl(now=SECOND_NIGHT)
        assert [line["title"] for line in second_night.of("document") if line["source"] == "prices"] == [
            "new (new)"
        ]
        assert second_night.crawls["prices"].outcome is Outcome.OK

    def test_both_can_be_checked(self, nights: Nights, web: Web) -> None:
        web.pages |= {
            "/api/v3/repos/tower-lab/models/commits": json_reply([commit(1)]),
            "/tower-lab/prices/raw/main/prices.json": json_reply(prices(old=entry())),
        }
        declare(nights, web)
        crawl = CrawlConfig(delay=0.0, retries=0, allow_private_addresses=True)
        checks = check(nights.home, Config(crawl=crawl), now=FIRST_NIGHT)
        assert [(checked.outcome, checked.items) for checked in checks] == [(Outcome.OK, 1), (Outcome.OK, 1)]
