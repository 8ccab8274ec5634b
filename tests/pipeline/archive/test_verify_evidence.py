"""The checker that travels with the evidence: what it passes, what it finds, and what cannot harm it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rfc3161_client import decode_timestamp_response

from pipeline.archive import merkle, verify_evidence
from pipeline.archive.evidence_bundle import write_evidence
from pipeline.archive.verify_evidence import Bundle, Fault, check, main, read_record, root_of, stamp_time
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.records import stable_id
from pipeline.store.store import Store
from tests.authority import running
from tests.conftest import InboxWriter
from tests.worlds.kept import FIRST, PAGE, SECOND, two_nights

Files = dict[str, bytes]
DOCUMENT = stable_id("d", PAGE)
ONE, TWO = f"{DOCUMENT}-version-1", f"{DOCUMENT}-version-2"
LISTS = ("datapackage.json", "datapackage-digest.json")
_MADE: list[tuple[Files, bytes]] = []
"""The files of one bundle with time stamps of two authorities, and the certificate of one of them."""


@pytest.fixture
def files(store: Store, run: RunContext, write_inbox: InboxWriter, tmp_path: Path) -> Files:
    """Return the files of a bundle of two nights."""
    if not _MADE:
        with running(tmp_path / "a") as first_authority, running(tmp_path / "b") as second_authority:
            kept = two_nights(store, run, write_inbox, (first_authority.url, second_authority.url))
            certificate = first_authority.certificate.read_bytes()
        write_evidence(kept.home, Config(), DOCUMENT, tmp_path / "made.wacz", wacz=True)
        with zipfile.ZipFile(tmp_path / "made.wacz") as archive:
            _MADE.append(({name: archive.read(name) for name in archive.namelist()}, certificate))
    return dict(_MADE[0][0])


def listed_anew(files: Files) -> Files:
    """Return the files with a new list of hashes, as somebody who changed them would write it."""
    package = json.loads(files[LISTS[0]])
    package["resources"] = [
        {"name": name, "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
        for name, data in files.items()
        if name not in LISTS
    ]
    data = json.dumps(package).encode()
    digest = {"path": LISTS[0], "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    return files | {LISTS[0]: data, LISTS[1]: json.dumps(digest).encode()}


def packed(files: Files, folder: Path) -> Path:
    with zipfile.ZipFile(folder / "given.wacz", "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return folder / "given.wacz"


def laid(files: Files, folder: Path) -> Path:
    for name, data in files.items():
        (folder / "given" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "given" / name).write_bytes(data)
    return folder / "given"


def edited(files: Files, name: str, change: Callable[[Any], object]) -> None:
    values = json.loads(files[name])
    change(values)
    files[name] = json.dumps(values).encode()


def stamps(files: Files, night: str) -> list[str]:
    return sorted(name for name in files if re.fullmatch(rf"seals/{night}@.+\.tsr", name))


def test_all_well_as_a_file_and_as_a_folder_alone_and_offline(files: Files, tmp_path: Path) -> None:
    for bundle_path in (packed(files, tmp_path), laid(files, tmp_path)):
        report = check(Bundle(bundle_path))
        assert (report.code, report.wrong, report.unproved) == (0, [], [])
        assert len([line for line in report.holds if "was given its root" in line]) == 4
    script = tmp_path / "given" / "evidence" / "verify_evidence.py"
    # Isolated, without installed packages; without an argument it checks the folder in which it lies.
    completed = subprocess.run(
        [sys.executable, "-I", "-S", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert "ALL WELL (exit code 0)" in completed.stdout
    assert not list(tmp_path.rglob("__pycache__"))


def test_openssl_checks_the_signatures_by_the_command_that_is_told(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = laid(files, tmp_path)
    (tmp_path / "authority.pem").write_bytes(_MADE[0][1])
    assert main([str(folder)]) == 0
    output = capsys.readouterr().out
    commands = [line.strip() for line in output.splitlines() if line.startswith("  openssl ")]
    assert len(commands) == 4 and "NOT CHECKED: the signatures" in output
    verified_count = 0
    for command in commands:
        argv = [str(tmp_path / "authority.pem") if w == "AUTHORITY.pem" else w for w in shlex.split(command)]
        completed = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
        verified_count += "Verification: OK" in completed.stdout
    assert verified_count == 2, "those of the authority whose certificate it is"


def test_a_time_is_read_as_others_read_it(files: Files) -> None:
    root = files[f"seals/{FIRST}.root"]
    for name in stamps(files, FIRST):
        gen_time = decode_timestamp_response(files[name]).tst_info.gen_time
        assert stamp_time(files[name], root, name) == f"{gen_time:%Y-%m-%d %H:%M:%S} UTC"
    with pytest.raises(Fault, match="of something else"):
        stamp_time(files[stamps(files, FIRST)[0]], bytes(32), "x.tsr")
    refusal = bytes.fromhex("30053003020102")
    cut_length, long_length, many_headers = b"\x30\x80\x00", b"\x30\x84\xff\xff\xff\xff", b"\x30\x00" * 2_000
    for answer in (b"", refusal, cut_length, long_length, many_headers, b"0" * 5_000):
        with pytest.raises(Fault, match="not a time stamp that can be read"):
            stamp_time(answer, root, "x.tsr")


def _page(files: Files) -> None:
    files[f"{ONE}/payload.bin"] = b"another page"


def _text(files: Files) -> None:
    files[f"{ONE}/text.txt"] = b"Another text."


def _record(files: Files) -> None:
    """Change the page in every file, with lengths and digests that fit."""
    name = f"archive/{ONE}.warc.gz"
    data = gzip.decompress(files[name]).replace(b"has 70b", b"has 90b")
    data = re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", data)
    header, block = data.split(b"\r\n\r\n", 1)
    digest = hashlib.sha256(block[:-4]).hexdigest().encode()
    files[name] = gzip.compress(header + b"\r\nWARC-Block-Digest: sha256:" + digest + b"\r\n\r\n" + block)
    page = read_record(files[name], name)[2]
    files[f"{ONE}/payload.bin"] = page

    def put(manifest: Any) -> None:
        manifest["versions"][0]["sha256"] = hashlib.sha256(page).hexdigest()

    edited(files, "evidence/manifest.json", put)


def _record_and_leaf(files: Files) -> None:
    """Change the page in the same way, and its Merkle tree too."""
    _record(files)
    leaf = merkle.leaf_hash(files[f"archive/{ONE}.warc.gz"]).hex()
    edited(files, f"{ONE}/inclusion.json", lambda proof: proof.update(index=0, size=1, nodes=[], root=leaf))
    edited(files, "evidence/manifest.json", lambda manifest: manifest["versions"][0].update(merkle_root=leaf))
    files[f"seals/{FIRST}.root"] = bytes.fromhex(leaf)


def _record_leaf_and_chain(files: Files) -> None:
    _record_and_leaf(files)
    root = files[f"seals/{FIRST}.root"].hex()
    edited(files, "seals/chain.json", lambda chain: chain[0].update(root=root))


def _other_stamp(files: Files) -> None:
    files[stamps(files, FIRST)[0]] = files[stamps(files, SECOND)[0]]


def _two_records(files: Files) -> None:
    files[f"archive/{ONE}.warc.gz"] += files[f"archive/{TWO}.warc.gz"]


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_page, "payload.bin is not the page in"),
        (_text, "are not those that the version was read as"),
        (_record, "does not lead to the root of its night"),
        (_record_and_leaf, "another seal of"),
        (_record_leaf_and_chain, "time stamp of something else"),
        (_record_leaf_and_chain, f"the seal of {SECOND}.warc.gz does not hold that of {FIRST}.warc.gz"),
        (_other_stamp, "time stamp of something else"),
        (_two_records, "not one whole record"),
        (lambda files: files.update({"archive/more.warc.gz": b""}), "belongs to no version"),
        (lambda files: files.pop(f"{ONE}/payload.bin"), "payload.bin is missing"),
        (lambda files: files.pop(f"{ONE}/inclusion.json"), "inclusion.json is missing"),
        (lambda files: files.update({f"seals/{FIRST}.root": bytes(32)}), "not the root to which"),
        (lambda files: files.pop(f"seals/{FIRST}.root"), f"seals/{FIRST}.root is missing"),
    ],
)
def test_what_was_changed_is_found_though_the_hashes_were_made_anew(
    files: Files, tmp_path: Path, harm: Callable[[Files], object], words: str
) -> None:
    harm(files)
    report = check(Bundle(packed(listed_anew(files), tmp_path)))
    assert report.code == 1
    assert any(words in line for line in report.wrong), report.wrong


@pytest.mark.parametrize("name", [*LISTS, f"{TWO}/headers.txt", "indexes/index.cdx", "evidence/index.html"])
def test_each_file_is_in_the_list_of_hashes(files: Files, tmp_path: Path, name: str) -> None:
    changed_data = files[name].replace(b"sha256:", b"sha256:0") if name == LISTS[1] else files[name] + b" "
    assert check(Bundle(packed(files | {name: changed_data}, tmp_path))).code == 1
    wrong_lines = check(Bundle(packed({**files, "evidence/more.txt": b""}, tmp_path))).wrong
    assert wrong_lines == ["evidence/more.txt is not in the list of hashes"]
    del files[name]
    assert f"{name} is missing" in check(Bundle(packed(files, tmp_path))).wrong


def test_what_has_no_proof_is_told_and_is_not_wrong(files: Files, tmp_path: Path) -> None:
    first, second = stamps(files, FIRST), stamps(files, SECOND)
    unproven = {name: data for name, data in files.items() if name not in first}
    report = check(Bundle(packed(listed_anew(unproven), tmp_path)))
    assert report.code == 0
    assert any(f"older than the time stamps of night {SECOND}" in line for line in report.holds)
    unproven = {name: data for name, data in files.items() if name not in second}
    report = check(Bundle(packed(listed_anew(unproven), tmp_path)))
    assert (report.code, report.wrong) == (3, [])
    assert report.unproved == [
        f"night {SECOND} has no time stamp: nobody but the collector attests when it was sealed"
    ]
    edited(files, "evidence/manifest.json", lambda manifest: manifest["versions"][0].update(merkle_root=None))
    report = check(Bundle(packed(listed_anew(files), tmp_path)))
    assert report.code == 3
    assert report.unproved[0].startswith(f"{DOCUMENT}, version 1 has no seal")


def _zip(*entries: tuple[str, bytes, int]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, data, method in entries:
            file.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


@pytest.mark.parametrize(
    "name", ["../x/y", "/etc/passwd", "a/../b", "archive\\x", "a/b/c", "a/.bashrc", "a/\x1b[31m"]
)
def test_no_file_leads_out_of_the_evidence(
    files: Files, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle_path = packed(files, tmp_path)
    with zipfile.ZipFile(bundle_path, "a") as file:
        file.writestr(zipfile.ZipInfo(name), b"harm")
    assert main([str(bundle_path)]) == 1
    output = capsys.readouterr().out
    assert "a name that evidence never has" in output and "\x1b" not in output
    assert not (tmp_path.parent / "x").exists()


def test_evidence_of_nothing_is_none(files: Files, tmp_path: Path) -> None:
    edited(files, "evidence/manifest.json", lambda manifest: manifest.update(versions=[], statements=[]))
    kept_files = {name: data for name, data in files.items() if not name.startswith(("archive/", DOCUMENT))}
    assert main([str(packed(listed_anew(kept_files), tmp_path))]) == 2


def test_links_and_pipes_in_a_folder_are_not_followed(files: Files, tmp_path: Path) -> None:
    bundle_path = laid(files, tmp_path)
    (bundle_path / f"{ONE}/payload.bin").unlink()
    (bundle_path / f"{ONE}/payload.bin").symlink_to("/dev/zero")
    (bundle_path / "loop").symlink_to(bundle_path)
    os.mkfifo(bundle_path / "evidence" / "pipe")
    report = check(Bundle(bundle_path))
    for name in (f"{ONE}/payload.bin", "loop", "evidence/pipe"):
        assert f"{name} is not a plain file" in report.wrong


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_two_ways_of_packing_are_read(files: Files, tmp_path: Path, method: int) -> None:
    bundle_path = packed(files, tmp_path)
    with zipfile.ZipFile(bundle_path, "a") as file:
        file.writestr(zipfile.ZipInfo("evidence/more.txt"), bytes(10_000), method)
    assert "evidence/more.txt is packed in a way that evidence never is" in check(Bundle(bundle_path)).wrong


def test_bombs_end_at_a_bound(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = f"archive/{ONE}.warc.gz"
    monkeypatch.setattr(verify_evidence, "MAX_RECORD", 100_000)
    bomb = gzip.compress(bytes(3_000_000))
    report = check(Bundle(packed(listed_anew(files | {record: bomb}), tmp_path)))
    assert any("not one whole record of at most 100,000 bytes" in line for line in report.wrong)
    report = check(Bundle(packed(listed_anew(files | {f"{ONE}/payload.bin": bytes(300_000)}), tmp_path)))
    assert f"{ONE}/payload.bin has more than 100,000 bytes" in report.wrong
    monkeypatch.setattr(verify_evidence, "MAX_TOTAL", 200_000)
    assert main([str(packed(listed_anew(files | {"evidence/a": bytes(3_000_000)}), tmp_path))]) == 2
    monkeypatch.setattr(verify_evidence, "MAX_FILES", 100)
    many_files = {f"evidence/{number}": b"" for number in range(200)}
    assert main([str(packed(files | many_files, tmp_path))]) == 2
    assert main([str(laid(files | many_files, tmp_path))]) == 2
    assert "more than 100 files" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no ZIP", b"PK\x05\x06" + bytes(18), _zip(),
        _zip(("evidence/manifest.json", b"[" * 200_000, 8)),
        _zip(("evidence/manifest.json", b"{}", 8)), _zip(("evidence/manifest.json", b'{"versions": [1]}', 8)),
        _zip(("evidence/manifest.jsom", b'{"versions": []}', 0), ("evidence/manifest.json", b"{}", 0))
        .replace(b"jsom", b"json"),
    ],
)  # fmt: skip
def test_what_is_no_evidence(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    bundle_path = tmp_path / "given.wacz"
    bundle_path.write_bytes(content)
    assert main([str(bundle_path)]) == 2
    assert main([str(tmp_path)]) == 2
    assert main([str(tmp_path / "none")]) == 2
    assert capsys.readouterr().out.count("CANNOT BE CHECKED") == 3


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_LISTED = ("evidence/manifest.json", f"{ONE}/inclusion.json", "seals/chain.json", *LISTS)


def _any_content(made: Files, data: st.DataObject) -> tuple[Files, set[str]]:
    """Put any value into a JSON list, or any bytes into a file; return the files and the changed names."""
    files, name = dict(made), data.draw(st.sampled_from(_LISTED))
    root_value: Any = {"": json.loads(files[name])}
    node, key = root_value, ""
    while isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans()):
        node = node[key]
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
    node[key] = data.draw(_JSON)
    files[name] = json.dumps(root_value[""]).encode()
    damaged = data.draw(st.sampled_from(sorted(files)))
    offset = data.draw(st.integers(0, max(0, len(files[damaged]) - 1)))
    files[damaged] = files[damaged][:offset] + data.draw(st.binary(max_size=3)) + files[damaged][offset + 1 :]
    return files, {name, damaged}


def test_no_content_breaks_the_checker(files: Files, tmp_path: Path) -> None:
    @given(st.data())
    def attempt(data: st.DataObject) -> None:
        changed_files, names = _any_content(files, data)
        bundle_path = packed(changed_files if names & set(LISTS) else listed_anew(changed_files), tmp_path)
        assert main([str(bundle_path)]) in ((0, 1, 2, 3) if "evidence/manifest.json" in names else (0, 1, 3))

    attempt()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_paths_lead_to_the_root_that_the_seal_has(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.inclusion_path(leaves, index)
    assert root_of(leaves[index], index, len(leaves), path) == merkle.root(leaves)
    for wrong_path in (path[:-1] if path else [bytes(32)], [*path, bytes(32)]):
        with pytest.raises(Fault, match="length"):
            root_of(leaves[index], index, len(leaves), wrong_path)
    with pytest.raises(Fault, match="no leaf"):
        root_of(leaves[index], len(leaves), len(leaves), path)
