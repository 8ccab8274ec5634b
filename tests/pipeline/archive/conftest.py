"""Two sealed nights that a test may alter."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from pipeline.core.context import RunContext
from pipeline.core.home import Home


@pytest.fixture
def kept(kept_nights: RunContext, home: Home) -> RunContext:
    """The second of two sealed nights, in a home of the test's own."""
    shutil.copytree(kept_nights.home.path, home.path, dirs_exist_ok=True)
    return dataclasses.replace(kept_nights, home=home)
