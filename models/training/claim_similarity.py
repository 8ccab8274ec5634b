"""Train the pair model that groups mentions into claims, and write it to `models/weights/pairs.json`.

    python -m models.training.claim_similarity CLUSTERS POSTS [--embedding NAME] [--out FILE]

CLUSTERS holds rows `{id, text, cluster, published_at}` (null cluster: says none of the claims), POSTS rows
`{title, text}` of the field whose mean vector and main directions are taken off. Deterministic; half a minute
on two cores.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import claim_similarity
from models.embedding import embedder as embedding
from models.onnx import weights
from models.training.data import rows_of, text_of

NAME = "pairs-2"
DIRECTIONS = 64  # damped; 16 and 32 did worse in cross-validation over claims, 128 no better
SOFTNESS = 0.5  # how much of the mean variance is added to each: directions of little variance are left alone


def day_of(row: dict[str, Any]) -> float | None:
    """Return the days since 1970 of `published_at`; None where there is none."""
    given = row.get("published_at")
    return datetime.fromisoformat(given.replace("Z", "+00:00")).timestamp() / 86400 if given else None


def fit(
    profiles: claim_similarity.Profiles, labels: Sequence[str | None], rarity: claim_similarity.Rarity,
    base: claim_similarity.PairModel,
) -> claim_similarity.PairModel:
    """Return a model fitted on all pairs with at least one labelled text; two texts without a label say
    nothing.
    """
    from sklearn.linear_model import LogisticRegression  # here, since it takes a second to load

    first, second = np.triu_indices(len(labels), 1)
    told = np.asarray([label is not None for label in labels])
    keep = told[first] | told[second]
    first, second = first[keep], second[keep]
    names = np.asarray([label or "" for label in labels])
    same = (names[first] == names[second]) & told[first] & told[second]
    features = np.stack(
        [feature[first, second] for _, feature in base.features(profiles, profiles, rarity)], axis=-1
    )
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    found = LogisticRegression(max_iter=1000).fit((features - mean) / spread, same)
    slopes: NDArray[np.float64] = found.coef_[0] / spread
    bias = float(found.intercept_[0] - slopes @ mean)
    values = {name: float(value) for name, value in zip(claim_similarity.FEATURES, slopes, strict=True)}
    return claim_similarity.PairModel(base.name, values, bias, base.aspect_rarity, base.spaces)


def untrained(posts: Sequence[str], embedder: embedding.SentenceEmbedder) -> claim_similarity.PairModel:
    """Return a model with what unlabelled posts give: the space of their vectors and how rare each aspect is.
    """
    seen = (claim_similarity.aspect_counts(posts) > 0).sum(axis=0)
    rare = tuple(round(max(0.1, log(len(posts) / (1 + int(count)))), 4) for count in seen)
    return claim_similarity.PairModel(NAME, {}, 0.0, rare, {embedder.name: space_of(embedder.encode(posts))})


def prepared(
    rows: Sequence[dict[str, Any]], posts: Sequence[str], embedder: embedding.SentenceEmbedder
) -> tuple[claim_similarity.PairModel, claim_similarity.Profiles, claim_similarity.Rarity]:
    """Return an unfitted model, the profiles of rows `{text, published_at}`, and how rare their words are."""
    texts = [text_of(row) for row in rows]
    base = untrained(posts, embedder)
    profiles = base.profile(texts, embedder.encode(texts), embedder.name, [day_of(row) for row in rows])
    seen = Counter(word for words in profiles.words for word in set(words))
    return base, profiles, claim_similarity.Rarity(len(texts), seen)


def space_of(vectors: NDArray[np.float32]) -> claim_similarity.Space:
    """Return the mean of vectors and the directions of their largest variance, damped toward the variance of
    the others.

    Whitening (Su et al. 2021) made gentle: full whitening gives the noise in small directions the weight of
    words.
    """
    mean = vectors.mean(axis=0)
    variance, directions = np.linalg.eigh(np.cov((vectors - mean).T.astype(np.float64)))
    variance, directions = variance[::-1], directions[:, ::-1].T
    soft = SOFTNESS * variance.mean()
    count = min(DIRECTIONS, len(variance) - 1)
    kept = np.sqrt((variance[count:].mean() + soft) / (variance[:count] + soft))
    parts = (np.round(part, 4).astype(np.float32) for part in (mean, directions[:count], kept))
    return claim_similarity.Space(*parts)


def main() -> None:
    """Train, print the weights, write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clusters", type=Path)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--embedding", default=weights.DEFAULT)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "weights" / "pairs.json")
    given = parser.parse_args()
    embedder = embedding.load(given.embedding)
    rows = rows_of(given.clusters)
    base, profiles, rarity = prepared(rows, [text_of(row) for row in rows_of(given.posts)], embedder)
    model = fit(profiles, [row["cluster"] for row in rows], rarity, base)
    written = {
        "name": model.name, "weights": {name: round(value, 4) for name, value in model.weights.items()},
        "bias": round(model.bias, 4), "aspect_rarity": list(model.aspect_rarity),
        "spaces": {
            name: {
                part: np.round(getattr(space, part).astype(np.float64), 4).tolist()
                for part in ("mean", "directions", "kept")
            }
            for name, space in model.spaces.items()
        },
    }
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text(json.dumps(written, separators=(",", ":")) + "\n", "utf-8")
    print(json.dumps({"weights": written["weights"], "bias": written["bias"]}))


if __name__ == "__main__":
    main()
