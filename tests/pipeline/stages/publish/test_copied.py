"""A copy holds what the file holds, by whichever way the file system can make it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.stages.publish import copied
from pipeline.stages.publish.copied import copy_file


def cannot(_source: Path, _target: Path) -> None:
    raise OSError("this file system cannot")


@pytest.mark.parametrize("refused", [(), ("_share",), ("_share", "_copy_past_the_cache")], ids=len)
@pytest.mark.parametrize("size", [0, 1, 4096, 3 * 4096 + 17, copied._PIECE + 5])
def test_a_copy_is_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: tuple[str, ...], size: int
) -> None:
    for way in refused:
        monkeypatch.setattr(copied, way, cannot, raising=False)
    source, target = tmp_path / "published.duckdb", tmp_path / "published.publishing"
    source.write_bytes(bytes(range(256)) * (size // 256) + bytes(size % 256))
    target.write_bytes(b"what an earlier run left" * 1000)
    copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_mode == source.stat().st_mode


def test_what_a_way_wrote_before_it_failed_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(_source: Path, target: Path) -> None:
        target.write_bytes(b"half of it, and more than there is")
        raise OSError("no more")

    for way in ("_share", "_copy_past_the_cache"):
        monkeypatch.setattr(copied, way, half, raising=False)
    source, target = tmp_path / "one", tmp_path / "other"
    source.write_bytes(b"all of it")
    copy_file(source, target)
    assert target.read_bytes() == b"all of it"
