"""A cluster of PostgreSQL of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

PASSWORD = "only-for-tests"
USER = "desk"


class Postgres:
    """A cluster in a temporary folder on a free port, with a password; it is gone with `close`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rumortrail-postgres-"))
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.getuid() == 0 else None
        self.bin = self._programs()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        if self.user:
            shutil.chown(self.folder, self.user)
        (self.folder / "password").write_text(PASSWORD, "utf-8")
        (self.folder / "password").chmod(0o644)
        self._run("initdb", "-D", "data", "-U", USER, "-A", "scram-sha-256", "--pwfile=password", "-N")
        self.start()
        self._databases = 0

    def _programs(self) -> Path:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        on_path = shutil.which("initdb")
        if not found and not on_path:
            pytest.fail("PostgreSQL is not here: apt-get install postgresql")
        return found[-1].parent if found else Path(str(on_path)).parent

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.bin / program, *arguments], cwd=self.folder, user=self.user, check=True, timeout=120,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers; what was killed may need a moment until it is gone."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=40"
        for left in range(30, -1, -1):
            try:
                self._run("pg_ctl", "start", "-D", "data", "-l", "log", "-w", "-o", options)
                return
            except subprocess.CalledProcessError:
                if not left:
                    raise
                time.sleep(0.5)

    def kill(self) -> None:
        """Kill it with -9, as a power cut would."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text("ascii").split()[0]), signal.SIGKILL)

    def database(self) -> str:
        """Make an empty database; return its address for libpq, without the password."""
        self._databases += 1
        name = f"lake{self._databases}"
        words = f"host=127.0.0.1 port={self.port} user={USER}"
        with psycopg.connect(f"{words} dbname=postgres", password=PASSWORD, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{words} dbname={name}"

    def close(self) -> None:
        """Stop it and remove what it wrote."""
        self._run("pg_ctl", "stop", "-D", "data", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
