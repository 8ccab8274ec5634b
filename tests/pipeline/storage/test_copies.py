"""What a home keeps in a storage, and what another one fetches from it: whole, checked, and nothing twice."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from pipeline.core.home import Home
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxSource
from pipeline.core.vocabulary import Platform, Role
from pipeline.storage.copies import AT_ONCE, Copied, fetch, keep
from tests.pipeline.storage.shelf import Shelf

RUNS = ("20260302T030000Z", "20260303T030000Z", "20260303T120000Z-revisit")
PROOFS = (".merkle.json", "@authority.example.tsr")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three runs with two sources each, and their archives with seal and time stamp."""
    home = Home(tmp_path / "home")
    for run in RUNS:
        (home.inbox / run).mkdir(parents=True)
        for source in ("a", "b"):
            content = gzip.compress(f"{run} {source}\n".encode() * 200, mtime=0)
            (home.inbox / run / f"{source}.jsonl.gz").write_bytes(content)
        home.archive.mkdir(exist_ok=True)
        for suffix in (".warc.gz", *PROOFS):
            (home.archive / f"{run}{suffix}").write_bytes(f"{run}{suffix}".encode() * 90)
    (home.archive / "chain.jsonl").write_text("the seals tell it")
    return home


@pytest.fixture
def fresh(tmp_path: Path) -> Home:
    """A home on another machine."""
    path = tmp_path / "fresh"
    path.mkdir()
    return Home(path)


def content(home: Home) -> dict[str, bytes]:
    """Return the kept files of a home by path."""
    files = [*home.inbox.glob("*/*"), *home.archive.glob("*.[!j]*")]
    return {str(file.relative_to(home.path)): file.read_bytes() for file in files}


def test_what_was_kept_is_fetched_on_another_machine(home: Home, fresh: Home) -> None:
    shelf = Shelf()
    assert keep(home, shelf) == Copied(15)
    assert fetch(fresh, shelf) == Copied(15)
    assert content(fresh) == content(home)
    assert (keep(home, shelf), keep(fresh, shelf), fetch(fresh, shelf)) == (Copied(), Copied(), Copied())
    assert shelf.puts == 15


def test_each_key_holds_the_hash_of_what_lies_there(home: Home) -> None:
    shelf = Shelf()
    keep(home, shelf)
    for key, data in shelf.held.items():
        kind, run, digest, name = key.split("/")
        assert digest == hashlib.sha256(data).hexdigest()
        assert name.startswith(run) if kind == "archive" else run in RUNS
    assert not any("chain" in key for key in shelf.held)


def test_a_storage_that_fails_midway_is_gone_on_with_in_the_next_run(home: Home, fresh: Home) -> None:
    shelf = Shelf(good_for=4)
    first = keep(home, shelf)
    [fault] = first.faults
    assert fault == ("the storage s3://newsroom/rumortrail answered 503 Service Unavailable (SlowDown); "
                     f"{15 - first.files} files left for the next run")
    shelf.good_for = 1000
    assert keep(home, shelf).faults == ()
    assert shelf.puts == 15, "what was there already is not put again"
    shelf.good_for = 2
    assert len(fetch(fresh, shelf).faults) == 1
    shelf.good_for = 1000
    assert fetch(fresh, shelf).faults == ()
    assert content(fresh) == content(home)


def test_without_the_memory_of_what_is_there_the_storage_is_asked(home: Home) -> None:
    shelf = Shelf()
    keep(home, shelf)
    home.kept.unlink()
    assert (keep(home, shelf).files, shelf.puts) == (15, 15)
    other = Shelf(address="s3://another")
    assert (keep(home, other).files, other.puts) == (15, 15), "what one storage holds, another may lack"


def test_what_is_damaged_in_the_storage_is_told_and_never_taken(home: Home, fresh: Home) -> None:
    shelf = Shelf()
    keep(home, shelf)
    key = next(key for key in shelf.held if key.startswith(f"inbox/{RUNS[1]}"))
    for damage in (shelf.held[key][:-1], b"", shelf.held[key] + b"x"):
        shelf.held[key] = damage
        [fault] = fetch(fresh, shelf).faults
        assert fault.startswith(f"{key} in the storage {shelf.address} is damaged: its content has SHA-256 ")
    names = content(home).keys() - content(fresh).keys()
    assert names == {f"inbox/{RUNS[1]}/{key.rpartition('/')[2]}"}
    assert list(fresh.path.rglob(".*.part")) == []


