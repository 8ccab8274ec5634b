"""When the rules are asked: at each time at which a status may have changed, and at few others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pipeline.core.records import Platform, Role, Stance
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.rules import RULES, apply_rules
from pipeline.stages.judge.turning_points import turning_points
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


def test_no_status_changes_between_two_turning_points() -> None:
    """Also each rule decides in some of the cases, so that none looks at what is not kept up to date."""
    decided = set()
    for seed in range(CASES):
        case = random_case(seed).in_order()
        points, status = set(turning_points(case)), None
        assert points <= set(every_time(case))
        for time in every_time(case):
            assessment = apply_rules(case.as_of(time))
            assert time in points or assessment.status is status, (seed, time, assessment.rule.id)
            status = assessment.status
            decided.add(assessment.rule.id)
    assert {rule.id for rule in RULES} - decided == set()


def test_a_case_looks_the_same_in_its_time_and_as_the_beginning_of_a_longer_one() -> None:
    """What is worked out once for all times is no other than what is worked out for one."""
    for seed in range(CASES // 4):
        case = random_case(seed).in_order()
        for time in every_time(case):
            then = case.as_of(time)
            assert apply_rules(then) == apply_rules(replace(then, whole=None))


def test_repetition_is_no_turning_point() -> None:
    case = random_case(1).in_order()
    item = replace(case.items[0], role=Role.PRESS, stance=Stance.SUPPORTS, platform=Platform.NEWS)
    items = tuple(replace(item, evidence_id=f"e{number:03}", at=hours(number)) for number in range(50))
    once = Case(case.subject, hours(60), items)
    assert turning_points(once) == [hours(0)]
