"""How often a password may be tried."""

from __future__ import annotations

from dashboard.throttle import FREE, IN_A_MINUTE, LONGEST, NAMES, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_doubles_after_five_and_ends_with_the_right_password() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(FREE + 3):
        waits.append(throttle.wait("ada"))
        clock.now += throttle.wait("ada")
        throttle.failed("ada")
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120]
    assert throttle.wait("bo") == 0
    for _ in range(10):
        clock.now += 10_000
        throttle.failed("ada")
    assert throttle.wait("ada") == LONGEST
    throttle.right("ada")
    assert throttle.wait("ada") == 0


def test_many_names_together_have_to_wait_too() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(IN_A_MINUTE):
        throttle.failed(f"n{number}")
    assert throttle.wait("somebody") == 60
    clock.now += 61
    assert throttle.wait("somebody") == 0


def test_names_without_end_are_forgotten() -> None:
    throttle = Throttle(Clock())
    for number in range(NAMES + 50):
        throttle.failed(f"n{number}")
    assert len(throttle._names) == NAMES
