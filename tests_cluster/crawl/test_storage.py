"""Inbox and archive in a real S3 server and in a shared folder: whole, checked, built anew, nothing told."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from crawlers.engine import distribution, launcher
from pipeline.archive.evidence_bundle import write_evidence
from pipeline.archive.verify import verify
from pipeline.core.config import Config, CrawlConfig, EngineConfig
from pipeline.core.errors import SourceError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from pipeline.run.nightly import nightly, process
from pipeline.storage.copies import Copied, fetch, keep
from pipeline.storage.objects import Objects
from tests.conftest import NOW, query_published
from tests.crawlers.conftest import Nights, Web, story
from tests.crawlers.engine.test_distribution import feeds, small_web
from tests.crawlers.engines import Threads
from tests.fakes import FakeModels
from tests_cluster.servers import S3, SECRET

BIG = 12_000_000
"""Bytes of a file that goes to the server in several parts."""
VIEWS = ("documents", "versions", "claims", "evidence", "sources", "crawls")


@pytest.fixture(params=["s3", "file"])
def address(request: pytest.FixtureRequest, s3: S3, tmp_path: Path) -> str:
    """An empty storage of each kind."""
    return s3.bucket() if request.param == "s3" else str(tmp_path / "shared" / "folder")


def home_with(path: Path, sizes: dict[str, int]) -> Home:
    """A home with an inbox file and an archive for each run, of so many random bytes."""
    home, chance = Home(path), random.Random(1)
    home.archive.mkdir(parents=True)
    for run, size in sizes.items():
        (home.inbox / run).mkdir(parents=True)
        (home.inbox / run / "a.jsonl.gz").write_bytes(chance.randbytes(1000))
        (home.archive / f"{run}.warc.gz").write_bytes(chance.randbytes(size))
        (home.archive / f"{run}@authority.example.tsr").write_bytes(chance.randbytes(300))
    return home


def content(home: Home) -> dict[str, bytes]:
    """Return the kept files of a home by path."""
    return {str(file.relative_to(home.path)): file.read_bytes()
            for file in [*home.inbox.glob("*/*"), *home.archive.glob("*")]}


def whole(objects: Objects) -> int:
    """Return the number of objects; assert that each has the content that its key tells."""
    stored = [object_ for kind in ("inbox", "archive") for object_ in objects.list(kind)]
    for item in stored:
        data = b"".join(objects.get(item.key))
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (item.key.split("/")[2], item.size)
    return len(stored)


def test_small_and_large_files_are_kept_and_fetched(address: str, tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", {"20260302T030000Z": 1000, "20260303T030000Z": BIG})
    objects, fresh = Objects(address), Home(tmp_path / "fresh")
    fresh.path.mkdir()
    assert (keep(home, objects), keep(home, objects)) == (Copied(6), Copied())
    assert whole(objects) == 6
    fetch(fresh, objects, newer=True)
    assert content(fresh) == content(home)
    (fresh.inbox / "20260302T030000Z" / "a.jsonl.gz").unlink()
    assert fetch(fresh, objects, newer=True) == Copied(), "what is older than the newest run is not asked for"
    assert fetch(fresh, objects) == Copied(1)


def test_puts_that_are_killed_leave_only_whole_objects(address: str, tmp_path: Path) -> None:
    """Killed with -9 at any moment, eight times: the next run finishes what is missing."""
    home = home_with(tmp_path / "home", {f"2026030{day}T030000Z": BIG for day in range(1, 5)})
    program = (
        "import sys; from pathlib import Path; from pipeline.core.home import Home; "
        "from pipeline.storage.copies import keep; from pipeline.storage.objects import Objects; "
        "objects = Objects(sys.argv[2]); print('begun', flush=True); keep(Home(Path(sys.argv[1])), objects)"
    )
    chance, objects = random.Random(2), Objects(address)
    for _ in range(8):
        command = [sys.executable, "-c", program, str(home.path), address]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == b"begun\n"
            time.sleep(chance.uniform(0.0, 0.8))
            os.kill(writer.pid, signal.SIGKILL)
        whole(objects)
    assert keep(home, objects).faults == ()
    assert whole(objects) == 12
    fresh_home = Home(tmp_path / "fresh")
    fresh_home.path.mkdir()
    assert fetch(fresh_home, objects) == Copied(12)
    assert content(fresh_home) == content(home)


def test_what_was_changed_in_the_bucket_is_not_taken(s3: S3, tmp_path: Path) -> None:
    address = s3.bucket()
    home, objects = home_with(tmp_path / "home", {"20260302T030000Z": 1000}), Objects(address)
    keep(home, objects)
    key = next(stored_object.key for stored_object in objects.list("inbox"))
    forged = tmp_path / "forged"
    forged.write_bytes(b"none of ours")
    objects.put(key, forged)
    fresh_home = Home(tmp_path / "fresh")
    fresh_home.path.mkdir()
    result = fetch(fresh_home, objects)
    assert (result.files, len(result.faults)) == (2, 1)
    assert key in result.faults[0] and "is damaged" in result.faults[0]
    assert list(fresh_home.inbox.rglob("*.gz*")) == []


class TestFailures:
    @pytest.mark.parametrize("what", ["no bucket", "no server", "no right"])
    def test_a_message_says_what_is_wrong_and_tells_no_secret(
        self, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        address, message = "s3://nobodys/rumortrail", "answered 404 Not Found (NoSuchBucket)"
        if what == "no server":
            monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            address, message = s3.bucket(), "cannot be used: Connection refused"
        if what == "no right":
            address, message = s3.bucket(), "answered 403 Forbidden"
            s3.requests_for_all(0)  # from now on the server checks the key, which is unknown
        home = home_with(tmp_path / "home", {"20260302T030000Z": 1000})
        try:
            [fault] = keep(home, Objects(address)).faults
        finally:
            s3.requests_for_all(1_000_000)
        assert fault == f"the storage {address} {message}; 3 files left for the next run"
        assert SECRET not in fault and "AKIA" not in fault
        written_files = [file.read_bytes() for file in home.path.rglob("*") if file.is_file()]
        assert len(written_files) >= 4 and not any(SECRET.encode() in data for data in written_files)

    def test_a_night_whose_storage_is_away_ends_well_and_the_next_one_keeps_both(
        self, s3: S3, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_web(web, *"ab")
        home = Home(tmp_path / "home")
        home.path.mkdir()
        declare(home, *"ab")
        config = settings(web, s3.bucket())
        with monkeypatch.context() as offline:
            offline.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            report = nightly(home, config, now=NOW, models=FakeModels(), replay=True, engine=Threads(2))
        assert (report.outcome, report.published) == (Outcome.OK, True)
        issues = query_published(home, "SELECT DISTINCT stage, code, severity FROM issues")
        assert issues == [("storage", "storage_failed", "warning")]
        next_day = NOW + timedelta(days=1)
        nightly(home, config, now=next_day, models=FakeModels(), replay=True, engine=Threads(2))
        runs = {item.key.split("/")[1] for item in Objects(config.engine.storage).list("inbox")}
        assert runs == {f"{NOW:%Y%m%dT%H%M%SZ}", f"{next_day:%Y%m%dT%H%M%SZ}"}


def declare(home: Home, *names: str) -> None:
    """Write the sources.toml of feeds."""
    Nights(home).sources(*feeds(*names))


def settings(web: Web, storage: str) -> Config:
    """Settings for a crawl of the web on loopback."""
    crawl = CrawlConfig(delay=0.0, per_host=8, retries=0, timeout=60.0, proxy=web.url)
    return Config(crawl=crawl, engine=EngineConfig(storage=storage))


def test_a_new_machine_builds_the_same_store_and_the_same_proofs(
    s3: S3, web: Web, tmp_path: Path
) -> None:
    small_web(web, *"abc")
    web.pages["http://a.example/0"] = story("Model Aster has 70b parameters, and it")
    web.pages["http://b.example/0"] = story("Model Aster does not have 70b parameters, and it")
    home, other_home = Home(tmp_path / "home"), Home(tmp_path / "other")
    home.path.mkdir()
    other_home.path.mkdir()
    declare(home, *"abc")
    config = settings(web, s3.bucket())
    for night in range(2):
        report = nightly(home, config, now=NOW + timedelta(days=night), models=FakeModels(), replay=True,
                         engine=Threads(3))
        assert report.outcome is Outcome.OK
    process(other_home, config, now=NOW + timedelta(days=1), models=FakeModels())
    for view in VIEWS:
        columns = "* EXCLUDE (run_id)" if view == "crawls" else "*"
        query = f"SELECT {columns} FROM {view} ORDER BY ALL"
        assert query_published(other_home, query) == query_published(home, query) != []
    verified = verify(other_home, config)
    assert (verified.damages, verified.archives, verified.roots) == ([], 2, 2)
    assert verified.records == verify(home, config).records > 0
    [(document,)] = query_published(
        other_home, "SELECT document_id FROM documents ORDER BY document_id LIMIT 1"
    )
    assert write_evidence(other_home, config, document, tmp_path / "evidence").faults == ()


def test_the_library_is_one_that_the_project_names() -> None:
    assert tuple(map(int, version("obstore").split(".")[:2])) >= (0, 12)
    with pytest.raises(SourceError, match="cannot be used"):
        Objects("/proc/none/of/ours")
    assert launcher.results is distribution.on(None)
