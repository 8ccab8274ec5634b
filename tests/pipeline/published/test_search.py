"""Searching by words and by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from dashboard.components.filters import PAGE
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.views.claims import listing
from models.protocols.vectors import Embedder
from pipeline.core.config import Config, ModelConfig
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.home import Home
from pipeline.published import meaning, search_terms
from pipeline.published import search as finding
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.meaning import Load
from pipeline.published.search_terms import terms
from pipeline.stages.publish.stage import publish
from tests.worlds.laid import EmptyStore
from tests.worlds.newsroom import fill
from tests.worlds.sample import EMBEDDER, NIGHTS, RUNS
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # a published copy for each

LYRA = STORIES[0].claim


@pytest.fixture
def copy(sample_home: Home) -> Copy:
    """The sample's copy."""
    return queries.current(sample_home, Config())


def _load(embedder: Embedder = EMBEDDER) -> Load:
    # The name is its own, so that no test gets the model of another test.
    return Load(ModelConfig(embedding=f"{embedder.name} {id(embedder)}"), lambda models: embedder)


def _told(copy: Copy, search: str, load: Load | None = None,
          sort: str = "best") -> list[tuple[str, bool | None]]:
    claims = listing.claims(copy, ClaimFilter(), search=search, load=load, sort=sort)
    return [(claim.claim, claim.by_words) for claim in claims]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("lyra", 2),
        ("LYRA aster", 2),
        ('"test set"', 1),
        ('"set test"', 0),
        ("lindqvist", 1),
        ("quietlogs", 2),
        ("yra", 0),
        ("borealis-3", 4),
        ("borealis 3", 4),
        ('"borealis 3 has 400"', 1),
        ("achterbérg", 1),
        ("tinplate lindqvist", 0),
        ("%", 13),
        ("no_such_word", 0),
    ],
)
def test_a_search_finds_what_begins_with_each_word(copy: Copy, search: str, expected: int) -> None:
    assert len(_told(copy, search)) == expected
    assert all(by_words is (True if terms(search) else None) for _, by_words in _told(copy, search))


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy whose first claims are told in Chinese, Japanese, Russian, in letters that are not plain, and in
    one long word.
    """
    quotes = ("据说大模型泄露了测试集。", "モデルがテストを漏らした", "Модель утекла",
              "“Zürich’s naïve café” — ﬁne Ｆｕｌｌ Øre", "x" * 50 + "yz end")
    home = Home(tmp_path_factory.mktemp("scripts"))
    store = EmptyStore()
    run = RunContext(RUNS[0], NIGHTS[0] + timedelta(minutes=1), home, Config())
    fill(store, run)
    mention_rows = store.connection.execute(
        "SELECT mention_id FROM (SELECT claim_id, min(mention_id) AS mention_id FROM evidence "
        "GROUP BY claim_id) ORDER BY claim_id"
    ).fetchall()
    for (mention_id,), quote in zip(mention_rows, quotes, strict=False):
        store.connection.execute("UPDATE store.mentions SET quote = ? WHERE mention_id = ?",
                                 [quote, mention_id])
    publish(store, run)
    store.close()
    return queries.current(home, Config())


def test_scripts_without_spaces_are_found_inside_their_runs(scripts: Copy) -> None:
    for search, expected in {"模型": 1, "泄露了测试": 1, "试": 1, "大测": 0, "テスト": 1, "модель": 1,
                             "测试 据说": 1}.items():
        assert len(_told(scripts, search)) == expected, search


def test_text_that_is_not_plain_is_indexed_as_it_is_sought(scripts: Copy) -> None:
    for search in ("zurich s", "CAFÉ", '"naive cafe fine"', "full", "øre", "x" * 50 + "yz",
                   "x" * 40 + " end"):
        assert len(_told(scripts, search)) == 1, search


def test_words_that_stand_in_the_claim_itself_come_first(copy: Copy) -> None:
    # Both claims speak of Lyra, and one of them in a quote alone.
    claims = [claim for claim, _ in _told(copy, "lyra")]
    assert "Lyra" in claims[0]
    assert sorted(claims) == sorted(claim for claim, _ in _told(copy, "lyra", sort="moved"))


def test_what_means_something_close_is_found_and_told_apart(copy: Copy) -> None:
    result = listing.find(copy, f"unheardof {LYRA}", _load())
    assert (result.by_words, result.silent) == (0, None)
    assert 1 <= result.by_meaning <= finding.NEIGHBOURS
    assert _told(copy, f"unheardof {LYRA}", _load())[0] == (LYRA, False)
    assert _told(copy, LYRA, _load())[0] == (LYRA, True)


def test_what_is_found_both_ways_stands_before_what_is_found_by_one(copy: Copy) -> None:
    listed = _told(copy, "Borealis 3 has 400 billion parameters", _load())
    assert listed[0] == ("Borealis 3 has 400 billion parameters", True)
    assert ("Borealis 3 has 120 billion parameters", False) in listed[1:]


def test_a_name_that_is_not_there_finds_next_to_nothing(copy: Copy) -> None:
    result = listing.find(copy, "Zorblax", _load())
    assert (result.by_words, result.by_meaning, result.silent) == (0, 0, None)


def test_neighbours_are_few_however_many_are_close(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "CLOSE", -1.0)
    monkeypatch.setattr(finding, "NEIGHBOURS", 3)
    result = listing.find(copy, "lyra everywhere", _load())
    assert (result.by_words, result.by_meaning, len(result.table)) == (0, 3, 3)


def test_a_filter_by_words_passes_what_the_search_finds_by_words(copy: Copy) -> None:
    query_texts = ["aster", "aster lyra", '"test set"', "borealis 400", '"400 billion"', "unheardof aster",
                   "der", '"of the lyra" questions', "aster aster", "91.4 %", "north"]  # fmt: skip
    for search in query_texts:
        by_words = listing.claims(copy, ClaimFilter(), search=search, sort="best")
        by_filter = listing.claims(copy, ClaimFilter(words=search))
        assert max(len(by_words), len(by_filter)) < PAGE, "one page has them all"
        assert {claim.claim_id for claim in by_filter} == {claim.claim_id for claim in by_words}, search


def test_filters_hold_for_what_means_something_close(copy: Copy) -> None:
    retracted = ClaimFilter(statuses=["retracted"])
    claims = listing.claims(copy, retracted, search=f"unheardof {LYRA}", load=_load())
    assert claims == []


class _Broken:
    name = "broken-embedder"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise OSError("the weights are damaged")


class _Other:
    name = "another-embedder"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("a model whose vectors are not there is not asked")


def _missing(models: ModelConfig) -> Embedder:
    raise ModelError(f"no weights for {models.embedding}")


@pytest.mark.parametrize(
    ("load", "why"),
    [
        (None, "without a model"),
        (Load(ModelConfig(embedding="nowhere"), _missing), "no weights for nowhere"),
        (_load(_Other()), "another model"),
    ],
)
def test_where_the_model_is_missing_words_are_searched_alone(copy: Copy, load: Load | None, why: str) -> None:
    result = listing.find(copy, "lindqvist", load)
    assert (result.by_words, result.by_meaning) == (1, 0)
    assert why in (result.silent or "")


def test_a_model_that_breaks_leaves_words(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_embedder = _Broken()
    broken_embedder.name = EMBEDDER.name
    result = listing.find(copy, "kestrel_at_dusk", _load(broken_embedder))
    assert result.by_words > 0
    assert "the weights are damaged" in (result.silent or "")


def test_what_a_model_that_broke_left_unfound_is_sought_again(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "_loaded", {})
    query = f"zorblax {LYRA}"
    assert _told(copy, query, Load(_load().models, _missing)) == []
    assert _told(copy, query, _load())[0] == (LYRA, False)


def test_nothing_is_loaded_until_somebody_searches(copy: Copy) -> None:
    assert len(listing.claims(copy, ClaimFilter(), load=Load(ModelConfig(embedding="unasked"), _missing),
                              sort="best")) == 13


@pytest.mark.parametrize("evil", ["'; DROP TABLE claims; --", "\\", '"', "\x00", "a" * 10_000, "(((", "[a-z",
                                  "\U0010ffff", "\ud7ff"])
def test_a_hostile_search_is_only_words(copy: Copy, evil: str) -> None:
    _told(copy, evil, _load())
    assert queries.totals(copy).claims == len(STORIES)


def test_terms() -> None:
    assert terms('GPT-5 "Test  set" Ünïcode …') == [("gpt", "5"), ("test", "set"), ("unicode",)]
    assert terms("模型3") == [("模型", "型", "3")]
    assert terms("") == []
    assert len(terms("word " * 90)) == search_terms.TERMS
    assert sum(map(len, terms("字" * 300))) == search_terms.SOUGHT
