"""Run a time-stamp authority for the tests: `openssl ts` behind a server on the loopback interface."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

_CONFIG = """
[req]
distinguished_name = name
x509_extensions = tsa
prompt = no
[name]
CN = Authority of the tests
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ts]
serial = serial
signer_cert = authority.pem
signer_key = authority.key
certs = authority.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""


@dataclass
class Authority:
    """A running authority: `answer` and `status` replace its reply; `queries` holds what it received."""

    url: str
    folder: Path
    answer: bytes | None = None
    status: int = 200
    queries: list[bytes] = field(default_factory=list)

    @property
    def certificate(self) -> Path:
        """Return the self-signed certificate that also signs the time stamps."""
        return self.folder / "authority.pem"

    def reply(self, query: bytes) -> bytes:
        """Return the reply of `openssl ts` to a query."""
        (self.folder / "query.tsq").write_bytes(query)
        openssl(
            self.folder, "ts", "-reply", "-config", "ts.cnf", "-section", "ts", "-queryfile", "query.tsq",
            "-out", "answer.tsr",
        )
        return (self.folder / "answer.tsr").read_bytes()


def openssl(folder: Path, *arguments: str) -> str:
    """Run openssl in `folder` and return what it prints."""
    result = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@contextmanager
def running(folder: Path) -> Iterator[Authority]:
    """Make a key and a certificate in `folder` and serve; skip the test where openssl is not installed."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a time-stamp authority with")
    folder.mkdir()
    (folder / "ts.cnf").write_text(_CONFIG)
    (folder / "serial").write_text("01\n")
    openssl(
        folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config", "ts.cnf", "-keyout",
        "authority.key", "-out", "authority.pem",
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    authority = Authority(f"http://127.0.0.1:{server.server_address[1]}/tsa", folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.queries.append(query)
            body = authority.reply(query) if authority.answer is None else authority.answer
            self.send_response(authority.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Location", authority.url)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: the queries are kept in `Authority.queries`."""

    server.RequestHandlerClass = Handler
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
