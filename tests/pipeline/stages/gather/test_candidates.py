"""A claim's candidates: by names, days and language, and by dense and sparse similarity together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.vocabulary import Kind, Part, Precision, Role
from pipeline.stages.gather.attach import Passage, SoughtClaim
from pipeline.stages.gather.candidates import (
    AROUND,
    Pairs,
    Shelf,
    Sought,
    compared,
    key_tables,
    name_keys,
    nearest,
    ranked,
    terms,
)
from pipeline.stages.gather.stage import _pairs
from pipeline.store.vectors import Vectors

DAY = datetime(2026, 3, 1, tzinfo=UTC)
QUOTES = {
    "p1": "Aster 4 saw the test sets.",
    "p2": "Aster 4 is fast.",
    "p3": "Borage saw the test sets.",
    "p4": "Aster 4 偷看了测试集",
    "p5": "Aster 4 quantised to four bits with calibration.",
}
PASSAGE = Passage("p1", "v1", "d1", Part.TEXT, 0, 7, ("Aster 4",), (), (), (), None, None, "zh", DAY, DAY,
                  None, "Aster 4", None, None, None, Role.PRESS)
NAMES = {"p3": ("Borage",)}
NEAR = {"p1": 0.6, "p2": 0.9, "p3": 0.95, "p4": 0.05, "p5": 0.2}


@dataclass(frozen=True)
class On:
    """Passages with their names, times, languages, vectors and words."""

    names: Sequence[Sequence[str]]
    times: Sequence[float]
    english: Sequence[bool]
    vectors: Vectors
    ids: Sequence[str]
    quotes: Mapping[str, str]


def claim(text: str = "Aster 4 saw test sets.", first_at: datetime | None = DAY,
          entities: tuple[str, ...] = ("Aster 4",)) -> SoughtClaim:
    """Return a claim whose vector has the cosine `NEAR` with each passage."""
    return SoughtClaim("c1", text, Kind.OTHER, (), entities, None, Precision.UNKNOWN, first_at, first_at,
                       followed=False)


def shelf(at: Mapping[str, datetime] | None = None) -> On:
    """Return all passages, from `DAY` unless `at` has another time."""
    return On([NAMES.get(name, ("Aster 4 Scout",)) for name in QUOTES],
              [(at or {}).get(name, DAY).timestamp() for name in QUOTES], [name != "p4" for name in QUOTES],
              np.asarray([[NEAR[name], 0.0] for name in QUOTES], dtype=np.float32), list(QUOTES), QUOTES)


def asters(quotes: Mapping[str, str], cosines: Sequence[float], *, english: bool = True) -> On:
    """Return passages of `DAY` about Aster with these words and cosines."""
    return On([("Aster",)] * len(quotes), [DAY.timestamp()] * len(quotes), [english] * len(quotes),
              np.asarray([[cosine, 0] for cosine in cosines], dtype=np.float32), list(quotes), quotes)


def read(claims: Sequence[SoughtClaim], on: On, most: Mapping[bool, int], floor: float = 0.3
         ) -> list[tuple[str, float]]:
    """Return the ids of the candidates, with their cosines."""
    lists = pa.list_(pa.string())
    claim_keys, passage_keys = key_tables(pa.array([claim.entities for claim in claims], lists),
                                          pa.array(on.names, lists))
    days = np.asarray([claim.days for claim in claims], dtype=np.float64).reshape(-1, 2)
    passages = Shelf(passage_keys, np.asarray(on.times, dtype=np.float64), np.asarray(on.english, dtype=bool))
    vectors = np.asarray([[1.0, 0.0]] * len(claims), dtype=np.float32).reshape(-1, 2)
    found = nearest(Pairs.joined(compared(Sought(claim_keys, *days.T), vectors, passages, on.vectors)))
    rows = np.unique(found.passages)
    parts = ranked(found.near(floor), rows, [on.quotes[on.ids[row]] for row in rows],
                   lambda numbers: [claims[number].claim for number in numbers], most)
    candidates = Pairs.joined(parts)
    return [(on.ids[row], cosine) for row, cosine in
            zip(candidates.passages.tolist(), candidates.cosines.tolist(), strict=True)]


def found(*claims: SoughtClaim, on: On | None = None, english: int = 9, other: int = 9) -> list[str]:
    """Return the ids of the candidates."""
    return [passage for passage, _ in read(claims, on or shelf(), {True: english, False: other})]


def test_shared_words_go_before_a_somewhat_higher_cosine() -> None:
    assert found(claim()) == ["p1", "p2", "p4"]


def test_a_claim_without_a_known_name_takes_all() -> None:
    assert set(found(claim(entities=()))) == {"p1", "p2", "p3", "p4"}


def test_a_passage_in_another_language_needs_no_cosine_and_has_places_of_its_own() -> None:
    assert found(claim(), english=1) == ["p1", "p4"]
    assert found(claim(), other=0) == ["p1", "p2"]


@pytest.mark.parametrize("days", [-1, 1])
def test_what_was_said_at_another_time_is_not_looked_at(days: int) -> None:
    beyond = DAY + (AROUND + timedelta(hours=1)) * days
    assert "p1" not in found(claim(), on=shelf({"p1": beyond}))
    assert "p1" in found(claim(), on=shelf({"p1": DAY + AROUND * days}))
    assert "p1" in found(claim(first_at=None), on=shelf({"p1": beyond}))


def test_texts_without_a_word_that_counts_are_ordered_by_cosine() -> None:
    two_texts = asters({"a": "!!", "b": "!!!"}, [0.5, 0.7])
    assert read([claim()], two_texts, {True: 9, False: 9}) == [("b", pytest.approx(0.7)), ("a", 0.5)]


def test_what_is_repeated_word_for_word_takes_no_place_from_others() -> None:
    texts = {"a": "It saw  it.", "b": "It saw it.", "c": "It saw it.", "d": "It saw none.", "e": "No."}
    candidates = read([claim("Aster")], asters(texts, [0.9, 0.9, 0.6, 0.7, 0.5]), {True: 2, False: 2})
    assert [passage for passage, _ in candidates] == ["a", "b", "d", "c"]


def test_of_a_passage_that_broke_the_retriever_no_cosine_is_known() -> None:
    two_texts = asters({"a": "Aster 4", "b": "Aster 4"}, [0.5, 0.0], english=False)
    assert read([claim()], two_texts, {True: 9, False: 9}) == [("a", 0.5), ("b", 0.0)]
    claims = pa.table({"claim_id": ["c1"], "claim": ["Aster 4"], "followed": [False]})
    part = Pairs(np.asarray([0, 0]), np.asarray([0, 1]), np.zeros(2, bool), np.asarray([0.5, 0], np.float32))
    (pairs,) = _pairs([part], claims, [PASSAGE, PASSAGE])
    assert [pair.likeness for pair in pairs] == [0.5, None]


def test_no_claim_and_no_passage_give_no_candidate() -> None:
    empty_shelf = On([], [], [], np.zeros((0, 2), dtype=np.float32), [], {})
    assert found(claim(), on=empty_shelf) == [] and found(on=shelf()) == []


@given(st.lists(st.text("aKİΣıß- \u00a0\u3000\x1c", max_size=6), max_size=6),
       st.lists(st.text("aKİΣıß- \u00a0\u3000\x1c", max_size=6), max_size=6))
def test_two_meet_by_the_first_words_of_their_names(one: list[str], other: list[str]) -> None:
    lists = pa.list_(pa.string())
    claims, passages = key_tables(pa.array([one], lists), pa.array([other], lists))
    meet = not name_keys(one) or bool(name_keys(one) & name_keys(other))
    assert ((claims @ passages.T).nnz > 0) == meet


def test_chinese_is_compared_by_the_words_of_its_gloss() -> None:
    assert {"glm", "model"} <= set(terms("GLM 大模型")) & set(terms("the models of GLM"))
