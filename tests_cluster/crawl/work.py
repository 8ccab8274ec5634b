"""What workers of a cluster are given in the tests of crawls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.core.engine import Batch, Engine, Lost, Result
from tests.crawlers.engines import marked


def installed() -> str:
    """Say that all machines have the same: they are this one."""
    return "the same"


@dataclass
class Marked:
    """An engine that crawls each shard under a name of its own, which servers see: its worker's process."""

    engine: Engine

    @property
    def workers(self) -> int:
        """Return how many workers there are."""
        return self.engine.workers

    def map(self, _: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what becomes of each shard."""
        return self.engine.map(marked, batches, lost)  # type: ignore[arg-type]
