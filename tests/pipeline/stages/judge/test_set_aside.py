"""Passages against a claim that do not dispute it: the reason names them and says why."""

from __future__ import annotations

import pytest

from pipeline.core.vocabulary import HEARSAY, Role, Stance, Status
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Item
from pipeline.stages.judge.history import reason, steps
from pipeline.stages.judge.rules import apply_rules
from pipeline.stages.judge.set_aside import set_aside
from tests.pipeline.stages.judge.test_rules import case, item, page, release


def weak(number: int, stance: Stance = Stance.DENIES, voice: str | None = None) -> Item:
    """Return a passage against the claim whose reading is too uncertain to count."""
    return item(number, stance, voice, weak=True)


def user(number: int) -> Item:
    """A user's question."""
    return item(number, Stance.QUESTIONS, quote="Is it?", role=Role.COMMUNITY, source_role=Role.COMMUNITY)


SEVEN = (weak(11, voice="source:one"), weak(12, voice="source:one"), weak(13, voice="source:one"),
         weak(14, voice="source:two"), weak(15, voice="source:two"), weak(16), weak(17))
ENDED = item(11, Stance.DENIES, quote="The ban was lifted.")


@pytest.mark.parametrize(("status", "told", "given"), [
    (Status.CORROBORATED, " 7 passages of 4 voices deny it, which changes nothing: "
     "they are not read surely enough.",
     case(item(1), item(2), idle=SEVEN)),
    (Status.UNVERIFIED, " 1 passage of 1 voice denies it, which changes nothing: "
     "that voice is not read surely enough.",
     case(item(1), idle=(weak(2),))),
    (Status.UNVERIFIED, " 1 passage of 1 voice denies it, which changes nothing: "
     "that voice tells of another time.",
     case(item(1), idle=(ENDED,))),
    (Status.UNVERIFIED, " 2 passages of 2 voices deny or question it, which changes nothing: "
     "1 is not read surely enough and 1 only asks, and need not know.",
     case(item(1), user(2), idle=(weak(3),))),
    (Status.UNVERIFIED, " 1 passage denies it, which changes nothing: "
     "1 passage names nobody behind it.",
     case(item(1), item(2, Stance.DENIES, HEARSAY, by_author=False))),
    (Status.UNVERIFIED, " 1 passage of 1 voice denies it, which changes nothing: "
     "that voice has taken that back.",
     case(item(1, Stance.DENIES, "source:one"), item(2, voice="source:one"))),
    (Status.SUBSTANTIATED, " 1 passage of 1 voice denies it, which changes nothing: "
     "that voice weighs less than what decides here.",
     release(item(1), item(2, Stance.DENIES), artefacts=(page(3),))),
    # The reason does not repeat what the finding already says.
    (Status.DISPUTED, "", case(item(1), item(2, Stance.DENIES))),
    (Status.DISPUTED, "", case(item(2, Stance.DENIES))),
    (Status.DISPUTED, " 1 passage of 1 voice questions it, which changes nothing: "
     "that voice only asks, and need not know.",
     case(item(1), item(2, Stance.DENIES), user(3))),
    (Status.CORROBORATED, "", case(item(1), item(2))),
])
def test_the_reason_tells_what_stands_against_it_and_changes_nothing(status: Status, told: str,
                                                                     given: Case) -> None:
    assessment = apply_rules(given)
    assert assessment.status is status
    assert set_aside(given, assessment) == told
    assert reason(given, assessment).startswith(assessment.finding.reason + told)


def test_each_step_tells_of_what_had_been_said_by_then() -> None:
    denied_case = case(item(1), item(5), idle=(weak(2), weak(9)))
    first_step, last_step = steps(denied_case)
    assert "deny it" not in first_step.reason
    assert "2 passages of 2 voices deny it" in last_step.reason
