"""Run the servers of the tests, each a process of its own: PostgreSQL, S3, and a guarded Ray head."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil
import psycopg
import pytest
import yaml

from tests.receivers import free_port

PASSWORD = "only-for-tests"
USER = "desk"
SECRET = "a-secret-that-no-message-may-hold"
"""The password of PostgreSQL's user, and the secret key of S3."""
CLUSTER = Path(__file__).resolve().parents[1] / "deploy" / "cluster"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000")
"""What begins a conversation in HTTP/2, on which gRPC is built; who listens answers with settings."""


def wait_until(there: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers; fail if its process ends before."""
    deadline = time.monotonic() + 120
    while not there():
        assert process.poll() is None and time.monotonic() < deadline, f"{process.args!r} does not start"
        time.sleep(0.1)


class Postgres:
    """A PostgreSQL cluster in a temporary folder on a free port, with a password; `close` removes it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rumortrail-postgres-"))
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.getuid() == 0 else None
        self.bin = self._programs()
        self.port = free_port()
        if self.user:
            shutil.chown(self.folder, self.user)
        (self.folder / "password").write_text(PASSWORD, "utf-8")
        (self.folder / "password").chmod(0o644)
        self._run("initdb", "-D", "data", "-U", USER, "-A", "scram-sha-256", "--pwfile=password", "-N")
        self.start()
        self._databases = 0

    def _programs(self) -> Path:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        on_path = shutil.which("initdb")
        if not programs and not on_path:
            pytest.fail("PostgreSQL is not here: apt-get install postgresql")
        return programs[-1].parent if programs else Path(str(on_path)).parent

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.bin / program, *arguments], cwd=self.folder, user=self.user, check=True, timeout=120,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers; a killed predecessor may need a moment to end."""
        # The tests kill PostgreSQL and never the machine: nothing needs to wait for the disk.
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=40"
        options += " -c fsync=off"
        for tries_left in range(30, -1, -1):
            try:
                self._run("pg_ctl", "start", "-D", "data", "-l", "log", "-w", "-o", options)
                return
            except subprocess.CalledProcessError:
                if not tries_left:
                    raise
                time.sleep(0.5)

    def kill(self) -> None:
        """Kill all its processes with -9, as a power cut would."""
        server = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text("ascii").split()[0]))
        server.suspend()  # else it would begin anew what is killed before it
        for process in [*server.children(), server]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def database(self) -> str:
        """Make an empty database; return its address for libpq, without the password."""
        self._databases += 1
        name = f"lake{self._databases}"
        server = f"host=127.0.0.1 port={self.port} user={USER}"
        with psycopg.connect(f"{server} dbname=postgres", password=PASSWORD, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{server} dbname={name}"

    def close(self) -> None:
        """Stop it and remove what it wrote."""
        self._run("pg_ctl", "stop", "-D", "data", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


class S3:
    """moto's S3 server on loopback; `environment` leads to it."""

    def __init__(self) -> None:
        self._buckets = count(1)
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.environment = {
            "AWS_ACCESS_KEY_ID": "AKIAOFTHETESTS", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.url,
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self._port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(self._listens, self._process)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port)).close()
        except OSError:
            return False
        return True

    def bucket(self) -> str:
        """Return the address of a new bucket, as `[engine] storage` takes it."""
        name = f"newsroom-{next(self._buckets)}"
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/{name}", method="PUT")).close()
        return f"s3://{name}/rumortrail"

    def requests_for_all(self, number: int) -> None:
        """Let it answer `number` requests before it checks credentials."""
        headers = {"Content-Type": "text/plain"}
        address = f"{self.url}/moto-api/reset-auth"
        request = urllib.request.Request(address, b"%d" % number, headers, method="POST")
        urllib.request.urlopen(request).close()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


class GuardedHead:
    """A Ray head that requires token and certificate: `keys` are its cluster's, `others` of another one."""

    def __init__(self) -> None:
        # Its sockets have long names of their own, and a name may have 107 bytes.
        self._place = Path(tempfile.mkdtemp(prefix="ray-"))
        folders = self._place / "ours", self._place / "others"
        for folder in folders:
            subprocess.run(["sh", CLUSTER / "prepare.sh", folder], check=True, timeout=120)
        self.keys, self.others = (folder / "keys" for folder in folders)
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--node-ip-address=127.0.0.1",
             f"--port={self.port}", "--num-cpus=0", "--include-dashboard=false", "--disable-usage-stats",
             "--block", "--object-store-memory=80000000", f"--temp-dir={self._place}"],
            env=environment(self.keys, "head"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(lambda: self.answers(context(self.keys, self.keys, "night")), self._process)

    def answers(self, coming: ssl.SSLContext | None) -> bool:
        """Return whether the head begins to speak with a client that connects this way."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 10) as plain_sock:
                sock = coming.wrap_socket(plain_sock, server_hostname="127.0.0.1") if coming else plain_sock
                sock.sendall(PREFACE)
                return b"\x04\x00" in sock.recv(64)
        except OSError:
            return False

    def close(self) -> None:
        """End it and its child processes."""
        if self._process.poll() is None:
            for process in [*psutil.Process(self._process.pid).children(recursive=True), self._process]:
                process.kill()
            self._process.wait()
        shutil.rmtree(self._place, ignore_errors=True)


def environment(keys: Path, name: str) -> dict[str, str]:
    """Return the environment of a node as compose.yaml has it, with the keys where they are here."""
    node = yaml.safe_load((CLUSTER / "compose.yaml").read_text("utf-8"))["x-node"]
    secrets = {"ca": "ca.pem", "node.pem": f"{name}.pem", "node.key": f"{name}.key", "ray_token": "ray_token"}
    here = {f"/run/secrets/{secret}": str(keys / file) for secret, file in secrets.items()}
    return os.environ | {key: here.get(value, value) for key, value in node.items() if key.startswith("RAY_")}


def context(trusted: Path, keys: Path | None, name: str) -> ssl.SSLContext:
    """Return the TLS context of a client that trusts the CA in `trusted`, with the certificate of `name`."""
    ssl_context = ssl.create_default_context(cafile=trusted / "ca.pem")
    ssl_context.set_alpn_protocols(["h2"])
    if keys:
        ssl_context.load_cert_chain(keys / f"{name}.pem", keys / f"{name}.key")
    return ssl_context
