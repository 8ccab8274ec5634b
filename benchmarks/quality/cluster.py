"""Measure clustering: `python -m benchmarks.quality.cluster CLUSTERS [HEADLINES] [--posts POSTS]`.

CLUSTERS: rows `{id, text, cluster, published_at}`. With POSTS (rows `{title, text}` of the same field) the
pair model is trained anew for each fold of claims, and only the claims that it has not seen are counted:
cross-validated figures. HEADLINES: rows of `fnc_train_stance.jsonl`; the distinct headlines are clustered by
story.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from benchmarks.harness import argument_parser
from models.embedding import embedder as embedding
from models.training.claim_similarity import fit, prepared
from models.training.data import rows_of, text_of
from pipeline.core.config import Config
from pipeline.evaluation.clustering import SAME_TEXTS, bcubed, eval_cluster
from pipeline.stages.cluster.average_link import group

SEEDS = range(5)
FOLDS = 5
THRESHOLDS = (0.10, 0.12, 0.14, 0.17, 0.20)


def headlines(file: Path) -> list[dict[str, Any]]:
    """Return the distinct related headlines with their story."""
    stories: dict[str, str] = {}
    for row in rows_of(file):
        if row["label"] != "unrelated":
            stories.setdefault(row["claim"], row["story"])
    return [{"id": n, "text": text, "cluster": story} for n, (text, story) in enumerate(stories.items())]


def cross_validated(rows: list[dict[str, Any]], posts: list[str]) -> dict[float, float]:
    """Return B-cubed F1 by threshold over claims that the pair model was not trained on, among all other
    texts.
    """
    embedder = embedding.load()
    base, profiles, rarity = prepared(rows, posts, embedder)
    claims = sorted({row["cluster"] for row in rows if row["cluster"]})
    sums: dict[float, list[tuple[float, float, int]]] = {threshold: [] for threshold in THRESHOLDS}
    for seed in SEEDS:
        shuffled = random.Random(seed).sample(claims, len(claims))
        for fold in range(FOLDS):
            unseen = set(shuffled[fold::FOLDS])
            training = [n for n, row in enumerate(rows) if row["cluster"] not in unseen]
            model = fit(profiles.take(training), [rows[n]["cluster"] for n in training], rarity, base)
            table = model.scores(profiles, profiles, rarity)
            scores = {(a, b): float(table[a, b]) for a in range(len(rows)) for b in range(a + 1, len(rows))}
            labels = [row["cluster"] if row["cluster"] in unseen else None for row in rows]
            for threshold in THRESHOLDS:
                groups = group([1.0] * len(rows), scores, threshold).groups
                group_of = {n: number for number, members in enumerate(groups) for n in members}
                precision, recall, _ = bcubed([group_of[n] for n in range(len(rows))], labels)
                sums[threshold].append((precision, recall, sum(label is not None for label in labels)))
    figures = {}
    for threshold, parts in sums.items():
        count = sum(n for _, _, n in parts)
        precision, recall = (sum(part[position] * part[2] for part in parts) / count for position in (0, 1))
        figures[threshold] = round(2 * precision * recall / (precision + recall), 3)
    return figures


def main() -> None:
    """Print one JSON object a measurement."""
    parser = argument_parser(__doc__)
    parser.add_argument("clusters", type=Path)
    parser.add_argument("headlines", type=Path, nargs="?")
    parser.add_argument("--posts", type=Path)
    parser.add_argument(
        "--thresholds", action="store_true", help="measure the stage at several thresholds, too"
    )
    args = parser.parse_args()
    embedder = embedding.load()
    rows = rows_of(args.clusters)
    row_sets = {"claims": rows} | ({"headlines": headlines(args.headlines)} if args.headlines else {})
    for name, set_rows in row_sets.items():
        for same in THRESHOLDS if args.thresholds else (SAME_TEXTS,):
            figures, _ = eval_cluster(set_rows, embedder, Config(), same=same)
            print(
                json.dumps(
                    {"set": name, "same": same} | {key: round(value, 3) for key, value in figures.items()}
                ),
                flush=True,
            )
    if args.posts:
        print(
            json.dumps({
                "set": "claims, cross-validated",
                "f1_by_same": cross_validated(rows, [text_of(row) for row in rows_of(args.posts)]),
            })
        )


if __name__ == "__main__":
    main()
