"""The protocol of what spreads work: a function is run over batches, wherever that is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")

CORES = "RUMORTRAIL_CORES"
"""The variable of a worker's environment that says how many cores it may use (`models.onnx.session`)."""
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


def tokenless(*further: str) -> dict[str, str]:
    """Return the environment, with these `further` variables, of a process that reads hostile pages: it holds
    no token.
    """
    return {name: value for name, value in os.environ.items() if name in (*_KEPT, *further)}


class WorkerLost(Exception):
    """Raised where each worker that was given a batch died of it, or was killed."""


Lost = Callable[[WorkerLost], Result]
"""What stands for a batch whose workers were lost."""


class Engine(Protocol):
    """Runs a function over batches: in this process, in processes of this machine, or on a cluster."""

    @property
    def workers(self) -> int:
        """Return how many batches are worked on at once."""

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what `function` makes of each batch, in the batches' order.

        `function` stands in a module (or is a functools.partial of one that does), and it, the batches and
        the results can be pickled. A batch whose worker dies is given to another worker, three times at most;
        then what `lost` makes of that stands in its place, or where there is no `lost`, WorkerLost is raised.
        What `function` raises is raised here.
        """


class Here:
    """The engine that works in this process."""

    workers = 1

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what `function` makes of each batch, in order; no worker is lost."""
        return map(function, batches)
