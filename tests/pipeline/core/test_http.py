"""An HTTP POST that ends in time; its callers are tested in test_timestamps.py and test_deliver.py."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import getproxies_environment

import pytest

from pipeline.core.errors import SourceError
from pipeline.core.http import post, user_agent, within


@contextmanager
def server(answer: Callable[[socketserver.StreamRequestHandler], None]) -> Iterator[str]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            answer(self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/SECRET"
        running.shutdown()


def send(url: str, seconds: float = 30.0) -> bytes:
    return post("[chat]", url, b"{}", {"User-Agent": user_agent("a\nb")}, seconds=seconds, limit=10, proxy="")


def test_an_answer_is_bounded() -> None:
    lines: list[bytes] = []

    def answer(handler: socketserver.StreamRequestHandler) -> None:
        lines.extend(iter(handler.rfile.readline, b"\r\n"))
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 1000)

    with server(answer) as url:
        assert send(url) == b"x" * 10
    assert lines[0] == b"POST /SECRET HTTP/1.1\r\n"
    assert any(line.startswith(b"User-Agent: Rumortrail/") and b"(+a b)" in line for line in lines)


def test_a_server_that_drips_its_answer_ends_in_time() -> None:
    stopped = threading.Event()

    def drip(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while not stopped.wait(0.01):
            handler.wfile.write(b"X-Drop: 1\r\n")

    with (
        server(drip) as url,
        pytest.raises(SourceError, match=r"^\[chat\] did not answer within 0\.3 seconds$"),
    ):
        send(url, 0.3)
    stopped.set()


def test_a_failure_is_a_time_out_when_the_time_is_up() -> None:
    def fail() -> None:
        raise OSError("its own time-out")

    with pytest.raises(TimeoutError, match="not done within 0 seconds"):
        within(0, fail)
    with pytest.raises(OSError, match="its own time-out"):
        within(60, fail)
    assert within(60, lambda: 7) == 7


@pytest.mark.parametrize(
    ("environment", "reached"),
    [
        ({}, False),
        ({"no_proxy": "localhost,.internal"}, False),
        ({"https_proxy": "PROXY"}, False),  # of another scheme
        ({"all_proxy": "PROXY"}, False),  # nothing goes through it
        ({"http_proxy": "PROXY", "no_proxy": "127.0.0.1"}, False),
        ({"http_proxy": "PROXY", "no_proxy": "*"}, False),
        ({"http_proxy": "PROXY"}, True),
    ],
)
def test_only_a_request_that_goes_through_a_proxy_reaches_what_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], reached: bool
) -> None:
    for name in getproxies_environment():
        for variable in (f"{name}_proxy", f"{name}_PROXY".upper()):
            monkeypatch.delenv(variable, raising=False)
    lines: list[bytes] = []

    def answer(handler: socketserver.StreamRequestHandler) -> None:
        lines.extend(iter(handler.rfile.readline, b"\r\n"))
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")

    with server(answer) as url:
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value.replace("PROXY", url))
        limits: dict[str, Any] = {"seconds": 30.0, "limit": 10, "allowed": lambda _: False}
        if reached:
            assert post("[chat]", url, b"{}", {}, **limits) == b""
        else:
            with pytest.raises(SourceError, match="its address is not public"):
                post("[chat]", url, b"{}", {}, **limits)
    assert lines[:1] == ([f"POST {url} HTTP/1.1\r\n".encode()] if reached else [])


@pytest.mark.parametrize("public", [True, False])
def test_each_address_of_a_host_is_tried_and_each_is_checked(
    monkeypatch: pytest.MonkeyPatch, public: bool
) -> None:
    addresses = ["127.0.0.2", "127.0.0.1"]  # nothing listens at the first
    connected: list[str] = []
    connect = socket.create_connection

    def resolved(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def noted(address: tuple[str, int], *options: Any) -> socket.socket:
        connected.append(address[0])
        if address[0] == addresses[0]:
            raise OSError(101, "Network is unreachable")
        monkeypatch.setattr(socket, "getaddrinfo", given)
        return connect(address, *options)

    def answer(handler: socketserver.StreamRequestHandler) -> None:
        list(iter(handler.rfile.readline, b"\r\n"))
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")

    with server(answer) as url:
        given = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        monkeypatch.setattr(socket, "create_connection", noted)
        limits: dict[str, Any] = {"seconds": 30.0, "limit": 10, "proxy": ""}
        allowed = addresses if public else addresses[:1]
        if public:
            assert post("[chat]", url, b"{}", {}, **limits, allowed=allowed.__contains__) == b""
            assert connected == addresses
        else:
            with pytest.raises(SourceError, match="its address is not public"):
                post("[chat]", url, b"{}", {}, **limits, allowed=allowed.__contains__)
            assert connected == []
