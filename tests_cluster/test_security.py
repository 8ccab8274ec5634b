"""Nobody joins a cluster of deploy/cluster without its token and a certificate."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import yaml

CLUSTER = Path(__file__).resolve().parents[1] / "deploy" / "cluster"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000")
"""What begins a conversation in HTTP/2, on which gRPC is built; who listens answers with settings."""


@dataclass
class Head:
    """A head that asks for token and certificate: its port, the keys of its cluster and those of another."""

    port: int
    keys: Path
    others: Path


def _environment(keys: Path, name: str) -> dict[str, str]:
    """Return the environment of a node as compose.yaml has it, with the keys where they are here."""
    node = yaml.safe_load((CLUSTER / "compose.yaml").read_text("utf-8"))["x-node"]
    secrets = {"ca": "ca.pem", "node.pem": f"{name}.pem", "node.key": f"{name}.key", "ray_token": "ray_token"}
    here = {f"/run/secrets/{secret}": str(keys / file) for secret, file in secrets.items()}
    return os.environ | {key: here.get(value, value) for key, value in node.items() if key.startswith("RAY_")}


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Head]:
    folders = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("others")
    for folder in folders:
        subprocess.run(["sh", CLUSTER / "prepare.sh", folder], check=True, timeout=120)
    keys, others = (folder / "keys" for folder in folders)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Its sockets have long names of their own, and a name may have 107 bytes.
    place = tempfile.mkdtemp(prefix="ray-")
    process = subprocess.Popen(
        [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--node-ip-address=127.0.0.1",
         f"--port={port}", "--num-cpus=0", "--include-dashboard=false", "--disable-usage-stats", "--block",
         "--object-store-memory=80000000", f"--temp-dir={place}"],
        env=_environment(keys, "head"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while not _answers(Head(port, keys, others), _context(keys, keys, "night")):
            assert process.poll() is None and time.monotonic() < until, "the head does not start"
            time.sleep(0.5)
        yield Head(port, keys, others)
    finally:
        if process.poll() is None:
            for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                one.kill()
            process.wait()
        shutil.rmtree(place, ignore_errors=True)


def _context(trusted: Path, keys: Path | None, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=trusted / "ca.pem")
    context.set_alpn_protocols(["h2"])
    if keys:
        context.load_cert_chain(keys / f"{name}.pem", keys / f"{name}.key")
    return context


def _answers(head: Head, context: ssl.SSLContext | None) -> bool:
    """Return whether the head begins to speak with who comes so."""
    try:
        with socket.create_connection(("127.0.0.1", head.port), 10) as plain:
            come = context.wrap_socket(plain, server_hostname="127.0.0.1") if context else plain
            come.sendall(PREFACE)
            return b"\x04\x00" in come.recv(64)
    except OSError:
        return False


def test_who_has_no_certificate_of_the_cluster_is_not_spoken_to(head: Head) -> None:
    assert _answers(head, _context(head.keys, head.keys, "worker1"))
    assert not _answers(head, _context(head.keys, head.others, "worker1"))
    assert not _answers(head, _context(head.keys, None, ""))
    assert not _answers(head, None)


def test_a_node_refuses_a_head_of_another_cluster(head: Head) -> None:
    assert not _answers(head, _context(head.others, head.keys, "worker1"))


def test_who_has_no_token_is_refused(head: Head) -> None:
    ours = _environment(head.keys, "worker1")
    asked = [
        _asking(head, environment)
        for environment in (
            ours,
            ours | {"RAY_AUTH_TOKEN_PATH": str(head.others / "ray_token")},
            ours | {"RAY_AUTH_MODE": "disabled"},
        )
    ]
    told = [(one.communicate(timeout=120)[1], one.returncode) for one in asked]
    assert [(code, "InvalidAuthToken" in words) for words, code in told] == [(0, False), (1, True), (1, True)]


def _asking(head: Head, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Begin to ask the head for the cluster's name, as `ray start` does first of all."""
    # Not `ray health-check`, which takes 127.0.0.1 for another address of this machine.
    asked = f"from ray._raylet import GcsClient; GcsClient(address='127.0.0.1:{head.port}')"
    return subprocess.Popen([sys.executable, "-c", asked], env=environment, stderr=subprocess.PIPE, text=True)
