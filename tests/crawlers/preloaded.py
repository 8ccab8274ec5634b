"""Crawl processes forked from a preloaded one: loading takes most of a short crawl's time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from crawlers.engine import launcher
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.context import silent
from pipeline.core.home import Home
from tests.forkserver import CONTEXT

STARTED: list[int] = []
"""The ids of the processes, the latest last."""


class Popen:
    """Stands in for the `subprocess.Popen` of `python -m crawlers`, as `crawlers.engine.launcher` uses it."""

    def __init__(self, _: Any, *, stderr: Any, **__: Any) -> None:
        (job_pipe, self_in), (self_out, results) = os.pipe(), os.pipe()
        handles = [DupFd(handle) for handle in (job_pipe, results, stderr.fileno())]
        self._process = CONTEXT.Process(target=_crawl, args=(handles, dict(os.environ), str(Path.cwd())))
        self._process.start()
        STARTED.append(self._process.pid or 0)
        os.close(job_pipe)
        os.close(results)
        self.stdin, self.stdout = os.fdopen(self_in, "wb"), os.fdopen(self_out, "rb")

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the process's end. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("crawlers", timeout or 0.0)

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()


class Subprocess:
    """Stands in for the module `subprocess` in `crawlers.engine.launcher`."""

    PIPE, TimeoutExpired, Popen = subprocess.PIPE, subprocess.TimeoutExpired, Popen


def crawling(home: Home, crawl: CrawlConfig, now: datetime) -> BaseProcess:
    """Begin a crawl of `home` as run `run` in a new process, which starts a new crawl process."""
    return _begun(launcher.crawl, home, Config(crawl=crawl), run_id="run", now=now)


def revisiting(home: Home, crawl: CrawlConfig, now: datetime) -> BaseProcess:
    """Begin a revisit of `home` in a new process, which starts a new crawl process."""
    return _begun(_revisit, home, Config(crawl=crawl), now)


def _begun(work: Callable[..., object], *values: Any, **named: Any) -> BaseProcess:
    process: BaseProcess = CONTEXT.Process(target=work, args=values, kwargs=named, daemon=True)
    process.start()
    return process


def _revisit(home: Home, config: Config, now: datetime) -> None:
    from pipeline.run.revisit import revisit  # here, since it loads the whole pipeline

    sys.exit(revisit(home, config, now=now, progress=silent, replay=True).exit_code)


def _crawl(handles: list[Any], environment: dict[str, str], folder: str) -> None:
    from crawlers.engine.process import main

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, handle in enumerate(handles):
        os.dup2(handle.detach(), number)
    main()
