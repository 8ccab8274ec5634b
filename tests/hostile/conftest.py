"""The crawlers' web on loopback, for the tests of whole nights; pages that do not scan what is installed."""

from __future__ import annotations

from tests.crawlers.conftest import nights, web
from tests.dashboard.conftest import _scanned_once

__all__ = ["_scanned_once", "nights", "web"]
