"""The site that a night cannot write, and the command; tests/pipeline/digest has a night that writes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.config import Config, SiteConfig
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.run.nightly import nightly
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


def test_a_site_that_cannot_be_written_loses_no_night(home: Home, crawled: None) -> None:
    (home.path / "public").mkdir()
    (home.path / "public/thesis.tex").write_text("years of work")
    report = nightly(home, NIGHTS, now=NOW, models=FakeModels())
    assert (report.exit_code, report.published) == (1, True)
    [issue] = report.changes.issues
    assert (issue.code, "thesis.tex" in issue.message) == ("stage_failed", True)
    assert [path.name for path in (home.path / "public").iterdir()] == ["thesis.tex"]


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
