"""What answers a person who waits: vectors for a search, the check of a text, the fetching of a page.

A process that stays has each model once, whoever asks for it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from models.protocols.vectors import Embedder
from pipeline.core.config import Config, ModelConfig
from pipeline.core.home import Home
from pipeline.core.page import Fetch
from pipeline.run.models import shared

if TYPE_CHECKING:
    from pipeline.check.checker import Checker

_LOCK = threading.Lock()
_KEPT: dict[tuple[str, str], Checker] = {}


def embedder(models: ModelConfig) -> Embedder:
    """Return the model that makes vectors, of those that the process shares."""
    return shared(models).embedder


def fetcher(config: Config) -> Fetch:
    """Return what fetches a page by these settings, in a process of its own."""
    from crawlers.engine.single_page import fetcher as make

    return make(config)


def checker(home: Home, config: Config) -> Checker:
    """Return the checker of a home by these settings; a process has one, made anew where settings change."""
    # Here, since they load SciPy: a server starts without them, and many are never asked to check a text.
    from crawlers.normalise.text_repair import repair
    from pipeline.check.checker import Checker

    key = (str(home.path), repr(config))
    with _LOCK:
        if key not in _KEPT:
            _KEPT.clear()
            _KEPT[key] = Checker(home, config, shared(config.models), repair)
        return _KEPT[key]
