"""Run anybody's question on the published copy, in a process of its own (`sandbox_worker.py`)."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass

import pyarrow as pa

from pipeline.core.config import DashboardConfig
from pipeline.core.text import counted
from pipeline.published.place import LakeNight, Place

LONGEST = 4_000
"""Characters of a question; one that long still fits into an address."""

WAITING = 10
"""Questions that may wait; each in front takes `[dashboard] ask_seconds` and some more at most."""

# Python, DuckDB and Arrow are loaded for each question; on a busy machine that takes a while.
_START = 15.0
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
_OF_A_LAKE = ("PG", "AWS_", "SSL_CERT_FILE")
_turn = threading.Condition()
_queue: deque[object] = deque()
"""The questions that are there, in the order in which they came: the first is answered, the others wait."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of an answer, the SQL types of its columns, and whether there are more rows."""

    table: pa.Table
    types: tuple[str, ...]
    more: bool
    seconds: float


class Unanswered(Exception):
    """A question without an answer: why in plain words, the database's words, and where in the question."""

    def __init__(self, words: str, told: str = "", where: str = "") -> None:
        super().__init__(words)
        self.words, self.told, self.where = words, told, where


def ask(place: Place, bounds: DashboardConfig, sql: str, progress: Callable[[str], None]) -> Answer:
    """Return the answer to `sql` on the copy at `place`, within the `ask_*` of `bounds`.

    `progress` hears a few times a second what is being waited for.
    One question is answered at a time, in the order in which they came. Whatever `progress` throws ends the
    question. Raises Unanswered.
    """
    ticket = object()
    with _turn:
        if len(_queue) > WAITING:
            raise Unanswered(f"{WAITING} questions are waiting already. Try again soon.")
        _queue.append(ticket)
    try:
        while before := _before(ticket):
            progress(f"Waiting: {counted(before, 'question')} ahead of yours …")
        return _answered(place, bounds, sql, progress)
    finally:
        with _turn:
            _queue.remove(ticket)
            _turn.notify_all()


def _before(ticket: object) -> int:
    """Wait a moment for our turn; return how many questions are still before it."""
    with _turn:
        _turn.wait_for(lambda: _queue[0] is ticket, timeout=0.2)
        return _queue.index(ticket)


def _answered(place: Place, bounds: DashboardConfig, sql: str, progress: Callable[[str], None]) -> Answer:
    lake = asdict(place) if isinstance(place, LakeNight) else None
    request = {
        "path": str(place),
        "lake": lake,
        "sql": sql,
        "rows": bounds.ask_rows,
        "memory": bounds.ask_memory,
        "seconds": bounds.ask_seconds,
    }
    process = subprocess.Popen(
        # -P: where the server was started from is no place to load a module from.
        [sys.executable, "-P", "-m", "pipeline.published.sandbox_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The server's secrets do not go along, except
        # those that read a lake, which a function of SQL cannot see.
        env={name: value for name, value in os.environ.items()
             if name in _KEPT or (lake and (name == "HOME" or name.startswith(_OF_A_LAKE)))},
    )
    started = time.monotonic()
    request_json: bytes | None = json.dumps(request).encode()
    try:
        while True:
            try:
                out, _ = process.communicate(request_json, timeout=0.25)
                break
            except subprocess.TimeoutExpired:
                request_json = None
                passed = time.monotonic() - started
                if passed > bounds.ask_seconds + _START:
                    raise Unanswered(_too_long(bounds.ask_seconds)) from None
                progress(f"Asking … {passed:.0f} s of at most {bounds.ask_seconds:g} s")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    head, _, rows = out.partition(b"\n")
    if process.returncode in (-signal.SIGALRM, -signal.SIGXCPU):
        raise Unanswered(_too_long(bounds.ask_seconds))
    if process.returncode or not head:
        raise Unanswered(_too_large(bounds.ask_memory))
    header = json.loads(head)
    if "error" in header:
        raise _refusal(header["error"], header["words"], bounds.ask_seconds, bounds.ask_memory)
    with pa.ipc.open_stream(rows) as stream:
        return Answer(stream.read_all(), tuple(header["types"]), header["more"], header["seconds"])


_WORDS = {
    "ParserException": "This is not SQL as the database reads it.",
    "CatalogException": "This names something that does not exist.",
    "BinderException": "A name or a type does not fit here.",
    "ConversionException": "A value cannot be read as the type that is asked for.",
    "InvalidInputException": "A function was given what it cannot take.",
    "OutOfRangeException": "A number is outside the range of its type.",
    "PermissionException": "The copy can only be read: it reaches no file, no network and no setting.",
}


def _refusal(kind: str, words: str, seconds: float, memory: str) -> Unanswered:
    if kind == "InterruptException":
        return Unanswered(_too_long(seconds))
    if kind in ("OutOfMemoryException", "MemoryError", "ArrowMemoryError"):
        return Unanswered(_too_large(memory))
    if kind == "DataError":
        return Unanswered(words)
    if "enable_external_access" in words or "configuration has been locked" in words:
        kind = "PermissionException"
    message, _, position = words.partition("\n\nLINE ")
    number, _, excerpt = position.partition(": ")
    return Unanswered(
        _WORDS.get(kind, "The database could not answer this."),
        re.sub(r"^\w[\w ]* Error: ", "", message).strip(),
        f"Line {number}: {excerpt}" if position else "",
    )


def _too_long(seconds: float) -> str:
    return (
        f"Stopped after {seconds:g} s. Narrow the question: fewer rows in each table before they are joined, "
        "a condition on claim_id or a time, or a LIMIT within."
    )


def _too_large(memory: str) -> str:
    return (
        f"This takes more than the {memory} that a question may take. Narrow it: fewer columns, a condition, "
        "an aggregate in place of the rows."
    )
