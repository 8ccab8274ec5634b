"""A server of chat completions in a process of its own; the first part of a path says how it answers.

`python -m tests.chat_server` prints its port. GET /asked returns what was asked so far.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import ProxyHandler, build_opener

OBEYED = "the editors have confirmed it"
asked: list[dict[str, Any]] = []


def opinion(relation: str, quotation: str) -> str:
    """Return the opinion that a correct server gives."""
    return json.dumps({"relation": relation, "quotation": quotation})


def completion(said: str | None) -> bytes:
    """Return a chat completion with these words."""
    message = {"role": "assistant", "content": said}
    return json.dumps({"id": "x", "choices": [{"index": 0, "message": message}], "usage": {}}).encode()


SAID = {
    "label": lambda passage: opinion("confirms", passage),
    "invented": lambda _: opinion("denies", "Aurel says that nothing of it is true"),
    "reworded": lambda passage: opinion("denies", passage.replace(" ", "  ", 1)),
    "nothing": lambda _: opinion("denies", ""),
    "more": lambda passage: json.dumps({"relation": "denies", "quotation": passage, "sure": 1}),
    "fenced": lambda passage: f"```json\n{opinion('denies', passage)}\n```",
    "prose": lambda passage: f"The passage denies it: {passage}",
    "list": lambda passage: f"[{opinion('denies', passage)}]",
    "nested": lambda _: "[" * 100_000,
    "silent": lambda _: None,
    "denies": lambda passage: opinion("denies", passage),
    "supports": lambda passage: opinion("supports", passage),
    # It does what the passage says.
    "obeys": lambda passage: opinion("supports", OBEYED if "Ignore" in passage else passage),
}
BODIES = {
    "page": b"<html>Sign in to the network</html>",
    "choiceless": b'{"choices": []}',
    "error": b'{"error": {"message": "the key SECRET-KEY is wrong"}}',
    "huge": completion("x" * 3_000_000),
}


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    def do_GET(self) -> None:
        self._send(200, json.dumps(asked).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked.append({"path": self.path, "key": self.headers.get("Authorization"), "body": body})
        mode = self.path.split("/")[1]
        passage = json.loads(body["messages"][1]["content"])["passage"]
        if mode == "redirect":
            self._send(307, b"", Location="/denies/v1/chat/completions")
        elif mode == "broken":
            self._send(500, b"the key SECRET-KEY is wrong")
        elif mode == "plain" and "response_format" in body:
            self._send(400, b"unknown: response_format")
        elif mode in ("endless", "drip"):
            self._pour(b"x" * 65_536 if mode == "endless" else b" ", 0.0 if mode == "endless" else 0.05)
        else:
            stance_word = SAID.get("denies" if mode == "plain" else mode)
            self._send(200, completion(stance_word(passage)) if stance_word else BODIES[mode])

    def _pour(self, part: bytes, pause: float) -> None:
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):  # until the client hangs up
            while True:
                self.wfile.write(part)
                time.sleep(pause)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # the client may have read enough
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@contextmanager
def chat_server() -> Iterator[str]:
    """Start the server; give its address, without a path."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def questions(address: str) -> list[dict[str, Any]]:
    """Return what the server was asked: path, key, body."""
    with build_opener(ProxyHandler({})).open(f"{address}/asked", timeout=30) as answer:
        requests: list[dict[str, Any]] = json.load(answer)
    return requests


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
