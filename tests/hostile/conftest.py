"""The crawlers' web on loopback, for the tests of whole nights."""

from __future__ import annotations

from tests.crawlers.conftest import nights, web

__all__ = ["nights", "web"]
