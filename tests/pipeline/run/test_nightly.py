"""A run: its counts, its error boundary, what it says of itself, and what a second one does."""

from __future__ import annotations

import dataclasses
import errno
import io
import shutil
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace

import duckdb
import pytest
from rich.console import Console

from models.protocols.stance import STANCE_LABELS, StanceOpinion, StancePair, TextPair
from pipeline.cli.console import run_report
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxCrawl
from pipeline.core.vocabulary import DecisionKind, Outcome
from pipeline.decisions.journal import Journal
from pipeline.run.nightly import locked, nightly, process
from pipeline.run.report import RunReport
from pipeline.run.stages import STAGES
from pipeline.store.store import Store
from tests.conftest import NOW, InboxWriter, document, fill_inbox, query_published
from tests.fakes import FakeModels, FakeStance

pytestmark = pytest.mark.slow  # whole nights


TOLD = [document(), document("https://other.example/1", text="Model Aster does not have 70b parameters.",
                             title=None)]  # fmt: skip


@pytest.fixture
def inbox(write_inbox: InboxWriter) -> None:
    write_inbox(TOLD)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, RunReport]:
    """Return a home after its first night, only to be read, and that night's report."""
    home = Home(tmp_path_factory.mktemp("first"))
    fill_inbox(home, TOLD)
    return home, process(home, Config(), now=NOW, models=FakeModels())


@pytest.fixture
def after_a_night(first: tuple[Home, RunReport], home: Home) -> Home:
    """A home of the test's own after that night."""
    shutil.copytree(first[0].path, home.path, dirs_exist_ok=True)
    return home


def test_stages_run_in_their_order_and_their_counts_are_stored(first: tuple[Home, RunReport]) -> None:
    home, report = first
    assert report.outcome == Outcome.OK
    assert report.exit_code == 0
    assert list(report.counts) == list(STAGES)
    unbalanced = query_published(home, "SELECT stage FROM stages WHERE inputs <> done + skipped + failed")
    assert unbalanced == []
    run_rows = query_published(home, "SELECT outcome, documents, mentions > 0, claims FROM runs")
    assert run_rows == [("ok", 2, True, 1)]


def test_a_denial_meets_what_it_denies(first: tuple[Home, RunReport]) -> None:
    assert query_published(first[0], "SELECT supports, denies FROM claims") == [(1, 1)]


def test_a_second_run_is_a_no_op(after_a_night: Home) -> None:
    home = after_a_night
    before = {view: query_published(home, f"SELECT * FROM {view} ORDER BY ALL")
              for view in ("claims", "evidence", "timeline", "provenance")}
    report = process(home, Config(), now=NOW + timedelta(days=1), models=FakeModels())
    assert {stage: counts.done for stage, counts in report.counts.items() if stage != "publish"
            and counts.done} == {}
    assert {view: query_published(home, f"SELECT * FROM {view} ORDER BY ALL") for view in before} == before


class Broken(FakeStance):
    """A stance model that fails."""

    name = "broken"

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        raise ZeroDivisionError(f"no stance for {len(pairs)}")

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        return [dict.fromkeys(STANCE_LABELS, 0.2) for _ in pairs]


def test_a_broken_stage_is_an_issue_and_the_rest_is_published(home: Home, inbox: None) -> None:
    report = process(home, Config(), now=NOW, models=dataclasses.replace(FakeModels(), stance=Broken()))
    assert report.outcome == Outcome.PARTIAL
    assert report.exit_code == 2
    assert query_published(home, "SELECT stage, code FROM issues") == [("weigh", "stage_failed")]
    assert query_published(home, "SELECT outcome, message FROM runs") == [("partial", "failed: weigh")]
    second_report = process(home, Config(), now=NOW + timedelta(hours=1), models=FakeModels())
    assert second_report.exit_code == 0
    assert query_published(home, "SELECT count(*) FROM evidence") == [(2,)]


def test_the_home_folder_is_held_by_one(home: Home) -> None:
    with locked(home), pytest.raises(DataError, match="is in use by process"), locked(home):
        pass
    with locked(home):
        pass


@pytest.mark.parametrize("replay", [False, True])
def test_a_nights_stages_have_the_clock_of_the_crawls_end(
    home: Home, inbox: None, monkeypatch: pytest.MonkeyPatch, replay: bool
) -> None:
    """Everything that the crawl saw precedes the time of judging; in a replay the clock stands still."""
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])
    nightly(home, Config(), now=NOW, models=FakeModels(), replay=replay)
    rows = query_published(home, "SELECT DISTINCT judged_at FROM changes")
    assert [judged_at.replace(tzinfo=NOW.tzinfo) > NOW for (judged_at,) in rows] == [not replay]
    assert [at.microsecond for (at,) in rows] == [0], "an answer's time is rounded up to a second"


