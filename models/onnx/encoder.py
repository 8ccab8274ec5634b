"""An encoder in ONNX Runtime that reads a text, or two texts together, and answers with a row of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.onnx import session, weights
from models.onnx.by_token import by_token, exact

Text = str | tuple[str, str]


class Encoder:
    """The model in `file`, with the vocabulary `tokenizer.json`; it is loaded when there is something to
    read.

    `sha256` is what the file must be, `width` the length of a row, `length` how many tokens are read: the
    longer one of two texts is cut. With `peaks` the model is rewritten by `by_token` where the processor
    multiplies exactly, and takes two thirds of the time. Raises WeightsError for another file, and for one
    that cannot be read.
    """

    def __init__(self, file: Path, tokenizer: Path, sha256: str, width: int, length: int,
                 peaks: Path | None = None) -> None:
        digest = weights.sha256(file)
        if digest != sha256:
            raise weights.WeightsError(
                f"{file} has SHA-256 {digest}, not {sha256}: it is damaged; reinstall Rumortrail"
            )
        self.width = width
        self._file, self._tokenizer_file, self._length, self._peaks = file, tokenizer, length, peaks
        self._session: Any = None
        self._tokenizer: Any = None
        self._inputs: frozenset[str] = frozenset()

    def read(self, texts: Sequence[Text]) -> NDArray[np.float32]:
        """Return a row for each text, or pair of texts, in order, shape (texts, width).

        They are read one by one: int8 scales its activations over a whole batch, so a text's row would
        otherwise depend on its batch. The same text is read once.
        """
        if not texts:
            return np.zeros((0, self.width), dtype=np.float32)
        if self._session is None:
            self._load()
        distinct = list(dict.fromkeys(texts))
        # Texts are short: one on each core is quicker than one on all of them.
        with ThreadPoolExecutor(session.threads()) as pool:
            row_of = dict(zip(distinct, pool.map(self._read, distinct), strict=True))
        return np.stack([row_of[text] for text in texts])

    def _read(self, text: Text) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode(text) if isinstance(text, str) else self._tokenizer.encode(*text)
        inputs = {
            "input_ids": encoded.ids, "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        outputs = self._session.run(
            None, {name: np.asarray([values], dtype=np.int64) for name, values in inputs.items()
                   if name in self._inputs}
        )
        row: NDArray[np.float32] = outputs[0][0]
        return row

    def _load(self) -> None:
        rewritten = by_token(self._file, self._peaks) if self._peaks and exact() else str(self._file)
        self._session = session.session(rewritten, 1)
        self._inputs = frozenset(model_input.name for model_input in self._session.get_inputs())
        self._tokenizer = session.tokenizer(self._tokenizer_file)
        self._tokenizer.enable_truncation(self._length, strategy="longest_first")
