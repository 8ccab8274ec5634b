"""After a crawl: missing seals are made, missing time stamps asked for, failures recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.archive.after_crawl import seal_archives
from pipeline.archive.chain import FILE, load_chain
from pipeline.archive.seals import load_seal, timestamps
from pipeline.archive.timestamps import authority_name, fault_of
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.run.nightly import nightly
from pipeline.store.store import Store
from tests.authority import Authority, running
from tests.conftest import NOW, InboxWriter, document
from tests.fakes import FakeModels
from tests.worlds.kept import FIRST, SECOND, two_nights


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with running(tmp_path / "authority") as server:
        yield server


def issues(store: Store) -> list[tuple[str, str, str]]:
    return store.connection.execute(
        "SELECT severity, code, place FROM store.issues ORDER BY code, place"
    ).fetchall()


def with_authority(run: RunContext, *urls: str) -> RunContext:
    return dataclasses.replace(run, config=Config(crawl=CrawlConfig(timestamp_authority=urls)))


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
        seal = load_seal(run.home.archive / f"{run_id}.warc.gz")
        assert seal is not None
        ((name, stamp_file),) = timestamps(run.home.archive / f"{run_id}.warc.gz").items()
        assert name == authority_name(authority.url)
        assert fault_of(stamp_file.read_bytes(), bytes.fromhex(seal.root)) is None
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


def test_each_authority_stamps_by_itself(
    store: Store, run: RunContext, write_inbox: InboxWriter, authority: Authority, tmp_path: Path
) -> None:
    with running(tmp_path / "other") as other_authority:
        other_authority.answer = b"busy"
        run = two_nights(store, run, write_inbox, (other_authority.url, authority.url))
        issue_rows = store.connection.execute("SELECT DISTINCT code, message FROM store.issues").fetchall()
        assert [code for code, _ in issue_rows] == ["timestamp_failed"]
        assert authority_name(other_authority.url) in issue_rows[0][1]
        for run_id in (FIRST, SECOND):
            stamps = timestamps(run.home.archive / f"{run_id}.warc.gz")
            assert list(stamps) == [authority_name(authority.url)]
        other_authority.answer = None
        seal_archives(store, run)
    assert len(authority.queries) == 2
    assert len(timestamps(run.home.archive / f"{FIRST}.warc.gz")) == 2


def test_a_time_stamp_from_before_there_were_several_is_the_first_authority_s(
    store: Store, run: RunContext, write_inbox: InboxWriter, authority: Authority, tmp_path: Path
) -> None:
    run = two_nights(store, run, write_inbox, authority.url)
    for archive in (run.home.archive / f"{run_id}.warc.gz" for run_id in (FIRST, SECOND)):
        (stamp_file,) = timestamps(archive).values()
        stamp_file.rename(stamp_file.with_name(archive.name.replace(".warc.gz", ".tsr")))
        assert list(timestamps(archive)) == [""]
    with running(tmp_path / "other") as other_authority:
        seal_archives(store, with_authority(run, authority.url, other_authority.url))
    assert (len(authority.queries), len(other_authority.queries)) == (2, 2)


def test_each_seal_holds_the_one_before_it_and_a_lost_chain_is_told_from_them(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    run = two_nights(store, run, write_inbox)
    folder = run.home.archive
    first, second = (load_seal(folder / f"{run_id}.warc.gz") for run_id in (FIRST, SECOND))
    assert first is not None and second is not None
    assert (first.previous, second.previous) == (None, first.link)
    chain = load_chain(folder)
    assert chain == [first.link, second.link]
    assert second.leaves[-1] == first.link.leaf and len(second.leaves) == len(second.records) + 1
    (folder / FILE).unlink()
    assert load_chain(folder) == chain
    (folder / f"{SECOND}.merkle.json").unlink()
    assert load_chain(folder) == []
    seal_archives(store, run)
    assert issues(store) == []


def test_a_run_killed_between_chain_and_seal_is_made_up_for(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    run = two_nights(store, run, write_inbox)
    chain, seal = load_chain(run.home.archive), run.home.archive / f"{SECOND}.merkle.json"
    seal_bytes = seal.read_bytes()
    seal.unlink()
    seal_archives(store, run)
    assert (load_chain(run.home.archive), seal.read_bytes(), issues(store)) == (chain, seal_bytes, [])


def test_a_cut_archive_and_a_broken_seal_are_recorded(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    run = two_nights(store, run, write_inbox)
    (run.home.archive / f"{FIRST}.merkle.json").write_bytes(b"{")
    cut_archive = run.home.archive / f"{SECOND}.warc.gz"
    cut_archive.write_bytes(cut_archive.read_bytes()[:-3])
    (run.home.archive / f"{SECOND}.merkle.json").unlink()
    seal_archives(store, run)
    assert issues(store) == [("warning", "seal_failed", f"{SECOND}.warc.gz")], "the chain holds another root"
    store.connection.execute("DELETE FROM store.issues")
    (run.home.archive / FILE).unlink()
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
