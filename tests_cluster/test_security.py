"""Nobody joins a cluster of deploy/cluster without its token and a certificate."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests_cluster.servers import GuardedHead, context, environment


@pytest.fixture(scope="module")
def head() -> Iterator[GuardedHead]:
    """Start a Ray head that authenticates clients, for these tests alone."""
    head = GuardedHead()
    yield head
    head.close()


def test_who_has_no_certificate_of_the_cluster_is_not_spoken_to(head: GuardedHead) -> None:
    assert head.answers(context(head.keys, head.keys, "worker1"))
    assert not head.answers(context(head.keys, head.others, "worker1"))
    assert not head.answers(context(head.keys, None, ""))
    assert not head.answers(None)


def test_a_node_refuses_a_head_of_another_cluster(head: GuardedHead) -> None:
    assert not head.answers(context(head.others, head.keys, "worker1"))


def test_who_has_no_token_is_refused(head: GuardedHead) -> None:
    own_environment = environment(head.keys, "worker1")
    processes = [
        _asking(head, worker_environment)
        for worker_environment in (
            own_environment,
            own_environment | {"RAY_AUTH_TOKEN_PATH": str(head.others / "ray_token")},
            own_environment | {"RAY_AUTH_MODE": "disabled"},
        )
    ]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in processes]
    assert [(code, "InvalidAuthToken" in text) for text, code in ended] == [(0, False), (1, True), (1, True)]


def _asking(head: GuardedHead, coming: dict[str, str]) -> subprocess.Popen[str]:
    """Start a process that asks the head for the cluster's name, as `ray start` does first."""
    # Not `ray health-check`, which replaces 127.0.0.1 by another address of this machine.
    script = f"from ray._raylet import GcsClient; GcsClient(address='127.0.0.1:{head.port}')"
    return subprocess.Popen([sys.executable, "-c", script], env=coming, stderr=subprocess.PIPE, text=True)
