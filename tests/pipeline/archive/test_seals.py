"""Seals: made from what lies in the archive, the same every time, and read back with warcio."""

from __future__ import annotations

import gzip
import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import Response
from warcio.checker import Checker

from crawlers.http.warc_writer import Archive
from pipeline.archive.merkle import leaf_hash, root
from pipeline.archive.seals import archives, load_seal, make_seal, seal_file, write_seal
from pipeline.archive.warc_records import read_response
from pipeline.core.errors import DataError
from pipeline.core.warc import members

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
BODIES = (b"one" * 30_000, b"", bytes(range(256)) * 2_000)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    writer = Archive(tmp_path, "run")
    for number, body in enumerate(BODIES):
        writer.keep(Response(f"https://a.example/{number}", body=body, headers={"ETag": f'"{number}"'}), AT)
    writer.close()
    return tmp_path / "run.warc.gz"


def test_a_seal_names_every_record_and_is_always_the_same(archive: Path) -> None:
    seal = make_seal(archive, None)
    write_seal(archive, seal)
    seal_bytes = seal_file(archive).read_bytes()
    assert load_seal(archive) == seal
    assert seal.end == seal.size == archive.stat().st_size
    data = archive.read_bytes()
    pieces = [data[record.offset : record.offset + record.length] for record in seal.records]
    assert b"".join(pieces) == data
    assert seal.root == root([leaf_hash(piece) for piece in pieces]).hex()
    seal_file(archive).unlink()
    write_seal(archive, make_seal(archive, None))
    assert seal_file(archive).read_bytes() == seal_bytes
    assert {path.name for path in archive.parent.iterdir()} == {"run.warc.gz", "run.merkle.json"}


def test_each_member_is_a_warc_file_of_its_own(archive: Path, tmp_path: Path) -> None:
    with archive.open("rb") as file:
        parts = [(member, read_response(member)) for _, member in members(file)]
    assert [response.payload for _, response in parts] == list(BODIES)
    assert [response.sha256 for _, response in parts] == [hashlib.sha256(body).hexdigest() for body in BODIES]
    assert parts[2][1].url == "https://a.example/2" and parts[2][1].date == "2026-03-02T03:00:00.000000Z"
    assert ("Etag", '"2"') in parts[2][1].headers and parts[2][1].status == "200 OK"
    assert all(response.problems == () for _, response in parts)
    lone_archive = tmp_path / "alone.warc.gz"
    lone_archive.write_bytes(parts[2][0])
    assert Checker(type("Command", (), {"inputs": [str(lone_archive)], "verbose": False})).process_all() == 0


def test_a_record_cut_off_by_a_kill_is_left_out(archive: Path) -> None:
    full_seal = make_seal(archive, None)
    archive.write_bytes(archive.read_bytes()[:-5])
    cut_seal = make_seal(archive, None)
    assert cut_seal.records == full_seal.records[:2]
    assert cut_seal.end < cut_seal.size
    archive.write_bytes(b"")
    empty = make_seal(archive, None)
    assert (empty.root, empty.end) == (root([]).hex(), 0)


def test_what_follows_damage_is_left_out_and_told(archive: Path) -> None:
    full_seal = make_seal(archive, None)
    data = bytearray(archive.read_bytes())
    data[full_seal.records[2].offset + 60] ^= 0xFF
    archive.write_bytes(data)
    assert make_seal(archive, None).records == full_seal.records[:2]
    with archive.open("rb") as file, pytest.raises(DataError, match=f"at byte {full_seal.records[2].offset}"):
        list(members(file))


def test_a_record_that_warcio_cannot_read_is_sealed_by_its_bytes(archive: Path) -> None:
    archive.write_bytes(gzip.compress(b"no WARC at all\r\n\r\n", mtime=0) + archive.read_bytes())
    seal = make_seal(archive, None)
    assert [bool(record.record) for record in seal.records] == [False, True, True, True]
    assert seal.end == seal.size


def test_a_body_that_is_not_what_its_digest_says(archive: Path) -> None:
    with archive.open("rb") as file:
        member = next(members(file))[1]
    changed_member = gzip.compress(gzip.decompress(member).replace(b"oneone", b"onetwo", 1))
    assert any("payload digest failed" in problem for problem in read_response(changed_member).problems)
    with pytest.raises(DataError, match="warcio cannot read"):
        read_response(gzip.compress(b"no WARC at all\r\n\r\n"))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff", b'{"archive":"x","size":-1,"root":"","records":[]}']
)
def test_a_broken_seal_is_told(archive: Path, content: bytes) -> None:
    seal_file(archive).write_bytes(content)
    with pytest.raises(DataError, match=r"run\.merkle\.json"):
        load_seal(archive)


def test_members_of_an_empty_file_and_archives_of_no_folder(tmp_path: Path) -> None:
    assert list(members(io.BytesIO(b""))) == []
    assert archives(tmp_path / "none") == []
