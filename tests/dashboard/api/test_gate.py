"""Test how many requests are answered at once, and what happens to slow clients."""

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
    entry_gate = Gate(clock)
    assert all(refused(entry_gate, "203.0.113.1") is None for _ in range(BURST))
    problem = refused(entry_gate, "203.0.113.1")
    assert problem is not None and (problem.kind, problem.wait) == ("too_many", 1)
    assert refused(entry_gate, "203.0.113.2") is None
    clock.now += 5 / RATE
    assert [refused(entry_gate, "203.0.113.1") is None for _ in range(6)] == [True] * 5 + [False]


def test_the_addresses_of_one_household_are_one_client() -> None:
    entry_gate = Gate(Clock())
    for number in range(BURST):
        assert refused(entry_gate, f"2001:db8:1:2::{number:x}") is None
    assert refused(entry_gate, "2001:db8:1:2::ffff") is not None
    assert refused(entry_gate, "2001:db8:1:3::1") is None


def test_many_clients_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "KNOWN", 50)
    entry_gate = Gate(Clock())
    for number in range(500):
        assert refused(entry_gate, f"198.51.100.{number}") is None
    assert len(entry_gate._buckets) == 50
    assert not entry_gate._open


def test_requests_that_stay_open_are_few() -> None:
    entry_gate = Gate(Clock())
    entries = [entry_gate.entered("203.0.113.1") for _ in range(OPEN_EACH)]
    for entry in entries:
        entry.__enter__()
    problem = refused(entry_gate, "203.0.113.1")
    assert problem is not None and problem.kind == "too_many"
    other_entries = [entry_gate.entered(f"198.51.100.{number}") for number in range(OPEN - OPEN_EACH)]
    for entry in other_entries:
        entry.__enter__()
    problem = refused(entry_gate, "192.0.2.7")
    assert problem is not None and problem.kind == "busy"
    entries[0].__exit__(None, None, None)
    assert refused(entry_gate, "192.0.2.7") is None


def test_few_answers_are_made_at_a_time_and_few_wait() -> None:
    """Requests to check a text take no place from other readers: each kind has its own lane."""
    entry_gate = Gate()
    go_on, running, most_running = threading.Event(), 0, 0
    lock = threading.Lock()
    outcomes: list[str] = []

    def work() -> None:
        nonlocal running, most_running
        with lock:
            running += 1
            most_running = max(most_running, running)
        go_on.wait(60)
        with lock:
            running -= 1

    async def ask() -> None:
        try:
            await entry_gate.work("check", work)
            outcomes.append("answered")
        except Problem as problem:
            outcomes.append(problem.kind)

    async def run() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(sum(LANES["check"]) + 3):
                group.start_soon(ask)
            await anyio.sleep(0.1)
            assert await entry_gate.work("read", lambda: 7) == 7
            go_on.set()

    anyio.run(run)
    assert most_running == LANES["check"][0]
    assert sorted(outcomes) == ["answered"] * sum(LANES["check"]) + ["busy"] * 3


def asked(home: Home, method: str, path: str, receive: Any, send: Any) -> None:
    """Ask as a server does; the client is whatever `receive` and `send` are."""
    app = next(route for route in routes.routes(home, Models(None, lambda home, config: Checker()))
               if getattr(route, "path", "") == path)  # fmt: skip
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
    sent_messages: list[Any] = []

    async def receive() -> Any:
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        sent_messages.append(message)

    asked(sample_home, "POST", "/api/check", receive, send)
    assert sent_messages[0]["status"] == 408


def test_a_client_that_never_reads_is_left(sample_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LONGEST", 0.05)
    sent_types: list[str] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent_types.append(message["type"])
        await anyio.sleep_forever()

    asked(sample_home, "GET", "/api/openapi.json", receive, send)
    assert sent_types == ["http.response.start"]
