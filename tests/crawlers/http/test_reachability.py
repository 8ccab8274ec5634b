"""Without a network a crawl says so once, and soon; one host that answers is enough to begin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from twisted.internet.error import ConnectionRefusedError, DNSLookupError

from crawlers.http.reachability import Host, first_reached

HOSTS = [("a.example", 443, True), ("b.example", 443, True), ("c.example", 80, False)]
Ends = dict[str, type[Exception] | float]


def reached(ends: Ends, *, patience: float = 0.2) -> str | None:
    """Check hosts; `ends` gives each host's failure, or after how many seconds it answers."""

    async def reach(host: Host) -> None:
        end = ends[host[0]]
        if not isinstance(end, float):
            raise end()
        await asyncio.sleep(end)

    return _run(lambda: first_reached(HOSTS, reach, patience=patience, pause=0.01))


def _run(work: Callable[[], Awaitable[str | None]]) -> str | None:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work())  # type: ignore[arg-type]
    finally:
        loop.close()


def test_one_host_that_answers_is_enough() -> None:
    assert reached({"a.example": DNSLookupError, "b.example": 60.0, "c.example": 0.01}) is None


@pytest.mark.parametrize(("ends", "why"), [
    ({"a.example": DNSLookupError, "b.example": DNSLookupError, "c.example": 60.0}, "no DNS"),
    ({"a.example": 60.0, "b.example": 60.0, "c.example": 60.0}, "no answer within 0.2 s"),
    ({"a.example": ConnectionRefusedError, "b.example": ConnectionRefusedError,
      "c.example": DNSLookupError}, "refused"),
])  # fmt: skip
def test_the_commonest_reason_is_told(ends: Ends, why: str) -> None:
    reason = reached(ends)
    assert reason is not None and why in reason
    assert reason.startswith("none of 3 hosts can be reached (")


def test_a_network_that_comes_up_in_time_is_waited_for() -> None:
    tried_hosts: list[Host] = []

    async def reach(host: Host) -> None:
        tried_hosts.append(host)
        if len(tried_hosts) < 5:
            raise DNSLookupError

    assert _run(lambda: first_reached(HOSTS, reach, patience=30.0, pause=0.01)) is None


def test_a_failure_that_is_none_of_the_network_keeps_no_crawl_from_beginning() -> None:
    assert reached({"a.example": ValueError, "b.example": DNSLookupError, "c.example": 60.0}) is None
