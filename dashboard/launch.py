"""The command that starts the dashboard: Streamlit with our settings, on loopback, telling nobody."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.core.config import Config
from pipeline.core.home import Home

_HERE = Path(__file__).resolve().parent


def command(
    home: Home, config: Config, port: int | None = None, *, address: str = "127.0.0.1"
) -> list[str]:
    """Return the command line that serves the dashboard of `home`.

    `port` overrides that of the settings. Another `address` than loopback serves everybody who can reach it.
    """
    settings = {
        "server.port": port or config.dashboard.port,
        "server.address": address,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "server.maxCacheDataSize": "256mb",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.allowedHosts": _hosts(config, address),
        "server.corsAllowedOrigins": [config.publisher.url] if config.publisher.url else [],
        "server.enableAgentApi": "false",
        "server.enableStaticServing": "false",
        # Nothing is uploaded; what a page's fields hold stays far below a megabyte.
        "server.maxUploadSize": 1,
        "server.maxWidgetStateSize": 1,
        # In MB: a page's largest part is an answer's table, at most 2 MB or so.
        "server.maxMessageSize": 32,
        # A picker has a default, and takes from the session what an address names by its key.
        "global.disableWidgetStateDuplicationWarning": "true",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": "localhost" if address == "127.0.0.1" else address,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "runner.magicEnabled": "false",
        "logger.level": "warning",
        "secrets.files": home.secrets,
        "theme.base": _HERE / "theme" / "theme.toml",
    }
    options = [
        f"--{key}={value}"
        for key, values in settings.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    script = [sys.executable, "-m", "streamlit", "run", str(_HERE / "main.py")]
    return [*script, *options, "--", "--home", str(home.path)]


def home() -> Home:
    """Return the home folder that `command` named on the command line of this process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    return Home.find(parser.parse_known_args(sys.argv[1:])[0].home)


def _hosts(config: Config, address: str) -> list[str]:
    """Return the names under which the dashboard answers; an empty list means every name."""
    public = urlsplit(config.publisher.url).hostname
    if public is None and address != "127.0.0.1":
        return []
    return ["localhost", "127.0.0.1", *filter(None, [public])]
