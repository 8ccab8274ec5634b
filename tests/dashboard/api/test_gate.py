"""What may be asked at once, and what becomes of clients that are slow."""

from __future__ import annotations

import threading
from typing import Any

import anyio
import pytest

from dashboard.api import gate, routes
from dashboard.api.gate import BURST, LANES, OPEN, OPEN_EACH, RATE, Gate
from dashboard.api.problems import Problem
from dashboard.api.service import Models
from pipeline.core.home import Home
from tests.worlds.programs import Checker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(doors: Gate, address: str) -> Problem | None:
    try:
        with doors.entered(address):
            return None
    except Problem as problem:
        return problem


def test_a_client_that_asks_too_often_waits_and_no_other_does() -> None:
    clock = Clock()
    doors = Gate(clock)
    assert all(refused(doors, "203.0.113.1") is None for _ in range(BURST))
    told = refused(doors, "203.0.113.1")
    assert told is not None and (told.kind, told.wait) == ("too_many", 1)
    assert refused(doors, "203.0.113.2") is None
    clock.now += 5 / RATE
    assert [refused(doors, "203.0.113.1") is None for _ in range(6)] == [True] * 5 + [False]


def test_the_addresses_of_one_household_are_one_client() -> None:
    doors = Gate(Clock())
    for number in range(BURST):
        assert refused(doors, f"2001:db8:1:2::{number:x}") is None
    assert refused(doors, "2001:db8:1:2::ffff") is not None
    assert refused(doors, "2001:db8:1:3::1") is None


def test_many_clients_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "KNOWN", 50)
    doors = Gate(Clock())
    for number in range(500):
        assert refused(doors, f"198.51.100.{number}") is None
    assert len(doors._buckets) == 50
    assert not doors._open


def test_requests_that_stay_open_are_few() -> None:
    doors = Gate(Clock())
    opened = [doors.entered("203.0.113.1") for _ in range(OPEN_EACH)]
    for one in opened:
        one.__enter__()
    told = refused(doors, "203.0.113.1")
    assert told is not None and told.kind == "too_many"
    others = [doors.entered(f"198.51.100.{number}") for number in range(OPEN - OPEN_EACH)]
    for one in others:
        one.__enter__()
    told = refused(doors, "192.0.2.7")
    assert told is not None and told.kind == "busy"
    opened[0].__exit__(None, None, None)
    assert refused(doors, "192.0.2.7") is None


def test_few_answers_are_made_at_a_time_and_few_wait() -> None:
    """One lane does not take from the other: texts that are checked keep no reader waiting."""
    doors = Gate()
    go, running, most = threading.Event(), 0, 0
    lock = threading.Lock()
    outcomes: list[str] = []

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go.wait(60)
        with lock:
            running -= 1

    async def ask() -> None:
        try:
            await doors.work("check", work)
            outcomes.append("answered")
        except Problem as problem:
            outcomes.append(problem.kind)

    async def run() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(sum(LANES["check"]) + 3):
                group.start_soon(ask)
            await anyio.sleep(0.1)
            assert await doors.work("read", lambda: 7) == 7
            go.set()

    anyio.run(run)
    assert most == LANES["check"][0]
    assert sorted(outcomes) == ["answered"] * sum(LANES["check"]) + ["busy"] * 3


def asked(home: Home, method: str, path: str, receive: Any, send: Any) -> None:
    """Ask as a server does; the client is whatever `receive` and `send` are."""
    app = next(one for one in routes.routes(home, Models(None, lambda home, config: Checker()))
               if getattr(one, "path", "") == path)  # fmt: skip
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")], "path_params": {},
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    anyio.run(app.app, scope, receive, send)  # type: ignore[attr-defined]


def test_a_text_that_arrives_too_slowly_is_refused(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "BODY_SECONDS", 0.05)
    sent: list[Any] = []

    async def receive() -> Any:
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        sent.append(message)

    asked(sample_home, "POST", "/api/check", receive, send)
    assert sent[0]["status"] == 408


def test_a_client_that_never_reads_is_left(sample_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LONGEST", 0.05)
    sent: list[str] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message["type"])
        await anyio.sleep_forever()

    asked(sample_home, "GET", "/api/openapi.json", receive, send)
    assert sent == ["http.response.start"]
