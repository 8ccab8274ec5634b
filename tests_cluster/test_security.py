"""Nobody joins a cluster of deploy/cluster without its token and a certificate."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests_cluster.servers import GuardedHead, context, environment


@pytest.fixture(scope="module")
def head() -> Iterator[GuardedHead]:
    """A Ray head that asks who comes, begun for these tests alone."""
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
    ours = environment(head.keys, "worker1")
    asked = [
        _asking(head, coming)
        for coming in (
            ours,
            ours | {"RAY_AUTH_TOKEN_PATH": str(head.others / "ray_token")},
            ours | {"RAY_AUTH_MODE": "disabled"},
        )
    ]
    told = [(one.communicate(timeout=120)[1], one.returncode) for one in asked]
    assert [(code, "InvalidAuthToken" in words) for words, code in told] == [(0, False), (1, True), (1, True)]


def _asking(head: GuardedHead, coming: dict[str, str]) -> subprocess.Popen[str]:
    """Begin to ask the head for the cluster's name, as `ray start` does first of all."""
    # Not `ray health-check`, which takes 127.0.0.1 for another address of this machine.
    asked = f"from ray._raylet import GcsClient; GcsClient(address='127.0.0.1:{head.port}')"
    return subprocess.Popen([sys.executable, "-c", asked], env=coming, stderr=subprocess.PIPE, text=True)
