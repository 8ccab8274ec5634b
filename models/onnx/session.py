"""Open a model in ONNX Runtime and its tokenizer, with the settings that all models here share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

THREADS = 4  # more gain nothing for models of this size


def threads() -> int:
    """Return how many threads a model of this size makes use of on this machine."""
    return max(1, min(THREADS, os.cpu_count() or 1))


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
