"""Make the engine that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pipeline.core.config import EngineConfig
from pipeline.core.engine import Engine, Here
from pipeline.engine.local import several


def opened(settings: EngineConfig, board: Path, installed: Callable[[], str]
           ) -> AbstractContextManager[Engine]:
    """Return the engine of `[engine]`, which is let go of when the block ends.

    `board` is the file in which it tells what its workers are at, `installed` says what a process has
    installed. Entering it raises ConfigError where a cluster cannot be used.
    """
    if settings.kind == "ray":
        from pipeline.engine.ray import cluster

        return cluster(settings.address, installed, board)
    return several(settings.processes, board) if settings.processes > 1 else nullcontext(Here())
