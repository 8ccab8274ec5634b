"""Cluster beside a million stored mentions:
`python -m benchmarks.speed.cluster_scale HOME FOLDER [--stored N] [--new N]`.

HOME holds posts that went through `rumortrail process`. FOLDER gets a store of N mentions, made once and
kept: each is a real mention with two words changed, its vector the real one with noise (cosine about 0.9),
1.3 mentions a claim as among the posts. Then new mentions of the same make are clustered in a copy. Vectors
are given: embedding is not in the time. Run it a second time for the peak of memory without the making.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import GivenVectors, argument_parser, peak_gb, timed
from models.stems import stems
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Claim, Mention, StageCounts, stable_id
from pipeline.stages.cluster.stage import cluster
from pipeline.stages.cluster.vectors import Neighbours, kept
from pipeline.store.queries import Statements
from pipeline.store.store import Store

CLUSTER = Statements("pipeline.stages.cluster", "queries")
EDITORIAL = Statements("pipeline.decisions", "editorial")

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PART = 20_000
NOISE = 0.48  # length of the noise beside a unit vector: cosine 0.9 between a copy and its model
PER_CLAIM = 1.3
ASKED = 500  # new vectors whose ten nearest are also computed exactly


class Copies:
    """Mentions made after real ones."""

    def __init__(self, home: Path) -> None:
        store = Store.open(home / "work.duckdb")
        rows = store.connection.execute(
            "SELECT mention_id, model FROM store.vectors ORDER BY mention_id"
        ).fetchall()
        self.model = str(rows[0][1])
        ids = [mention for mention, _ in rows]
        self.mentions = store.read(Mention, EDITORIAL["whole_mentions"], {"mentions": ids})
        self.vectors = kept(store, self.model, [mention.mention_id for mention in self.mentions])
        store.close()
        self.words = sorted({word for mention in self.mentions for word in mention.proposition.split()})

    def make(self, first: int, last: int, seed: int) -> tuple[list[Mention], NDArray[np.float32]]:
        """Return mentions number `first` to `last` with their vectors, shape (last - first, dimension)."""
        chance, noise = random.Random(f"{seed} {first}"), np.random.default_rng([seed, first])
        originals = noise.integers(len(self.mentions), size=last - first)
        noises = noise.standard_normal((last - first, self.vectors.shape[1])).astype(np.float32)
        noises *= NOISE / np.linalg.norm(noises, axis=1, keepdims=True)
        vectors = self.vectors[originals] + noises
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        mentions = []
        for number, row in zip(range(first, last), originals, strict=True):
            original = self.mentions[int(row)]
            words = original.proposition.split() or ["nothing"]
            for _ in range(2):
                words[chance.randrange(len(words))] = chance.choice(self.words)
            said_at = NOW - timedelta(minutes=chance.randrange(500_000))
            text = f"{' '.join(words)} {seed}.{number}"
            mentions.append(
                replace(
                    original, mention_id=f"m{seed}-{number:08d}", document_id=f"d{seed}-{number:08d}",
                    proposition=text, said_at=said_at,
                )
            )
        return mentions, vectors


def parts(stored: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of numbers in which mentions are made."""
    return ((first, min(first + PART, stored)) for first in range(0, stored, PART))


def build(copies: Copies, folder: Path, stored: int) -> None:
    """Fill a store with made mentions and build its index."""
    store = Store.open(folder / "work.duckdb", memory="2GB")
    terms: Counter[str] = Counter()
    chance = random.Random(0)
    for first, last in parts(stored):
        mentions, vectors = copies.make(first, last, 0)
        claims, members = [], []
        claim_id = ""
        for mention in mentions:
            if not claim_id or chance.random() < 1 / PER_CLAIM:
                claim_id = stable_id("c", mention.mention_id)
                claims.append(
                    Claim(
                        claim_id, mention.proposition, mention.kind, mention.mention_id,
                        mention.organisations, mention.entities, mention.event_at, mention.event_precision,
                        None, NOW, "made",
                    )
                )
            members.append(
                {"mention_id": mention.mention_id, "claim_id": claim_id, "similarity": 1.0, "how": "near"}
            )
            terms.update(set(stems(mention.proposition)))
        with store.transaction():
            store.append("mentions", mentions)
            store.append("claims", claims)
            store.append("placements", members)
            store.append("members", [row | {"run_id": "made"} for row in members])
            store.append(
                "vectors",
                [
                    {"mention_id": mention.mention_id, "model": copies.model, "vector": vector}
                    for mention, vector in zip(mentions, vectors, strict=True)
                ],
            )
        print(f"stored {last:,}", flush=True)
    store.execute(CLUSTER["count_terms"], {"terms": list(terms), "counts": list(terms.values())})
    seconds, _ = timed(lambda: Neighbours.open(folder / "index", store, copies.model).save())
    store.close()
    (folder / "made.json").write_text(
        json.dumps({"stored": stored, "index_built_s": round(seconds, 1)}), "utf-8"
    )


def recall(copies: Copies, index: Neighbours, asked: NDArray[np.float32], stored: int) -> float:
    """Return the share of the ten nearest, found exactly, that the index finds."""
    best = np.full((len(asked), 10), -1.0, dtype=np.float32)
    names = np.full((len(asked), 10), -1)
    for first, last in parts(stored):
        _, vectors = copies.make(first, last, 0)
        scores = np.concatenate([best, asked @ vectors.T], axis=1)
        numbers = np.concatenate(
            [names, np.broadcast_to(np.arange(first, last), (len(asked), last - first))], axis=1
        )
        top = np.argpartition(-scores, 10, axis=1)[:, :10]
        best, names = np.take_along_axis(scores, top, 1), np.take_along_axis(numbers, top, 1)
    nearest = index.nearest(asked, 10, exact=False)
    return float(
        np.mean([
            len({f"m0-{n:08d}" for n in exact} & set(approximate)) / 10
            for exact, approximate in zip(names, nearest, strict=True)
        ])
    )


def main() -> None:
    """Make what is missing, measure, print one JSON object."""
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    args = parser.parse_args()
    copies = Copies(args.home)
    store_folder = args.folder / f"stored-{args.stored}"
    was_built = not (store_folder / "made.json").exists()
    if was_built:
        shutil.rmtree(store_folder, ignore_errors=True)
        store_folder.mkdir(parents=True)
        build(copies, store_folder, args.stored)
    copy = args.folder / "measured"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store_folder, copy)
    store = Store.open(copy / "work.duckdb", memory="1500MB")
    mentions, vectors = copies.make(0, args.new, 1)
    store.append("mentions", mentions)
    embedder = GivenVectors(copies.model, [mention.proposition for mention in mentions], vectors)
    run = RunContext("scale", NOW, Home(copy), Config())
    counts: list[StageCounts] = []
    wall, processor = timed(lambda: counts.append(cluster(store, run, embedder)))
    store.close()
    peak = peak_gb()
    store = Store.open(store_folder / "work.duckdb", memory="1500MB")
    found_share = recall(
        copies, Neighbours.open(store_folder / "index", store, copies.model), vectors[:ASKED], args.stored
    )
    store.close()
    shutil.rmtree(copy)
    figures = {
        "new": args.new, "wall_s": round(wall, 1), "processor_s": round(processor, 1),
        "recall@10": round(found_share, 4),
    }
    memory = {"peak_gb": None if was_built else round(peak, 2)}
    print(
        json.dumps(
            json.loads((store_folder / "made.json").read_text("utf-8")) | figures | memory
            | {"detail": counts[0].detail}
        )
    )


if __name__ == "__main__":
    main()
