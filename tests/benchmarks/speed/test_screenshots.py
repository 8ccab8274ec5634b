"""Test that the pictures of the docs need a copy, and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.speed import screenshots
from pipeline.core.home import Home


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
