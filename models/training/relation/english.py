"""Train the large encoder of the relation model, which reads again what may belong, Chinese by its gloss;
write `models/weights/relation-english.onnx` and its tokenizer.

    python -m models.training.relation.english LABELS DATA BACKBONE [--work FOLDER] [--from ONNX]

LABELS and DATA are those of `python -m models.training.relation`, BACKBONE the folder of all-mpnet-base-v2.
Training goes on from the weights `--from`, those that are shipped if not given, in one pass over the Chinese
pairs of the small encoder, glossed, and a part of its English ones, so that these are not forgotten. What is
*unrelated* is drawn by how much the small encoder takes it for related. The last two layers are left away and
the first four stay as they are, to save time. Fixed seeds; half an hour on two cores. Nothing of the set
`final` is read.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from models.chinese.gloss import gloss
from models.chinese.han import has_han
from models.training.relation import network
from models.training.relation.labels import founded, items_of, relations
from models.training.relation.mistakes import belonging
from models.training.relation.passes import arguments, samples, searched, sources
from models.training.relation.shipped import state_of

WEIGHTS = Path(__file__).parents[2] / "weights"
PASS = 11  # its seed; those before, without Chinese and the first of them from the backbone, had 8 to 10
ENGLISH = 0.25  # share of the English pairs that are learnt once more
LAYERS, FROZEN = 10, 4
RATE, HEAD = 3e-5, 1e-4
BLOCKS = 128  # numbers of a matrix that share a scale


def main() -> None:
    """Train, export, write the weights."""
    args = arguments(__doc__, WEIGHTS / "relation-english.onnx").parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    items = items_of(args.data)
    train = [row for row in relations(args.labels, items) if row.set == "train"]
    vocabulary = args.backbone / "tokenizer.json"
    mistakes = args.work / f"english-mistakes-{PASS}.npy"
    if not mistakes.exists():
        small_encoder = WEIGHTS / "relation.onnx", WEIGHTS / "relation-tokenizer.json"
        np.save(mistakes, belonging(*small_encoder, searched(train)))
    glossed = [replace(row, claim=gloss(row.claim), text=gloss(row.text), context=gloss(row.context))
               for row in train]
    chinese = {glossed_row.pair.text for glossed_row, row in zip(glossed, train, strict=True)
               if has_han(row.claim + row.text)}
    chance = random.Random(PASS)
    learnt = [pair for pair in samples(glossed, np.load(mistakes), list(founded(args.labels, items)),
                                       sources(args.data), PASS)
              if pair.text in chinese or chance.random() < ENGLISH]
    print(json.dumps(Counter(pair.source for pair in learnt)), flush=True)
    model = network.Network(args.backbone, FROZEN, LAYERS)
    model.load_state_dict(state_of(args.begin), strict=False)
    network.train(model, learnt, args.backbone, RATE, HEAD)
    torch.save(model.state_dict(), args.work / "english.pt")
    network.export(model, WEIGHTS / "relation-english.onnx", blocks=BLOCKS)
    shutil.copy(vocabulary, WEIGHTS / "relation-english-tokenizer.json")


if __name__ == "__main__":
    main()
