"""How far the ways from a claim's documents are followed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.core.vocabulary import EdgeKind
from pipeline.stages.trace import reach as module
from pipeline.stages.trace.model import Way
from pipeline.stages.trace.reach import Reach, find_reach


def reply(number: int) -> Way:
    return Way(f"d{number:02}", f"d{number - 1:02}", EdgeKind.REPLY)


def reach_of(documents: list[str], ways: list[Way]) -> Reach:
    """Return what is reached from these documents; each document's ways are asked for once at most."""
    asked_documents: list[str] = []

    def ways_from(some: Sequence[str]) -> list[Way]:
        asked_documents.extend(some)
        return [way for way in ways if way.document_id in some]

    reach = find_reach({"c1": documents}, ways_from)["c1"]
    assert len(asked_documents) == len(set(asked_documents))
    return reach


def test_a_thread_is_followed_to_its_beginning() -> None:
    reach = reach_of(["d09"], [reply(number) for number in range(1, 10)])
    assert reach.documents == {f"d{number:02}" for number in range(10)}
    assert len(reach.ways) == 9 and not reach.led_on


@pytest.mark.parametrize("most", [1, 3])
def test_a_thread_that_is_too_long_is_left_where_it_leads_on(monkeypatch: pytest.MonkeyPatch,
                                                             most: int) -> None:
    monkeypatch.setattr(module, "FARTHEST", most)
    reach = reach_of(["d09"], [reply(number) for number in range(1, 10)])
    assert reach.documents == {f"d{number:02}" for number in range(9 - most, 10)}
    assert reach.led_on == {f"d{9 - most:02}"}


def test_of_many_the_nearest_are_followed_and_all_that_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FARTHEST", 2)
    links = [Way("d00", f"d{number:02}", EdgeKind.LINK) for number in range(1, 10)]
    reach = reach_of(["d00", "d09"], links)
    assert reach.documents == {"d00", "d01", "d02", "d03", "d04", "d09"}
    assert reach.led_on >= {"d00"} and links[-1] in reach.ways


def test_a_surplus_way_is_gone_to_a_document_that_speaks_alone() -> None:
    surplus = [Way("d00", f"d{number:02}", EdgeKind.LINK, surplus=True) for number in (1, 9)]
    reach = reach_of(["d00", "d09"], surplus)
    assert reach.documents == {"d00", "d09"} and reach.ways == surplus[1:] and reach.led_on == {"d00"}
