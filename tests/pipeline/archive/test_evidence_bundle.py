"""Evidence bundles: what is in them proves itself with other tools, and what is missing is told."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.checker import Checker

from pipeline.archive.evidence_bundle import default_out, write_evidence
from pipeline.archive.merkle import leaf_hash, root_of_path
from pipeline.archive.timestamps import authority_name
from pipeline.archive.verify_evidence import Bundle, check
from pipeline.archive.wacz import url_key
from pipeline.archive.warc_records import read_response
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.records import stable_id
from pipeline.run.nightly import process
from pipeline.store.store import Store
from tests.authority import openssl, running
from tests.conftest import Command, InboxWriter, query_published
from tests.fakes import FakeModels
from tests.worlds.kept import FIRST, OTHER, PAGE, SECOND, two_nights

DOCUMENT = stable_id("d", PAGE)


def test_a_bundle_holds_both_versions_and_proves_itself(kept: RunContext, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    bundle = write_evidence(kept.home, Config(), DOCUMENT, folder)
    assert (bundle.versions, bundle.faults) == (2, ())
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    resources = {item["path"]: (item["hash"], item["bytes"]) for item in package["resources"]}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*resources, "datapackage.json", "datapackage-digest.json"}
    for name, resource in resources.items():
        data = (folder / name).read_bytes()
        assert resource == (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
    digest = hashlib.sha256((folder / "datapackage.json").read_bytes()).hexdigest()
    assert json.loads((folder / "datapackage-digest.json").read_text())["hash"] == f"sha256:{digest}"
    first = json.loads((folder / "evidence" / "manifest.json").read_text("utf-8"))["versions"][0]
    assert (first["number"], first["requested_url"], first["status"]) == (1, PAGE, "200 OK")
    assert (first["archived_at"], first["seen_at"]) == ("2026-03-02T03:00:00.000000Z", "2026-03-02T03:00:00Z")
    pages = folder / first["folder"]
    payload = (pages / "payload.bin").read_bytes()
    assert b"Model Aster has 70b parameters." in payload
    assert hashlib.sha256(payload).hexdigest() == first["sha256"]
    assert (pages / "headers.txt").read_text().startswith("200 OK\nContent-Type: text/html")
    record = folder / first["record"]
    assert Checker(type("Command", (), {"inputs": [str(record)], "verbose": False})).process_all() == 0
    proof = json.loads((pages / "inclusion.json").read_text())
    leaf = leaf_hash(record.read_bytes())
    assert leaf.hex() == proof["leaf"]
    path = [bytes.fromhex(node) for node in proof["nodes"]]
    assert (
        root_of_path(leaf, proof["index"], proof["size"], path).hex() == proof["root"] == first["merkle_root"]
    )
    assert (folder / "seals" / f"{FIRST}.root").read_bytes().hex() == proof["root"]
    assert b"canary" not in b"".join((folder / name).read_bytes() for name in files)


def test_the_index_shows_hostile_text_as_text(kept: RunContext, tmp_path: Path) -> None:
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    page = (tmp_path / "bundle" / "evidence" / "index.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page and "href" not in page and "src=" not in page
    assert "default-src 'none'" in page


def test_a_time_stamp_is_in_the_bundle_and_openssl_verifies_it(
    store: Store, run: RunContext, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    with running(tmp_path / "authority") as authority:
        kept = two_nights(store, run, write_inbox, authority.url)
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    output = openssl(
        tmp_path / "bundle" / "seals", "ts", "-verify", "-data", f"{SECOND}.root", "-in",
        f"{SECOND}@{authority_name(authority.url)}.tsr", "-CAfile", str(authority.certificate),
    )  # fmt: skip
    assert "Verification: OK" in output


def test_an_archive_without_a_seal_gives_its_page_without_a_proof(kept: RunContext, tmp_path: Path) -> None:
    (kept.home.archive / f"{FIRST}.merkle.json").unlink()
    (kept.home.archive / f"{SECOND}.merkle.json").write_bytes(b"{")
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    names = {path.name for path in (tmp_path / "bundle").rglob("*")}
    assert "payload.bin" in names
    assert not names & {"inclusion.json", "chain.json", f"{FIRST}.root", f"{SECOND}.root"}


def test_what_cannot_be_given_is_told(kept: RunContext, tmp_path: Path) -> None:
    file_document = stable_id("d", "https://file.example/1")
    for document_id, text in ((file_document, "read from a file"), ("nothing'; --", "no document")):
        with pytest.raises(DataError, match=text):
            write_evidence(kept.home, Config(), document_id, tmp_path / "bundle")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(ConfigError, match="already exists"):
        write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "full")
    (kept.home.archive / f"{FIRST}.warc.gz").unlink()
    with pytest.raises(DataError, match=rf"{FIRST}\.warc\.gz is not in"):
        write_evidence(kept.home, Config(), stable_id("d", OTHER), tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    bundle = write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    assert bundle.versions == 1
    assert bundle.faults[0].startswith(f"{DOCUMENT}, version 1: {FIRST}.warc.gz is not in")
    manifest = json.loads((tmp_path / "bundle" / "evidence" / "manifest.json").read_text())
    assert manifest["faults"] == list(bundle.faults)


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
    bundle = write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    assert bundle.versions == 1
    assert words in bundle.faults[0]


def test_what_the_checker_will_find_is_told_when_it_is_written(kept: RunContext, tmp_path: Path) -> None:
    seal = kept.home.archive / f"{FIRST}.merkle.json"
    values = json.loads(seal.read_text())
    seal.write_text(json.dumps(values | {"root": "0" * 64}))
    bundle = write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    assert any("does not lead to the root of its night" in fault for fault in bundle.faults)


def test_the_command(kept: RunContext, tmp_path: Path, command: Command) -> None:
    arguments = ("evidence", DOCUMENT, "--home", kept.home.path, "--out", tmp_path / "bundle")
    code, out, _ = command(*arguments)
    assert code == 0
    assert str(tmp_path / "bundle" / "evidence" / "index.html") in out
    for options in ((), ("--wacz",)):
        code, _, err = command(*arguments, *options)
        assert code == 2
        assert "--out" in err
    for _ in range(2):
        code, out, _ = command(*arguments[:-1], tmp_path / "one.wacz", "--wacz")
        assert (code, str(tmp_path / "one.wacz") in out) == (0, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "home", "one.wacz"]


def test_a_file_holds_what_a_folder_holds(kept: RunContext, tmp_path: Path) -> None:
    folder, file = tmp_path / "bundle", tmp_path / "bundle.wacz"
    write_evidence(kept.home, Config(), DOCUMENT, folder)
    write_evidence(kept.home, Config(), DOCUMENT, file, wacz=True)
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            is_stored = entry.compress_type == zipfile.ZIP_STORED
            assert is_stored == entry.filename.endswith(".warc.gz"), "WARC files are read by their place"
            if not entry.filename.startswith("datapackage"):
                assert archive.read(entry) == (folder / entry.filename).read_bytes()
        assert len(archive.infolist()) == sum(path.is_file() for path in folder.rglob("*"))


def test_the_index_leads_to_each_record(kept: RunContext, tmp_path: Path) -> None:
    write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "bundle")
    lines = (tmp_path / "bundle" / "indexes" / "index.cdx").read_text().splitlines()
    assert lines == sorted(lines) and len(lines) == 2
    for line, expected_time in zip(lines, ("20260302030000", "20260303030000"), strict=True):
        key, timestamp, fields = line.split(" ", 2)
        values = json.loads(fields)
        record = (tmp_path / "bundle" / "archive" / values["filename"]).read_bytes()
        assert (key, timestamp, values["offset"]) == ("example,wire)/1", expected_time, "0")
        assert (values["length"], values["status"], values["mime"]) == (str(len(record)), "200", "text/html")
        assert read_response(record).url == values["url"] == PAGE


def test_all_documents_of_a_claim(kept: RunContext, tmp_path: Path) -> None:
    process(kept.home, Config(), now=kept.now, models=FakeModels())
    sql = "SELECT claim_id, list(document_id) FROM evidence WHERE quote LIKE '%70b%' GROUP BY claim_id"
    ((claim, pages),) = query_published(kept.home, sql)
    bundle = write_evidence(kept.home, Config(), claim, tmp_path / "bundle")
    manifest = json.loads((tmp_path / "bundle" / "evidence" / "manifest.json").read_text())
    assert manifest["claim"]["claim_id"] == claim
    assert {document["document_id"] for document in manifest["documents"]} >= set(pages)
    assert {version["document_id"] for version in manifest["versions"]} == {DOCUMENT, stable_id("d", OTHER)}
    assert manifest["statements"] and bundle.versions == len(manifest["versions"])
    report = check(Bundle(tmp_path / "bundle"))
    assert report.wrong == []
    assert any("quotes: each stands in the text" in line for line in report.holds)
    with pytest.raises(DataError, match="as a claim: no claim"):
        write_evidence(kept.home, Config(), "c0", tmp_path / "other")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.A.example:443/A/b?z=1&a=2#x", "example,a)/a/b?a=2&z=1"),
        ("http://ada:canary@a.example:8080", "example,a:8080)/"),
        ("https://bücher.example/ü?q=é", "example,xn--bcher-kva)/%c3%bc?q=%c3%a9"),
        ("http://1.2.3.4/x//y/../z/", "4,3,2,1)/x/z"),
        ("http://[::1]:81/", "::1:81)/"),
        ("http://[::1", "http://[::1"),
        ("urn:x y\n\x00", "urn:x%20y%0a%00"),
        ("https://a.example/\ud800 \u2028", "example,a)/%ed%a0%80%20%e2%80%a8"),
    ],
)
def test_the_key_of_an_address(url: str, key: str) -> None:
    assert url_key(url) == key


@given(st.text(max_size=80), st.sampled_from(["", "http://", "https://www.", "https://a.example/"]))
def test_a_key_is_one_word_of_ascii(text: str, before: str) -> None:
    assert re.fullmatch(r"[!-~]*", url_key(before + text))


def test_the_place_of_an_id_that_is_no_file_name() -> None:
    assert default_out("../x/ü y", wacz=False) == Path("evidence-___x___y")
    assert default_out("c1", wacz=True) == Path("evidence-c1.wacz")
    assert len(default_out("d" * 500, wacz=True).name) < 100
