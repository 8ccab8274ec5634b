"""Whose report a plain statement passes on, by the words beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.core.vocabulary import Certainty, Part, Precision, Role
from pipeline.stages.trace.credits import LEAD, NEAR, Credit, credits_of, find_credits
from pipeline.stages.trace.model import Post, Statement
from pipeline.text.attribution import credits_in


def statement(mention_id: str, document_id: str = "d1", **fields: Any) -> Statement:
    """Return a plain headline of an outlet."""
    row: dict[str, Any] = {
        "claim_id": "c1", "mention_id": mention_id, "document_id": document_id, "part": Part.TITLE,
        "start_char": 0, "quote": "Aurel bars its staff from Aster 4", "negated": False,
        "certainty": Certainty.ASSERTED, "speaker": None, "speaker_role": Role.PRESS,
        "speaker_organisation": None, "by_author": False, "attributed_to": None, "organisations": ("Aurel",),
    }
    return Statement(**(row | fields))


def post(document_id: str = "d1", name: str = "Courier", day: int = 1, **fields: Any) -> Post:
    """Return an article of an outlet, published on a day of January."""
    row: dict[str, Any] = {
        "document_id": document_id, "platform": "news", "source_id": name.lower(), "source_name": name,
        "source_role": Role.PRESS, "organisation": None, "author": None, "author_name": None,
        "published_at": datetime(2026, 1, day, tzinfo=UTC), "published_precision": Precision.DAY,
        "artefact": False,
    }
    return Post(**(row | fields))


@pytest.mark.parametrize(("text", "names"), [
    ("According to a report from The Daily Quill, staff were told so.", ["The Daily Quill"]),
    ("The deal, first reported by Lantern.example and confirmed since", ["Lantern.example"]),
    ("It is so (via 9to5Aurel).", ["9to5Aurel"]),
    ("A memo seen by the Courier says so", ["the Courier"]),
    ("According to the company, it is so.", []),
    ("According to Freedonian officials, it is so.", []),
    ("It was reported by users on Monday.", []),
])
def test_a_credit_is_a_name_behind_words_of_reporting(text: str, names: list[str]) -> None:
    found = credits_in(text)
    assert [name for _, name in found] == names
    assert all(0 <= start < len(text) for start, _ in found)


def test_what_extract_found_counts_as_far_as_it_names_somebody() -> None:
    spoken = [("d1", 40, "a report from The Daily Quill"), ("d1", 90, "the report"), ("d2", 5, "insiders")]
    assert credits_of({}, spoken) == {"d1": [Credit(40, "The Daily Quill")]}


@pytest.mark.parametrize(("start", "bound"), [(LEAD, True), (LEAD + 1, False)])
def test_a_headline_passes_on_what_the_lead_below_it_credits(start: int, bound: bool) -> None:
    credits = {"d1": [Credit(start, "The Daily Quill")]}
    found = find_credits([statement("m1")], {"d1": post()}, credits)
    assert found == ({"m1": "The Daily Quill"} if bound else {})


@pytest.mark.parametrize(("start", "bound"), [
    (1000 - NEAR, True), (1000 - NEAR - 1, False), (1033 + NEAR, True), (1033 + NEAR + 1, False)])
def test_a_sentence_passes_on_what_one_near_it_credits(start: int, bound: bool) -> None:
    said = statement("m1", part=Part.TEXT, start_char=1000)
    assert bool(find_credits([said], {"d1": post()}, {"d1": [Credit(start, "The Daily Quill")]})) is bound


@pytest.mark.parametrize("fields", [
    {"certainty": Certainty.HEDGED}, {"attributed_to": "people familiar with it"},
    {"speaker_role": Role.FIRST_PARTY}, {"speaker": "Vera Holt"},
    {"quote": "Courier has confirmed that Aurel bars its staff from Aster 4"},
])
def test_only_a_plain_statement_of_the_outlet_is_bound(fields: dict[str, Any]) -> None:
    credits = {"d1": [Credit(10, "The Daily Quill")]}
    assert find_credits([statement("m1", **fields)], {"d1": post()}, credits) == {}


@pytest.mark.parametrize("words", ["Courier", "the Courier", "Aurel"])
def test_neither_the_outlet_itself_nor_the_subject_is_a_credit(words: str) -> None:
    assert find_credits([statement("m1")], {"d1": post()}, {"d1": [Credit(10, words)]}) == {}


@pytest.mark.parametrize("fields", [
    {"platform": "x"}, {"source_role": Role.COMMUNITY}, {"organisation": "aurel"},
    {"wire": "LONDON (Wireline)"},
])
def test_only_outlets_are_bound(fields: dict[str, Any]) -> None:
    credits = {"d1": [Credit(10, "The Daily Quill")]}
    assert find_credits([statement("m1")], {"d1": post(**fields)}, credits) == {}


def test_what_an_outlet_passed_on_it_does_not_find_out_by_itself_later() -> None:
    posts = {"d1": post(day=5), "d2": post("d2", day=9), "d0": post("d0", day=1),
             "d3": post("d3", name="The Lantern", day=9)}
    said = [statement("m1"), statement("m2", "d2"), statement("m0", "d0"), statement("m3", "d3"),
            statement("m4", "d2", negated=True)]
    credits = {"d1": [Credit(10, "The Daily Quill")]}
    assert find_credits(said, posts, credits) == {"m1": "The Daily Quill", "m2": "The Daily Quill"}


@pytest.mark.parametrize(("fields", "bound"), [
    ({"attributed_to": "The Lantern"}, True), ({"attributed_to": "insiders"}, False),
    ({"speaker": "Wren Data"}, False),
])
def test_whose_report_an_outlet_told_once_it_tells_later(fields: dict[str, Any], bound: bool) -> None:
    posts = {"d1": post(day=5), "d2": post("d2", day=9)}
    found = find_credits([statement("m1", **fields), statement("m2", "d2")], posts, {})
    assert found == ({"m2": "The Lantern"} if bound else {})