@pytest.mark.parametrize(("ends", "stages", "code"), [
    (["ok", "off"], (), 0), (["ok", "failed"], (), 1), (["ok", "partial"], (), 1),
    (["failed", "off", "failed"], (), 2), (["off"], (), 0), ([], (), 0), (["linked:ok", "failed"], (), 2),
    (["failed"], ("ingest", "publish"), 2), (["ok"], ("ingest", "publish"), 0),
])
def test_sources_that_failed_show_in_the_exit_code(
    home: Home, monkeypatch: pytest.MonkeyPatch, ends: list[str], stages: tuple[str, ...], code: int
) -> None:
    crawls = [InboxCrawl(end.partition(":")[0] if ":" in end else f"s{number}", NOW, NOW,
                         Outcome(end.rpartition(":")[2]), 0, 0) for number, end in enumerate(ends)]
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: crawls)
    report = nightly(home, Config(), now=NOW, models=FakeModels(), stages=stages, command="crawl")
    assert report.exit_code == code
    assert (report.outcome is Outcome.OK) == (code == 0)


def test_what_no_source_survived_is_said_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "no network: none of 16 hosts can be reached (no DNS: names cannot be resolved)"
    ends = [InboxCrawl(f"s{number}", NOW, NOW, Outcome.FAILED, 0, 0, reason) for number in range(98)]
    ends.append(InboxCrawl("off", NOW, NOW, Outcome.OFF, 0, 0, "switched off"))
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: ends)
    report = nightly(home, Config(), now=NOW, models=FakeModels(), stages=(), command="crawl")
    assert (report.exit_code, report.outcome) == (2, Outcome.FAILED)
    assert report.message == f"no source could be read: {reason}"
    output = io.StringIO()
    run_report(Console(file=output, width=200), report)
    assert output.getvalue().splitlines() == [
        f"Run {report.run_id}: failed: {report.message}", f"  s0, s1, s2 and 95 more: failed {reason}",
    ]


def test_a_night_does_not_begin_on_a_full_disk(home: Home, inbox: None,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk = SimpleNamespace(free=400_000_000)  # a night needs 0.5 GB and twice the copy's size
    monkeypatch.setattr("pipeline.run.nightly.shutil.disk_usage", lambda _: full_disk)
    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])
    with pytest.raises(DataError, match=r"has 0\.4 GB left on its disk, and a night may need 0\.5 GB"):
        nightly(home, Config(), now=NOW, models=FakeModels())
    assert not home.work.exists()


def test_what_a_publish_that_did_not_end_has_left_is_removed(home: Home, inbox: None,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    leftover = home.published.with_suffix(".publishing")

    def full(_store: Store) -> None:
        assert leftover.exists()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr("pipeline.stages.publish.whole.index", full)
        report = process(home, Config(), now=NOW, models=FakeModels())
    assert report.exit_code == 2 and not leftover.exists() and not home.published.exists()
    process(home, Config(), now=NOW, models=FakeModels())
    published_bytes = home.published.read_bytes()
    execute = Store.execute

    def no_room(store: Store, statement: str, *given: object) -> object:
        if statement.startswith("DETACH"):
            raise duckdb.IOException("CHECKPOINT during DETACH failed")
        return execute(store, statement, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as context:
        context.setattr(Store, "execute", no_room)
        report = process(home, Config(), now=NOW + timedelta(hours=1), models=FakeModels())
    assert report.exit_code == 2 and not leftover.exists() and home.published.read_bytes() == published_bytes
    leftover.write_bytes(b"x")
    process(home, Config(), now=NOW + timedelta(hours=1), models=FakeModels(), stages=("ingest",))
    assert not leftover.exists()


def test_an_editors_status_is_obeyed_and_undone(after_a_night: Home) -> None:
    home = after_a_night
    ((claim_id, machine),) = query_published(home, "SELECT claim_id, status FROM claims")
    journal = Journal(home.journal)
    made = journal.decide(DecisionKind.STATUS, str(claim_id), "retracted", reason="letter on file",
                          editor="ada", now=NOW + timedelta(hours=1))
    process(home, Config(), now=NOW + timedelta(hours=2), models=FakeModels())
    assert query_published(home, "SELECT status FROM claims") == [("retracted",)]
    assert ("decision", "retracted") in query_published(home, "SELECT event, status FROM timeline")
    journal.undo(made.decision_id, reason="the letter was forged", editor="ada", now=NOW + timedelta(hours=3))
    process(home, Config(), now=NOW + timedelta(hours=4), models=FakeModels())
    assert query_published(home, "SELECT status FROM claims") == [(machine,)]


def test_a_hidden_claim_is_not_published(after_a_night: Home) -> None:
    home = after_a_night
    ((claim_id,),) = query_published(home, "SELECT claim_id FROM claims")
    Journal(home.journal).decide(DecisionKind.HIDE, str(claim_id), None, reason="private",
                                 editor="ada", now=NOW)
    process(home, Config(), now=NOW + timedelta(hours=2), models=FakeModels())
    for view in ("claims", "evidence", "timeline"):
        assert query_published(home, f"SELECT count(*) FROM {view}") == [(0,)]


def test_every_run_leaves_a_digest(first: tuple[Home, RunReport]) -> None:
    home, report = first
    text = (home.digests / f"{report.run_id}.md").read_text("utf-8")
    assert "New claims (1)" in text
    assert "Model Aster" in text
