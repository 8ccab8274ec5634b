"""What several modules of commands share: where the state is, opening it, and what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.config import Config, Home
from pipeline.errors import ConfigError

HomeOption = Annotated[Path | None, typer.Option("--home", help="The folder that holds all state; default $RUMORTRAIL_HOME, else ./data.")]

NowOption = Annotated[str | None, typer.Option("--now", help="Run as if it were this instant, ISO 8601, UTC where no zone is given.")]


def clock(now: str | None) -> datetime:
    """The instant that `--now` names; the present one without it. Raises ConfigError for what is no time."""
    if not now:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(now)
    except ValueError as error:
        raise ConfigError(f"--now {now!r} is no time: write it as 2026-03-01T03:00:00Z") from error
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def open_home(home: Path | None) -> tuple[Home, Config]:
    """The home that is meant, and its settings. Raises ConfigError for faulty ones."""
    where = Home.find(home)
    return where, Config.load(where.config_file)
