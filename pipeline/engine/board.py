"""The file in which a run tells what its workers are at; `rumortrail status` reads it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from pipeline.core.files import replacing
from pipeline.core.text import one_line

EVERY = 1.0
"""Seconds between two writings of the file."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process of this machine, or a machine of a cluster."""

    name: str
    alive: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A batch that is worked on: what is done with it, and since when."""

    what: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What an engine is at: its workers, the batches that are worked on, and how many were given again, as
    far as it knows: Ray does not say.
    """

    engine: str
    workers: tuple[Worker, ...]
    batches: tuple[Begun, ...]
    given_again: int


STANDING = TypeAdapter(Standing)


class Board:
    """Keeps the file at `path` true while `shown` runs; `workers` says which there are."""

    def __init__(self, path: Path, engine: str, workers: Callable[[], list[Worker]]) -> None:
        self._path, self._engine, self._workers = path, engine, workers
        self._begun: dict[int, Begun] = {}
        self._numbers = count()
        self._given_again = 0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Write the file again and again while the block runs; nothing is left of it after."""
        stop = threading.Event()
        thread = threading.Thread(target=self._keep, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self._path.unlink(missing_ok=True)

    @contextmanager
    def working(self, function: Callable[..., Any]) -> Iterator[None]:
        """Count a batch as begun while the block runs."""
        number = next(self._numbers)
        self._begun[number] = Begun(_called(function), datetime.now(UTC))
        try:
            yield
        finally:
            del self._begun[number]

    def again(self) -> None:
        """Count a batch that is given to another worker."""
        self._given_again += 1

    def standing(self) -> Standing:
        """Return what there is to tell."""
        return Standing(self._engine, tuple(self._workers()), tuple(self._begun.copy().values()),
                        self._given_again)

    def _keep(self, stop: threading.Event) -> None:
        while True:
            # On a full disk the run goes on unseen.
            with suppress(OSError), replacing(self._path, durable=False) as stream:
                stream.write(STANDING.dump_json(self.standing()))
            if stop.wait(EVERY):
                return


def read_board(path: Path) -> Standing | None:
    """Return what the file at `path` tells; None where there is none, or another version's."""
    try:
        return STANDING.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _called(function: Callable[..., Any]) -> str:
    """Return a function's name with the words that were given to it beforehand."""
    inner, arguments = (function.func, function.args) if isinstance(function, partial) else (function, ())
    texts = [word for word in arguments if isinstance(word, str)]
    return one_line(" ".join([getattr(inner, "__name__", "a function"), *texts]), 80)
