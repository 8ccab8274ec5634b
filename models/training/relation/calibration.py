"""Calibrate what the encoders say on labelled pairs that they did not learn from; write `relation.json`.

    python -m models.training.relation.calibration LABELS DATA

The weights are the shipped ones, the pairs those of the stories of the set `dev` of which a reader was sure.
Claims that somebody chose to follow are calibrated on the readers' claims, what the pipeline founds on these
and on its own: another share of what is read speaks to such a claim, and nearly nothing denies it. What is
worth reading is told from the readers' claims, whose passages were drawn by search alone. Nothing of the set
`final` is read. Another retriever needs another calibration.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.chinese.gloss import FILE as GLOSSES
from models.embedding import retriever
from models.onnx import weights
from models.other_documents import others
from models.probabilities import logistic, softmax
from models.protocols.stance import STANCE_LABELS
from models.stance.belonging import features
from models.stance.calibration import RereadThresholds, Shares, belonging_inputs, side_inputs
from models.stance.focus import focus
from models.stance.model import ENCODERS, encoders, likeness, reading_in_english
from models.training.data import label_arguments
from models.training.relation.labels import Labelled, items_of, relations

NAME = "relation-9"
AGAIN = RereadThresholds(belongs=0.1, against=0.2)  # of 0.1 and 0.2 each, by cross-validation over stories
# Of followed claims there are few, so that more is read again: with all of it nothing more is gained.
AGAIN_FOLLOWED = RereadThresholds(belongs=0.05, against=0.1)
LEAST = 0.04  # a pair is read from this probability by shared features on: none is lost on development
PULL = 0.1  # inverse strength of L2 on belonging: of 0.02 and 0.1 by cross-validation over stories

Said = Sequence[Shares]
"""The encoders' probabilities of each row, shape (encoders, 5)."""


def calibrated(small: Shares, large: Shares, likenesses: Sequence[float], rows: Sequence[Labelled],
               again: RereadThresholds = AGAIN) -> dict[str, Any]:
    """Return the calibrations of pairs that only the small encoder reads (`small`) and that `both` read.

    `small` and `large` are the encoders' probabilities, shape (rows, 5), `likenesses` each row's cosine by
    the retriever. Both count where the row may belong by the first calibration, as `again` says.
    """
    plain = plain_features(likenesses, rows)
    belong = np.array([row.label != "unrelated" for row in rows])
    single = np.stack([belonging_inputs(row[None], shared) for row, shared in zip(small, plain, strict=True)])
    alone = _logistic(single, belong)
    related = _probability(alone, single)
    rereads = np.array([again.reads(*row) for row in zip(related, small, strict=True)])
    both = [np.stack(shares) for shares in zip(small, large, strict=True)]
    double = np.stack([belonging_inputs(shares, shared) for shares, shared in zip(both, plain, strict=True)])
    reread = _logistic(double[rereads], belong[rereads])
    related[rereads] = _probability(reread, double[rereads])
    spoken = _spoken(rows, related)
    beside = _logistic(np.column_stack([single, spoken]), belong)
    reread_beside = _logistic(np.column_stack([double, spoken])[rereads], belong[rereads])
    return {
        "again": again._asdict(),
        "small": {"sides": sides([row[None] for row in small], rows),
                  "belonging": {"alone": alone, "beside": beside}},
        "both": {"sides": sides(both, rows),
                 "belonging": {"alone": reread, "beside": reread_beside}},
    }


def plain_features(likenesses: Sequence[float], rows: Sequence[Labelled]) -> list[Shares]:
    """Return the features of belonging of each row."""
    return [np.array(features(row.claim, focus(row.claim, row.text), row.context, cosine))
            for row, cosine in zip(rows, likenesses, strict=True)]


def sieve(likenesses: Sequence[float], rows: Sequence[Labelled]) -> dict[str, Any]:
    """Return the model that says which pairs are worth reading."""
    belong = np.array([row.label != "unrelated" for row in rows])
    return {**_logistic(np.stack(plain_features(likenesses, rows)), belong), "least": LEAST}


