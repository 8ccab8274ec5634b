"""Weights are found by name, verified, and never fetched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from models.language.parsing import parser
from models.onnx import weights


def test_the_default_is_the_packaged_official_file() -> None:
    folder = weights.find()
    assert weights.sha256(folder / weights.WEIGHTS).startswith("53aa51172d142c89")  # as its makers publish it
    assert (folder / "config.json").is_file()


@pytest.mark.parametrize("name", list(weights._pinned()))
def test_a_changed_file_of_a_model_package_is_refused(name: str, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    package = name.partition("/")[0]
    if package == name:
        monkeypatch.setattr(weights, "OWN", tmp_path)
        (tmp_path / name).write_bytes(b"{}")
        with pytest.raises(weights.WeightsError, match=rf"{name}.* another one; reinstall Rumortrail"):
            weights.own(name)
        return
    folder = weights.packaged(package)
    for pinned in weights._pinned():
        if pinned.startswith(f"{package}/"):
            (tmp_path / pinned).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / pinned).symlink_to(folder.parent / pinned)
    (tmp_path / package / "__init__.py").write_text("raise SystemExit('the code of a model package was run')")
    monkeypatch.syspath_prepend(tmp_path)
    assert weights.packaged(package) == tmp_path / package
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(b"another one")
    message_pattern = rf"{Path(name).name}.* another one; reinstall {package[:2]}"
    with pytest.raises(weights.WeightsError, match=message_pattern):
        weights.packaged(package)


def test_a_file_that_is_added_to_what_spacy_reads_is_refused(tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(weights.packaged(parser._PACKAGE), tmp_path / parser._PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    assert weights.packaged(parser._PACKAGE, parser._DATA) == tmp_path / parser._PACKAGE
    (tmp_path / parser._PACKAGE / parser._DATA / "parser" / "labels").write_text("[]")
    with pytest.raises(weights.WeightsError, match="labels is no file of the package"):
        weights.packaged(parser._PACKAGE, parser._DATA)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(weights.WeightsError, match="install the package a-package-that-is-not"):
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
    first_sum = weights.sha256(file)
    file.write_bytes(b"two")
    os.utime(file, ns=(1, 1))
    assert weights.sha256(file) == first_sum
    os.utime(file, ns=(2, 2))
    assert weights.sha256(file) != first_sum


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(weights.WeightsError, match="cannot be read"):
        weights.sha256(tmp_path / "none")
