"""Serve a made site from memory on loopback, in a process of its own, for the benchmarks of crawling."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import NamedTuple


class Answer(NamedTuple):
    """What a site sends for an address that is there: headers and body."""

    headers: dict[str, str]
    body: bytes


Site = Callable[[str], Answer | None]
"""Returns the answer to GET of a path with its query; None for an address that is not there."""
HTML, RSS, JSON = ({"Content-Type": f"{kind}; charset=utf-8"}
                   for kind in ("text/html", "application/rss+xml", "application/json"))


class _Connection(asyncio.Protocol):
    """One connection that stays open; a request is answered as soon as its head is whole."""

    def __init__(self, site: Site) -> None:
        self.site, self.waiting = site, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            answer = self.site(head.split(b" ", 2)[1].decode("latin-1"))
            headers, body = answer or ({}, b"")
            status = "200 OK" if answer else "404 Not Found"
            lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}",
                     *(f"{name}: {value}" for name, value in headers.items())]
            self.transport.writelines(("\r\n".join(lines).encode(), b"\r\n\r\n", body))


async def _serve(made: Callable[[str], Site]) -> None:
    loop = asyncio.get_running_loop()
    site: Site
    server = await loop.create_server(lambda: _Connection(site), "127.0.0.1", 0)
    root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    site = made(root)
    print(root, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def serve(made: Callable[[str], Site]) -> None:
    """Serve the site that `made` returns for its address, on a free port, until standard input ends; print
    the address once it answers.
    """
    asyncio.run(_serve(made))
