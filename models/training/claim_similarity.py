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
SOFTNESS = 0.5  # share of the mean variance added to each: it spares directions of little variance


def day_of(row: dict[str, Any]) -> float | None:
    """Return the days since 1970 of `published_at`; None where there is none."""
    published = row.get("published_at")
    return datetime.fromisoformat(published.replace("Z", "+00:00")).timestamp() / 86400 if published else None


def fit(
    profiles: claim_similarity.Profiles, labels: Sequence[str | None], rarity: claim_similarity.Rarity,
    base: claim_similarity.PairModel,
) -> claim_similarity.PairModel:
    """Return a model fitted on all pairs of texts of which at least one is labelled."""
    from sklearn.linear_model import LogisticRegression  # here, since it takes a second to load

    first, second = np.triu_indices(len(labels), 1)
    is_labelled = np.asarray([label is not None for label in labels])
    keep = is_labelled[first] | is_labelled[second]
    first, second = first[keep], second[keep]
    names = np.asarray([label or "" for label in labels])
    same_claim = (names[first] == names[second]) & is_labelled[first] & is_labelled[second]
    features = np.stack(
        [feature[first, second] for _, feature in base.features(profiles, profiles, rarity)], axis=-1
    )
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    fitted = LogisticRegression(max_iter=1000).fit((features - mean) / spread, same_claim)
    slopes: NDArray[np.float64] = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - slopes @ mean)
    values = {name: float(value) for name, value in zip(claim_similarity.FEATURES, slopes, strict=True)}
    return claim_similarity.PairModel(base.name, values, bias, base.aspect_rarity, base.spaces)


def untrained(posts: Sequence[str], embedder: embedding.SentenceEmbedder) -> claim_similarity.PairModel:
    """Return an unfitted model with the space of the posts' vectors and the rarity of each aspect."""
    post_counts = (claim_similarity.aspect_counts(posts) > 0).sum(axis=0)
    rarity = tuple(round(max(0.1, log(len(posts) / (1 + int(count)))), 4) for count in post_counts)
    return claim_similarity.PairModel(
        NAME, {}, 0.0, rarity, {embedder.name: space_of(embedder.encode(posts))}
    )


def prepared(
    rows: Sequence[dict[str, Any]], posts: Sequence[str], embedder: embedding.SentenceEmbedder
) -> tuple[claim_similarity.PairModel, claim_similarity.Profiles, claim_similarity.Rarity]:
    """Return an unfitted model, the profiles of rows `{text, published_at}`, and their words' rarity."""
    texts = [text_of(row) for row in rows]
    base = untrained(posts, embedder)
    profiles = base.profile(texts, embedder.encode(texts), embedder.name, [day_of(row) for row in rows])
    text_counts = Counter(word for words in profiles.words for word in set(words))
    return base, profiles, claim_similarity.Rarity(len(texts), text_counts)


def space_of(vectors: NDArray[np.float32]) -> claim_similarity.Space:
    """Return the mean of vectors and the directions of their largest variance, damped toward the variance of
    the others.

    Whitening (Su et al. 2021) made gentle: full whitening gives the noise in small directions the weight of
    words.
    """
    mean = vectors.mean(axis=0)
    variance, directions = np.linalg.eigh(np.cov((vectors - mean).T.astype(np.float64)))
    variance, directions = variance[::-1], directions[:, ::-1].T
    softening = SOFTNESS * variance.mean()
    count = min(DIRECTIONS, len(variance) - 1)
    damping = np.sqrt((variance[count:].mean() + softening) / (variance[:count] + softening))
    parts = (np.round(part, 4).astype(np.float32) for part in (mean, directions[:count], damping))
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
    args = parser.parse_args()
    embedder = embedding.load(args.embedding)
    rows = rows_of(args.clusters)
    base, profiles, rarity = prepared(rows, [text_of(row) for row in rows_of(args.posts)], embedder)
    model = fit(profiles, [row["cluster"] for row in rows], rarity, base)
    card = {
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
    args.out.parent.mkdir(exist_ok=True)
    args.out.write_text(json.dumps(card, separators=(",", ":")) + "\n", "utf-8")
    print(json.dumps({"weights": card["weights"], "bias": card["bias"]}))


if __name__ == "__main__":
    main()
