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

from models.chinese.gloss import FILE as GLOSSES
from models.chinese.han import has_han
from models.entailment.model import ANSWERS, log_odds
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
# Pairs in a pass beside those labelled for this model: passages that do not support their claim, changed
# claims, and passages that repeat their claim word for word.
UNRELATED, NO_SUPPORT, FIGURES, OPPOSITES, VERBATIM = 500, 300, 400, 200, 130
BOUNDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)
UNSURE = 0.5  # weight in calibration of a label on which two readers could differ
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and a text beside it, as a reader judged them; `set` is train, dev, final or apart.
    `source` is the kind of the text, `passage` or `claim`.
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
        claim_row = claims[row["claim_id"]]
        claim = claim_of(claim_row, items)
        if "other" in row:
            text, context, source = claim_of(claims[row["other"]], items), "", "claim"
        else:
            (text, context), source = passage_of(row, items), "passage"
        yield Judged(claim, reading(claim, text, context), row["entails"], row["sure"],
                     row.get("set", claim_row["set"]), source, "claim" not in claim_row)


def samples(read: Sequence[Judged], labelled: Sequence[Labelled]) -> list[Pair]:
    """Return the pairs of a pass in random order. Sure pairs stand there twice; so do claims that bear out
    another claim, since they are few.
    """
    chance = random.Random(SEED)
    learnt = [label.pair for label in read for _ in range(1 + (label.sure and label.source == "passage"))]
    learnt += [label.pair for label in read if label.source == "claim" and label.entails]
    unrelated = [row for row in labelled if row.label == "unrelated" and row.sure and row.founded]
    unsupporting = [row for row in labelled if row.label in ("reports", "denies", "questions") and row.sure]
    supporting = [row for row in labelled if row.label == "supports"]
    learnt += [_pair(row, "part") for row in chance.sample(unrelated, UNRELATED)]
    learnt += [_pair(row, "part") for row in chance.sample(unsupporting, NO_SUPPORT)]
    learnt += [_pair(row, "whole") for row in supporting if _words(row.claim) in _words(row.text)][:VERBATIM]
    for pairs, count in ((other_figures(supporting, chance), FIGURES),
                         (opposites(supporting, chance), OPPOSITES)):
        learnt += [Pair(pair.claim, pair.text, ("part",), pair.source, pair.group)
                   for pair in chance.sample(list(pairs), count)]
    chance.shuffle(learnt)
    return learnt


def _pair(row: Labelled, answer: str) -> Pair:
    return Pair(row.claim, row.pair.text, (answer,), "relation", row.story)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def tell(name: str, read: Sequence[Judged], shares: NDArray[np.float64]) -> None:
    """Print how well the probabilities of a set tell which texts bear out the whole claim."""
    for source in ("passage", "claim"):
        for founded in (True, False):
            rows = [row for row, label in enumerate(read)
                    if label.source == source and label.founded is founded and label.sure]
            true = np.array([read[row].entails for row in rows])
            estimates = shares[rows]
            print(json.dumps({
                "set": name, "beside": source, "claims": "founded" if founded else "readers'",
                "pairs": len(rows), "whole": int(true.sum()),
                "average precision": round(float(average_precision_score(true, estimates)), 3),
                **{f"at {bound}": _precision_recall(true, estimates >= bound) for bound in BOUNDS}}),
                flush=True)


def _precision_recall(true: NDArray[np.bool_], kept: NDArray[np.bool_]) -> tuple[float, float]:
    right = int((true & kept).sum())
    return round(right / max(1, int(kept.sum())), 3), round(right / max(1, int(true.sum())), 3)


def main() -> None:
    """Train, export, calibrate, measure, write the weights."""
    args = arguments(__doc__, WEIGHTS / "relation-english.onnx").parse_args()
    items = items_of(args.data)
    read_labels = [label for label in judged(args.labels, items) if not has_han(label.claim + label.text)]
    labelled = [row for row in relations(args.labels, items)
                if row.set == "train" and not has_han(row.claim + row.text)]
    learnt = samples([label for label in read_labels if label.set == "train"], labelled)
    print(len(learnt), "pairs", flush=True)
    model = network.Network(args.backbone, FROZEN, LAYERS, ANSWERS)
    start_state = state_of(args.begin)
    shapes = {name: value.shape for name, value in model.state_dict().items()}
    model.load_state_dict(
        {name: value for name, value in start_state.items() if value.shape == shapes.get(name)}, strict=False)
    network.train(model, learnt, args.backbone, RATE, HEAD)
    args.work.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), args.work / "entailment.pt")
    file = WEIGHTS / "entailment.onnx"
    network.export(model, file, blocks=BLOCKS)
    encoder = Encoder(file, WEIGHTS / "relation-english-tokenizer.json", weights.sha256(file), len(ANSWERS),
                      LENGTH)
    odds = {name: log_odds(encoder.read([(label.claim, label.text) for label in read_labels
                                           if label.set == name])) for name in ("dev", "final")}
    dev = [label for label in read_labels if label.set == "dev"]
    fitted = LogisticRegression().fit(odds["dev"][:, None], [label.entails for label in dev],
                                      sample_weight=[1 if label.sure else UNSURE for label in dev])
    slope, bias = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    card = {"name": NAME, "sha256": weights.sha256(file), "gloss": weights.sha256(weights.OWN / GLOSSES),
            "slope": round(slope, 6), "bias": round(bias, 6)}
    (WEIGHTS / "entailment.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    for name, set_odds in odds.items():
        tell(name, [label for label in read_labels if label.set == name], logistic(set_odds * slope + bias))


if __name__ == "__main__":
    main()
