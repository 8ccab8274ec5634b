"""A web of several hosts to crawl."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawlers.conftest import Web, _preloaded, serving  # noqa: F401  # crawls here are forked


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on loopback that, as a proxy, answers for every host."""
    with serving() as web:
        yield web
