"""The site that a night writes, and the command."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.core.config import Config, Home, SiteConfig
from pipeline.core.records import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.published.claim_filter import ClaimFilter
from pipeline.run.nightly import nightly, process
from pipeline.watches.records import WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, Command, InboxWriter, document
from tests.fakes import FakeModels

pytestmark = pytest.mark.slow  # whole nights
NIGHTS = Config(site=SiteConfig(out="public"))


@pytest.fixture
def crawled(write_inbox: InboxWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    write_inbox([document()])
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])


def test_a_night_writes_the_site_and_what_an_editor_hides_is_gone_with_the_next(
    home: Home, crawled: None
) -> None:
    process(home, NIGHTS, now=NOW, models=FakeModels())
    nightly(home, NIGHTS, now=NOW + timedelta(hours=1), models=FakeModels(), replay=True)
    assert not (home.path / "public").exists()
    report = nightly(home, NIGHTS, now=NOW + timedelta(days=1), models=FakeModels())
    assert report.exit_code == 0
    [page] = (home.path / "public/c").glob("*.html")
    Journal(home.journal).decide(DecisionKind.HIDE, page.stem, None, reason="private", editor="ada", now=NOW)
    nightly(home, NIGHTS, now=NOW + timedelta(days=2), models=FakeModels())
    files = [one for one in (home.path / "public").rglob("*") if one.is_file()]
    assert files
    for one in files:
        assert page.stem not in one.name and page.stem.encode() not in one.read_bytes()


def test_a_site_that_cannot_be_written_loses_no_night(home: Home, crawled: None) -> None:
    (home.path / "public").mkdir()
    (home.path / "public/thesis.tex").write_text("years of work")
    report = nightly(home, NIGHTS, now=NOW, models=FakeModels())
    assert (report.exit_code, report.published) == (1, True)
    [told] = report.changes.issues
    assert (told.code, "thesis.tex" in told.message) == ("stage_failed", True)
    assert [one.name for one in (home.path / "public").iterdir()] == ["thesis.tex"]


def test_the_command_tells_what_it_did(sample_home: Home, tmp_path: Path, command: Command) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    home.published.write_bytes(sample_home.published.read_bytes())
    code, _, err = command("site", tmp_path / "out", "--home", home.path)
    assert code == 0 and "13 claims and 2 stories" in err and " 0 unchanged, 0 removed" in err
    assert " 0 files written," in command("site", tmp_path / "out", "--home", home.path)[2]
    code, _, err = command("site", "--home", home.path)
    assert code == 2 and "[site] out" in err
    code, _, err = command("site", tmp_path / "out", "--watch", "Disputed", "--home", home.path)
    assert code == 2 and "there is no watch 'Disputed'" in err
    draft = WatchDraft("Disputed", "ada", ClaimFilter(statuses=["disputed"]), atom=True)
    WatchStore(home.watches).add(draft, now=NOW)
    (tmp_path / "out/theirs.txt").write_text("theirs")
    code, _, err = command("site", tmp_path / "out", "--watch", "Disputed", "--home", home.path)
    assert code == 0 and "3 claims and" in err and " 0 removed" not in err
    assert (tmp_path / "out/theirs.txt").read_text() == "theirs"
