"""Pairs with a changed claim: its opposite swaps the sides; with another figure the text does not belong."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from models.training.relation.labels import Labelled
from models.training.relation.variants import opposites, other_figures

ROW = Labelled("c", "Aster 4 will cost 15 dollars.", "aster", "train", "a", "It will be 15 dollars", "",
              "supports", True, "en")


@pytest.mark.parametrize(("label", "turned"), [("supports", "denies"), ("denies", "supports")])
def test_the_opposite_exchanges_sides(label: str, turned: str) -> None:
    (pair,) = opposites([replace(ROW, label=label)], Random(1))
    assert pair.labels == (turned,)
    assert pair.claim.startswith(("Aster 4 will not", "Aster 4 won't", "Aster 4 will never"))


@pytest.mark.parametrize("row", [
    replace(ROW, sure=False), replace(ROW, label="questions"),
    replace(ROW, claim="Aster 4 will not cost 15."),
    replace(ROW, claim="Aster 4 costs 15 dollars."),
])
def test_no_opposite_where_it_would_be_a_guess(row: Labelled) -> None:
    assert list(opposites([row], Random(1))) == []


def test_a_figure_that_the_passage_repeats_is_changed() -> None:
    for seed in range(20):
        (pair,) = other_figures([ROW], Random(seed))
        assert pair.labels == ("unrelated",) and pair.claim != ROW.claim
        assert pair.claim.startswith("Aster 4 will cost ") and len(pair.claim) == len(ROW.claim)


@pytest.mark.parametrize("row", [
    replace(ROW, text="It is cheap"), replace(ROW, label="denies"), replace(ROW, sure=False),
])
def test_no_other_figure_without_support_that_repeats_it(row: Labelled) -> None:
    assert list(other_figures([row], Random(1))) == []
