"""The comparison of verdicts with labels: how claims are matched, and the cause of each disagreement."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.quality.verdicts import Stored, compare, figures


def stored(claims: dict[str, dict[str, Any]]) -> Stored:
    """Return a home's claims, each with its `stances` by document."""
    stances = {claim: {d: {s} for d, s in fields.pop("stances").items()} for claim, fields in claims.items()}
    of_document: dict[str, set[str]] = {}
    for claim, documents in stances.items():
        for document in documents:
            of_document.setdefault(document, set()).add(claim)
    defaults = {
        "status": "unverified", "rule": "one_voice", "first_document_id": "d1", "rests_on": set(),
        "claim": "It is so",
    }
    return Stored({claim: defaults | fields for claim, fields in claims.items()}, stances, of_document)


def label(status: str = "disputed", first: str = "d1", **stances: str) -> dict[str, Any]:
    """Return a labelled claim with the stances of its posts."""
    return {
        "claim_id": "q1", "status": status, "first_id": first,
        "mentions": [{"id": document_id, "stance": stance} for document_id, stance in stances.items()],
    }


def test_most_posts_decide_then_the_larger_share_then_the_id() -> None:
    home = stored({
        "c1": {"stances": {"d1": "supports", "d2": "supports"}},
        "c2": {"stances": {"d3": "supports", "d9": "supports"}},
        "c3": {"stances": {"d4": "supports"}},
        "c4": {"stances": {"d5": "supports"}},
    })
    assert home.match({"d1", "d2", "d3"}) == "c1"
    assert home.match({"d3", "d4"}) == "c3"
    assert home.match({"d5", "d4"}) == "c3"
    assert home.match({"d7"}) is None


def test_agreement_has_no_cause() -> None:
    home = stored({"c1": {"status": "disputed", "stances": {"d1": "supports", "d2": "denies"}}})
    result = compare(label(d1="supports", d2="denies"), home)
    assert (result.status_cause, result.first_cause, result.held, result.posts) == (None, None, 2, 2)
    assert figures([result]) == {"n": 1, "status": 1.0, "status_usual": 1.0, "first": 1.0, "held": 1.0}


@pytest.mark.parametrize(
    ("told", "posts", "cause"),
    [
        ({"stances": {"d1": "supports"}}, {"d1": "supports", "d2": "denies"}, "not extracted"),
        ({"stances": {"d1": "supports", "d2": "supports"}}, {"d1": "supports", "d2": "denies"}, "stance"),
        ({"stances": {"d1": "supports", "d2": "denies"}}, {"d1": "supports", "d2": "denies"}, "rule"),
        ({
            "stances": {"d1": "supports", "d2": "denies"}, "rests_on": {"d8"}
        }, {"d1": "supports", "d2": "denies"}, "mixed"),
        ({"stances": {"d8": "supports"}}, {"d1": "supports"}, "unmatched"),
    ],
)
def test_causes_of_another_status(told: dict[str, Any], posts: dict[str, str], cause: str) -> None:
    assert compare(label(**posts), stored({"c1": told})).status_cause == cause


def test_what_stands_in_another_claim_is_apart() -> None:
    home = stored(
        {"c1": {"stances": {"d1": "supports", "d3": "supports"}}, "c2": {"stances": {"d2": "denies"}}}
    )
    result = compare(label(first="d2", d1="supports", d2="denies", d3="supports"), home)
    assert (result.status_cause, result.first_cause) == ("apart", "apart")


@pytest.mark.parametrize(("first", "cause"), [("d1", "order"), ("d5", "not extracted")])
def test_causes_of_another_earliest_post(first: str, cause: str) -> None:
    home = stored({"c1": {"first_document_id": "d2", "stances": {"d1": "supports", "d2": "supports"}}})
    assert compare(label(first=first, d1="supports", d2="supports"), home).first_cause == cause
