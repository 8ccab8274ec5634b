"""The checker of texts, once for a process, by the models that the process has anyway."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pipeline.core.config import Config, Home
from pipeline.run.models import shared

if TYPE_CHECKING:
    from pipeline.check.checker import Checker

_LOCK = threading.Lock()
_KEPT: dict[tuple[str, str], Checker] = {}


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
