"""Train the models that say which sentences may found a claim; write `models/weights/founding.json` and
`founding.onnx`.

    python -m models.training.founding LABELS DATA

LABELS is `benchmarks/labels`: `sentences.jsonl` names sentences that the language model wrote, by place and
SHA-256, and what a reader said of each. They are written anew from the posts of DATA. A logistic model over
the inputs of `models.founding` and an encoder are fitted on the training part and the made-up sentences of
`made_up.toml`. A third, logistic one puts together what models say that saw no sentence of the same document
(stacking: Wolpert 1992); for Chinese sentences, which both read by their gloss, one that is fitted on these
alone. The same cross-validation says from which probability on a sentence may found (`[found] sure`);
measured on the final part, which shares no document with it. Fixed seeds; fifteen minutes on two cores.
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

from models.chinese.han import has_han
from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding.model import (
    VERDICTS,
    as_read,
    combined_inputs,
    combined_probability,
    encoder_text,
    soundness,
)
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.protocols.founding import Candidate
from models.stance.model import LENGTH
from models.training.data import label_arguments, rows_of
from models.training.founding import plain, reader
from models.training.founding.sentences import Row, candidates_of, made_up
from models.training.relation import network
from models.training.relation.labels import items_of

NAME = "founding-11"
# Weights for the logistic models; the encoder reads sure sentences twice, others once.
UNSURE = 0.5  # a label on which two readers could differ
MADE_UP = 0.3  # a made-up sentence; chosen from 0.2 to 0.4 by cross-validation on the training part
PARTS = 4
LEAST = 0.05  # the encoder skips a sentence to which the logistic model gives less
BOUNDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)

Floats = NDArray[np.float64]


def tell(name: str, good: NDArray[np.bool_], counts: Floats, shares: Floats) -> None:
    """Print how many of the sentences of a part each bound keeps, and how many of these are good."""
    for part, rows in ((f"{name}, surely judged", counts == 1), (f"{name}, all", counts > 0)):
        precision, recall, _ = precision_recall_curve(good[rows], shares[rows])
        print(json.dumps({
            "part": part, "sentences": int(rows.sum()), "good": round(float(good[rows].mean()), 3),
            "average precision": round(float(average_precision_score(good[rows], shares[rows])), 3),
            **{f"recall at precision {least}": round(float(recall[precision >= least].max()), 3)
               for least in (0.85, 0.9, 0.92, 0.95)}}))
        for bound in BOUNDS:
            passing = rows & (shares >= bound)
            print(f"  at {bound}: {passing.sum()} kept, good {good[passing].mean():.3f}, recall "
                  f"{(passing & good).sum() / good[rows].sum():.3f}")


def stacked(odds: Floats, good: NDArray[np.bool_], counts: Floats) -> Floats:
    """Return the weights of both models' log odds and the bias, shape (3,)."""
    model = LogisticRegression(C=1.0, fit_intercept=False).fit(odds, good, sample_weight=counts)
    return np.asarray(model.coef_[0])


def main() -> None:
    """Fit, measure by cross-validation and on the final part, write the weights."""
    parser = label_arguments(__doc__)
    parser.add_argument("--out", type=Path, default=weights.OWN)
    args = parser.parse_args()
    backbone = weights.find()
    embedders = embedding.load(), retriever.load().passages
    width = sum(embedder.dimension for embedder in embedders)
    every = candidates_of(rows_of(args.labels / "sentences.jsonl"), items_of(args.data))
    labelled = [(row, as_read(candidate)) for row, candidate in every if not has_han(candidate.claim)]
    chinese = [(row, as_read(candidate)) for row, candidate in every if has_han(candidate.claim)]
    learnt = [pair for pair in labelled if pair[0]["set"] == "train"]
    final_rows = [pair for pair in labelled if pair[0]["set"] == "final"]
    print(f"{len(learnt)} sentences to learn from, {len(final_rows)} to measure on")

    def arrays(rows: Sequence[tuple[Row, Candidate]]) -> plain.Sentences:
        return plain.sentences([candidate for _, candidate in rows],
                               [row["verdict"] == "good" for row, _ in rows],
                               [1.0 if row["sure"] else UNSURE for row, _ in rows], embedders)

    invented = list(made_up())
    made = plain.sentences([candidate for _, candidate in invented], [good for good, _ in invented],
                           [MADE_UP] * len(invented), embedders)
    made_pairs = [reader.made_up(candidate, good) for good, candidate in invented]
    judged, pairs = arrays(learnt), [reader.judged(candidate, row["verdict"]) for row, candidate in learnt]
    sure = [bool(row["sure"]) for row, _ in learnt]
    crossed = np.zeros((len(learnt), 2))
    folds = list(GroupKFold(PARTS).split(pairs, groups=[row["id"] for row, _ in learnt]))
    for part, (training, held_out) in enumerate(folds, 1):
        print(f"part {part} of {PARTS}", flush=True)
        model = reader.trained([(pairs[row], sure[row]) for row in training], made_pairs, backbone)
        logits = reader.logits(model, [pairs[row] for row in held_out], backbone)
        crossed[held_out, 0] = plain.fit(judged.only(training), made, width).odds(judged.values[held_out])
        crossed[held_out, 1] = soundness(logits)
    odds = combined_inputs(crossed[:, 0], crossed[:, 1])
    shares = np.zeros(len(learnt))
    for training, held_out in folds:
        stacking = stacked(odds[training], judged.labels[training], judged.counts[training])
        by_encoder = crossed[held_out, 1].__getitem__
        shares[held_out] = combined_probability(crossed[held_out, 0], by_encoder, stacking, LEAST)
    tell("training, crossed", judged.labels, judged.counts, shares)
    stacking = stacked(odds, judged.labels, judged.counts)

    fitted = plain.fit(judged, made, width)

    def by_both(sentences: plain.Sentences, rows: Sequence[tuple[Row, Candidate]]) -> Floats:
        read = soundness(encoder.read([encoder_text(candidate) for _, candidate in rows]))
        return combined_inputs(fitted.odds(sentences.values), read)

    model = reader.trained(list(zip(pairs, sure, strict=True)), made_pairs, backbone)
    file = args.out / "founding.onnx"
    network.export(model, file)
    encoder = Encoder(file, backbone / "tokenizer.json", weights.sha256(file), len(VERDICTS), LENGTH)
    chinese_learnt = [pair for pair in chinese if pair[0]["set"] == "train"]
    foreign = arrays(chinese_learnt)
    chinese_stacking = stacked(by_both(foreign, chinese_learnt), foreign.labels, foreign.counts)
    (args.out / "founding.json").write_text(json.dumps({
        "name": NAME, "sha256": weights.sha256(file), "both": stacking.round(5).tolist(),
        "both_chinese": chinese_stacking.round(5).tolist(), "least": LEAST,
        "mean": fitted.mean.round(5).tolist(), "scale": fitted.scale.round(5).tolist(),
        "weights": fitted.weights.round(5).tolist(), "bias": round(fitted.bias, 5),
    }) + "\n", "utf-8")
    chinese_final = [pair for pair in chinese if pair[0]["set"] == "final"]
    for name, rows, weighed in (("final", final_rows, stacking),
                                ("final, Chinese", chinese_final, chinese_stacking)):
        sentences = arrays(rows)
        odds = by_both(sentences, rows)
        shares = combined_probability(odds[:, 0], odds[:, 1].__getitem__, weighed, LEAST)
        tell(name, sentences.labels, sentences.counts, shares)


if __name__ == "__main__":
    main()
