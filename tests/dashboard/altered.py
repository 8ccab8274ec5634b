"""A published copy as the sample's, with what a test puts into it or takes out."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipeline.core.home import Home


def altered(home: Home, folder: Path, *statements: str) -> Home:
    """A home in `folder` whose copy is that of `home` after `statements`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Home(folder)
    shutil.copy(home.published, found.published)
    with duckdb.connect(str(found.published)) as connection:
        for statement in statements:
            connection.execute(statement)
    return found
