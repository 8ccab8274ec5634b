"""Slots: what keeps look-alike claims apart, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.vocabulary import Kind, Precision
from pipeline.text.slots import Conflict, Slots, conflict, exclusive_readings


def slots(text: str = "", **fields: Any) -> Slots:
    values: dict[str, Any] = {
        "kind": Kind.RELEASE, "organisations": (), "entities": (), "numbers": (), "event_at": None,
        "event_precision": Precision.UNKNOWN,
    }  # fmt: skip
    return Slots(text, **(values | fields))


def month(year: int, number: int, day: int) -> dict[str, Any]:
    return {"event_at": datetime(year, number, day, 23, 59, 59, tzinfo=UTC),
            "event_precision": Precision.MONTH}


@pytest.mark.parametrize(
    ("left", "right", "slot"),
    [
        (("Llama 3",), ("Llama 4",), "version"),
        (("GPT-4.5",), ("GPT-4o",), "version"),
        (("Gemini 2.5 Pro",), ("Gemini 2.5 Flash",), "version"),
        (("o1",), ("o3-mini",), "version"),
        (("Orbit 3",), ("Orbit 3 mini",), "version"),
        (("Llama 4",), ("Llama 4 Maverick",), None),
        (("Claude 3.7 Sonnet", "Claude 3.5 Sonnet"), ("Claude 3.7 Sonnet",), None),
        (("Grok 3", "o1"), ("Grok 3", "o3-mini"), None),
        (("Llama",), ("Llama 4",), None),
        ((), ("Llama 4",), None),
        (("Orbit 3",), ("Nimbus 3",), "subject"),
        (("Orbit 3", "Modelhub"), ("Nimbus 3", "Modelhub"), "subject"),
        (("Orbit 3", "Nimbus 3"), ("Nimbus 3", "Orbit 3"), None),
        (("Orbit 3", "Nimbus 3"), ("Orbit 3", "Comet 5"), None),
    ],
)
def test_versions(left: tuple[str, ...], right: tuple[str, ...], slot: str | None) -> None:
    clash = conflict(slots(entities=left), slots(entities=right))
    assert (clash.slot if clash else None) == slot


def test_versions_are_read_from_the_words_where_no_name_is_known() -> None:
    clash = conflict(slots("Orbit 3 comes with voice"), slots("Orbit 4 comes with voice"))
    assert clash == Conflict("version", "Orbit 3 / Orbit 4")
    assert conflict(slots("In May 2026 it comes"), slots("In June 2027 it comes")) is None


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        (("5.5m usd",), ("6m usd",), False),
        (("5.5m usd",), ("5500 usd",), True),
        (("5.5m usd",), ("1.3b usd",), True),
        (("70b parameters",), ("400b parameters",), True),
        (("70b parameters",), ("70b parameters", "400b parameters"), False),
        (("70b parameters",), ("40 tokens/s",), False),
        (("150x",), ("3x",), True),
        (("1 usd", "2 usd", "3 usd"), ("9 usd",), False),
        (("0 usd",), ("5 usd",), True),
        (("about ten",), ("70b parameters",), False),
    ],
)
def test_numbers(left: tuple[str, ...], right: tuple[str, ...], apart: bool) -> None:
    clash = conflict(slots(numbers=left), slots(numbers=right))
    assert (clash is not None) == apart
    if clash:
        assert clash.slot == "number"


def test_scores_differ_only_on_one_benchmark() -> None:
    aime = slots(entities=("Orbit", "AIME"), numbers=("79.8 %",))
    assert conflict(aime, slots(entities=("Orbit", "MATH"), numbers=("60 %",))) is None
    assert conflict(aime, slots(entities=("Orbit", "AIME"),
                                numbers=("60 %",))) == Conflict("number", "79.8 % / 60 %")


@pytest.mark.parametrize(
    ("left", "right", "slot"),
    [
        (("Orbit reads 200 languages", "200"), ("Orbit comes as 14 models", "14"), "figures"),
        (("Orbit is rated 92", "92"), ("Orbit is rated 71", "71"), "number"),
        (("Orbit costs $20 a month", "20 usd"), ("Orbit costs $3 per million tokens", "3 usd"), "figures"),
        (("Orbit costs $20 a month", "20 usd"), ("Orbit costs $30 a month", "30 usd"), "number"),
        (("Orbit learned from 15T tokens of data", "15t tokens"),
         ("Orbit has a context of 128k tokens", "128k tokens"), "figures"),
        (("Orbit 有6710亿参数", "671b parameters"), ("Orbit 有70亿参数", "7b parameters"), "number"),
    ],
)
def test_only_figures_of_the_same_are_rivals(left: tuple[str, str], right: tuple[str, str],
                                             slot: str) -> None:
    figure, rival = (slots(text, proposition=text, numbers=(number,)) for text, number in (left, right))
    clash, turned_clash = conflict(figure, rival), conflict(rival, figure)
    assert clash is not None and turned_clash is not None
    assert (clash.slot, turned_clash) == (slot, clash.turned())


def test_a_bare_number_without_words_is_a_figure_of_nothing_known() -> None:
    clash = conflict(slots(numbers=("200",)), slots(numbers=("14",)))
    assert clash == Conflict("figures", "200 / 14")


def test_dates() -> None:
    july, august = slots(**month(2026, 7, 31)), slots(**month(2026, 8, 31))
    assert conflict(july, august) == Conflict("date", "July 2026 / August 2026")
    within_july = slots(event_at=datetime(2026, 7, 14, tzinfo=UTC), event_precision=Precision.DAY)
    assert conflict(july, within_july) is None
    quarter = slots(event_at=datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), event_precision=Precision.QUARTER)
    assert conflict(july, quarter) is None
    assert conflict(slots(**month(2026, 6, 30)), quarter) == Conflict("date", "June 2026 / quarter 3 of 2026")
    assert conflict(july, slots()) is None
    next_day = slots(event_at=datetime(2026, 7, 15, tzinfo=UTC), event_precision=Precision.DAY)
    assert conflict(within_july, next_day) is None


def test_subjects() -> None:
    northwind, tallis = slots(organisations=("Northwind AI",)), slots(organisations=("Tallis Labs",))
    assert conflict(northwind, tallis) is not None
    assert conflict(northwind, slots(organisations=("Tallis Labs", "Northwind AI"))) is None
    assert conflict(northwind, slots()) is None


@pytest.mark.parametrize(
    ("text", "entity", "slot"),
    [
        ("pony-alpha is Otter 2", "Otter 2", "identity"),
        ("Pony Alpha is Lumen 3", "Lumen 3", None),
        ("pony-alpha is Lumen 3 Preview", "Lumen 3 Preview", None),
        ("pony-alpha is Lumen 3 Pro", "Lumen 3 Pro", "identity"),
        ("pony-alpha is Lumen 4", "Lumen 4", "identity"),
        ("dusk-river is Lumen 3", "Lumen 3", "subject"),
    ],
)
def test_readings_of_a_code_name(text: str, entity: str, slot: str | None) -> None:
    lumen_slots = slots("pony-alpha is Lumen 3", kind=Kind.IDENTITY, entities=("Lumen 3",))
    clash = conflict(lumen_slots, slots(text, kind=Kind.IDENTITY, entities=(entity,)))
    assert (clash.slot if clash else None) == slot


@pytest.mark.parametrize(
    ("one", "other", "exclusive"),
    [
        ("pony-alpha is Lumen 3", "pony-alpha is Otter 2", True),
        ("pony-alpha is Lumen 3", "Pony Alpha is Lumen 4", True),
        ("pony-alpha is Lumen 3", "pony-alpha is Lumen 3 Mini", True),
        ("pony-alpha is Lumen 3", "pony-alpha is Lumen 3 Pro", False),
        ("pony-alpha is Lumen 3", "pony-beta is Otter 2", False),
        ("dusk-river is Lumen 3", "dusk-river is Otter 2", False),
        ("My daily-driver is Lumen 3", "My daily-driver is Otter 2", False),
        ("pony-alpha is Lumen 3 or Otter 2", "pony-alpha is Otter 2", False),
    ],
)
def test_readings_that_cannot_both_be_true(one: str, other: str, exclusive: bool) -> None:
    names = ("Lumen 3", "Lumen 3 Pro", "Lumen 3 Mini", "Lumen 4", "Otter 2")
    left, right = (slots(text, kind=Kind.IDENTITY, entities=tuple(name for name in names if name in text))
                   for text in (one, other))
    assert exclusive_readings(left, right) is exclusive
    assert exclusive_readings(right, left) is exclusive


def test_a_delay_is_no_release() -> None:
    delayed = slots("Orbit 3 is delayed", kind=Kind.DELAY, entities=("Orbit 3",))
    clash = conflict(slots("Orbit 3 comes on March 3", entities=("Orbit 3",)), delayed)
    assert clash is not None
    assert clash.slot == "kind"
    assert conflict(delayed, delayed) is None


NAMES = st.lists(st.sampled_from(["Llama 3", "Llama 4", "Llama 4 Scout", "GPT-5", "Orbit"]),
                 max_size=3).map(tuple)
FIGURES = st.lists(st.sampled_from(["5m usd", "5.5m usd", "7b parameters", "70b parameters", "3x"]),
                   max_size=3).map(tuple)


@given(NAMES, FIGURES, NAMES, FIGURES)
def test_a_conflict_is_seen_from_both_sides_and_never_with_oneself(
    names: tuple[str, ...], figures: tuple[str, ...], other_names: tuple[str, ...],
    other_figures: tuple[str, ...]
) -> None:
    left, right = slots(entities=names, numbers=figures), slots(entities=other_names, numbers=other_figures)
    assert conflict(left, left) is None
    clash, reversed_clash = conflict(left, right), conflict(right, left)
    assert (clash is None) == (reversed_clash is None)
    if clash and reversed_clash:
        assert clash.slot == reversed_clash.slot


@pytest.mark.parametrize(("left", "right", "words"), [
    ((Kind.RELEASE, None), (Kind.SAFETY, None), "release / safety"),
    ((Kind.RELEASE, None), (Kind.SAFETY, Kind.RELEASE), None),
    ((Kind.RELEASE, Kind.SAFETY), (Kind.SAFETY, None), None),
    ((Kind.RELEASE, None), (Kind.RELEASE, Kind.SAFETY), "release / safety"),
    ((Kind.RELEASE, Kind.SAFETY), (Kind.SAFETY, Kind.SAFETY), "release / safety"),
    ((Kind.RELEASE, Kind.DEAL), (Kind.RELEASE, Kind.SAFETY), None),
])
def test_a_kind_by_the_model_is_no_conflict_with_one_by_the_rules(
    left: tuple[Kind, Kind | None], right: tuple[Kind, Kind | None], words: str | None
) -> None:
    one, other = (slots("Orbit 3 sings", kind=kind, kind_by_rule=by_rule) for kind, by_rule in (left, right))
    assert conflict(one, other) == (Conflict("kind", words) if words else None)


def test_the_same_words_are_of_one_kind() -> None:
    words = "Italy has blocked Orbit 3"
    one, other = (slots(words, kind=kind, proposition=words) for kind in (Kind.SAFETY, Kind.RELEASE))
    assert conflict(one, other) is None
