"""Fixtures of the tests that publish what moved."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pipeline.stages.publish import moved
from pipeline.store.store import Store
from tests.pipeline.stages.publish.copies import World, fill_all


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that has a row at least in each table that is published, and its copy."""
    folder = tmp_path_factory.mktemp("filled")
    fill_all(folder)
    with closing(Store.open(folder / "work.duckdb")) as store:
        World(store, folder).publish("one")
    return folder


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Always update the last copy, however small it is and however many rows changed."""
    monkeypatch.setattr(moved, "SMALL", 0)
    monkeypatch.setattr(moved, "SHARE", 1.0)
    monkeypatch.setattr(moved, "ROOM", 1_000_000_000)
