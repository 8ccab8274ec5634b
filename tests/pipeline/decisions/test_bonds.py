"""Ties between claims: none contradicts another, and the first given is the strongest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.decisions.bonds import Bonds

claims = st.sampled_from("abcdef")


def test_an_earlier_tie_is_kept() -> None:
    bonds = Bonds()
    assert bonds.join("a", "b")
    assert not bonds.part("a", "b")
    assert bonds.part("b", "c")
    assert not bonds.join("a", "c"), "a belongs to b, which stays apart from c"
    assert bonds.join("c", "d")
    assert not bonds.may_join("a", "d")
    assert (bonds.group("a"), bonds.group("x")) == ({"a", "b"}, {"x"})
    assert list(bonds.pairs()) == [("b", "c")]


def test_a_copy_is_added_to_alone() -> None:
    bonds = Bonds()
    bonds.join("a", "b")
    other_bonds = bonds.copy()
    other_bonds.join("b", "c")
    other_bonds.part("a", "d")
    assert bonds.groups() == [{"a", "b"}]
    assert not bonds.is_apart("a")
    assert other_bonds.groups() == [{"a", "b", "c"}]
    assert other_bonds.is_apart("c")


@given(st.lists(st.tuples(st.booleans(), claims, claims)))
def test_any_ties(ties: list[tuple[bool, str, str]]) -> None:
    bonds, accepted_ties = Bonds(), []
    for join, claim_a, claim_b in ties:
        if claim_a != claim_b and (bonds.join if join else bonds.part)(claim_a, claim_b):
            accepted_ties.append((join, claim_a, claim_b))
        for is_joined, claim_c, claim_d in accepted_ties:
            assert (claim_d in bonds.group(claim_c)) is is_joined
