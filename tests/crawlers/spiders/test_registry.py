"""Registries and price lists of models: what is stated, since when, what a second night adds, bad files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response, TextResponse

from crawlers.crawl_state import Sighting
from crawlers.engine.check import check
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
    """Answers as GitHub does: commits with the files that each changed, and the files themselves."""

    def __init__(self) -> None:
        self.commits: list[tuple[dict[str, Any], list[dict[str, str]]]] = []
        self.texts: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def __call__(self, url: str) -> Any:
        if url.startswith(f"{API}?"):
            return self.json([one for one, _ in self.commits])
        if url.startswith(API):
            number = url.rpartition("/")[2]
            found = [one | {"files": files} for one, files in self.commits if one["sha"] == number]
            return self.json(found[0]) if found else 404
        text = self.texts.get(url.removeprefix(f"{RAW}/"), 404)
        return Response(url, body=text.encode()) if isinstance(text, str) else text

    def json(self, value: Any) -> Response:
        return TextResponse(API, body=json.dumps(value).encode(), headers=self.headers)


def pump(folder: Path, repository: Repository) -> Callable[..., list[Any]]:
    made = Pump(folder, RegistrySpider, spider="registry", url=FOLDER, role="aggregator")

    def night(*when: Any) -> list[Any]:
        yields = made.night(repository, *when)
        night.asked = made.asked  # type: ignore[attr-defined]
        night.spider = made.spider  # type: ignore[attr-defined]
        return yields

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
        (found,) = documents(pump(tmp_path, repository)())
        assert (found.source, found.author, found.artefact) == ("one", None, False)
        assert found.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)
        assert "costs $3 per million input tokens and $15.50 per million output tokens" in found.text

    def test_the_time_of_somebodys_clock_is_not_believed(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        repository.commits = [(commit(1, by="wren-fictional"), files(("corvid/kestrel-3", "added")))]
        (found,) = documents(pump(tmp_path, repository)())
        assert found.published_at is None
        assert (found.published_precision, found.published_from) == (Precision.UNKNOWN, DateOrigin.UNKNOWN)

    def test_a_change_keeps_the_time_of_the_addition(self, tmp_path: Path, repository: Repository) -> None:
        repository.commits.insert(
            0, (commit(2, "2026-02-28T09:00:00Z"), files(("corvid/kestrel-3", "modified")))
        )
        (found,) = documents(pump(tmp_path, repository)())
        assert found.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)

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
        (lost,) = gone(night(SECOND_NIGHT))
        assert lost.evidence == f"HTTP 404 at {RAW}/models/corvid/kestrel-3.toml"

    def test_a_file_that_was_removed_and_put_back_is_not_gone(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        """The commit that put it back was read the night before; the one that removed it had to wait."""
        night = pump(tmp_path, repository)
        night()
        repository.commits.insert(1, (commit(2), files(("corvid/kestrel-3", "removed"))))
        yields = night(SECOND_NIGHT)
        assert gone(yields) == [] and issues(yields) == []
        assert [one.title for one in documents(yields)] == ["Kestrel 3 (corvid/kestrel-3)"]

    @pytest.mark.parametrize("status", ["modified", "renamed"])
    @pytest.mark.parametrize("by", ["web-flow", "wren-fictional"])
    def test_a_change_of_an_old_file_dates_nothing(
        self, tmp_path: Path, repository: Repository, status: str, by: str
    ) -> None:
        night = pump(tmp_path, repository)
        night()
        repository.commits = [(commit(2, "2026-03-02T23:00:00Z", by), files(("corvid/old", status)))]
        repository.texts["models/corvid/old.toml"] = toml("Old")
        found = next(one for one in documents(night(SECOND_NIGHT)) if one.title == "Old (corvid/old)")
        assert (found.published_at, found.not_before) == (None, None)

    def test_a_file_that_was_added_since_a_whole_night_is_bounded(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        night = pump(tmp_path, repository)
        night()
        added = commit(2, "2026-03-02T23:00:00Z", "wren-fictional")
        repository.commits.insert(0, (added, files(("corvid/new", "added"))))
        repository.texts["models/corvid/new.toml"] = toml("New")
        found = next(one for one in documents(night(SECOND_NIGHT)) if one.title == "New (corvid/new)")
        assert (found.published_at, found.not_before) == (None, FIRST_NIGHT - LAG)

    def test_the_day_between_a_whole_night_and_the_next_is_known_from_the_api(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        night = pump(tmp_path, repository)
        night(datetime(2026, 3, 2, 3, tzinfo=UTC))
        repository.commits.insert(0, (commit(2, by=None), files(("corvid/new", "added"))))
        repository.texts["models/corvid/new.toml"] = toml("New")
        yields = night(datetime(2026, 3, 2, 20, tzinfo=UTC))
        found = next(one for one in documents(yields) if one.title == "New (corvid/new)")
        assert (found.published_precision, found.published_from) == (Precision.DAY, DateOrigin.API)

    def test_a_file_without_a_price_and_one_whose_price_cannot_be_had(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        price = "providers/corvid/models/kestrel-3.toml"
        repository.texts[price] = 404
        night = pump(tmp_path, repository)
        (found,) = documents(night())
        assert "costs" not in found.text
        repository.texts[price] = 502  # no edit is made of what could not be asked
        yields = night(SECOND_NIGHT)
        assert documents(yields) == [] and [one.code for one in issues(yields)] == ["http_502"]

    def test_a_model_whose_file_fails_is_asked_for_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        whole = repository.texts["models/corvid/kestrel-3.toml"]
        repository.texts["models/corvid/kestrel-3.toml"] = 503
        night = pump(tmp_path, repository)
        assert documents(night()) == []
        repository.texts["models/corvid/kestrel-3.toml"] = whole
        (found,) = documents(night(SECOND_NIGHT))
        assert found.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)

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
        whole = repository.texts[file]
        repository.texts["models/corvid/kestrel-4.toml"] = toml("Kestrel 4")
        repository.texts[file] = 503
        failed = night(FIRST_NIGHT + timedelta(days=40))
        assert [one.title for one in documents(failed)] == ["Kestrel 4 (corvid/kestrel-4)"]
        repository.texts[file] = whole
        repository.texts["models/corvid/kestrel-3.toml"] = toml("Kestrel 3", open_weights=False)
        found = {one.title: one.text for one in documents(night(FIRST_NIGHT + timedelta(days=41)))}
        assert "is not an open-weights model" in found["Kestrel 3 (corvid/kestrel-3)"]
        night(FIRST_NIGHT + timedelta(days=42))
        assert [url for url in night.asked if "/commits/" in url] == []  # type: ignore[attr-defined]

    def test_a_model_whose_file_is_not_there_is_not_asked_for_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        del repository.texts["models/corvid/kestrel-3.toml"]
        night = pump(tmp_path, repository)
        assert [one.code for one in issues(night())] == ["http_404"]
        assert night(SECOND_NIGHT) == [] and len(night.asked) == 1  # type: ignore[attr-defined]

    def test_a_model_that_a_run_had_no_time_for_is_asked_for_again(
        self, tmp_path: Path, repository: Repository
    ) -> None:
        made = Pump(tmp_path, RegistrySpider, spider="registry", url=FOLDER, role="aggregator")
        yields = made.night(repository)
        waits = [one for one in yields if isinstance(one, Sighting) and one.ref.endswith("kestrel-3.toml")]
        marks = [one for one in yields if isinstance(one, Sighting) and one.ref == sha(1)]
        assert yields.index(waits[0]) < yields.index(marks[0])
        other = Pump(tmp_path / "other", RegistrySpider, spider="registry", url=FOLDER, role="aggregator")
        other.state.save_sightings("one", [*waits, *marks], FIRST_NIGHT)
        (found,) = documents(other.night(repository, SECOND_NIGHT))
        assert found.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)

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
        yields = night()
        assert len(documents(yields)) == 2 and [one.code for one in issues(yields)] == ["max_items"]
        assert night.spider.unfinished  # type: ignore[attr-defined]
        assert "corvid/k2 (corvid/k2)" in [one.title for one in documents(night(SECOND_NIGHT))]
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
        assert {one.title for yields in nights for one in documents(yields)} == {
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

        made = Pump(tmp_path, RegistrySpider, spider="registry", url=FOLDER)
        yields = made.night(spent)
        assert [one.title for one in documents(yields)] == ["Kestrel 3 (corvid/kestrel-3)"]
        assert "rate_limited" in [one.code for one in issues(yields)] and made.spider.unfinished
        repository.headers = {}
        assert "K2 (corvid/k2)" in [one.title for one in documents(night(SECOND_NIGHT))]

    @pytest.mark.slow
    def test_a_broken_file_takes_no_other(self, tmp_path: Path, repository: Repository) -> None:
        broken = ["= 1", "name = 7", "name = ' '", "a" * (MAX_FILE + 1), "x = " + "[" * 9_000]
        broken.append("a" + ".a" * 40_000 + " = 1")  # a minute and more, unless it is bounded
        changes = [(f"bad/b{number}", "added") for number in range(len(broken))]
        repository.commits = [(commit(1), files(*changes, ("corvid/kestrel-3", "added")))]
        repository.texts |= {f"models/bad/b{number}.toml": text for number, text in enumerate(broken)}
        yields = pump(tmp_path, repository)()
        assert len(documents(yields)) == 1
        assert [one.code for one in issues(yields)] == ["bad_item"] * len(broken)
        assert {one.severity for one in issues(yields)} == {Severity.ERROR}

    @pytest.mark.parametrize(
        "name", ["models/../x.toml", "/models/x.toml", "models//x.toml", "models/./x.toml", 7]
    )
    def test_a_path_that_leads_elsewhere_is_not_asked(
        self, tmp_path: Path, repository: Repository, name: Any
    ) -> None:
        repository.commits = [(commit(1), [{"filename": name, "status": "added"}])]
        night = pump(tmp_path, repository)
        assert [one.code for one in issues(night())] == ["bad_item"]
        assert not any("raw" in url for url in night.asked)  # type: ignore[attr-defined]

    def test_other_folders_are_not_read(self, tmp_path: Path, repository: Repository) -> None:
        others = ["README.md", "models-old/a.toml", "models/a.md", "providers/a/models/b.toml"]
        repository.commits = [(commit(1), [{"filename": one, "status": "added"} for one in others])]
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
        now = {"corvid/kestrel-3": entry(), "old": entry(input_cost_per_token=2e-6), "other": entry()}
        first, second = documents(spider.night(lambda _: prices(**now), SECOND_NIGHT))
        assert (first.title, second.title) == ("kestrel-3 (corvid/kestrel-3)", "old (old)")
        assert first.url == f"{LIST}?entry=corvid%2Fkestrel-3"
        price = "costs $1 per million input tokens and $2 per million output tokens through corvid"
        assert price in first.text
        assert (first.not_before, first.author, first.artefact) == (FIRST_NIGHT - LAG, None, False)
        assert "costs $2 per" in second.text and second.not_before is None
        again = datetime(2026, 3, 4, 3, tzinfo=UTC)
        assert documents(spider.night(lambda _: prices(**now), again)) == []

    def test_more_new_entries_than_a_run_tells_wait(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        many = prices(a=entry(), **{f"k{number}": entry() for number in range(5)})
        yields = spider.night(lambda _: many, SECOND_NIGHT, max_items=3)
        assert len(documents(yields)) == 3 and [one.code for one in issues(yields)] == ["max_items"]
        assert spider.spider.unfinished
        again = spider.night(lambda _: many, datetime(2026, 3, 4, 3, tzinfo=UTC), max_items=3)
        assert [one.title for one in documents(again)] == ["k3 (k3)", "k4 (k4)"]

    def test_a_first_reading_that_broke_off_is_begun_again(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.state.save_sightings("one", [Sighting("a", LIST, "x", present=None)], FIRST_NIGHT)
        (found,) = documents(spider.night(lambda _: prices(a=entry(), b=entry())))
        assert found.title == "a (a)"  # another price than was noted
        assert documents(spider.night(lambda _: prices(a=entry(), b=entry()), SECOND_NIGHT)) == []

    def test_what_was_added_while_the_list_could_not_be_read_is_told(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        spider.night(lambda _: 503, SECOND_NIGHT)
        yields = spider.night(lambda _: prices(a=entry(), b=entry()), datetime(2026, 3, 4, 3, tzinfo=UTC))
        assert [one.title for one in documents(yields)] == ["b (b)"]

    def test_an_entry_that_is_missing_is_not_gone(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        spider.night(lambda _: prices(a=entry(), b=entry()), SECOND_NIGHT)
        yields = spider.night(lambda _: prices(a=entry()), datetime(2026, 3, 4, 3, tzinfo=UTC))
        assert gone(yields) == [] and len(spider.asked) == 1

    @pytest.mark.parametrize("answer", [[], {}, "<html>", {"a": {}}, 7, {"sample_spec": entry()}])
    def test_an_answer_that_is_no_list_of_prices(self, tmp_path: Path, answer: Any) -> None:
        yields = self.pump(tmp_path).night(lambda url: TextResponse(url, body=json.dumps(answer).encode()))
        assert [one.code for one in issues(yields)] == ["bad_answer"]

    def test_a_broken_entry_takes_no_other(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path)
        spider.night(lambda _: prices(a=entry()))
        given = {"a": entry(), "b" * 400: entry(), "c": [], "\ud800": entry(), "": entry(), "d": entry()}
        yields = spider.night(lambda _: prices(**given), SECOND_NIGHT)
        assert "d (d)" in [one.title for one in documents(yields)]
        assert {one.code for one in issues(yields)} == {"bad_item"}


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
        given = {"max_input_tokens": value, "input_cost_per_token": value, "output_cost_per_token": value}
        assert facts_of_entry("k", given).text(SAID) == ""

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
        (found,) = night.of("document")
        assert (found["source"], found["platform"], found["published_at"]) == ("models", "github", MERGED)
        assert found["warc"] and "open-weights" in found["text"]
        assert {crawl.outcome for crawl in night.crawls.values()} == {Outcome.OK}
        web.pages["/tower-lab/prices/raw/main/prices.json"] = json_reply(prices(old=entry(), new=entry()))
        second = nights.crawl(now=SECOND_NIGHT)
        assert [one["title"] for one in second.of("document") if one["source"] == "prices"] == ["new (new)"]
        assert second.crawls["prices"].outcome is Outcome.OK

    def test_both_can_be_checked(self, nights: Nights, web: Web) -> None:
        web.pages |= {
            "/api/v3/repos/tower-lab/models/commits": json_reply([commit(1)]),
            "/tower-lab/prices/raw/main/prices.json": json_reply(prices(old=entry())),
        }
        declare(nights, web)
        crawl = CrawlConfig(delay=0.0, retries=0, allow_private_addresses=True)
        found = check(nights.home, Config(crawl=crawl), now=FIRST_NIGHT)
        assert [(one.outcome, one.items) for one in found] == [(Outcome.OK, 1), (Outcome.OK, 1)]
