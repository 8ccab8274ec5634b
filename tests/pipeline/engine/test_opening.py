"""The engine that the settings name, and what is said where it cannot be had."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from pipeline.core.config import EngineConfig
from pipeline.core.errors import ConfigError
from pipeline.engine.local import Processes
from pipeline.engine.opening import opened


def installed() -> str:
    return "this version"


def test_one_process_is_the_default_and_leaves_no_file(tmp_path: Path) -> None:
    with opened(EngineConfig(), tmp_path / "engine.json", installed) as engine:
        assert engine.workers == 1
    assert list(tmp_path.iterdir()) == []


def test_several_processes_begin_when_there_is_work(tmp_path: Path) -> None:
    with opened(EngineConfig(processes=3), tmp_path / "engine.json", installed) as engine:
        assert isinstance(engine, Processes) and engine.workers == 3
        assert engine.board.standing().workers == ()


def test_a_cluster_without_ray_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    settings = EngineConfig(kind="ray", address="127.0.0.1:6379")
    with pytest.raises(ConfigError, match=r"pip install 'rumortrail\[cluster\]'"):
        opened(settings, tmp_path / "engine.json", installed).__enter__()


@pytest.mark.parametrize("address", ["", "head", "head:", ":6379", "head:six"])
def test_an_address_that_names_no_head_is_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", type(sys)("ray"))
    with pytest.raises(ConfigError, match="must name the head"):
        opened(EngineConfig(kind="ray", address=address), tmp_path / "engine.json", installed).__enter__()


def test_a_head_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", type(sys)("ray"))
    with socket.socket() as busy_socket:
        busy_socket.bind(("127.0.0.1", 0))  # and does not listen
        address = f"127.0.0.1:{busy_socket.getsockname()[1]}"
        with pytest.raises(ConfigError, match=f"no head of a cluster answers at {address}"):
            opened(EngineConfig(kind="ray", address=address), tmp_path / "engine.json",
                   installed).__enter__()
