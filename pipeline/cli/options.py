"""Options that the commands share, and what they mean."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.core.config import Config
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.core.times import parse_span

_HOME = "The folder that holds all state; default $RUMORTRAIL_HOME, else ./data."
_NOW = "Run as if it were this time: ISO 8601, UTC where no zone is given."
HomeOption = Annotated[Path | None, typer.Option("--home", help=_HOME)]
NowOption = Annotated[str | None, typer.Option("--now", help=_NOW)]


def clock(now: str | None) -> datetime:
    """Return the time that `--now` gives, else the present. Raises ConfigError for what is no time."""
    if not now:
        return datetime.now(UTC)
    try:
        return parse_span(now)[0]
    except ValueError as error:
        raise ConfigError(f"--now {now!r} is not a time: write it as 2026-03-01T03:00:00Z") from error


def open_home(home: Path | None) -> tuple[Home, Config]:
    """Return the home and its settings. Raises ConfigError for faulty settings."""
    home_folder = Home.find(home)
    return home_folder, Config.load(home_folder.config_file)
