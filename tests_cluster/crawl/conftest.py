"""An S3 server in a process of its own, and a web of several hosts to crawl."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from tests.crawlers.conftest import Web, _preloaded, serving  # noqa: F401  # crawls here are forked

SECRET = "a-secret-that-no-message-may-hold"
WAIT = 60
_BUCKETS = count(1)


@dataclass
class Server:
    """The running S3 server: its process, and its address."""

    process: subprocess.Popen[bytes]
    url: str

    def bucket(self) -> str:
        """Return the address of a new bucket, as `[engine] storage` takes it."""
        name = f"newsroom-{next(_BUCKETS)}"
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/{name}", method="PUT")).close()
        return f"s3://{name}/rumortrail"

    def requests_for_all(self, number: int) -> None:
        """Let it answer so many requests before it asks who asks."""
        words = {"Content-Type": "text/plain"}
        address = f"{self.url}/moto-api/reset-auth"
        asked = urllib.request.Request(address, b"%d" % number, words, method="POST")
        urllib.request.urlopen(asked).close()


@pytest.fixture(scope="session")
def s3() -> Iterator[Server]:
    """moto's S3 server on loopback; this process's environment leads to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    environment = {
        "AWS_ACCESS_KEY_ID": "AKIAOFTHETESTS", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
    }  # fmt: skip
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setitem(os.environ, name, value)
            deadline = time.monotonic() + WAIT
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert process.poll() is None and time.monotonic() < deadline, "moto does not start"
                    time.sleep(0.05)
            yield Server(process, url)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on loopback that, as a proxy, answers for every host."""
    with serving() as web:
        yield web
