"""A claim's candidates: by names, days and language, and by dense and sparse similarity together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from pipeline.core.vocabulary import Kind, Precision
from pipeline.stages.gather.candidates import AROUND, SearchablePassage, Shelf, SoughtClaim, candidates, terms

DAY = datetime(2026, 3, 1, tzinfo=UTC)
QUOTES = {
    "p1": "Aster 4 saw the test sets.",
    "p2": "Aster 4 is fast.",
    "p3": "Borage saw the test sets.",
    "p4": "Aster 4 偷看了测试集",
    "p5": "Aster 4 quantised to four bits with calibration.",
}
NAMES = {"p3": ("Borage",)}
NEAR = {"p1": 0.6, "p2": 0.9, "p3": 0.95, "p4": 0.05, "p5": 0.2}


def claim(text: str = "Aster 4 saw test sets.", first_at: datetime | None = DAY,
          entities: tuple[str, ...] = ("Aster 4",)) -> SoughtClaim:
    """Return a claim whose vector has the cosine `NEAR` with each passage."""
    return SoughtClaim("c1", text, Kind.OTHER, (), entities, None, Precision.UNKNOWN, first_at, first_at,
                       (1.0, 0.0), followed=False)


def shelf(at: Mapping[str, datetime] | None = None) -> Shelf:
    """Return all passages, from `DAY` unless `at` has another time."""
    passages = [SearchablePassage(name, "zh" if name == "p4" else "en", (at or {}).get(name, DAY).timestamp(),
                                  NAMES.get(name, ("Aster 4 Scout",))) for name in QUOTES]
    return Shelf(passages, np.asarray([[NEAR[name], 0.0] for name in QUOTES], dtype=np.float32))


def found(*claims: SoughtClaim, on: Shelf | None = None, english: int = 9, other: int = 9, floor: float = 0.3
          ) -> list[str]:
    """Return the ids of the candidates."""
    most = {True: english, False: other}
    return [passage for _, passage, _ in candidates(claims, on or shelf(), words, most, floor)]


def words(passages: Sequence[str]) -> dict[str, str]:
    return {name: QUOTES[name] for name in passages}


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
    passages = [SearchablePassage(name, "en", DAY.timestamp(), ("Aster",)) for name in ("a", "b")]
    two_texts = Shelf(passages, np.asarray([[0.5, 0], [0.7, 0]], dtype=np.float32))
    pairs = candidates([claim()], two_texts, lambda ids: dict.fromkeys(ids, "!!"), {True: 9, False: 9}, 0.3)
    assert [(passage, cosine) for _, passage, cosine in pairs] == [("b", pytest.approx(0.7)), ("a", 0.5)]


def test_what_is_repeated_word_for_word_takes_no_place_from_others() -> None:
    texts = {"a": "It saw  it.", "b": "It saw it.", "c": "It saw it.", "d": "It saw none.", "e": "No."}
    passages = [SearchablePassage(name, "en", DAY.timestamp(), ("Aster",)) for name in texts]
    five_texts = Shelf(
        passages, np.asarray([[0.9, 0], [0.9, 0], [0.6, 0], [0.7, 0], [0.5, 0]], dtype=np.float32)
    )
    pairs = candidates([claim("Aster")], five_texts, lambda ids: {name: texts[name] for name in ids},
                       {True: 2, False: 2}, 0.3)
    assert [passage for _, passage, _ in pairs] == ["a", "b", "d", "c"]


def test_of_a_passage_that_broke_the_retriever_no_cosine_is_known() -> None:
    passages = [SearchablePassage(name, "zh", DAY.timestamp(), ("Aster",)) for name in ("a", "b")]
    two_texts = Shelf(passages, np.asarray([[0.5, 0], [0.0, 0]], dtype=np.float32))
    pairs = candidates(
        [claim()], two_texts, lambda ids: dict.fromkeys(ids, "Aster 4"), {True: 9, False: 9}, 0.3
    )
    assert [cosine for *_, cosine in pairs] == [0.5, None]


def test_no_claim_and_no_passage_give_no_candidate() -> None:
    empty_shelf = Shelf([], np.zeros((0, 0), dtype=np.float32))
    assert found(claim(), on=empty_shelf) == [] and found(on=shelf()) == []


def test_chinese_is_compared_by_the_words_of_its_gloss() -> None:
    assert {"glm", "model"} <= set(terms("GLM 大模型")) & set(terms("the models of GLM"))
