"""Hold the functions that workers of a cluster run in the tests of crawls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.core.engine import Batch, Engine, Lost, Result
from tests.crawlers.engines import marked


def installed() -> str:
    """Report the same packages for all machines: they are this one."""
    return "the same"


@dataclass
class Marked:
    """An engine that crawls each shard under its worker's process id, which servers see."""

    engine: Engine

    @property
    def workers(self) -> int:
        """Return how many workers there are."""
        return self.engine.workers

    def map(self, _: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what becomes of each shard."""
        return self.engine.map(marked, batches, lost)  # type: ignore[arg-type]
