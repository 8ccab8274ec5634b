"""Golden resolution texts: the text written when a claim is first seen, and that the rules then follow it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from pipeline.core.vocabulary import Certainty, Kind, Platform, Precision
from pipeline.stages.judge.case import Case, Subject
from pipeline.stages.judge.deadlines import Plan, is_dated, outcome, plan, text_of
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.history import steps
from pipeline.stages.judge.rules import VERSION
from tests.pipeline.stages.judge.test_rules import item, ours, page

GOLDEN = tomllib.loads(files("tests.pipeline.stages.judge").joinpath("resolution_cases.toml").read_text())
CASES = GOLDEN["case"]
MUCH_LATER = datetime(2030, 1, 1, tzinfo=UTC)


def _at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def first_sight(given: dict[str, Any]) -> Case:
    """Return the case of the claim on the day of the prediction."""
    names = given.get("organisations", ["Aurel"])
    subject = Subject(
        "c1", given["claim"], Kind(given["kind"]), tuple(name.lower() for name in names),
        tuple(given.get("models", ["Aster 4"])), _at(given["time"]) if "time" in given else None,
        Precision(given.get("precision", "unknown")), tuple(names), tuple(given.get("boards", ())),
    )  # fmt: skip
    said_at = _at(given.get("foretold", "2026-01-01T12:00:00"))
    certainty = Certainty(given.get("certainty", "predicted"))
    first_item = item(1, voice="source:mira", at=said_at, certainty=certainty, said=given.get("said", True))
    return Case(subject=subject, at=MUCH_LATER, items=(first_item,))


def _words(told: dict[str, Any]) -> Item:
    fields: dict[str, Any] = {"at": _at(told["at"]), "quote": told["words"],
                              "speech_verb": told.get("verb"), "evidence_id": "e2", "document_id": "d2"}
    speaker = told.get("by", "aurel")
    if speaker in ("aurel", "northwind"):
        return ours(2, **fields, organisation=speaker, source_organisation=speaker)
    return item(2, organisation=told["by"], **fields)


def came_out(given: dict[str, Any], told: dict[str, Any]) -> str:
    """Return how the claim came out if only this followed it."""
    case = first_sight(given)
    if "page" in told:
        text = told.get("text", "Library: transformers")
        platform = Platform(told.get("platform", "huggingface"))
        case = replace(case, artefacts=(replace(page(), name=told["page"], at=_at(told["at"]), text=text,
                                                platform=platform),))
    if "words" in told:
        case = replace(case, items=(*case.items, _words(told)))
    if "model_page" in told:
        shown_page = replace(_words(told | {"words": told["model_page"]}), artefact=True,
                             certainty=Certainty.REPORTED)
        case = replace(case, items=(*case.items, shown_page))
    resolution_plan = plan(case, now=case.items[0].at, run_id="r1")
    return str(outcome(case, steps(case), Plan("c1", resolution_plan.deadline, resolution_plan.void)).state)


def test_there_are_twenty_and_a_change_of_the_texts_needs_new_rules() -> None:
    assert len(CASES) >= 20
    assert GOLDEN["rules"] == VERSION, "texts of one version never change: raise VERSION in rules.py"


@pytest.mark.parametrize("given", CASES, ids=lambda given: given["id"])
def test_the_text(given: dict[str, Any]) -> None:
    case = first_sight(given)
    assert is_dated(case)
    text = text_of(case, None, now=case.items[0].at, run_id="r1")
    assert text is not None
    assert text.text.splitlines() == given["text"].strip().splitlines()


@pytest.mark.parametrize(
    ("given", "told"), [(given, told) for given in CASES for told in given.get("then", ())],
    ids=lambda value: value.get("id") or next(iter(value.values())),
)
def test_the_rules_do_as_the_text_says(given: dict[str, Any], told: dict[str, Any]) -> None:
    assert came_out(given, told) == told["is"]
