"""The archive, read back with warcio."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from scrapy.http import HtmlResponse, Response
from warcio.archiveiterator import ArchiveIterator

from crawlers.http.warc_writer import Archive

AT = datetime(2026, 3, 2, 3, 0, 7, 250000, tzinfo=UTC)


def test_a_response_comes_back_as_it_was(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "run")
    headers = {
        "Content-Type": "text/html; charset=utf-8", "Content-Encoding": "br",
        "Transfer-Encoding": "chunked", "Set-Cookie": "session=secret", "WWW-Authenticate": "Bearer secret",
        "ETag": '"v1"',
    }
    first_kept = archive.keep(
        HtmlResponse("https://a.example/1?b=c", body="Größe".encode(), headers=headers), AT
    )
    second_kept = archive.keep(Response("https://a.example/2", status=299, body=b"\x00\xff"), AT)
    archive.close()
    assert first_kept.sha256 == hashlib.sha256("Größe".encode()).hexdigest()
    with (tmp_path / "run.warc.gz").open("rb") as stream:
        records = [
            (record, record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert [body for _, body in records] == ["Größe".encode(), b"\x00\xff"]
    for (record, _), archived in zip(records, (first_kept, second_kept), strict=True):
        assert record.format == "warc" and record.rec_type == "response"
        assert archived.warc == f"run.warc.gz#{record.rec_headers['WARC-Record-ID'].strip('<>')}"
        assert record.rec_headers["WARC-Date"] == "2026-03-02T03:00:07.250000Z"
        assert record.rec_headers["WARC-Payload-Digest"]
        assert record.rec_headers.protocol == "WARC/1.1"
    record = records[0][0]
    assert record.rec_headers["WARC-Target-URI"] == "https://a.example/1?b=c"
    assert (record.http_headers.get_statuscode(), record.http_headers["ETag"]) == ("200", '"v1"')
    assert record.http_headers["Content-Length"] == str(len("Größe".encode()))
    names = {name.lower() for name, _ in record.http_headers.headers}
    assert not names & {"set-cookie", "www-authenticate", "content-encoding", "transfer-encoding"}


def test_nothing_kept_makes_no_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", "run")
    archive.flush()
    archive.close()
    assert not (tmp_path / "archive").exists()


def test_a_second_crawl_of_a_run_takes_a_file_of_its_own(tmp_path: Path) -> None:
    file_names = []
    for _ in range(2):
        archive = Archive(tmp_path, "run")
        file_names.append(archive.keep(Response("https://a.example/", body=b"x"), AT).warc.partition("#")[0])
        archive.close()
    assert file_names == ["run.warc.gz", "run.2.warc.gz"]


def test_what_is_flushed_survives_a_cut(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "run")
    archive.keep(Response("https://a.example/1", body=b"one"), AT)
    archive.flush()
    safe_size = (tmp_path / "run.warc.gz").stat().st_size
    archive.keep(Response("https://a.example/2", body=b"two" * 1000), AT)
    archive.close()
    cut_file = tmp_path / "cut.warc.gz"
    cut_file.write_bytes((tmp_path / "run.warc.gz").read_bytes()[: safe_size + 40])
    with cut_file.open("rb") as stream:
        assert next(iter(ArchiveIterator(stream))).content_stream().read() == b"one"
