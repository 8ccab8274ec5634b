"""Whole nights against the loopback web: the documents, the issues, and what survives a kill."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import os
import signal
import socketserver
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from warcio.archiveiterator import ArchiveIterator

from crawlers.engine.check import check
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.errors import ConfigError, NetworkError
from pipeline.core.vocabulary import Outcome
from tests.crawlers.conftest import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    TEXT,
    WAIT,
    Nights,
    Reply,
    Web,
    article,
    children,
    ended,
    feed,
    inbox_lines,
    json_reply,
    partition,
    rss,
    story,
    submission,
)
from tests.crawlers.preloaded import crawling


class TestOneNight:
    def test_a_web_that_misbehaves_loses_nothing_that_is_good(self, nights: Nights, web: Web) -> None:
        """Every second page is faulty: each fault becomes an issue, each good document arrives."""
        bomb = gzip.compress(b"<p>" + b"a" * 5_000_000)
        entity_bomb = (
            '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>'
        )
        latin = article("Kupferk\u00e4fer", TEXT.format("Der Kupferk\u00e4fer")).body
        assert isinstance(latin, str)
        web.pages = {
            "/mixed.xml": rss(
                web, "/good", "/missing", "/broken", "/slow", "/huge", "/liar", "/bomb", "/loop", "/image",
                "/empty",
                "/latin", "/private/page", "/away", "/good2",
            ),
            "/good": story("The first good thing"),
            "/good2": story("The second good thing"),
            "/broken": Reply("oops", 500),
            "/slow": Reply("x" * 200, drip=0.2),
            "/huge": Reply(b"x" * 900_000),
            "/liar": Reply("short", length=5000),
            "/bomb": Reply(bomb, headers={"Content-Encoding": "gzip"}),
            "/loop": Reply("", 302, headers={"Location": "/loop"}),
            "/image": Reply(b"\x89PNG\r\n\x1a\n" + bytes(2000), kind="image/png"),
            "/empty": Reply("<html><body></body></html>"),
            "/latin": Reply(latin.replace("utf-8", "iso-8859-1").encode("latin-1"),
                kind="text/html; charset=iso-8859-1"),
            "/private/page": story("What robots.txt keeps out"),
            "/away": Reply("", 302, headers={"Location": "ftp://files.example/x"}),
            "/robots.txt": Reply("User-agent: *\nDisallow: /private/\n", kind="text/plain"),
            "/bomb.xml": Reply(entity_bomb, kind="application/xml"),
            "/bytes.xml": Reply(b"\xff\xfe\x00\x01" + bytes(range(256)) * 20, kind="application/xml"),
            "/none.xml": Reply("<html>Not a feed</html>"),
            "/r/A/new.json": json_reply({"kind": "Listing", "data": {"children": [submission(1),
                {"kind": "t3"}, submission(2)]}}),
            "/r/B/new.json": Reply('{"kind": "Listing", "data": {"chil', kind="application/json"),
            "/r/C/new.json": Reply(b'{"kind": "\xff\xfe"}', kind="application/json"),
            "/last.xml": rss(web, "/last"),
            "/last": story("The last good thing"),
        }  # fmt: skip
        nights.sources(
            feed(web, "mixed"), feed(web, "bomb"), feed(web, "bytes"), feed(web, "none"), feed(web, "gone"),
            {"id": "a", "spider": "reddit", "url": f"{web.url}/r/A"},
            {"id": "b", "spider": "reddit", "url": f"{web.url}/r/B"},
            {"id": "c", "spider": "reddit", "url": f"{web.url}/r/C"}, feed(web, "last", expect_min=2),
        )
        night = nights.crawl(timeout=10.0, max_bytes=500_000)
        read_pages, told_by_feed = partition(night.of("document", "mixed"))
        assert sorted(document["text"].split(" is said")[0] for document in read_pages) == [
            "Der Kupferk\u00e4fer", "The first good thing", "The second good thing",
        ]  # fmt: skip
        assert {document["url"].removeprefix(web.url) for document in told_by_feed} == {
            "/missing", "/huge", "/bomb", "/loop", "/image", "/empty", "/private/page",
        }
        assert {(document["title"], document["text"]) for document in told_by_feed} == {("T", "")}
        codes = {issue["place"].removeprefix(web.url): issue["code"] for issue in night.of("issue", "mixed")}
        assert codes == {
            "/missing": "http_404", "/broken": "http_500", "/slow": "timeout", "/huge": "too_large",
            "/liar": "connection_lost", "/bomb": "too_large", "/loop": "redirects", "/image": "not_html",
            "/empty": "no_text", "/private/page": "robots", "/away": "http_302",
        }
        assert [night.codes(name) for name in ("bomb", "bytes", "none", "gone", "b", "c")] == [
            ["bad_feed"], ["bad_feed"], ["bad_feed"], ["http_404"], ["bad_answer"], ["bad_answer"],
        ]  # fmt: skip
        assert sorted(document["title"] for document in night.of("document", "a")) == ["Post 1", "Post 2"]
        assert night.codes("a") == ["bad_item"]
        assert (night.texts("last")[0].split(" is said")[0], night.codes("last")) == (
            "The last good thing",
            ["too_few"],
        )
        outcomes = {name: str(crawl.outcome) for name, crawl in night.crawls.items()}
        assert outcomes == {
            "mixed": "partial", "bomb": "failed", "bytes": "failed", "none": "failed", "gone": "failed",
            "a": "partial", "b": "failed", "c": "failed", "last": "partial",
        }  # fmt: skip
        assert web.asked("/private/page") == 0

    def test_the_inbox_the_archive_and_the_log(self, nights: Nights, web: Web) -> None:
        web.pages = {"/f.xml": rss(web, "/a"), "/a": story("It")}
        web.pages["/a"].headers = {"Set-Cookie": "id=secret"}  # type: ignore[union-attr]
        off_source = feed(web, "off", enabled=False)
        nights.sources(feed(web, "f", role="first_party", organisation="corvid-ai"), off_source)
        night = nights.crawl(contact="desk@paper.example\r\nX-Evil: 1")
        assert [line["type"] for line in night.lines if line["source"] == "f"] == [
            "source",
            "document",
            "crawl",
        ]
        head = night.of("source", "f")[0]
        assert (head["platform"], head["role"], head["organisation"]) == ("blog", "first_party", "corvid-ai")
        end = night.of("crawl", "f")[0]
        assert (end["outcome"], end["documents"], end["requests"]) == ("ok", 1, 3)
        assert [line["type"] for line in night.lines if line["source"] == "off"] == ["source", "crawl"]
        assert night.crawls["off"].outcome is Outcome.OFF
        (document,) = night.of("document")
        assert document["seen_at"] == "2026-03-02T03:00:00Z"
        file, _, record_id = document["warc"].partition("#")
        with (nights.home.archive / file).open("rb") as stream:
            records = [
                (record, record.content_stream().read())
                for record in ArchiveIterator(stream, check_digests="raise")
            ]
        ((record, body),) = records
        assert record.rec_headers["WARC-Record-ID"] == f"<{record_id}>"
        assert document["sha256"] == hashlib.sha256(body).hexdigest()
        assert b"secret" not in (nights.home.archive / file).read_bytes()
        assert record.http_headers["Set-Cookie"] is None
        assert "Spider opened" in (nights.home.path / "logs" / "20260302T030000Z.log").read_text()
        agents = {headers["User-Agent"] for _, headers in web.requests}
        assert len(agents) == 1 and agents.pop().startswith("Rumortrail/")
        for _, headers in web.requests:
            assert headers["User-Agent"].endswith(" (+desk@paper.example X-Evil: 1)")
            assert not {"Cookie", "Referer", "X-Evil"} & set(headers)

    def test_a_source_may_be_named_even_if_it_is_off(self, nights: Nights, web: Web) -> None:
        web.pages = {"/off.xml": rss(web, "/a"), "/a": story("It")}
        nights.sources(feed(web, "f"), feed(web, "off", enabled=False))
        progress: list[tuple[str, int, int | None]] = []
        night = nights.crawl(only=("off",), on_progress=lambda *step: progress.append(step))
        assert progress == [("crawl", 0, 1), ("crawl", 1, 1)]
        assert {name: crawl.documents for name, crawl in night.crawls.items()} == {"off": 1}
        with pytest.raises(ConfigError, match="no source is called nobody"):
            nights.crawl(only=("nobody",))

    def test_no_sources_file(self, nights: Nights) -> None:
        with pytest.raises(ConfigError, match="rumortrail init"):
            nights.crawl()


# Names under .invalid are resolved nowhere (RFC 2606).
NOWHERE = [{"id": name, "spider": "feeds", "url": f"https://{name}.invalid/f.xml"} for name in "abc"]


@contextmanager
def _listening(says: bytes | None, certificate: Path | None = None) -> Iterator[int]:
    """Run a server at every loopback address that sends `says` (None: nothing) and hangs up; yield its port.

    With a `certificate` it shakes hands first.
    """
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                line = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                if says is not None:
                    line.sendall(says)
                    return
                while line.recv(65536):
                    pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("0.0.0.0", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def _certificate(folder: Path) -> Path:
    """Write a file with a self-signed certificate for loopback addresses and its key."""
    key, file = ec.generate_private_key(ec.SECP256R1()), folder / "loopback.pem"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    names = [x509.IPAddress(IPv4Address(f"127.0.0.{number}")) for number in (1, 2, 3)]
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    key_bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(key_bytes + signed.public_bytes(serialization.Encoding.PEM))
    return file


class TestNoNetwork:
    def test_all_sources_end_in_the_same_words_and_none_is_blamed(self, nights: Nights) -> None:
        nights.sources(*NOWHERE, {"id": "x", "spider": "x", "url": "https://x.com/a"})
        night = nights.crawl()
        assert [str(night.crawls[name].outcome) for name in "abcx"] == ["failed", "failed", "failed", "off"]
        (reason,) = {night.crawls[name].message for name in "abc"}
        assert reason is not None and reason.startswith("no network: none of 3 hosts can be reached (")
        assert night.codes() == []
        assert [line["type"] for line in night.lines if line["source"] == "a"] == ["source", "crawl"]

    def test_a_check_says_it_once(self, nights: Nights) -> None:
        nights.sources(*NOWHERE)
        with pytest.raises(NetworkError, match="none of 3 hosts can be reached"):
            check(nights.home, Config(), now=FIRST_NIGHT)

    @pytest.mark.parametrize("proxy", ["http://proxy.invalid:3128", "http://127.0.0.1:1"])
    def test_a_proxy_that_is_not_there(self, nights: Nights, proxy: str) -> None:
        nights.sources(*NOWHERE[:1])
        night = nights.crawl(proxy=proxy)
        message = str(night.crawls["a"].message)
        assert ("cannot be resolved" if "invalid" in proxy else "the proxy cannot be reached") in message
        assert night.codes() == []

    def test_servers_that_take_connections_and_say_nothing_are_no_network(self, nights: Nights) -> None:
        """A captive portal does so: each source would wait for its time-outs and be recorded as failed."""
        with _listening(None) as silent, _listening(b"") as closing:
            urls = [f"http://127.0.0.1:{silent}/f", f"http://127.0.0.2:{silent}/f",
                    f"https://127.0.0.3:{silent}/f", f"http://127.0.0.4:{closing}/f"]  # fmt: skip
            nights.sources(*({"id": f"s{n}", "spider": "feeds", "url": url} for n, url in enumerate(urls)))
            with pytest.raises(NetworkError, match=r"none of 4 hosts can be reached \(no answer within"):
                check(nights.home, Config(crawl=CrawlConfig(allow_private_addresses=True)), now=FIRST_NIGHT)

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_a_server_that_says_anything_is_a_network(self, nights: Nights, scheme: str) -> None:
        """No HTTP, and a failed handshake: other servers may answer, and each source gets its own issue."""
        with _listening(b"220 mail.example ESMTP\r\n") as port:
            urls = [f"{scheme}://127.0.0.{number}:{port}/f" for number in (1, 2, 3)]
            nights.sources(*({"id": f"s{n}", "spider": "feeds", "url": url} for n, url in enumerate(urls)))
            night = nights.crawl(obey_robots=False)
        assert [len(night.codes(f"s{number}")) for number in range(3)] == [1, 1, 1]

    def test_a_handshake_is_an_answer(
        self, nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificate = _certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with _listening(None, certificate) as port:
            urls = [f"https://127.0.0.{number}:{port}/f" for number in (1, 2, 3)]
            nights.sources(*({"id": f"s{n}", "spider": "feeds", "url": url} for n, url in enumerate(urls)))
            night = nights.crawl(obey_robots=False, timeout=1.0)
        assert [night.codes(f"s{number}") for number in range(3)] == [["timeout"]] * 3

    def test_one_host_that_can_be_reached_is_a_network(self, nights: Nights, web: Web) -> None:
        web.pages = {"/f.xml": rss(web, "/a"), "/a": story("It")}
        nights.sources(*NOWHERE, feed(web, "f"))
        night = nights.crawl(obey_robots=False)
        assert len(night.of("document", "f")) == 1
        assert [night.codes(name) for name in "abc"] == [["dns"], ["dns"], ["dns"]]


class TestGuarded:
    def test_private_addresses_are_refused_by_number_and_by_name(self, nights: Nights, web: Web) -> None:
        port = web.url.rpartition(":")[2]
        web.pages = {"/f.xml": rss(web, "/a"), "/a": story("It")}
        names = {"number": "127.0.0.1", "name": "localhost", "six": "[::1]"}
        nights.sources(
            *(
                {"id": key, "spider": "feeds", "url": f"http://{host}:{port}/f.xml"}
                for key, host in names.items()
            )
        )
        night = nights.crawl(allow_private_addresses=False, obey_robots=False)
        assert {name: night.codes(name) for name in names} == {name: ["refused"] for name in names}
        assert web.requests == []

    def test_through_a_proxy_names_are_not_resolved_and_numbers_are_refused(
        self, nights: Nights, web: Web
    ) -> None:
        """The loopback web is the proxy: it is asked for whole addresses, robots.txt among them."""
        links = "".join(f"<item><link>http://news.example{path}</link></item>" for path in ("/a", "/b", "/c"))
        web.pages = {
            "http://news.example/robots.txt": Reply(
                "User-agent: Rumortrail\nDisallow: /c\n", kind="text/plain"
            ),
            "http://news.example/f.xml": Reply(
                f'<rss version="2.0"><channel><title>F</title>{links}</channel></rss>', kind="text/xml"
            ),
            "http://news.example/a": story("It"),
            "http://news.example/b": Reply(
                "", 302, headers={"Location": "http://169.254.169.254/latest/meta-data"}
            ),
            "http://169.254.169.254/latest/meta-data": story("The secret"),
        }
        secure = {"id": "s", "spider": "feeds", "url": "https://news.example/f.xml"}
        nights.sources({"id": "f", "spider": "feeds", "url": "http://news.example/f.xml"}, secure)
        night = nights.crawl(proxy=web.url, allow_private_addresses=False)
        assert night.codes("s") == ["proxy"], "the loopback web opens no tunnel"
        assert [document["url"] for document in night.of("document")] == ["http://news.example/a"]
        codes_by_url = {issue["place"]: issue["code"] for issue in night.of("issue", "f")}
        assert codes_by_url == {"http://news.example/b": "refused", "http://news.example/c": "robots"}
        assert all(url.startswith("http://news.example/") for url, _ in web.requests)


class TestPoliteness:
    def test_a_busy_server_is_waited_for_and_asked_again(self, nights: Nights, web: Web) -> None:
        times: list[float] = []

        def busy(_: BaseHTTPRequestHandler) -> Reply:
            times.append(time.monotonic())
            return rss(web, "/a") if len(times) > 1 else Reply("busy", 429, headers={"Retry-After": "1"})

        web.pages = {"/f.xml": busy, "/a": story("It")}
        nights.sources(feed(web, "f"))
        night = nights.crawl(retries=2, obey_robots=False)
        assert night.crawls["f"].outcome is Outcome.OK
        assert times[1] - times[0] >= 0.9

    def test_the_delay_holds_over_sources_of_one_host(self, nights: Nights, web: Web) -> None:
        times: list[float] = []

        def timed(_: BaseHTTPRequestHandler) -> Reply:
            times.append(time.monotonic())
            return rss(web)

        web.pages = {"/a.xml": timed, "/b.xml": timed, "/c.xml": timed}
        nights.sources(*(feed(web, name) for name in "abc"))
        nights.crawl(delay=0.4, obey_robots=False)
        assert len(times) == 3
        gaps = [later_time - earlier_time for earlier_time, later_time in itertools.pairwise(times)]
        assert all(pause >= 0.35 for pause in gaps)

    def test_a_host_is_not_asked_for_more_at_once_than_allowed(self, nights: Nights, web: Web) -> None:
        running, most_running, lock = 0, 0, threading.Lock()

        def counted(handler: BaseHTTPRequestHandler) -> Reply:
            nonlocal running, most_running
            with lock:
                running += 1
                most_running = max(most_running, running)
            time.sleep(0.05)
            with lock:
                running -= 1
            return story(f"Story {handler.path}")

        paths = [f"/{number}" for number in range(12)]
        web.pages = dict.fromkeys(paths, counted) | {"/f.xml": rss(web, *paths)}
        nights.sources(feed(web, "f"))
        assert len(nights.crawl(per_host=2, obey_robots=False).of("document")) == 12
        assert most_running <= 2

    def test_retries_are_bounded(self, nights: Nights, web: Web) -> None:
        web.pages = {"/f.xml": Reply("no", 503)}
        nights.sources(feed(web, "f"))
        assert nights.crawl(retries=2, obey_robots=False).codes("f") == ["http_503"]
        assert web.asked("/f.xml") == 3


class TestTime:
    def test_a_source_and_the_night_end_in_time_with_what_they_have(self, nights: Nights, web: Web) -> None:
        paths = [f"/{number}" for number in range(60)]

        def slowly(handler: BaseHTTPRequestHandler) -> Reply:
            time.sleep(0.0 if handler.path in paths[:5] else 0.5)
            return story(f"Story {handler.path}")

        web.pages = dict.fromkeys(paths, slowly) | {"/f.xml": rss(web, *paths), "/g.xml": rss(web, *paths)}
        nights.sources(feed(web, "f"), feed(web, "g"), feed(web, "h"))
        night = nights.crawl(per_host=1, source_budget=6.0, night_budget=12.0, obey_robots=False)
        assert night.codes("f") == ["out_of_time"]
        assert night.crawls["f"].outcome is Outcome.PARTIAL
        assert 0 < night.crawls["f"].documents < len(paths)
        assert "source_budget" in str(night.crawls["f"].message)
        assert "night_budget" in str(night.crawls["g"].message)
        assert night.crawls["h"].outcome is Outcome.FAILED
        assert night.codes("h") == ["unfinished"]
        assert night.of("crawl", "h")

    def test_a_listing_cut_off_by_the_clock_is_read_to_its_end_the_next_night(
        self, nights: Nights, web: Web
    ) -> None:
        paths = [f"/{number}" for number in range(12)]
        pause = [0.3]

        def slowly(handler: BaseHTTPRequestHandler) -> Reply:
            time.sleep(pause[0])
            return story(f"Story {handler.path}")

        web.pages = dict.fromkeys(paths, slowly) | {"/f.xml": rss(web, *paths, headers={"ETag": '"v1"'})}
        nights.sources(feed(web, "f"))
        first_night = nights.crawl(per_host=1, source_budget=1.5, obey_robots=False)
        pause[0] = 0.0
        second_night = nights.crawl(SECOND_NIGHT, per_host=1, obey_robots=False)
        urls = {document["url"] for night in (first_night, second_night) for document in night.of("document")}
        assert urls == {web.url + path for path in paths}
        assert second_night.crawls["f"].outcome is Outcome.OK


class TestManyNights:
    def test_the_same_night_again_then_edits_deletions_and_an_unchanged_feed(
        self, nights: Nights, web: Web
    ) -> None:
        def conditional(handler: BaseHTTPRequestHandler) -> Reply:
            if handler.headers.get("If-None-Match") == '"v1"':
                return Reply("", 304)
            return rss(web, "/a", "/b", headers={"ETag": '"v1"'})

        web.pages = {"/f.xml": conditional, "/a": story("First version"), "/b": story("To be deleted")}
        nights.sources(feed(web, "f"))
        nights.crawl()
        same_night = nights.crawl()
        assert [crawl.outcome for crawl in same_night.crawls.values()] == [Outcome.OK]
        assert len(same_night.of("document")) == 4 and len(set(same_night.texts())) == 2
        web.pages |= {"/a": story("Second version"), "/b": Reply("", 410)}
        second_night = nights.crawl(SECOND_NIGHT)
        assert [text.split(" is said")[0] for text in second_night.texts()] == ["Second version"]
        (gone,) = second_night.of("gone")
        assert (gone["url"], gone["evidence"]) == (f"{web.url}/b", f"HTTP 410 at {web.url}/b")
        assert (gone["last_present_at"], gone["seen_at"]) == ("2026-03-02T03:00:00Z", "2026-03-03T03:00:00Z")
        assert second_night.crawls["f"].outcome is Outcome.OK

    def test_when_everything_seems_gone_nothing_is_believed_gone(self, nights: Nights, web: Web) -> None:
        paths = [f"/{number}" for number in range(6)]
        web.pages = {path: story(f"Story {path}") for path in paths} | {"/f.xml": rss(web, *paths)}
        nights.sources(feed(web, "f"))
        nights.crawl()
        web.pages = {"/f.xml": rss(web)}
        second_night = nights.crawl(SECOND_NIGHT)
        assert (second_night.of("gone"), second_night.codes()) == ([], ["mass_gone"])
        web.pages |= {path: story(f"Story {path}") for path in paths[1:]}
        third_night = nights.crawl(SECOND_NIGHT + timedelta(days=1))
        assert [gone["url"] for gone in third_night.of("gone")] == [f"{web.url}/0"]
        assert len(third_night.of("document")) == 5


class TestKilled:
    @pytest.mark.skipif(not Path("/proc").exists(), reason="finds the crawl process by /proc")
    @pytest.mark.parametrize("victim", ["crawlers", "parent"])
    def test_a_kill_in_the_middle_loses_nothing(self, nights: Nights, web: Web, victim: str) -> None:
        paths = [f"/{number}" for number in range(26)]
        half_done, kill_done = threading.Event(), threading.Event()

        def slowly(handler: BaseHTTPRequestHandler) -> Reply:
            """Answer the first pages slower than documents are buffered, and hold back the last pages."""
            if int(handler.path[1:]) >= 22:
                half_done.set()
                kill_done.wait(WAIT)
            elif not kill_done.is_set():
                time.sleep(0.25)
            return story(f"Story {handler.path}")

        web.pages = dict.fromkeys(paths, slowly) | {"/f.xml": rss(web, *paths, headers={"ETag": '"v1"'})}
        nights.sources(feed(web, "f"))
        settings = CrawlConfig(delay=0.0, per_host=2, allow_private_addresses=True, obey_robots=False)
        process = crawling(nights.home, settings, FIRST_NIGHT)
        assert half_done.wait(WAIT)
        assert process.pid
        (crawler,) = children(process.pid)
        os.kill(crawler if victim == "crawlers" else process.pid, signal.SIGKILL)
        process.join(WAIT)
        ended(crawler)
        kill_done.set()
        lines_before = inbox_lines(nights.home.inbox / "run")
        crawl_lines = [line for line in lines_before if line["type"] == "crawl"]
        if victim == "crawlers":
            assert [(line["outcome"], line["documents"]) for line in crawl_lines] == [("failed", 0)]
            assert [line["code"] for line in lines_before if line["type"] == "issue"] == ["unfinished"]
        else:
            assert crawl_lines == []
        kept_urls = {line["url"] for line in lines_before if line["type"] == "document"}
        assert 0 < len(kept_urls) < len(paths)
        database = sqlite3.connect(nights.home.crawl_state)
        known_urls = {
            url for (url,) in database.execute("SELECT url FROM seen WHERE last_present IS NOT NULL")
        }
        database.close()
        assert known_urls <= kept_urls
        night = nights.crawl(SECOND_NIGHT, obey_robots=False)
        assert night.crawls["f"].outcome is Outcome.OK
        assert {document["url"] for document in night.of("document")} | kept_urls == {
            web.url + path for path in paths
        }


def test_with_a_damaged_memory_every_source_says_so(nights: Nights) -> None:
    nights.sources({"id": "a", "spider": "feeds", "url": "https://a.example/f"},
                   {"id": "b", "spider": "feeds", "url": "https://b.example/f"})
    nights.home.crawl_state.write_bytes(b"none of ours" * 1000)
    night = nights.crawl()
    assert [crawl.outcome for crawl in night.crawls.values()] == [Outcome.FAILED, Outcome.FAILED]
    assert all("crawl.sqlite is damaged" in str(crawl.message) for crawl in night.crawls.values())
    assert [issue["code"] for issue in night.of("issue")] == ["unfinished", "unfinished"]


def test_a_crawl_process_that_gets_no_job_ends(tmp_path: Path) -> None:
    process = subprocess.run([sys.executable, "-m", "crawlers"], input=b"", capture_output=True, timeout=WAIT)
    assert process.returncode != 0
