"""Evidence bundles: what is in them proves itself with other tools, and what is missing is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.checker import Checker

from pipeline.archive.evidence_bundle import default_folder, write_evidence
from pipeline.archive.merkle import leaf_hash, root_of_path
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.records import stable_id
from pipeline.store.store import Store
from tests.authority import openssl, running
from tests.conftest import Command, InboxWriter
from tests.worlds.kept import FIRST, OTHER, PAGE, SECOND, two_nights

DOCUMENT = stable_id("d", PAGE)


@pytest.fixture
def kept(store: Store, run: RunContext, write_inbox: InboxWriter) -> RunContext:
    return two_nights(store, run, write_inbox)


def test_a_bundle_holds_both_versions_and_proves_itself(kept: RunContext, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    made = write_evidence(kept.home, Config(), DOCUMENT, out)
    assert (made.versions, made.faults) == (2, ())
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert files == {*manifest["files"], "manifest.json"}
    for name, told in manifest["files"].items():
        data = (out / name).read_bytes()
        assert told == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    first = manifest["versions"][0]
    assert (first["number"], first["requested_url"], first["status"]) == (1, PAGE, "200 OK")
    assert (first["archived_at"], first["seen_at"]) == ("2026-03-02T03:00:00.000000Z", "2026-03-02T03:00:00Z")
    payload = (out / "version-1" / "payload.bin").read_bytes()
    assert b"Model Aster has 70b parameters." in payload
    assert hashlib.sha256(payload).hexdigest() == first["sha256"]
    assert (out / "version-1" / "headers.txt").read_text().startswith("200 OK\nContent-Type: text/html")
    record = out / "version-1" / "record.warc.gz"
    assert Checker(type("Command", (), {"inputs": [str(record)], "verbose": False})).process_all() == 0
    proof = json.loads((out / "version-1" / "inclusion.json").read_text())
    leaf = leaf_hash(record.read_bytes())
    assert leaf.hex() == proof["leaf"]
    path = [bytes.fromhex(one) for one in proof["path"]]
    assert (
        root_of_path(leaf, proof["index"], proof["size"], path).hex() == proof["root"] == first["merkle_root"]
    )
    assert (out / "version-1" / "merkle.root").read_bytes().hex() == proof["root"]
    assert b"canary" not in b"".join((out / name).read_bytes() for name in files)


def test_the_index_shows_hostile_text_as_text(kept: RunContext, tmp_path: Path) -> None:
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    page = (tmp_path / "bundle" / "index.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page and "href" not in page and "src=" not in page
    assert "default-src 'none'" in page


def test_a_time_stamp_is_in_the_bundle_and_openssl_verifies_it(
    store: Store, run: RunContext, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    with running(tmp_path / "authority") as authority:
        kept = two_nights(store, run, write_inbox, authority.url)
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    told = openssl(
        tmp_path / "bundle" / "version-2",
        "ts", "-verify", "-data", "merkle.root", "-in", "timestamp.tsr", "-CAfile",
        str(authority.certificate),
    )  # fmt: skip
    assert "Verification: OK" in told


def test_an_archive_without_a_seal_gives_its_page_without_a_proof(kept: RunContext, tmp_path: Path) -> None:
    (kept.home.archive / f"{FIRST}.merkle.json").unlink()
    (kept.home.archive / f"{SECOND}.merkle.json").write_bytes(b"{")
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    names = {path.name for path in (tmp_path / "bundle").rglob("*")}
    assert "payload.bin" in names
    assert not names & {"inclusion.json", "merkle.root"}


def test_what_cannot_be_given_is_told(kept: RunContext, tmp_path: Path) -> None:
    from_file = stable_id("d", "https://file.example/1")
    for document_id, words in ((from_file, "read from a file"), ("nothing'; --", "no document")):
        with pytest.raises(DataError, match=words):
            write_evidence(kept.home, Config(), document_id, tmp_path / "bundle")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(ConfigError, match="already exists"):
        write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "full")
    (kept.home.archive / f"{FIRST}.warc.gz").unlink()
    with pytest.raises(DataError, match=rf"{FIRST}\.warc\.gz is not in"):
        write_evidence(kept.home, Config(), stable_id("d", OTHER), tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    made = write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    assert made.versions == 1
    assert made.faults[0].startswith(f"version 1: {FIRST}.warc.gz is not in")
    assert json.loads((tmp_path / "bundle" / "manifest.json").read_text())["faults"] == list(made.faults)


def _flip(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[40] ^= 0xFF
    archive.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "words"),
    [(_flip, "not what was sealed"), (lambda path: path.write_bytes(b""), "not what was sealed")],
)
def test_a_damaged_record_is_not_given_as_whole(
    kept: RunContext, tmp_path: Path, harm: Callable[[Path], object], words: str
) -> None:
    harm(kept.home.archive / f"{FIRST}.warc.gz")
    made = write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    assert made.versions == 1
    assert words in made.faults[0]


def test_the_command(kept: RunContext, tmp_path: Path, command: Command) -> None:
    arguments = ("evidence", DOCUMENT, "--home", kept.home.path, "--out", tmp_path / "bundle")
    code, out, _ = command(*arguments)
    assert code == 0
    assert str(tmp_path / "bundle" / "index.html") in out
    code, _, err = command(*arguments)
    assert code == 2
    assert "--out" in err


def test_the_folder_of_an_id_that_is_no_file_name() -> None:
    assert default_folder("../x/ü y") == Path("evidence-___x___y")
    assert len(default_folder("d" * 500).name) < 100
