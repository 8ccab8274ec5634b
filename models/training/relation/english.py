"""Train the large encoder of the relation model, which reads again what may belong, in English; write
`models/weights/relation-english.onnx` and its tokenizer.

    python -m models.training.relation.english LABELS DATA BACKBONE [--work FOLDER]

LABELS and DATA are those of `python -m models.training.relation`, BACKBONE the folder of all-mpnet-base-v2.
It learns from the same pairs as the small encoder, without the Chinese ones, in one pass; what is *unrelated*
is drawn by how much the shipped small encoder takes it for related, since it reads on what that one takes for
related. The last two layers are left away and the first four stay as they are, to save time. Fixed seeds;
an hour on two cores. Nothing of the set `final` is read.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from models.han import has_han
from models.training.relation import network
from models.training.relation.labels import founded, items_of, relations
from models.training.relation.mistakes import belonging
from models.training.relation.passes import arguments, samples, sources

WEIGHTS = Path(__file__).parents[2] / "weights"
PASS = 8  # its seed
LAYERS, FROZEN = 10, 4
RATE, HEAD = 5e-5, 3e-4
BLOCKS = 128  # numbers of a matrix that share a scale


def main() -> None:
    """Train, export, write the weights."""
    given = arguments(__doc__).parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    items = items_of(given.data)
    train = [row for row in relations(given.labels, items)
             if row.set == "train" and not has_han(row.claim + row.text)]
    mistakes = given.work / "english-mistakes.npy"
    if not mistakes.exists():
        unrelated = [row.pair for row in train if row.label == "unrelated"]
        vocabulary = WEIGHTS / "relation-tokenizer.json"
        np.save(mistakes, belonging(WEIGHTS / "relation.onnx", vocabulary, unrelated))
    learnt = [pair for pair in samples(train, np.load(mistakes), list(founded(given.labels, items)),
                                       sources(given.data), PASS) if not has_han(pair.claim + pair.text)]
    print(json.dumps(Counter(pair.source for pair in learnt)), flush=True)
    model = network.Network(given.backbone, FROZEN, LAYERS)
    network.train(model, learnt, given.backbone, RATE, HEAD)
    torch.save(model.state_dict(), given.work / "english.pt")
    network.export(model, WEIGHTS / "relation-english.onnx", blocks=BLOCKS)
    shutil.copy(given.backbone / "tokenizer.json", WEIGHTS / "relation-english-tokenizer.json")


if __name__ == "__main__":
    main()
