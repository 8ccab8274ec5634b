"""Test that the pictures of the docs need a copy, and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.speed import screenshots
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store


def test_a_copy_with_nothing_in_it_says_what_to_run_and_ends_with_2(
    store: Store, run: RunContext, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(store, run)
    out = tmp_path / "out"
    assert screenshots.main(["--home", str(run.home.path), "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert "has too little to show: run `make demo`" in told.err and not told.out
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "words"), [(None, "nothing is published in"), (b"no copy", "is not a published copy")]
)
def test_without_a_demo_it_says_what_to_run_and_ends_with_2(
    content: bytes | None, words: str, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        home.published.write_bytes(content)
    out = tmp_path / "out"
    assert screenshots.main(["--home", str(home.path), "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert words in told.err and "Traceback" not in told.err and not told.out
    assert not out.exists()
