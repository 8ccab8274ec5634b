"""What several modules of commands share: where the state is, and opening it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.config import Config, Home

HomeOption = Annotated[Path | None, typer.Option("--home", help="The folder that holds all state; default $RUMORTRAIL_HOME, else ./data.")]


def open_home(home: Path | None) -> tuple[Home, Config]:
    """The home that is meant, and its settings. Raises ConfigError for faulty ones."""
    where = Home.find(home)
    return where, Config.load(where.config_file)
