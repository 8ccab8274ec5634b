"""After a crawl: missing seals are made, missing time stamps asked for, failures recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.archive.after_crawl import seal_archives
from pipeline.archive.seals import load_seal
from pipeline.archive.timestamps import fault_of
from pipeline.core.config import Config, CrawlConfig, Home
from pipeline.core.context import RunContext
from pipeline.run.nightly import nightly
from pipeline.store.store import Store
from tests.authority import Authority, running
from tests.conftest import NOW, InboxWriter, document
from tests.fakes import FakeModels
from tests.worlds.kept import FIRST, SECOND, two_nights


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with running(tmp_path / "authority") as one:
        yield one


def issues(store: Store) -> list[tuple[str, str, str]]:
    return store.connection.execute(
        "SELECT severity, code, place FROM store.issues ORDER BY code, place"
    ).fetchall()


def with_authority(run: RunContext, url: str) -> RunContext:
    return dataclasses.replace(run, config=Config(crawl=CrawlConfig(timestamp_authority=url)))


def test_a_lost_seal_is_made_again_as_it_was(store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    run = two_nights(store, run, write_inbox)
    seal = run.home.archive / f"{FIRST}.merkle.json"
    before = seal.read_bytes()
    seal.unlink()
    seal_archives(store, run)
    assert seal.read_bytes() == before
    assert issues(store) == []
    assert not list(run.home.archive.glob("*.tsr"))


def test_an_archive_that_was_only_just_made_is_not_sealed(store: Store, run: RunContext) -> None:
    run.home.archive.mkdir(parents=True)
    (run.home.archive / "later.warc.gz").touch()
    seal_archives(store, run)
    assert not list(run.home.archive.glob("*.merkle.json"))


def test_each_root_is_stamped_once(
    store: Store, run: RunContext, write_inbox: InboxWriter, authority: Authority
) -> None:
    run = two_nights(store, run, write_inbox, authority.url)
    seal_archives(store, run)
    assert len(authority.queries) == 2
    for run_id in (FIRST, SECOND):
        sealed = load_seal(run.home.archive / f"{run_id}.warc.gz")
        assert sealed is not None
        assert fault_of((run.home.archive / f"{run_id}.tsr").read_bytes(), bytes.fromhex(sealed.root)) is None
    assert issues(store) == []


def test_a_failing_authority_is_recorded_and_made_up_for_later(
    store: Store, run: RunContext, write_inbox: InboxWriter, authority: Authority
) -> None:
    authority.answer = b"busy"
    run = two_nights(store, run, write_inbox, authority.url)
    assert issues(store) == [("warning", "timestamp_failed", FIRST), ("warning", "timestamp_failed", SECOND)]
    assert len(authority.queries) == 2, "the first failure of a night ends it"
    authority.answer = None
    seal_archives(store, run)
    assert len(list(run.home.archive.glob("*.tsr"))) == 2


def test_a_cut_archive_and_a_broken_seal_are_recorded(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    run = two_nights(store, run, write_inbox)
    (run.home.archive / f"{FIRST}.merkle.json").write_bytes(b"{")
    cut = run.home.archive / f"{SECOND}.warc.gz"
    cut.write_bytes(cut.read_bytes()[:-3])
    (run.home.archive / f"{SECOND}.merkle.json").unlink()
    seal_archives(store, run)
    assert issues(store) == [("warning", "archive_cut", f"{SECOND}.warc.gz")]
    (run.home.archive / f"{SECOND}.merkle.json").write_bytes(b"{")
    seal_archives(store, with_authority(run, "no address"))
    assert issues(store)[1:] == [
        ("warning", "seal_failed", f"{FIRST}.warc.gz"),
        ("warning", "seal_failed", f"{SECOND}.warc.gz"),
    ]
    (run.home.archive / f"{SECOND}.merkle.json").unlink()
    seal_archives(store, with_authority(run, "no address"))
    assert issues(store)[-1] == ("warning", "timestamp_failed", SECOND)


def test_a_fault_of_ours_does_not_stop_the_night(
    home: Home, write_inbox: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_store: Store, _run: RunContext) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr("pipeline.run.nightly.launcher.crawl", lambda *_, **__: [])
    monkeypatch.setattr("pipeline.run.nightly.seal_archives", broken)
    write_inbox([document()])
    report = nightly(home, Config(), now=NOW, models=FakeModels())
    assert report.published
    assert report.exit_code == 1
    assert (home.path / "logs" / f"{report.run_id}-seal.txt").exists()
