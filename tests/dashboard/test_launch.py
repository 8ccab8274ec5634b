"""Test how the dashboard is started."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from streamlit import config as streamlit_config
from streamlit.testing.v1 import AppTest

from dashboard import launch
from pipeline.core.config import Config, DashboardConfig, PublisherConfig
from pipeline.core.home import Home
from tests.dashboard.pages import html_of

HOME = Home(Path("/somewhere/data"))


def _options(command: list[str]) -> dict[str, str]:
    return dict(option[2:].split("=", 1) for option in command if option.startswith("--") and "=" in option)


def test_it_stays_on_loopback_and_tells_nobody() -> None:
    command = launch.command(HOME, Config())
    options = _options(command)
    assert options["server.address"] == "127.0.0.1"
    assert options["browser.gatherUsageStats"] == "false"
    assert options["client.showErrorDetails"] == "none"
    assert options["client.showErrorLinks"] == "false"
    assert options["server.maxMessageSize"] == "32"


def test_it_runs_our_script_with_our_home() -> None:
    command = launch.command(HOME, Config())
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert Path(command[4]).is_file()
    assert not (Path(command[4]).parent / "pages").exists()
    assert command[-3:] == ["--", "--home", "/somewhere/data"]
    assert Path(_options(command)["theme.base"]).is_file()


def test_a_given_port_goes_before_the_settings() -> None:
    config = Config(dashboard=DashboardConfig(port=9000))
    assert _options(launch.command(HOME, config))["server.port"] == "9000"
    assert _options(launch.command(HOME, config, 9001))["server.port"] == "9001"


def test_it_answers_to_its_own_names_alone() -> None:
    hosts = [item for item in launch.command(HOME, Config()) if item.startswith("--server.allowedHosts=")]
    assert [option.partition("=")[2] for option in hosts] == ["localhost", "127.0.0.1"]
    public = Config(publisher=PublisherConfig(url="https://rumours.example/desk"))
    command = launch.command(HOME, public)
    assert "--server.allowedHosts=rumours.example" in command
    assert "--server.corsAllowedOrigins=https://rumours.example/desk" in command


def test_shown_to_a_network_under_no_known_name_it_answers_to_every_name() -> None:
    command = launch.command(HOME, Config(), address="0.0.0.0")
    assert not [option for option in command if option.startswith("--server.allowedHosts")]


def test_the_home_is_read_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    command = launch.command(HOME, Config())
    monkeypatch.setattr("sys.argv", ["main.py", *command[command.index("--") + 1 :]])
    assert launch.home() == HOME


def test_every_option_is_one_that_streamlit_has() -> None:
    known_options = streamlit_config._config_options_template
    assert set(_options(launch.command(HOME, Config()))) <= set(known_options)


def test_what_was_loaded_is_looked_through_for_garbage_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The script freezes what was loaded, once, since Streamlit collects all garbage after each run."""
    froze: list[bool] = []
    monkeypatch.setattr("gc.get_freeze_count", lambda: len(froze))
    monkeypatch.setattr("gc.freeze", lambda: froze.append(True))
    monkeypatch.setattr("sys.argv", ["main.py", "--home", str(tmp_path)])
    script = Path(launch.__file__).with_name("script.py")
    app = AppTest.from_file(str(script), default_timeout=600).run()
    assert "Nothing is published" in html_of(app)
    app.run()
    assert froze == [True]
