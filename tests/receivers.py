"""Run a mail host and a webhook on loopback that keep what they receive; find ports of loopback."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "T0SECRET/B1SECRET"


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Post(socketserver.StreamRequestHandler):
    """A handler with as much of SMTP as the tests need."""

    def handle(self) -> None:
        received = self.server.told  # type: ignore[attr-defined]
        self._say("220 post.example")
        while line := self.rfile.readline().decode().strip():
            received.append(line)
            if line.upper().startswith("RCPT") and "nobody" in line:
                self._say("550 who is that")
            elif line.upper() == "DATA":
                self._say("354 go on")
                letter = list[bytes]()
                while (text_line := self.rfile.readline()) != b".\r\n":
                    if not text_line:
                        return  # the sender was killed: half a letter does not count
                    letter.append(text_line)
                received.append(b"".join(letter))
                self._say("250 taken")
            elif line.upper() == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 well")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def post_office() -> Iterator[tuple[int, list[Any]]]:
    """Yield the port of a mail host, and the lines (str) and letters (bytes) that it takes."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post) as server:
        server.told = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], server.told  # type: ignore[attr-defined]
        server.shutdown()


@contextmanager
def chat(
    status: int = 200, location: str = "", keys: list[str] | None = None
) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Yield the address of a webhook that answers `status`, and the path and body of what is posted to it.

    Each Idempotency-Key goes to `keys`.
    """
    calls: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            if len(body := self.rfile.read(length)) < length:
                return  # the sender was killed: half a message does not count
            calls.append((self.path, body))
            if keys is not None:
                keys.append(self.headers["Idempotency-Key"])
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/services/{SECRET}", calls
    server.shutdown()