@pytest.mark.parametrize("key", [
    "inbox/../{0}/escape.jsonl.gz", "inbox/run/{0}/.hidden.jsonl.gz", "inbox/run/{0}/a.sh",
    "archive/run/{0}/..", "inbox/run/short/a.jsonl.gz", "archive/run/{0}/sub/a.warc.gz",
    "inbox/.ssh/{0}/a.jsonl.gz",
])
def test_what_is_none_of_our_files_is_left_where_it_is(fresh: Home, key: str) -> None:
    data = b"from somebody else"
    shelf = Shelf(held={key.format(hashlib.sha256(data).hexdigest()): data})
    result = fetch(fresh, shelf)
    assert (result.files, len(result.faults)) == (0, 1)
    assert "is not a file of Rumortrail" in result.faults[0]
    assert content(fresh) == {} and not (fresh.path.parent / "escape.jsonl.gz").exists()


def test_only_runs_from_the_newest_on_are_fetched_before_a_night(home: Home, fresh: Home) -> None:
    """Files moved away on purpose stay away; files that another machine collected since are fetched."""
    shelf = Shelf()
    keep(home, shelf)
    folder = fresh.inbox / RUNS[1]
    folder.mkdir(parents=True)
    (folder / "a.jsonl.gz").write_bytes((home.inbox / RUNS[1] / "a.jsonl.gz").read_bytes())
    fresh.archive.mkdir()
    (fresh.archive / f"{RUNS[1]}.warc.gz").write_bytes(b"its own")
    fetch(fresh, shelf, newer=True)
    assert {name.split("/")[1][:16] for name in content(fresh)} == {RUNS[1], RUNS[2][:16]}
    assert (fresh.archive / f"{RUNS[1]}.warc.gz").read_bytes() == b"its own"
    fetch(fresh, shelf)
    assert content(fresh).keys() == content(home).keys()


def test_what_a_power_cut_left_empty_is_put_again(home: Home) -> None:
    shelf = Shelf()
    keep(home, shelf)
    kept_objects, key = dict(shelf.held), next(iter(shelf.held))
    shelf.held[key] = b""
    home.kept.unlink()
    keep(home, shelf)
    assert (shelf.held, shelf.puts) == (kept_objects, 16)


def test_a_home_that_cannot_be_written_is_told(home: Home, fresh: Home) -> None:
    shelf = Shelf()
    keep(home, shelf)
    fresh.inbox.write_text("a file where the folder should be")
    result = fetch(fresh, shelf)
    assert result.files == 9
    assert len(result.faults) == 6 and all("cannot be written: " in fault for fault in result.faults)


def test_of_a_name_that_was_kept_twice_the_later_counts(home: Home, fresh: Home) -> None:
    shelf = Shelf()
    keep(home, shelf)
    file = home.inbox / RUNS[0] / "a.jsonl.gz"
    file.write_bytes(b"written anew, and longer than before" * 20)
    assert (keep(home, shelf).files, len(shelf.held)) == (1, 16)
    fetch(fresh, shelf)
    assert content(fresh) == content(home)


def test_a_file_that_somebody_writes_waits(home: Home) -> None:
    """A revisit may write a file while a night keeps the finished ones."""
    shelf = Shelf()
    with InboxWriter.create(home.inbox, "20260304T000000Z-revisit", "a") as writer:
        writer.write(InboxSource("a", "A", Platform.NEWS, Role.PRESS, None, None))
        writer.flush()
        assert keep(home, shelf).files == 15
    assert keep(home, shelf).files == 1


def test_a_file_that_is_gone_meanwhile_costs_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, lost_file = Shelf(), home.inbox / RUNS[0] / "a.jsonl.gz"
    digest = hashlib.file_digest

    def gone(file: object, name: str) -> object:
        if getattr(file, "name", "") == str(lost_file):
            raise OSError(5, "Input/output error")
        return digest(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.core.files.hashlib.file_digest", gone)
    fault = f"inbox/{RUNS[0]}/a.jsonl.gz cannot be read: Input/output error"
    assert keep(home, shelf) == Copied(14, (fault,))


def test_there_are_more_files_than_are_put_at_a_time(tmp_path: Path) -> None:
    home, shelf = Home(tmp_path), Shelf()
    (home.inbox / "run").mkdir(parents=True)
    for number in range(10 * AT_ONCE):
        (home.inbox / "run" / f"s{number}.jsonl.gz").write_bytes(b"%d" % number)
    assert (keep(home, shelf).files, len(shelf.held)) == (10 * AT_ONCE, 10 * AT_ONCE)
