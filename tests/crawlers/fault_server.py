"""A loopback server that breaks the rules of HTTP, feeds and pages, in raw bytes, one answer a connection."""

from __future__ import annotations

import gzip
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

import brotli

Answer = Callable[[socket.socket], None]
PAGE = "text/html; charset=utf-8"
FEED = "application/rss+xml"
WORDS = (
    "{0} is said in a paragraph that is long enough to be taken for the main text of the page that it "
    "stands on.\n"
    "A second paragraph follows, since one alone is seldom the whole of an article on any site."
)


@dataclass
class FaultServer:
    """The running server: `answers` by path without its query, else 404; `asked` is every path asked for."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def fault_server(host: str = "127.0.0.1", port: int = 0) -> Iterator[FaultServer]:
    """Serve on `host` until the block ends."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            path = _path(self.request)
            faults.asked.append(path)
            reply = faults.answers.get(path.partition("?")[0], status(404))
            with suppress(OSError):
                reply(self.request)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    with Server((host, port), Handler) as server:
        faults = FaultServer(f"http://{host}:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield faults
        finally:
            server.shutdown()
            thread.join()


def _path(connection: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head and (chunk := connection.recv(65536)):
        head += chunk
    return head.split(b" ", 2)[1].decode("latin-1") if head.count(b" ") > 1 else ""


def head(*lines: str, code: int = 200) -> bytes:
    """Return a status line and headers."""
    return "\r\n".join((f"HTTP/1.1 {code} Word", *lines, "", "")).encode("latin-1")


def raw(*parts: bytes) -> Answer:
    """Send exactly these bytes."""
    return lambda connection: connection.sendall(b"".join(parts))


def answer(body: bytes | str, kind: str = PAGE, *lines: str, length: int | None = None) -> Answer:
    """Send a page or feed; `length` is the declared length, if it is to be false."""
    data = body.encode() if isinstance(body, str) else body
    declared_length = len(data) if length is None else length
    return raw(head(f"Content-Type: {kind}", f"Content-Length: {declared_length}", *lines), data)


def status(code: int, *lines: str) -> Answer:
    """Send a status without a body."""
    return raw(head("Content-Length: 0", *lines, code=code))


def redirect(target: str) -> Answer:
    """Redirect to another address."""
    return status(302, f"Location: {target}")


def endless(first: bytes, more: Callable[[int], bytes], pause: float = 0.0) -> Answer:
    """Send a first piece, then further pieces until the other side hangs up."""

    def send(connection: socket.socket) -> None:
        connection.sendall(first)
        for number in count():
            connection.sendall(more(number))
            time.sleep(pause)

    return send


def endless_body() -> Answer:
    """Send an endless body without a length, as fast as possible."""
    return endless(head(f"Content-Type: {PAGE}"), lambda _: b"<p>more of it</p>" * 4096)


def slow_body() -> Answer:
    """Send a byte of the body now and then, for ever."""
    return endless(head(f"Content-Type: {PAGE}", "Content-Length: 100000"), lambda _: b"x", 0.05)


def slow_head() -> Answer:
    """Send a header line now and then, for ever."""
    return endless(b"HTTP/1.1 200 OK\r\n", lambda number: b"X-%d: x\r\n" % number, 0.05)


def header_flood() -> Answer:
    """Send header lines for ever, as fast as possible."""
    lines = b"".join(b"X-Flood-%d: %s\r\n" % (number, b"a" * 1000) for number in range(60))
    return endless(b"HTTP/1.1 200 OK\r\n", lambda _: lines)


def long_header() -> Answer:
    """Send one header line of a megabyte."""
    return raw(head(f"X-Long: {'a' * 1_000_000}", "Content-Length: 0"))


def gzip_bomb(size: int, kind: str = PAGE) -> Answer:
    """Send `size` bytes, packed by gzip."""
    return answer(gzip.compress(b"<p>" + b"a" * size), kind, "Content-Encoding: gzip")


def brotli_bomb(size: int, kind: str = PAGE) -> Answer:
    """Send `size` bytes, packed by brotli."""
    packed_page: bytes = brotli.compress(b"<p>" + b"a" * size, quality=5)
    return answer(packed_page, kind, "Content-Encoding: br")


def story(words: str) -> str:
    """Return an article's page without a fault."""
    text = "".join(f"<p>{line}</p>" for line in WORDS.format(words).splitlines())
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{words}</title></head>"
        f"<body><main><article><h1>{words}</h1>{text}</article></main></body></html>"
    )


def rss(links: Iterable[str], before: str = "") -> str:
    """Return a feed of `links`; `before` stands in the place of a document type declaration."""
    items = "".join(
        f"<item><title>T</title><link>{link}</link><pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate></item>"
        for link in links
    )
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
