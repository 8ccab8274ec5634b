"""A run and its storage: kept, built anew elsewhere, and a failure that costs nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.core.config import Config, EngineConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from pipeline.run import storage
from pipeline.run.nightly import process
from tests.conftest import NOW, document, fill_inbox, query_published
from tests.fakes import FakeModels
from tests.pipeline.storage.shelf import Shelf

pytestmark = pytest.mark.slow  # whole runs

SHELF = Shelf()
CONFIG = Config(engine=EngineConfig(storage=SHELF.address))
VIEWS = ("documents", "versions", "claims", "evidence", "sources")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The storage at the address of the settings."""
    shelf = Shelf()
    monkeypatch.setattr(storage, "Objects", lambda address: shelf)
    monkeypatch.setattr("pipeline.storage.objects.Objects", lambda address: shelf)
    return shelf


@pytest.fixture
def filled(tmp_path: Path) -> Home:
    home = Home(tmp_path / "first")
    home.path.mkdir()
    fill_inbox(home, [document(), document("https://other.example/1", title=None,
                                           text="Model Aster does not have 70b parameters.")])
    return home


def test_a_new_machine_builds_the_same_store_from_the_storage(
    filled: Home, tmp_path: Path, shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    process(filled, CONFIG, now=NOW, models=FakeModels())
    assert len(shelf.held) == 1
    other_home = Home(tmp_path / "second")
    other_home.path.mkdir()
    other_home.config_file.write_text(f'[engine]\nstorage = "{SHELF.address}"\n')
    with pytest.raises(SystemExit) as exit_info:
        main(["fetch", "--home", str(other_home.path)])
    assert (exit_info.value.code, capsys.readouterr().out) == (0, f"1 file fetched from {SHELF.address}\n")
    process(other_home, CONFIG, now=NOW, models=FakeModels())
    for view in VIEWS:
        query = f"SELECT * FROM {view} ORDER BY ALL"
        assert query_published(other_home, query) == query_published(filled, query) != []


def test_a_run_fetches_first_what_another_machine_collected(
    filled: Home, tmp_path: Path, shelf: Shelf
) -> None:
    process(filled, CONFIG, now=NOW, models=FakeModels())
    other_home = Home(tmp_path / "second")
    other_home.path.mkdir()
    report = process(other_home, CONFIG, now=NOW + timedelta(days=1), models=FakeModels())
    assert report.counts["ingest"].done == 2


def test_a_storage_that_fails_is_an_issue_and_the_next_run_makes_up_for_it(
    filled: Home, shelf: Shelf
) -> None:
    shelf.good_for = 0
    report = process(filled, CONFIG, now=NOW, models=FakeModels())
    assert (report.outcome, report.published) == (Outcome.OK, True)
    issues = query_published(filled, "SELECT stage, code, severity, place, message FROM issues")
    message = f"the storage {SHELF.address} answered 503 Service Unavailable (SlowDown)"
    message += "; 1 file left for the next run"
    assert issues == [("storage", "storage_failed", "warning", SHELF.address, message)]
    shelf.good_for = 10
    process(filled, CONFIG, now=NOW + timedelta(days=1), models=FakeModels())
    assert len(shelf.held) == 1


def test_without_a_storage_fetch_says_what_is_missing(
    filled: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["fetch", "--home", str(filled.path)])
    assert exit_info.value.code == 2
    assert "names no [engine] storage" in " ".join(capsys.readouterr().err.split())
