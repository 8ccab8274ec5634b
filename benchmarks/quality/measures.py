"""The quality measurements of `make bench`: the functions behind `rumortrail eval`, on the data sets of
docs/benchmarks.md.

Their figures guard against losses. They do not tell the quality on new text, since several of these sets
trained the models.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.harness import CLAIMS, POSTS
from benchmarks.quality import find, reading
from benchmarks.quality.cluster import headlines
from models.protocols.stance import STANCE_LABELS
from models.stance import threads
from models.training.data import rows_of, text_of
from models.training.relation.labels import FILES
from pipeline.cli.evaluate import labelled_reading
from pipeline.core.config import Config
from pipeline.evaluation.clustering import eval_cluster, eval_match
from pipeline.evaluation.rows import ReadingRow, StanceRow, ThreadRow, read_rows
from pipeline.evaluation.stance import eval_stance
from pipeline.evaluation.threads import eval_threads
from pipeline.run.models import LazyModels

Figures = dict[str, float]

NEGATIVES = "ai_negatives_2025q1.json"
STANCE_SAMPLE = 600  # of 5,493 pairs with long bodies: the ids with the least SHA-256


@dataclass(frozen=True)
class Bench:
    """The data folder and the models that every measurement shares."""

    data: Path

    @cached_property
    def models(self) -> LazyModels:
        """Return the default models."""
        return LazyModels(Config().models)

    @cached_property
    def labelled_posts(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return rows for `eval cluster`, by time, and for `eval stance`, from sure labels.

        A post under two claims counts for the first.
        """
        posts = {row["id"]: row for row in rows_of(self.data / POSTS)}
        grouped: dict[str, dict[str, Any]] = {}
        stances = []
        for claim in rows_of(self.data / CLAIMS):
            for mention in (mention for mention in claim["mentions"] if mention["sure"]):
                post = posts[mention["id"]]
                stances.append({
                    "id": f"{claim['claim_id']}|{post['id']}", "claim": claim["claim"], "text": text_of(post),
                    "label": mention["stance"],
                })
                grouped.setdefault(post["id"], _clustered(post, claim["claim_id"]))
        for number in json.loads((self.data / NEGATIVES).read_text("utf-8")):
            grouped.setdefault(number, _clustered(posts[number], None))
        return sorted(grouped.values(), key=lambda row: (row["published_at"], row["id"])), stances

    @cached_property
    def reading(self) -> dict[str, Sequence[reading.Row]]:
        """Return the claims, pairs and documents of the stories of the set `dev`: `final` must not be looked
        at with every change.
        """
        return reading.labelled(self.data, "dev")


def _clustered(post: Mapping[str, Any], claim: str | None) -> dict[str, Any]:
    return {"id": post["id"], "text": text_of(post), "published_at": post["published_at"], "cluster": claim}


@dataclass(frozen=True)
class Measure:
    """A measurement: its name, the data files that it reads, and the metrics that may have a floor."""

    name: str
    files: Sequence[str]
    metrics: Sequence[str]
    run: Callable[[Bench], Mapping[str, Any]]

    def figures(self, bench: Bench) -> Figures:
        """Return the metrics that were measured."""
        results = self.run(bench)
        return {metric: float(results[metric]) for metric in self.metrics if metric in results}


def sample(rows: Sequence[StanceRow], size: int) -> list[StanceRow]:
    """Return the same `size` rows each time, whatever their order."""
    return sorted(rows, key=lambda row: hashlib.sha256(str(row.id).encode()).hexdigest())[:size]


def _find(bench: Bench) -> Mapping[str, Any]:
    # `final`, the other half, must not be looked at with every change.
    return find.report(bench.data, bench.models.language)["tune"]


def _cluster_posts(bench: Bench) -> Mapping[str, Any]:
    return eval_cluster(bench.labelled_posts[0], bench.models.embedder, Config())[0]


def _cluster_headlines(bench: Bench) -> Mapping[str, Any]:
    return eval_cluster(headlines(bench.data / "fnc_train_stance.jsonl"), bench.models.embedder, Config())[0]


def _match(bench: Bench) -> Mapping[str, Any]:
    claims, queries = (rows_of(bench.data / f"match_{part}.jsonl") for part in ("claims", "queries"))
    return eval_match(claims, queries, bench.models.embedder)[0]


def _stance_posts(bench: Bench) -> Mapping[str, Any]:
    rows = [StanceRow.model_validate(row) for row in bench.labelled_posts[1]]
    return eval_stance(
        rows, bench.models.stance, tuple(label for label in STANCE_LABELS if label != "unrelated")
    )[0]


def _stance_news(bench: Bench) -> Mapping[str, Any]:
    rows = sample(read_rows(bench.data / "fnc_stance.jsonl", StanceRow), STANCE_SAMPLE)
    return eval_stance(
        rows, bench.models.stance, tuple(label for label in STANCE_LABELS if label != "questions")
    )[0]


def _threads(bench: Bench) -> Mapping[str, Any]:
    return eval_threads(
        read_rows(bench.data / "rumoureval_threads.jsonl", ThreadRow), threads.load(), bench.models.stance
    )[0]


def _relation(bench: Bench) -> Mapping[str, Any]:
    rows = [StanceRow.model_validate(row) for row in bench.reading["pairs"]]
    return eval_stance(rows, bench.models.stance)[0]


def _reading(bench: Bench) -> Mapping[str, Any]:
    rows = [ReadingRow.model_validate(row) for row in bench.reading["claims"]]
    with tempfile.TemporaryDirectory() as folder:
        documents = Path(folder) / "documents.jsonl"
        reading.write(bench.reading["documents"], documents)
        return labelled_reading(rows, [documents], Config(), bench.models)[0]


CLUSTER = ("precision", "f1")
_LABELLED = tuple(f"{name}.jsonl" for name in FILES)
MEASURES = (
    Measure("find", (POSTS, CLAIMS), ("claim_f1", "speaker_accuracy", "negation_f1"), _find),
    Measure("cluster-posts", (POSTS, CLAIMS, NEGATIVES), CLUSTER, _cluster_posts),
    Measure("cluster-headlines", ("fnc_train_stance.jsonl",), CLUSTER, _cluster_headlines),
    Measure(
        "match", ("match_claims.jsonl", "match_queries.jsonl"), ("map@5", "bm25_map@5", "dense_map@5"), _match
    ),
    Measure("stance-posts", (POSTS, CLAIMS), ("accuracy", "macro_f1"), _stance_posts),
    Measure("stance-news", ("fnc_stance.jsonl",), ("accuracy", "macro_f1"), _stance_news),
    Measure(
        "threads", ("rumoureval_threads.jsonl",),
        ("stance_accuracy", "stance_macro_f1", "veracity_accuracy", "veracity_macro_f1"), _threads,
    ),
    Measure("relation", _LABELLED, ("accuracy", "macro_f1"), _relation),
    Measure(
        "reading", _LABELLED,
        tuple(f"{by}{figure}" for by in ("", "followed_")
              for figure in ("held", "precision", "right_side", "doubts", "status", "first")), _reading,
    ),
)
