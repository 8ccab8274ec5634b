"""Train the models that say which sentences may found a claim; write `models/weights/founding.json` and
`founding.onnx`.

    python -m models.training.founding LABELS DATA

LABELS is `benchmarks/labels`: `sentences.jsonl` names sentences that the language model wrote, by place and
SHA-256, and what a reader said of each. They are written anew from the posts of DATA. A logistic model over
the inputs of `models.founding` and an encoder are fitted on the training part and the made-up sentences of
`made_up.toml`. A third, logistic one puts together what models say that saw no sentence of the same document
(stacking: Wolpert 1992). The same cross-validation says from which probability on a sentence may found
(`[found] sure`); measured on the final part, which shares no document with it. Fixed seeds; fifteen minutes
on two cores.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import GroupKFold

from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding.model import VERDICTS, both, said, soundness, together
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.protocols.founding import Candidate
from models.stance.model import LENGTH
from models.training.data import label_arguments, rows_of
from models.training.founding import plain, reader
from models.training.founding.sentences import Row, candidates_of, made_up
from models.training.relation import network
from models.training.relation.labels import items_of

NAME = "founding-7"
# How much counts for the logistic models; the encoder reads what is sure twice, all else once.
UNSURE = 0.5  # a label that two readers could give otherwise
MADE_UP = 0.3  # a made-up sentence; of 0.2 to 0.4 by cross-validation on the training part
PARTS = 4
LEAST = 0.05  # a sentence below this by the logistic model is not read by the encoder
BOUNDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)

Floats = NDArray[np.float64]


def tell(name: str, good: NDArray[np.bool_], counts: Floats, shares: Floats) -> None:
    """Print how many of the sentences of a part each bound keeps, and how many of these are good."""
    for which, rows in ((f"{name}, surely judged", counts == 1), (f"{name}, all", counts > 0)):
        precision, recall, _ = precision_recall_curve(good[rows], shares[rows])
        print(json.dumps({
            "part": which, "sentences": int(rows.sum()), "good": round(float(good[rows].mean()), 3),
            "average precision": round(float(average_precision_score(good[rows], shares[rows])), 3),
            **{f"recall at precision {least}": round(float(recall[precision >= least].max()), 3)
               for least in (0.85, 0.9, 0.92, 0.95)}}))
        for bound in BOUNDS:
            kept = rows & (shares >= bound)
            print(f"  at {bound}: {kept.sum()} kept, good {good[kept].mean():.3f}, recall "
                  f"{(kept & good).sum() / good[rows].sum():.3f}")


def stacked(odds: Floats, good: NDArray[np.bool_], counts: Floats) -> Floats:
    """Return how much the log odds of both models count, and what is added to them, shape (3,)."""
    model = LogisticRegression(C=1.0, fit_intercept=False).fit(odds, good, sample_weight=counts)
    return np.asarray(model.coef_[0])


def main() -> None:
    """Fit, measure by cross-validation and on the final part, write the weights."""
    parser = label_arguments(__doc__)
    parser.add_argument("--out", type=Path, default=weights.OWN)
    given = parser.parse_args()
    backbone = weights.find()
    embedders = embedding.load(), retriever.load().passages
    width = sum(embedder.dimension for embedder in embedders)
    told = candidates_of(rows_of(given.labels / "sentences.jsonl"), items_of(given.data))
    learnt = [one for one in told if one[0]["set"] == "train"]
    kept = [one for one in told if one[0]["set"] == "final"]
    print(f"{len(learnt)} sentences to learn from, {len(kept)} to measure on")

    def arrays(rows: Sequence[tuple[Row, Candidate]]) -> plain.Sentences:
        return plain.sentences([one for _, one in rows], [row["verdict"] == "good" for row, _ in rows],
                               [1.0 if row["sure"] else UNSURE for row, _ in rows], embedders)

    invented = list(made_up())
    made = plain.sentences([one for _, one in invented], [good for good, _ in invented],
                           [MADE_UP] * len(invented), embedders)
    made_pairs = [reader.made_up(one, good) for good, one in invented]
    judged, pairs = arrays(learnt), [reader.judged(one, row["verdict"]) for row, one in learnt]
    sure = [bool(row["sure"]) for row, _ in learnt]
    crossed = np.zeros((len(learnt), 2))
    folds = list(GroupKFold(PARTS).split(pairs, groups=[row["id"] for row, _ in learnt]))
    for number, (seen, asked) in enumerate(folds, 1):
        print(f"part {number} of {PARTS}", flush=True)
        model = reader.trained([(pairs[row], sure[row]) for row in seen], made_pairs, backbone)
        told_of = reader.logits(model, [pairs[row] for row in asked], backbone)
        crossed[asked, 0] = plain.fit(judged.only(seen), made, width).odds(judged.values[asked])
        crossed[asked, 1] = soundness(told_of)
    odds = both(crossed[:, 0], crossed[:, 1])
    shares = np.zeros(len(learnt))
    for seen, asked in folds:
        weighed = stacked(odds[seen], judged.good[seen], judged.counts[seen])
        shares[asked] = together(crossed[asked, 0], crossed[asked, 1].__getitem__, weighed, LEAST)
    tell("training, crossed", judged.good, judged.counts, shares)
    weighed = stacked(odds, judged.good, judged.counts)

    fitted = plain.fit(judged, made, width)
    model = reader.trained(list(zip(pairs, sure, strict=True)), made_pairs, backbone)
    file = given.out / "founding.onnx"
    network.export(model, file)
    (given.out / "founding.json").write_text(json.dumps({
        "name": NAME, "sha256": weights.sha256(file), "both": weighed.round(5).tolist(), "least": LEAST,
        "mean": fitted.mean.round(5).tolist(), "scale": fitted.scale.round(5).tolist(),
        "weights": fitted.weights.round(5).tolist(), "bias": round(fitted.bias, 5),
    }) + "\n", "utf-8")
    final = arrays(kept)
    encoder = Encoder(file, backbone / "tokenizer.json", weights.sha256(file), len(VERDICTS), LENGTH)
    read = soundness(encoder.read([said(one) for _, one in kept]))
    shares = together(fitted.odds(final.values), read.__getitem__, weighed, LEAST)
    tell("final", final.good, final.counts, shares)


if __name__ == "__main__":
    main()
