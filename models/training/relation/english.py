"""Train the large encoder of the relation model, which reads again what may belong, in English; write
`models/weights/relation-english.onnx` and its tokenizer.

    python -m models.training.relation.english LABELS DATA BACKBONE [--work FOLDER]

LABELS and DATA are those of `python -m models.training.relation`, BACKBONE the folder of all-mpnet-base-v2.
It learns from the same pairs as the small encoder, without the Chinese ones, in two passes. What is
*unrelated* is drawn by how much the model of the pass before took it for related (Xiong et al. 2021): before
the first one that is the shipped small encoder, since the large one reads on what that one takes for related.
A pass whose weights lie in FOLDER is not trained again. The last two layers are left away and the first four
stay as they are, to save time. Fixed seeds; two hours on two cores. Nothing of the set `final` is read.
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
PASSES = ((8, 5e-5), (9, 3e-5))  # the seed and the encoder's rate of each
HEAD = 3e-4  # rate of the layers behind the encoder
AGAIN = 0.1  # probability by the small encoder from which the large one is asked for its mistakes
LAYERS, FROZEN = 10, 4
BLOCKS = 128  # numbers of a matrix that share a scale


def main() -> None:
    """Train, export, write the weights."""
    given = arguments(__doc__).parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    items = items_of(given.data)
    train = [row for row in relations(given.labels, items)
             if row.set == "train" and not has_han(row.claim + row.text)]
    unrelated = [row.pair for row in train if row.label == "unrelated"]
    founding, beside = list(founded(given.labels, items)), sources(given.data)
    vocabulary = given.backbone / "tokenizer.json"
    model = network.Network(given.backbone, FROZEN, LAYERS)
    by_small = belonging(WEIGHTS / "relation.onnx", WEIGHTS / "relation-tokenizer.json", unrelated)
    mistakes = by_small
    for number, (seed, rate) in enumerate(PASSES, 1):
        trained, exported = (given.work / f"english-{number}.{kind}" for kind in ("pt", "onnx"))
        if trained.exists():
            model.load_state_dict(torch.load(trained))
        else:
            learnt = [pair for pair in samples(train, mistakes, founding, beside, seed)
                      if not has_han(pair.claim + pair.text)]
            print(json.dumps(Counter(pair.source for pair in learnt)), flush=True)
            network.train(model, learnt, given.backbone, rate, HEAD)
            torch.save(model.state_dict(), trained)
        network.export(model, exported, blocks=BLOCKS)
        if number < len(PASSES):
            asked = np.flatnonzero(by_small >= AGAIN)
            mistakes = by_small.copy()
            mistakes[asked] = belonging(exported, vocabulary, [unrelated[place] for place in asked])
    shutil.copy(exported, WEIGHTS / "relation-english.onnx")
    shutil.copy(vocabulary, WEIGHTS / "relation-english-tokenizer.json")


if __name__ == "__main__":
    main()
