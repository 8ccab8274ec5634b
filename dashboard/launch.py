"""How the dashboard is started: Streamlit with our settings, on loopback, telling nobody."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.config import Config, Home

_HERE = Path(__file__).resolve().parent


def command(
    home: Home, config: Config, port: int | None = None, *, address: str = "127.0.0.1"
) -> tuple[list[str], dict[str, str]]:
    """The command line that serves the dashboard of `home`, and what to add to its environment.

    `port` goes before the settings'. Another `address` than loopback shows the dashboard to everybody who can reach it.
    """
    settings = {
        "server.port": port or config.dashboard.port,
        "server.address": address,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "server.maxCacheDataSize": "256mb",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": "localhost" if address == "127.0.0.1" else address,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "runner.magicEnabled": "false",
        "logger.level": "warning",
        "theme.base": _HERE / "theme" / "theme.toml",
    }
    options = [f"--{key}={value}" for key, value in settings.items()]
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(_HERE / "entry" / "main.py"),
        *options,
        "--",
        "--home",
        str(home.path),
    ], {}
