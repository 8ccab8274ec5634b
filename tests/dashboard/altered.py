"""Make a published copy from the sample's, changed by a test's statements."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipeline.core.home import Home


def altered(home: Home, folder: Path, *statements: str) -> Home:
    """Return a home in `folder` whose copy is that of `home` after `statements` ran on it."""
    folder.mkdir(parents=True, exist_ok=True)
    altered_home = Home(folder)
    shutil.copy(home.published, altered_home.published)
    with duckdb.connect(str(altered_home.published)) as connection:
        for statement in statements:
            connection.execute(statement)
    return altered_home
