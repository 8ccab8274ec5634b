"""Measure each bound of `[cluster] same`:
`python -m benchmarks.quality.bounds HOME LABELS NEGATIVES [BOUND ...]`.

HOME holds posts that were ingested and extracted; LABELS and NEGATIVES are hand labels on them (rows
`{claim_id, mentions: [{id, sure}]}` and a list of ids). Mentions are clustered anew in a copy. For each
labelled post, precision is the share of the posts in a claim with it that share its label, recall the share
of those with its label that are in a claim with it (B-cubed for overlapping groups; Bagga & Baldwin 1998).
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.harness import claims_by_post
from models.embedding import embedder as embedding
from pipeline.core.config import ClusterConfig, Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.cluster.stage import cluster
from pipeline.store.store import Store

DERIVED = ("claims", "members", "placements", "rivals", "terms")


def main(home: Path, labels: Path, negatives: Path, bounds: list[float]) -> None:
    """Print a row for each bound."""
    labels_by_post = claims_by_post(labels, sure=True)
    negative_ids = json.loads(negatives.read_text("utf-8"))
    embedder = embedding.load()
    print("| same | claims | largest | precision | recall | rival pairs |")
    for bound in bounds:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(home / "work.duckdb", folder)
            store = Store.open(Path(folder) / "work.duckdb")
            for table in DERIVED:
                store.connection.execute(f"DELETE FROM store.{table}")
            config = Config(cluster=dataclasses.replace(ClusterConfig(), same=bound))
            run = RunContext("bounds", datetime(2026, 1, 1, tzinfo=UTC), Home(Path(folder)), config)
            counts = cluster(store, run, embedder)
            rows = store.connection.execute(
                "SELECT document_id, claim_id FROM mentions WHERE claim_id IS NOT NULL"
            ).fetchall()
            store.close()
        claims: dict[str, set[str]] = defaultdict(set)
        for document, claim in rows:
            claims[document].add(claim)
        sizes = Counter(claim for _, claim in rows)
        labelled = [post for post in labels_by_post if post in claims]
        clustered = [post for post in (*labels_by_post, *negative_ids) if post in claims]
        precision = recall = 0.0
        for post in labelled:
            same_claim = {other for other in clustered if claims[post] & claims[other]}
            same_label = {other for other in labelled if labels_by_post[post] & labels_by_post[other]}
            precision += len(same_claim & same_label) / len(same_claim) / len(labelled)
            recall += len(same_claim & same_label) / len(same_label) / len(labelled)
        print(
            f"| {bound} | {len(sizes)} | {sizes.most_common(1)[0][1]} | {precision:.3f} | {recall:.3f} | "
            f"{counts.detail['rivals']} |"
        )


if __name__ == "__main__":
    main(
        Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]),
        [float(bound) for bound in sys.argv[4:] or ("0.15", "0.3", "0.5", "0.7")],
    )
