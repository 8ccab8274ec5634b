"""Train the model that says whether a passage bears out the whole of a claim; write
`models/weights/entailment.onnx` and `entailment.json`.

    python -m models.training.entailment LABELS DATA BACKBONE [--work FOLDER] [--from ONNX]

LABELS is `benchmarks/labels`: `entailments.jsonl` says of passages that support a claim, and of claims beside
claims, whether they bear out the whole of it. BACKBONE is the folder of all-mpnet-base-v2. Training goes on
from the weights `--from`, those of the large encoder of the relation model if not given, in one pass over the
pairs of the set `train`; the first four layers stay as they are. Probabilities are calibrated on the set
`dev` (Platt 1999). Fixed seeds; fifteen minutes on two cores. The set `final` is measured and nothing else.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from models.entailment.model import ANSWERS, log_odds
from models.han import has_han
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.probabilities import logistic
from models.stance.model import LENGTH, reading
from models.training.data import rows_of
from models.training.relation import network
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled, Row, claim_of, items_of, passage_of, relations
from models.training.relation.passes import arguments
from models.training.relation.shipped import state_of
from models.training.relation.variants import opposites, other_figures

NAME = "entailment-1"
WEIGHTS = weights.OWN
LAYERS, FROZEN = 10, 4
RATE, HEAD = 3e-5, 1.2e-4
BLOCKS = 128  # numbers of a matrix that share a scale
SEED = 1
# Pairs in a pass beside what was read for this: passages that do not support their claim, changed claims, and
# passages that repeat their claim word for word.
UNRELATED, NO_SUPPORT, FIGURES, OPPOSITES, VERBATIM = 500, 300, 400, 200, 130
BOUNDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)
UNSURE = 0.5  # how much a label counts in calibration that two readers could give otherwise
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what is read beside it, as a reader judged them; `set` is train, dev, final or apart.
    `source` is `passage` or `claim`: what was judged beside the claim.
    """

    claim: str
    text: str
    entails: bool
    sure: bool
    set: str
    source: str
    founded: bool

    @property
    def pair(self) -> Pair:
        """Return the pair as the model learns it."""
        return Pair(self.claim, self.text, (ANSWERS[0 if self.entails else 1],), self.source, self.claim)


def judged(labels: Path, items: Mapping[str, Row]) -> Iterator[Judged]:
    """Yield the labels in the order of the file."""
    claims = {row["claim_id"]: row for row in rows_of(labels / "claims.jsonl")}
    for row in rows_of(labels / "entailments.jsonl"):
        of = claims[row["claim_id"]]
        claim = claim_of(of, items)
        if "other" in row:
            text, context, source = claim_of(claims[row["other"]], items), "", "claim"
        else:
            (text, context), source = passage_of(row, items), "passage"
        yield Judged(claim, reading(claim, text, context), row["entails"], row["sure"], of["set"], source,
                     "claim" not in of)


def samples(read: Sequence[Judged], labelled: Sequence[Labelled]) -> list[Pair]:
    """Return the pairs of a pass in random order: what is sure twice, and a claim that bears out another one
    as often, since few do.
    """
    chance = random.Random(SEED)
    learnt = [one.pair for one in read for _ in range(1 + (one.sure and one.source == "passage"))]
    learnt += [one.pair for one in read if one.source == "claim" and one.entails]
    unrelated = [row for row in labelled if row.label == "unrelated" and row.sure and row.founded]
    beside = [row for row in labelled if row.label in ("reports", "denies", "questions") and row.sure]
    supporting = [row for row in labelled if row.label == "supports"]
    learnt += [_pair(row, "part") for row in chance.sample(unrelated, UNRELATED)]
    learnt += [_pair(row, "part") for row in chance.sample(beside, NO_SUPPORT)]
    learnt += [_pair(row, "whole") for row in supporting if _words(row.claim) in _words(row.text)][:VERBATIM]
    for pairs, count in ((other_figures(supporting, chance), FIGURES),
                         (opposites(supporting, chance), OPPOSITES)):
        learnt += [Pair(one.claim, one.text, ("part",), one.source, one.group)
                   for one in chance.sample(list(pairs), count)]
    chance.shuffle(learnt)
    return learnt


def _pair(row: Labelled, answer: str) -> Pair:
    return Pair(row.claim, row.pair.text, (answer,), "relation", row.story)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def tell(name: str, read: Sequence[Judged], shares: NDArray[np.float64]) -> None:
    """Print how well the probabilities of a set tell what bears out the whole."""
    for source in ("passage", "claim"):
        for founded in (True, False):
            rows = [row for row, one in enumerate(read)
                    if one.source == source and one.founded is founded and one.sure]
            true = np.array([read[row].entails for row in rows])
            found = shares[rows]
            print(json.dumps({
                "set": name, "beside": source, "claims": "founded" if founded else "readers'",
                "pairs": len(rows), "whole": int(true.sum()),
                "average precision": round(float(average_precision_score(true, found)), 3),
                **{f"at {bound}": _precision_recall(true, found >= bound) for bound in BOUNDS}}), flush=True)


def _precision_recall(true: NDArray[np.bool_], kept: NDArray[np.bool_]) -> tuple[float, float]:
    right = int((true & kept).sum())
    return round(right / max(1, int(kept.sum())), 3), round(right / max(1, int(true.sum())), 3)


def main() -> None:
    """Train, export, calibrate, measure, write the weights."""
    given = arguments(__doc__, WEIGHTS / "relation-english.onnx").parse_args()
    items = items_of(given.data)
    read = [one for one in judged(given.labels, items) if not has_han(one.claim + one.text)]
    labelled = [row for row in relations(given.labels, items)
                if row.set == "train" and not has_han(row.claim + row.text)]
    learnt = samples([one for one in read if one.set == "train"], labelled)
    print(len(learnt), "pairs", flush=True)
    model = network.Network(given.backbone, FROZEN, LAYERS, ANSWERS)
    begin = state_of(given.begin)
    shapes = {name: value.shape for name, value in model.state_dict().items()}
    model.load_state_dict({name: value for name, value in begin.items() if value.shape == shapes.get(name)},
                          strict=False)
    network.train(model, learnt, given.backbone, RATE, HEAD)
    given.work.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), given.work / "entailment.pt")
    file = WEIGHTS / "entailment.onnx"
    network.export(model, file, blocks=BLOCKS)
    encoder = Encoder(file, WEIGHTS / "relation-english-tokenizer.json", weights.sha256(file), len(ANSWERS),
                      LENGTH)
    odds = {name: log_odds(encoder.read([(one.claim, one.text) for one in read if one.set == name]))
            for name in ("dev", "final")}
    dev = [one for one in read if one.set == "dev"]
    fitted = LogisticRegression().fit(odds["dev"][:, None], [one.entails for one in dev],
                                      sample_weight=[1 if one.sure else UNSURE for one in dev])
    slope, bias = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    card = {"name": NAME, "sha256": weights.sha256(file), "slope": round(slope, 6), "bias": round(bias, 6)}
    (WEIGHTS / "entailment.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    for name, row in odds.items():
        tell(name, [one for one in read if one.set == name], logistic(row * slope + bias))


if __name__ == "__main__":
    main()
