"""A lock that says who holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.core.errors import BusyError
from pipeline.core.files import REVISIT, FileLock


def test_a_lock_says_who_holds_it_and_is_free_again(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "home" / "run.lock")
    assert lock.holder() is None
    with lock.held(REVISIT):
        assert lock.is_held()
        assert (lock.holder() or "").startswith(f"a revisit, process {os.getpid()} since 20")
        holders: list[str] = []
        with (
            pytest.raises(BusyError, match=r"home is in use by a revisit, process \d+ since .*: wait for it"),
            lock.held(wait=lambda holder: holders.append(holder) or 0.0),  # type: ignore[func-returns-value]
        ):
            pytest.fail("two hold it")
        assert holders[0] == lock.holder()
    assert lock.holder() is None
    with lock.held():
        assert (lock.holder() or "").startswith("process ")
