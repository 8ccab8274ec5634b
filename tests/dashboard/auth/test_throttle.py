"""How often a password may be tried."""

from __future__ import annotations

from dashboard.auth.throttle import FREE, IN_A_MINUTE, LONGEST, NAMES, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_doubles_after_five_and_ends_with_the_right_password() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(FREE + 3):
        waits.append(throttle.admit("ada"))
        if waits[-1]:
            clock.now += waits[-1]
            assert throttle.admit("ada") == 0
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120]
    assert throttle.admit("bo") == 0
    for _ in range(1_100):
        clock.now += 10_000
        assert throttle.admit("ada") == 0
    assert throttle.admit("ada") == LONGEST
    throttle.right("ada")
    assert throttle.admit("ada") == 0


def test_those_that_come_at_once_are_counted_before_any_is_looked_at() -> None:
    throttle = Throttle(Clock())
    assert [throttle.admit("ada") > 0 for _ in range(8)] == [False] * FREE + [True] * (8 - FREE)


def test_many_names_together_have_to_wait_too() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(IN_A_MINUTE):
        assert throttle.admit(f"n{number}") == 0
    assert throttle.admit("somebody") == 60
    clock.now += 61
    assert throttle.admit("somebody") == 0


def test_names_without_end_are_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(NAMES + 50):
        clock.now += 10
        throttle.admit(f"n{number}")
    assert len(throttle._names) == NAMES
