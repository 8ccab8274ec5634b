"""Fixtures that all tests share: a fixed clock, an empty home, a run, an inbox writer of the tests' own."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from pipeline.core.config import AskConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.decisions import accounts
from pipeline.published.database import open_published, query
from pipeline.store import store as stores
from pipeline.store.store import Store
from tests.worlds.laid import QUICK, EmptyStore, lay

pytest_plugins = ["tests.shared"]
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")
# The same examples whatever is loaded: Hypothesis adds constants of all modules loaded so far.
# Its plugin reads them when tests are collected, before any fixture.
providers._get_local_constants = providers.Constants

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


# A test gets a marker for a fixture that it uses or a name that its module holds.
MARKS = {
    "browser": {"browser"},
    "server": {
        "web", "browse", "sample_dashboard", "hostile_dashboard", "desk", "fault_server", "running", "served",
        "running_site",
        "provided", "Controller",
    },
    "process": {
        "nights", "played", "chat_server", "subprocess", "multiprocessing", "Popen", "psutil",
        "Started",
    },
}  # fmt: skip


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of every run, also of a quiet one, what is passed over for want of PyTorch
    (tests/models/training/conftest.py).
    """
    if find_spec("torch") is None:
        terminalreporter.write_line("PyTorch is not installed: tests/models/training is passed over")


def pytest_collection() -> None:
    """Collect no garbage while tests are collected: doing so again and again takes a seventh of that time."""
    gc.disable()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use; the tests of a file, and those of the demo, go to one process.

    Files with tests that take long or wait come first, so that no process is left with one at the end.
    """
    for item in items:
        assert isinstance(item, pytest.Function)
        item_names = {*item.fixturenames, *vars(item.module)}
        for marker, names in MARKS.items():
            if names & item_names:
                item.add_marker(marker)
        item.add_marker(pytest.mark.xdist_group("demo" if "played" in item_names else str(item.path)))
    marked = {item.path for item in items if any(item.get_closest_marker(name) for name in (*MARKS, "slow"))}
    items.sort(key=lambda item: item.path not in marked)


def pytest_collection_finish(session: pytest.Session) -> None:
    """End a run whose groups pytest-xdist does not see: each process would make all that a file shares.

    Garbage is collected again from here on, but not among the objects loaded so far, which stay.
    """
    gc.freeze()
    gc.enable()
    if hasattr(session.config, "workerinput") and any("@" not in item.nodeid for item in session.items):
        raise pytest.UsageError("this pytest-xdist does not group tests with this pytest: see pyproject.toml")


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash passwords at the least cost; tests/pipeline/decisions/test_accounts.py asserts the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(accounts, "_NOBODY", f"$argon2id$v=19$m=8,t=1,p=1${'A' * 22}${'A' * 43}")
        yield


_FROM_NOTHING: list[bool] = []


@pytest.fixture(scope="session", autouse=True)
def _quick_files() -> Iterator[None]:
    """Open work files and copies with the settings that are quickest for a few rows (`QUICK`).

    A new work file is a copy of one that was laid; what opening does to a file that is not there is asserted
    by the tests that have the fixture `from_nothing`.
    """
    connect = stores._connect

    def narrow(path: Path | str, *, config: dict[str, Any] | None = None, **options: Any) -> Any:
        if isinstance(path, Path) and path.parent.is_dir() and not path.exists() and not _FROM_NOTHING:
            lay(path)
        return connect(path, config=(config or {}) | QUICK, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "_connect", narrow)
        patch.setitem(open_published.__kwdefaults__, "threads", QUICK["threads"])
        yield


@pytest.fixture
def from_nothing() -> Iterator[None]:
    """Create new work files as they are created for users."""
    _FROM_NOTHING.append(True)
    yield
    _FROM_NOTHING.clear()


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide Playwright's event loop from tests that do not drive the browser.

    While a browser is open, Playwright leaves its loop marked as the running one of this thread, and no other
    loop could be started in it.
    """
    running = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if running is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember which tests failed."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture
def tmp_path(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of the test's own, emptied if it passes: those of a whole run would come to five gigabytes.

    The empty folder stays, so that no later test gets its path, which may be open still.
    """
    yield tmp_path
    if not request.node.stash[_FAILED]:
        shutil.rmtree(tmp_path, ignore_errors=True)
        tmp_path.mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def _main_stays() -> Iterator[None]:
    """Put back the main module: Streamlit's AppTest leaves a page there, which a forked process would run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)


@pytest.fixture
def run(home: Home) -> RunContext:
    """A run at a fixed instant."""
    return RunContext(run_id="20260302T030000Z", now=NOW, home=home, config=Config())


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory."""
    empty_store = EmptyStore()
    yield empty_store
    empty_store.close()


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real data sets; skip the test, with a message, where the folder is absent."""
    if not SHARED_DATA.exists():
        pytest.skip(f"no data sets at {SHARED_DATA}")
    return SHARED_DATA


def query_published(home: Home, sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Return the rows of a question to the published copy."""
    file_stat = home.published.stat()
    return query(_copy(home.published, file_stat.st_ino, file_stat.st_mtime_ns), sql, given, seconds=600)[1]


@lru_cache(maxsize=4)
def _copy(path: Path, *_identity: int) -> duckdb.DuckDBPyConnection:
    return open_published(path, AskConfig())


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """`command(*arguments)` runs `rumortrail`; it returns exit code, output and errors."""

    from pipeline.cli.app import main  # imported here, since it loads the whole project

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_info:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return int(exit_info.value.code or 0), captured.out, captured.err

    return run


InboxWriter = Callable[..., Path]


@pytest.fixture
def write_inbox(home: Home) -> InboxWriter:
    """Write rows as an inbox file, one gzip member a row: `write_inbox(rows, run_id=..., source=...)`."""

    return partial(fill_inbox, home)


def fill_inbox(home: Home, rows: list[dict[str, Any]], run_id: str = "r1", source: str = "wire") -> Path:
    """Write rows as an inbox file of `home`, one gzip member a row."""
    file = home.inbox / run_id / f"{source}.jsonl.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as stream:
        for row in rows:
            stream.write(gzip.compress(json.dumps(row).encode() + b"\n"))
    return file


def document(url: str = "https://wire.example/1", **fields: Any) -> dict[str, Any]:
    """An inbox document with defaults."""
    row = {
        "type": "document",
        "url": url,
        "platform": "news",
        "source": "wire",
        "text": "Model Aster has 70b parameters.",
        "title": "About Aster",
        "seen_at": "2026-03-02T03:00:00Z",
        "published_at": "2026-03-01T12:00:00Z",
        "published_precision": "second",
        "published_from": "feed",
    }
    return row | fields
