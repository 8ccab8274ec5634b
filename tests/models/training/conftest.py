"""Training runs in PyTorch: without it this folder is passed over, as tests/conftest.py says."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Return True for the folder's modules where PyTorch is missing: most of them import it."""
    return True if find_spec("torch") is None and collection_path.suffix == ".py" else None
