"""Open a model in ONNX Runtime and its tokenizer, with the settings that all models here share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

THREADS = 4  # more gain nothing for models of this size
CORES = "RUMORTRAIL_CORES"
"""The variable of the environment that says how many cores this process may use, where it is one of several.
"""


def cores() -> int:
    """Return how many cores this process may use."""
    value = os.environ.get(CORES, "")
    if value.isdigit():
        return max(1, int(value))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """Return how many threads a model of this size makes use of in this process."""
    return min(THREADS, cores())


def session(model: bytes | str, threads: int) -> Any:
    """Return an `onnxruntime.InferenceSession` on the processor; `model` is the model itself or the path of
    its file.
    """
    import onnxruntime  # half a second that a run without new mentions does not spend

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # A waiting thread that spins takes the processor from the work beside it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def tokenizer(file: Path) -> Any:
    """Return the `tokenizers.Tokenizer` in `file`; it pads nothing."""
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_file(str(file))
    loaded.no_padding()
    return loaded