def _spoken(rows: Sequence[Labelled], related: Shares) -> Shares:
    """Return the probability that other documents speak to each row's claim."""
    spoken = np.zeros(len(rows))
    claims = np.array([row.claim_id for row in rows])
    for claim in np.unique(claims):
        own_rows = np.flatnonzero(claims == claim)
        spoken[own_rows] = others([rows[int(index)].id for index in own_rows], related[own_rows].tolist())
    return spoken


def _probability(given: dict[str, Any], inputs: Shares) -> Shares:
    return logistic(inputs @ given["weights"] + given["bias"])


def _logistic(inputs: NDArray[np.floating], belong: NDArray[np.bool_]) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression  # here, since it takes a second to load

    mean, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-3)
    model = LogisticRegression(C=PULL, max_iter=3000)
    model.fit((inputs - mean) / scale, belong)
    weights = model.coef_[0] / scale
    return {"weights": weights.round(5).tolist(),
            "bias": round(float(model.intercept_[0] - weights @ mean), 5)}


def sides(said: Said, rows: Sequence[Labelled]) -> dict[str, Any]:
    """Return a heat for each encoder and the biases of the four sides (Guo et al. 2017 fit one heat alone).

    Fitted on the rows that belong to their claim, each of the four sides counted as if it were as frequent as
    the square root of its number, so that denials and doubts are not lost beside support.
    """
    from scipy.optimize import minimize

    side_rows = [index for index, row in enumerate(rows) if row.label != "unrelated"]
    labels = np.array([STANCE_LABELS.index(rows[index].label) for index in side_rows])
    side_values = np.stack([side_inputs(said[index]) for index in side_rows])
    encoders = side_values.shape[1]
    counts = np.bincount(labels, minlength=4) ** -0.5

    def loss(given: NDArray[np.float64]) -> float:
        shares = softmax(np.einsum("e,res->rs", given[:encoders], side_values) + np.r_[0.0, given[encoders:]])
        losses = -np.log(shares[np.arange(len(labels)), labels] + 1e-9)
        penalty = 0.01 * (given[encoders:] ** 2).sum()
        return float((losses * counts[labels]).sum() / counts[labels].sum() + penalty)

    start = [1 / encoders] * encoders + [0.0, 0.0, 0.0]
    fitted = minimize(loss, start).x.round(4).tolist()
    return {"heats": fitted[:encoders], "bias": [0.0, *fitted[encoders:]]}


def main() -> None:
    """Read the pairs by both encoders, calibrate, write the card."""
    parser = label_arguments(__doc__)
    parser.add_argument("--out", type=Path, default=weights.OWN)
    args = parser.parse_args()
    rows = [row for row in relations(args.labels, items_of(args.data)) if row.set == "dev" and row.sure]
    files = {name: weights.sha256(args.out / f"{name}.onnx") for name in ENCODERS}
    small, large = encoders(files, args.out)
    by_small = softmax(small.read([(row.pair.claim, row.pair.text) for row in rows]))
    by_large = softmax(large.read([reading_in_english(row.claim, row.text, row.context) for row in rows]))
    cosines = likeness(retriever.load(), [(row.claim, focus(row.claim, row.text)) for row in rows])
    readers = [index for index, row in enumerate(rows) if not row.founded]
    readers_rows = [rows[index] for index in readers]
    card = {"name": NAME, **files,
            "gloss": weights.sha256(weights.OWN / GLOSSES),
            "sieve": sieve([cosines[index] for index in readers], readers_rows),
            "founded": calibrated(by_small, by_large, cosines, rows),
            "followed": calibrated(by_small[readers], by_large[readers],
                                   [cosines[index] for index in readers], readers_rows, AGAIN_FOLLOWED)}
    (args.out / "relation.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
