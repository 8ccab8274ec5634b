"""Share among the tests in a browser: a copy of the demo with an editor, and its address."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts
from tests.dashboard.conftest import PASSWORD, Desk, served
from tests.shared import Played


@pytest.fixture(scope="session")
def demo(played: Played, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A copy of the demo with an editor, served."""
    home = Home(tmp_path_factory.mktemp("journeys") / "home")
    shutil.copytree(played.home.path, home.path)
    Accounts(home.accounts).put("ada", PASSWORD)
    with served(home) as base:
        yield Desk(home, base)
