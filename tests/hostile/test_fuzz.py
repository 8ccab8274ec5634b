"""Random changes of good and hostile inputs, through each reader of strangers' data.

A reader returns or raises the error that it documents, within a bound of processor time. `make test` tries a
few inputs; `make fuzz` goes on for $RUMORTRAIL_FUZZ_SECONDS. What was found becomes a file in `corpus/`, from
which later runs begin, too.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

from crawlers.articles.extract import read_article
from crawlers.files.jsonlines import read_fields
from crawlers.files.warc_reader import read_pages
from crawlers.http.unpacking import unpack
from crawlers.sources import load_sources
from crawlers.spiders.feed_formats import parse_feed
from crawlers.spiders.listing import read_json
from pipeline.archive import verify_evidence
from pipeline.core.config import Config
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.inbox import encode, read
from pipeline.core.inbox_records import InboxIssue
from pipeline.core.vocabulary import Severity
from pipeline.published.question import check
from pipeline.published.sql_reference import questions
from tests.conftest import NOW
from tests.hostile.inputs import BODIES, TEXTS

HERE = Path(__file__).parent
PLATFORMS = HERE.parent / "crawlers" / "platforms"
SECONDS = float(os.environ.get("RUMORTRAIL_FUZZ_SECONDS", "0"))
ROUND = 20  # inputs that are tried between two checks of the clock
LONGEST = 20.0  # processor seconds that one input may take

pytestmark = pytest.mark.slow  # many examples


def _file(read: Callable[[Path], object], name: str) -> Callable[[bytes], object]:
    """Return a reader of bytes for one that reads a file."""

    def reader(data: bytes) -> object:
        with TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(data)
            return read(Path(folder) / name)

    return reader


def _feed(data: bytes) -> object:
    return parse_feed(Response("https://a.example/feed", body=data), 5_000_000)


def _json(data: bytes) -> object:
    answer = read_json(Response("https://a.example/api", body=data))
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        pytest.fail(f"half of a surrogate pair is left: {error}")


def _question(data: bytes) -> object:
    return check(duckdb.connect(), data.decode("utf-8", "replace"))


def _evidence(file: Path) -> None:
    assert verify_evidence.main([str(file)]) in range(4)


def _wacz() -> bytes:
    stream = BytesIO()
    lists = {
        "datapackage.json": {"resources": [{"path": "archive/a.warc.gz", "hash": "sha256:0", "bytes": 1}]},
        "datapackage-digest.json": {"hash": "sha256:0"},
        "evidence/manifest.json": {
            "versions": [{"document_id": "d1", "number": 1, "folder": "a", "record": "archive/a.warc.gz"}],
            "statements": [], "faults": [],
        },
        "seals/chain.json": [{"archive": "a", "root": "0" * 64, "size": 2, "nodes": ["0" * 64]}] * 2,
    }  # fmt: skip
    with ZipFile(stream, "w") as file:
        for name, values in lists.items():
            file.writestr(name, json.dumps(values))
        file.writestr("archive/a.warc.gz", _WARC)
    return stream.getvalue()


_SQL = [question.sql.encode() for question in questions()]
_SOURCES = (HERE.parents[1] / "crawlers" / "sources.toml").read_bytes()
_SETTINGS = (HERE.parents[1] / "pipeline" / "core" / "rumortrail.toml").read_bytes()
_WARC = gzip.compress(
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Length: 68\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Some words</p>\r\n\r\n")
_LOST = (ResponseDataLossError, _DecompressionMaxSizeExceeded)

READERS: dict[str, tuple[Callable[[bytes], object], tuple[type[Exception], ...], list[bytes]]] = {
    "feed": (_feed, (ValueError,), [(PLATFORMS / name).read_bytes() for name in ("feed.xml", "atom.xml")]),
    "page": (lambda data: read_article(data, url="https://a.example/1"), (ValueError,), [
        file.read_bytes() for file in PLATFORMS.glob("*.html")]),
    "answer": (_json, (ValueError,), [file.read_bytes() for file in PLATFORMS.glob("*[!d].json")]),
    "line": (read_fields, (ValueError,), [b'{"url": "https://a.example/1", "platform": "x", "text": "a"}']),
    "warc": (lambda data: list(read_pages(BytesIO(data), 1_000_000)), (DataError,), [_WARC]),
    "packed": (lambda data: unpack(data, b"gzip", 5_000_000), _LOST, [gzip.compress(b"a" * 1000) * 3]),
    "sources": (_file(load_sources, "sources.toml"), (ConfigError,), [_SOURCES]),
    "settings": (_file(Config.load, "rumortrail.toml"), (ConfigError,), [_SETTINGS]),
    "inbox": (_file(lambda file: list(read(file)), "a.jsonl.gz"), (DataError,), [_WARC]),
    "evidence": (_file(_evidence, "a.wacz"), (), [_wacz()]),
    "question": (_question, (DataError, duckdb.Error), _SQL),
}  # fmt: skip

_PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([*(text[:200].encode("utf-8", "surrogatepass") for text in TEXTS), b"<", b"&", b"]]>",
                     b"\x00", b'"', b"\\ud800", b"{", b"[", b"\r\n", b";", b"--", b"'", b"\x1f\x8b\x08"]),
)  # fmt: skip


def changed(whole: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    """Return `whole` with pieces put in, taken out and repeated, each at its share of the length."""
    for position, removed_count, inserted, times in changes:
        offset = int(position * len(whole))
        whole = whole[:offset] + inserted * times + whole[offset + removed_count :]
    return whole[:3_000_000]


_CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from((0, 1, 50)), _PIECES, st.sampled_from((1, 1, 2, 300))),
    max_size=5)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_returns_or_tells(name: str) -> None:
    reader, refusal, good_bodies = READERS[name]
    corpus = [*good_bodies, *(body[:300_000] for body in BODIES.values()),
              *(file.read_bytes() for file in sorted((HERE / "corpus").glob(f"{name}-*")))]

    def attempt(data: bytes) -> None:
        started_at = time.process_time()
        try:
            reader(data)
        except refusal as error:
            encode(InboxIssue(None, "bad", str(error)[:1000], Severity.ERROR, NOW))
        took = time.process_time() - started_at
        assert took < LONGEST, f"{len(data):,} bytes took {took:.1f} s"

    for example in corpus:
        attempt(example)
    deadline = time.monotonic() + SECONDS / len(READERS)
    for number in itertools.count():

        @seed(number)
        @settings(max_examples=ROUND, deadline=None, database=None, phases=(Phase.generate, Phase.shrink),
                  suppress_health_check=list(HealthCheck))
        @given(st.builds(changed, st.sampled_from(corpus), _CHANGES))
        def draw(data: bytes) -> None:
            attempt(data)

        draw()
        if time.monotonic() > deadline:
            break
