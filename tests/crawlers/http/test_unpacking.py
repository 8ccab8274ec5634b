"""A packed body is unpacked completely or not at all."""

from __future__ import annotations

import gzip
import os
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
from scrapy.exceptions import ResponseDataLossError
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

from crawlers.http.scrapy_patches import WholeUnpacking
from crawlers.http.unpacking import MEMBERS, zstd
from tests.crawlers.conftest import Nights
from tests.crawlers.fault_server import FEED, PAGE, answer, fault_server, rss, story


def raw_deflate(data: bytes) -> bytes:
    """Pack by deflate without a head, as some servers do."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"gzip", gzip.compress),
    "x-gzip": (b"x-gzip", gzip.compress),
    "two members": (b"gzip", lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:])),
    "deflate": (b"deflate", zlib.compress),
    "raw deflate": (b"deflate", raw_deflate),
    "br": (b"br", brotli.compress),
    "zstd": (b"zstd", zstd.compress),
}
BODIES = {"words": b"An article, and more of it. " * 20_000, "noise": os.urandom(300_000), "short": b"x"}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("name", PACKERS)
def test_a_whole_body_is_unpacked_and_a_cut_one_is_none(name: str, body: bytes) -> None:
    encoding, pack = PACKERS[name]
    packed_body = pack(body)
    assert WholeUnpacking._decode(packed_body, encoding, 0) == body
    for cut_at in (len(packed_body) - 1, len(packed_body) // 2, 20):
        if 0 < cut_at < len(packed_body):
            with pytest.raises(ResponseDataLossError):
                WholeUnpacking._decode(packed_body[:cut_at], encoding, 0)


def test_what_follows_a_gzip_file_is_passed_over() -> None:
    packed_body = gzip.compress(b"whole") + b"\r\n<!-- cached -->"
    assert WholeUnpacking._decode(packed_body, b"gzip", 0) == b"whole"


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"zstd"])
def test_no_body_is_whole_whatever_packing_its_head_names(encoding: bytes) -> None:
    """A 304 for a feed or a 410 for an article has no body."""
    assert WholeUnpacking._decode(b"", encoding, 0) == b""


@pytest.mark.parametrize(("encoding", "pack"), [(b"gzip", gzip.compress), (b"zstd", zstd.compress)])
def test_many_members_are_refused_before_they_take_long(encoding: bytes,
                                                        pack: Callable[[bytes], bytes]) -> None:
    assert WholeUnpacking._decode(pack(b"x") * MEMBERS, encoding, 0) == b"x" * MEMBERS
    started_at = time.process_time()
    with pytest.raises(ResponseDataLossError, match="more than 2,000 members"):
        WholeUnpacking._decode(pack(b"") * 500_000, encoding, 0)  # 5 to 10 MB
    assert time.process_time() - started_at < 2  # processor seconds; it was minutes


def test_a_body_packed_again_and_again_is_refused() -> None:
    assert WholeUnpacking._split_encodings([b"gzip, gzip", b"br"])[0] == [b"br", b"gzip", b"gzip"]
    with pytest.raises(ResponseDataLossError, match="compressed 500 times over"):
        WholeUnpacking._split_encodings([b"gzip," * 499 + b"gzip"])


@pytest.mark.parametrize("name", PACKERS)
def test_a_body_is_not_unpacked_beyond_its_bound(name: str) -> None:
    encoding, pack = PACKERS[name]
    with pytest.raises(_DecompressionMaxSizeExceeded):
        WholeUnpacking._decode(pack(bytes(5_000_000)), encoding, 1_000_000)


def test_half_an_article_is_told_and_not_kept(nights: Nights) -> None:
    with fault_server() as server:
        page = story("Half").encode()
        packed_pages = {"gz": (gzip.compress(page), "gzip"), "br": (brotli.compress(page), "br")}
        server.answers = {
            f"/{name}": answer(body[:-20], PAGE, f"Content-Encoding: {encoding}") for name,
            (body, encoding) in packed_pages.items()
        } | {
            f"/whole-{name}": answer(body, PAGE, f"Content-Encoding: {encoding}") for name,
            (body, encoding) in packed_pages.items()
        }  # fmt: skip
        server.answers["/f.xml"] = answer(rss([server.url + path for path in server.answers]), FEED)
        nights.sources({"id": "f", "spider": "feeds", "url": f"{server.url}/f.xml"})
        night = nights.crawl(obey_robots=False)
        issues = sorted(
            (issue["code"], issue["place"].removeprefix(server.url)) for issue in night.of("issue")
        )
        assert issues == [("connection_lost", "/br"), ("connection_lost", "/gz")]
        assert sorted(line["url"].removeprefix(server.url) for line in night.of("document")) == [
            "/whole-br", "/whole-gz",
        ]
