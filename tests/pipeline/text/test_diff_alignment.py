"""Aligning two sequences: the regions turn the first into the second, whatever the bound on effort."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.diff import Region, regions

SEQUENCES = st.lists(st.sampled_from("abcdefgh"), max_size=24)


def rebuilt(old: Sequence[str], new: Sequence[str], found: list[Region]) -> list[str]:
    rebuilt_lines, copied_to = [], 0
    for region in found:
        rebuilt_lines += [*old[copied_to : region.start], *new[region.new_start : region.new_stop]]
        copied_to = region.stop
    return [*rebuilt_lines, *old[copied_to:]]


@given(SEQUENCES, SEQUENCES, st.sampled_from([0, 10, 200, 10_000_000]))
def test_the_regions_make_the_one_into_the_other(old: list[str], new: list[str], effort: int) -> None:
    regions_found = list(regions(old, new, effort))
    assert rebuilt(old, new, regions_found) == new
    for region, next_region in pairwise(regions_found):
        assert region.stop <= next_region.start and region.new_stop <= next_region.new_start
    assert bool(regions_found) == (old != new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abcd", "abxd", [Region(2, 3, 2, 3)]),
        ("abcd", "acd", [Region(1, 2, 1, 1)]),
        ("acd", "abcd", [Region(1, 1, 1, 2)]),
        ("abcdefg", "aXcdYfg", [Region(1, 2, 1, 2), Region(4, 5, 4, 5)]),
        ("abc", "cab", [Region(0, 0, 0, 1), Region(2, 3, 3, 3)]),
        ("aabbaa", "aabaa", [Region(3, 4, 3, 3)]),
    ],
)
def test_what_changed_is_small(old: str, new: str, expected: list[Region]) -> None:
    assert list(regions(old, new, 10_000)) == expected


def test_beyond_the_bound_the_rest_is_one_region() -> None:
    assert list(regions("xaby", "xbbaay", 0)) == [Region(1, 3, 1, 5, aligned=False)]
    lines = [str(number % 50) for number in range(1000)]
    assert [region.aligned for region in regions(lines, lines[::-1], 999_999)] == [False]
