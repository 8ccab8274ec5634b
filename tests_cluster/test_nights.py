"""Whole nights on engines: what a reader sees is the same, also where workers and drivers are killed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from benchmarks.speed.ray_cluster import Machines
from crawlers.demo.content import NIGHTS, SETTINGS
from pipeline.core.config import Config, EngineConfig
from pipeline.core.home import Home
from pipeline.run.nightly import process
from pipeline.run.report import RunReport
from tests_cluster.conftest import Played, of_the_news, play, views_of

KILLS = int(os.environ.get("RUMORTRAIL_CLUSTER_KILLS", "2"))
"""Workers that are killed; a fifth as many drivers, two at least."""
SEED = 16
PAUSE = (1.0, 8.0)
"""Seconds between two kills of workers, each of which loads its models anew."""
MOMENTS = (3.0, 25.0)
"""Seconds after which a driver is killed."""

pytestmark = pytest.mark.timeout(3_000)


@pytest.mark.usefixtures("everything_is_sent")
def test_the_demo_on_a_cluster_is_that_of_one_process(
    machines: Machines, one_process: Played, tmp_path: Path
) -> None:
    assert play(tmp_path, machines.engine).views == one_process.views


@pytest.mark.usefixtures("everything_is_sent")
def test_the_demo_in_two_processes_is_that_of_one(one_process: Played, tmp_path: Path) -> None:
    assert play(tmp_path, EngineConfig(processes=2)).views == one_process.views


def _unread(played: Played, folder: Path, engine: EngineConfig) -> Home:
    """Return a home whose inbox holds everything from the demo's nights, unread."""
    home = Home(folder)
    home.path.mkdir()
    for name in SETTINGS:
        shutil.copy(played.home.path / name, home.path)
    shutil.copytree(played.home.inbox, home.inbox)
    settings = f'\n[engine]\nkind = "{engine.kind}"\naddress = "{engine.address}"\n'
    home.config_file.write_text(home.config_file.read_text("utf-8") + settings, "utf-8")
    return home


def _processed(home: Home) -> RunReport:
    return process(home, Config.load(home.config_file), now=NIGHTS[-1])


@pytest.fixture(scope="module")
def undisturbed(one_process: Played, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what a reader sees of the demo's inbox after one undisturbed process read all of it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    home = _unread(one_process, folder / "home", EngineConfig())
    assert not _processed(home).broken
    return views_of(home, folder / "views")


@pytest.mark.usefixtures("everything_is_sent")
def test_workers_that_are_killed_change_nothing(
    machines: Machines, one_process: Played, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    chance, killed, night = random.Random(SEED), 0, 0
    while killed < KILLS:
        night += 1
        home = _unread(one_process, tmp_path / f"night{night}", machines.engine)
        finished = threading.Event()
        deaths: list[int] = []

        def kill(over: threading.Event, deaths: list[int], left: int) -> None:
            while len(deaths) < left and not over.wait(chance.uniform(*PAUSE)):
                if busy_workers := machines.busy():
                    victim = chance.choice(busy_workers)
                    with suppress(psutil.Error):
                        victim.kill()
                        deaths.append(victim.pid)

        killing = threading.Thread(target=kill, args=(finished, deaths, KILLS - killed))
        killing.start()
        try:
            report = _processed(home)
        finally:
            finished.set()
            killing.join()
        print(f"night {night}: {len(deaths)} workers killed, {report.outcome}")
        assert not report.broken
        assert views_of(home, tmp_path / f"views{night}") == undisturbed
        assert deaths, "no worker was busy when one was to be killed"
        killed += len(deaths)


def test_a_driver_that_is_killed_loses_nothing(
    machines: Machines, one_process: Played, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    home = _unread(one_process, tmp_path / "home", machines.engine)
    command = [sys.executable, "-m", "pipeline.cli", "process", "--home", str(home.path), "--now",
               NIGHTS[-1].isoformat()]
    killed = 0
    for _ in range(max(2, KILLS // 5)):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(chance.uniform(*MOMENTS))
        except subprocess.TimeoutExpired:
            run.kill()
            killed += run.wait() < 0
    print(f"{killed} drivers killed")
    assert killed
    assert not _processed(home).broken
    assert of_the_news(views_of(home, tmp_path / "views")) == of_the_news(undisturbed)
