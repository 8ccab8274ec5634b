"""See how large the numbers are that a large encoder multiplies with its matrices; write
`models/weights/ENCODER-peaks.npy`.

    python -m models.training.peaks ENCODER LABELS DATA

ENCODER is `entailment` or `relation-english`; LABELS and DATA are those of
`python -m models.training.relation`. 64 labelled pairs of the set `train` are read, Chinese ones by their
gloss; one minute. `models/onnx/by_token.py` uses what is written. Run it when the encoder has learnt
something new, and pin the file in `models/weights/SHA256SUMS`.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from models.onnx import session, weights
from models.onnx.by_token import inputs
from models.stance.model import LENGTH, reading_in_english
from models.training.relation.labels import items_of, relations

ENCODERS = ("entailment", "relation-english")
PAIRS = 64
SEED = 1


def peaks(file: Path, texts: list[tuple[str, str]]) -> NDArray[np.float16]:
    """Return the greatest absolute value of each number that the model in `file` multiplies with a matrix
    when it reads `texts`, in the order of use.
    """
    tokenizer = session.tokenizer(weights.OWN / "relation-english-tokenizer.json")
    tokenizer.enable_truncation(LENGTH, strategy="longest_first")
    model = onnx.load(str(file))
    names = list(inputs(model))
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    running = session.session(model.SerializeToString(), session.threads())
    greatest: dict[str, NDArray[np.float32]] = {}
    for text in texts:
        encoded = tokenizer.encode(*text)
        values = running.run(names, {"input_ids": np.array([encoded.ids]),
                                     "attention_mask": np.array([encoded.attention_mask])})
        for name, value in zip(names, values, strict=True):
            sizes = np.abs(value).max(axis=(0, 1))
            greatest[name] = np.maximum(greatest.get(name, sizes), sizes)
    return np.concatenate(list(greatest.values())).astype(np.float16)


def main() -> None:
    """Read the pairs and write what was seen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", choices=ENCODERS)
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    rows = [row for row in relations(args.labels, items_of(args.data)) if row.set == "train"]
    texts = [reading_in_english(row.claim, row.text, row.context)
             for row in random.Random(SEED).sample(rows, PAIRS)]
    np.save(weights.OWN / f"{args.encoder}-peaks.npy", peaks(weights.OWN / f"{args.encoder}.onnx", texts))


if __name__ == "__main__":
    main()
