"""Measure how much the order of arrival changes claims:
`python -m benchmarks.quality.cluster_order HOME [CLUSTERS] [--nights N]`.

HOME holds posts that were ingested and extracted. Their documents arrive in random order over N nights, each
clustered as it comes; five such clusterings are compared by B-cubed, pair by pair. CLUSTERS: rows `{id, text,
published_at}`; these texts are compared in the same way, each as one mention. Times of saying stay what they
are.
"""

from __future__ import annotations

import dataclasses
import json
import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import argument_parser
from models.embedding import embedder as embedding
from models.protocols.vectors import Embedder
from models.training.data import rows_of
from pipeline.core.config import ClusterConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Mention
from pipeline.evaluation.clustering import SAME_TEXTS, bcubed, mentions_of
from pipeline.stages.cluster.stage import cluster
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements("pipeline.decisions", "editorial")

ORDERS = 5
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Remembering:
    """An embedder that encodes each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}
        self.name = embedder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._embedder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the embedder's vectors, shape (len(texts), dimension)."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(fresh, self._embedder.encode(fresh), strict=True))
        return np.stack([self._known[text] for text in texts])


def stored(home: Path) -> list[Mention]:
    """Return the mentions of a home."""
    store = Store.open(home / "work.duckdb")
    try:
        ids = [
            mention
            for (mention,) in store.connection.execute(
                "SELECT mention_id FROM store.mentions ORDER BY 1"
            ).fetchall()
        ]
        return store.read(Mention, SQL["whole_mentions"], {"mentions": ids})
    finally:
        store.close()


def arrived(
    mentions: Sequence[Mention], nights: int, seed: int, same: float, embedder: Embedder
) -> list[str]:
    """Return the claim of each mention after their documents came in `nights` random parts."""
    documents = sorted({mention.document_id for mention in mentions})
    random.Random(seed).shuffle(documents)
    night = {document: index * nights // len(documents) for index, document in enumerate(documents)}
    store = Store.open(":memory:")
    config = Config(cluster=dataclasses.replace(ClusterConfig(), same=same))
    try:
        with tempfile.TemporaryDirectory() as folder:
            run = RunContext("order", NOW, Home(Path(folder)), config)
            for number in range(nights):
                store.append("mentions", [mention for mention in mentions
                                          if night[mention.document_id] == number])
                cluster(store, run, embedder)
        placed = dict(store.connection.execute("SELECT mention_id, claim_id FROM store.members").fetchall())
    finally:
        store.close()
    return [placed[mention.mention_id] for mention in mentions]


def main() -> None:
    """Print the lowest and the mean B-cubed F1 of all pairs of orders, as one JSON object a set."""
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("clusters", type=Path, nargs="?")
    parser.add_argument("--nights", type=int, default=10)
    given = parser.parse_args()
    embedder = Remembering(embedding.load())
    sets = {"propositions": (stored(given.home), ClusterConfig().same)}
    if given.clusters:
        sets["whole texts"] = (mentions_of(rows_of(given.clusters)), SAME_TEXTS)
    for name, (mentions, same) in sets.items():
        runs = [arrived(mentions, given.nights, seed, same, embedder) for seed in range(ORDERS)]
        figures = [bcubed(left, right)[2] for left, right in combinations(runs, 2)]
        sizes = [len(set(run)) for run in runs]
        summary = {
            "set": name, "mentions": len(mentions), "nights": given.nights, "lowest": round(min(figures), 3)
        }
        print(json.dumps(summary | {"mean": round(sum(figures) / len(figures), 3), "claims": sizes}),
              flush=True)


if __name__ == "__main__":
    main()
