"""Test the filter of an address, and which claims of a published copy pass it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import AskConfig
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Kind, Status
from pipeline.published.claim_filter import SLOTS, ClaimFilter, from_query, in_words, matches, to_query
from pipeline.published.database import open_published, query

MARCH = datetime(2026, 3, 1)  # noqa: DTZ001  # the times of a copy have no zone
NOW = datetime(2026, 3, 11, tzinfo=UTC)
NAMES = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), max_size=3, unique=True)
FILTERS = st.builds(
    ClaimFilter,
    *(st.lists(st.sampled_from(list(kind)), max_size=3, unique=True) for kind in (Status, Kind)),
    NAMES, NAMES, NAMES,
    *(st.none() | st.integers(0, 10**6).map(lambda minutes: MARCH + timedelta(minutes=minutes))
      for _ in range(2)),
    st.booleans(), st.sampled_from(["", *SLOTS]), st.booleans(), st.booleans(), st.booleans(),
    NAMES, st.text(st.characters(codec="utf-8"), max_size=40),
)  # fmt: skip


@given(FILTERS)
def test_an_address_holds_the_filter(chosen: ClaimFilter) -> None:
    address = to_query(chosen)
    filter_read = from_query(address)
    assert to_query(filter_read) == address
    for name in ClaimFilter.__slots__:
        held, back = getattr(chosen, name), getattr(filter_read, name)
        assert back == held if isinstance(held, str | bool | datetime | None) else set(back) == set(held)
    assert all(map(str.isascii, address))


@given(st.text())
def test_any_other_address_is_read_or_told(address: str) -> None:
    try:
        from_query(address)
    except DataError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("colour=red", "has no 'colour'; it has status"),
        ("status=true", "none of statuses; allowed are unverified"),
        ("single=1", "must be true or false"),
        ("since=yesterday", "must be a day"),
        ("&".join(["org=x"] * 51), "at most 50"),
        ("q=" + "x" * 301, "longer than 300"),
        ("status", "cannot be read"),
        ("rivals=colour", "none of rivals; allowed are any"),
    ],
)
def test_a_fault_in_an_address_is_told(address: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        from_query(address)


def test_in_words() -> None:
    chosen_filter = ClaimFilter(["disputed"], ["benchmark_gaming"], ["Meta"], sources=["The Paper"],
                                since=MARCH, single=True, rivals="any", stories=["s1"],
                                words="test set")  # fmt: skip
    assert ", ".join(in_words(chosen_filter)) == (
        "“test set”, disputed, benchmark gaming, Meta, in The Paper, story s1, since 2026-03-01, "
        "with a rival, single voice"
    )
    assert in_words(ClaimFilter()) == []


def test_each_part_narrows_and_all_together(sample_home: Home) -> None:
    connection = open_published(sample_home.published, AskConfig())

    def passing(**fields: object) -> set[str]:
        return matches(connection, ClaimFilter(**fields), now=NOW, seconds=30)  # type: ignore[arg-type]

    all_claims = passing()
    (row,) = query(connection, "SELECT list(claim_id) FROM claims", seconds=30)[1]
    assert all_claims == set(row[0])
    parts: list[dict[str, object]] = [
        {"statuses": ["disputed"]}, {"kinds": ["release"]}, {"organisations": ["Northwind AI"]},
        {"models": ["Borealis 3"]}, {"sources": ["Circuit Courier"]}, {"single": True}, {"rivals": "number"},
        {"denied": True}, {"words": "boreal"}, {"since": MARCH + timedelta(days=8)},
    ]  # fmt: skip
    passed_by_part = [passing(**part) for part in parts]
    for part, passed in zip(parts, passed_by_part, strict=True):
        assert set() < passed < all_claims, part
    for (part_a, first), (part_b, second) in combinations(zip(parts, passed_by_part, strict=True), 2):
        assert passing(**part_a, **part_b) == first & second, (part_a, part_b)
    none = ({"stories": ["s0"]}, {"followed": True}, {"words": "unheardof"}, {"words": "aster zebra"})
    for empty in none:
        assert passing(**empty) == set()
    connection.close()
