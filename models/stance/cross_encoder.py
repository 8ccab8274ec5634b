"""A cross-encoder in ONNX Runtime: claim and text are read together (Nogueira & Cho 2019, int8 by Jacob et
al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.onnx import session, weights

LENGTH = 128  # tokens, as in training; the longer one of claim and text is cut


class CrossEncoder:
    """The model in `file`, with the vocabulary `tokenizer.json`; it is loaded when there is something to
    read.

    `sha256` is what the file must be. Raises WeightsError for another one, and for a file that cannot be
    read.
    """

    def __init__(self, file: Path, tokenizer: Path, sha256: str, labels: int) -> None:
        digest = weights.sha256(file)
        if digest != sha256:
            raise weights.WeightsError(
                f"{file} has SHA-256 {digest}, not {sha256}: it is damaged; reinstall Rumortrail"
            )
        self._file, self._tokenizer_file, self._labels = file, tokenizer, labels
        self._session: Any = None
        self._tokenizer: Any = None

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return the logits of (claim, text) pairs in order, shape (pairs, labels).

        Pairs are read one by one: int8 scales its activations over a whole batch, so a pair's logits would
        otherwise depend on its batch. The same pair is read once.
        """
        if not pairs:
            return np.zeros((0, self._labels), dtype=np.float32)
        if self._session is None:
            self._load()
        once = list(dict.fromkeys(pairs))
        # Texts are short: one on each core is quicker than one on all of them.
        with ThreadPoolExecutor(session.threads()) as pool:
            read = dict(zip(once, pool.map(lambda pair: self._read(*pair), once), strict=True))
        return np.stack([read[pair] for pair in pairs])

    def _read(self, claim: str, text: str) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode(claim, text)
        inputs = {
            "input_ids": encoded.ids, "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        outputs = self._session.run(
            None, {name: np.asarray([values], dtype=np.int64) for name, values in inputs.items()}
        )
        logits: NDArray[np.float32] = outputs[0][0]
        return logits

    def _load(self) -> None:
        self._session = session.session(str(self._file), 1)
        self._tokenizer = session.tokenizer(self._tokenizer_file)
        self._tokenizer.enable_truncation(LENGTH, strategy="longest_first")
