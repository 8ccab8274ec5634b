"""Time stamps from an authority that runs on `openssl ts`, checked by openssl too; and bad answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.archive.timestamps import MAX_BYTES, ask_authority, authority_name, fault_of
from pipeline.core.config import CrawlConfig
from pipeline.core.errors import SourceError
from tests.authority import Authority, openssl, running

ROOT = bytes(range(32))


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with running(tmp_path / "authority") as server:
        yield server


def test_openssl_verifies_what_came(authority: Authority) -> None:
    answer = ask_authority(CrawlConfig(), authority.url, ROOT)
    (authority.folder / "night.tsr").write_bytes(answer)
    (authority.folder / "root").write_bytes(ROOT)
    certificate = str(authority.certificate)
    output = openssl(
        authority.folder, "ts", "-verify", "-data", "root", "-in", "night.tsr", "-CAfile", certificate
    )
    assert "Verification: OK" in output
    assert fault_of(answer, ROOT) is None
    assert fault_of(answer, b"another root") == "the time stamp is of something else"
    assert fault_of(answer, ROOT, nonce=1) == "the time stamp answers another query"


def test_an_old_answer_is_refused(authority: Authority) -> None:
    authority.answer = ask_authority(CrawlConfig(), authority.url, ROOT)
    with pytest.raises(SourceError, match="answers another query"):
        ask_authority(CrawlConfig(), authority.url, ROOT)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "no time stamp can be read"),
        (b"<html>busy</html>", "no time stamp can be read"),
        (bytes.fromhex("30053003020102"), "refused with status 2"),
        (bytes.fromhex("30053003020100"), "no time stamp can be read"),
        (bytes(MAX_BYTES + 1), "more than"),
    ],
    ids=["empty", "a page", "refused", "granted without a token", "too long"],
)
def test_no_time_stamp(authority: Authority, answer: bytes, words: str) -> None:
    authority.answer = answer
    with pytest.raises(SourceError, match=words):
        ask_authority(CrawlConfig(), authority.url, ROOT)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_another_status(authority: Authority, status: int) -> None:
    authority.status = status
    with pytest.raises(SourceError, match=f"status {status}"):
        ask_authority(CrawlConfig(), authority.url, ROOT)
    assert len(authority.queries) == 1


def test_one_that_never_answers_and_one_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        address = f"127.0.0.1:{silent_server.getsockname()[1]}"
        with pytest.raises(SourceError, match=r"y 127\.0\.0\.1_\d+ did not answer within 0\.2 seconds"):
            ask_authority(CrawlConfig(timeout=0.2), f"http://{address}/", ROOT)
    with pytest.raises(SourceError, match=r"y 127\.0\.0\.1_\d+ could not be reached: ") as error:
        ask_authority(CrawlConfig(), f"http://ada:canary@{address}/?token=canary", ROOT)
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("url", ["ftp://a.example/", "a.example", "http://[::1", "https://"])
def test_an_address_of_another_kind(url: str) -> None:
    with pytest.raises(SourceError, match="not an http:// or https:// address"):
        ask_authority(CrawlConfig(), url, ROOT)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://FreeTSA.org/tsr", "freetsa.org"),
        ("http://ada:canary@tsa.example:3161/?token=canary", "tsa.example_3161"),
        ("http://[::1]:80/", "__1_80"),
        ("http://../x", ".."),
        ("http://[::1", "unknown"),
        ("https://", "unknown"),
        ("http://a.example:99999/", "unknown"),
    ],
)
def test_the_name_of_an_authority_is_part_of_a_file_name_and_holds_no_secret(url: str, name: str) -> None:
    assert authority_name(url) == name
