"""Test how often a password may be tried."""

from __future__ import annotations

import pytest

from dashboard.auth import throttle as module
from dashboard.auth.throttle import FREE, IN_A_MINUTE, LONGEST, Throttle

HERE, THERE = "198.51.100.7", "203.0.113.9"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_doubles_after_five_and_ends_with_the_right_password() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(FREE + 3):
        waits.append(throttle.admit("ada", HERE))
        if waits[-1]:
            clock.now += waits[-1]
            assert throttle.admit("ada", HERE) == 0
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120]
    assert throttle.admit("bo", HERE) == 0
    for _ in range(1_100):
        clock.now += 10_000
        assert throttle.admit("ada", HERE) == 0
    assert throttle.admit("ada", HERE) == LONGEST
    throttle.right("ada", HERE)
    assert throttle.admit("ada", HERE) == 0


def test_those_that_come_at_once_are_counted_before_any_is_looked_at() -> None:
    throttle = Throttle(Clock())
    assert [throttle.admit("ada", HERE) > 0 for _ in range(8)] == [False] * FREE + [True] * (8 - FREE)


def test_one_address_with_many_names_has_to_wait_and_no_other() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(IN_A_MINUTE):
        assert throttle.admit(f"n{number}", HERE) == 0
    assert throttle.admit("ada", HERE) == 60
    assert throttle.admit("ada", THERE) == 0
    clock.now += 61
    assert throttle.admit("ada", HERE) == 0


def test_nobody_makes_an_editor_wait_who_signs_in_from_elsewhere() -> None:
    throttle = Throttle(Clock())
    for number in range(1_000):
        throttle.admit("ada", f"203.0.113.{number % 250}")
    assert throttle.admit("ada", HERE) == 0


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8::1", "2001:db8::2:3", True),
    ("2001:db8::1", "2001:db8:0:1::1", False),
    ("::ffff:198.51.100.7", HERE, True),
    ("no address", "no address", True),
])  # fmt: skip
def test_an_ipv6_network_is_one_address(one: str, other: str, same: bool) -> None:
    throttle = Throttle(Clock())
    for _ in range(FREE):
        throttle.admit("ada", one)
    assert (throttle.admit("ada", other) > 0) is same


def test_names_and_addresses_without_end_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KNOWN", 50)
    throttle = Throttle(Clock())
    for number in range(200):
        throttle.admit(f"n{number}", f"203.0.{number}.1")
    assert len(throttle._pairs) == len(throttle._tries) == 50
