"""When the rules run: at each time at which a status may have changed, and at few others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from pipeline.core.vocabulary import Certainty, Kind, Precision, Role, Stance
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.history import steps
from pipeline.stages.judge.rules import RULES, apply_rules
from pipeline.stages.judge.turning_points import turning_points
from tests.pipeline.stages.judge.test_doubts import FORUM, USER, nameless, user
from tests.pipeline.stages.judge.test_rules import SUBJECT, capability, case, item, ours, rumour
from tests.worlds.builder import hours
from tests.worlds.cases import random_case

CASES = 1200


def every_time(case: Case) -> list[datetime]:
    """Return all times at which something was said, seen or decided of a case, from the first words on."""
    start, end = case.items[0].at, case.subject.deadline
    times = [item.at for item in case.items] + [page.at for page in case.artefacts]
    times += [rival.at for rival in case.rivals] + [edit.seen_at for edit in case.rewordings]
    times += [edit.restored_at for edit in case.rewordings if edit.restored_at is not None]
    times += [end] if end is not None and end <= case.at else []
    times += [case.ruling.at] if case.ruling else []
    return sorted({max(time, start) for time in times})


@pytest.mark.slow  # many examples
def test_no_status_changes_between_two_turning_points() -> None:
    """Each rule decides some of the cases, so that no rule reads a value that is not kept up to date."""
    rules_reached = set()
    for seed in range(CASES):
        case = random_case(seed).in_order()
        points, status = set(turning_points(case)), None
        assert points <= set(every_time(case))
        for time in every_time(case):
            assessment = apply_rules(case.as_of(time))
            assert time in points or assessment.status is status, (seed, time, assessment.rule.id)
            status = assessment.status
            rules_reached.add(assessment.rule.id)
    assert {rule.id for rule in RULES} - rules_reached == set()


def test_a_case_looks_the_same_in_its_time_and_as_the_beginning_of_a_longer_one() -> None:
    """Values computed once for all times equal those computed for one time."""
    for seed in range(CASES // 4):
        case = random_case(seed).in_order()
        for time in every_time(case):
            earlier_case = case.as_of(time)
            assert apply_rules(earlier_case) == apply_rules(replace(earlier_case, whole=None))


DATED = replace(SUBJECT, claim="Aurel buys Borea", event_at=hours(5), event_precision=Precision.SECOND)
ALONE = [
    ("an expert asks after users did",
     case(item(1), user(2), user(3), item(4, Stance.QUESTIONS, role=Role.EXPERT))),
    ("a question tells that it is claimed",
     capability(user(1), user(2), user(3, "Is what Aurel claims so?"))),
    ("a voice that asked tells of many who doubt it",
     capability(item(1), user(2), user(3, "Many users express skepticism.", voice="source:outlet-2"))),
    ("of one forum users praise it, and in another text others doubt it",
     capability(item(1, quote="Users praise it.", **FORUM),
                user(2, "Others doubt it.", document_id="d1", **FORUM),
                user(3, "Others doubt it.", **FORUM))),
    ("nobody who is known says it in one post and denies it in another",
     case(rumour(1), nameless(2, Stance.DENIES, document_id="d1"), nameless(3, Stance.DENIES))),
    ("somebody who can know it tells of it beside those who deny it without a name",
     case(item(1, **USER), item(2, **USER), nameless(3, Stance.DENIES), item(4, Stance.REPORTS))),
    ("the subject supports what the first took back",
     case(item(1, voice="source:a"), item(2, Stance.DENIES, voice="source:a"), ours(3, Stance.REPORTS),
          ours(4, certainty=Certainty.HEDGED))),
    ("somebody else supports what was measured otherwise",
     capability(*(item(n, Stance.DENIES, quote="We tested it: it cannot.") for n in (1, 2)),
                ours(3), item(4, role=Role.FIRST_PARTY), item(5, certainty=Certainty.HEDGED))),
    ("what was hedged in its time is told later",
     case(item(7, voice="source:a"),
          item(9, voice="source:a", certainty=Certainty.HEDGED, said_latest=hours(4)),
          subject=DATED, kind=Kind.DEAL)),
]  # fmt: skip


@pytest.mark.parametrize("given", [given for _, given in ALONE], ids=[situation for situation, _ in ALONE])
def test_the_last_words_alone_move_the_status(given: Case) -> None:
    assert steps(given)[-1].at == given.items[-1].at


def test_repetition_is_no_turning_point() -> None:
    items = [item(number, voice="source:outlet", document_id=f"d{number}") for number in range(50)]
    assert turning_points(case(*items)) == [hours(0)]
