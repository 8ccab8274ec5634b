"""Publish once the copy that the interface for programs answers from."""

from __future__ import annotations

import pytest

from pipeline.core.home import Home
from tests.worlds.programs import build


@pytest.fixture(scope="session")
def programs_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the published copy of tests/worlds/programs.py."""
    home = Home(tmp_path_factory.mktemp("programs"))
    build(home)
    return home
