"""What `rumortrail eval cluster` and `rumortrail eval match` measure.

No label of the input ever reaches a model.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from models.protocols.vectors import Embedder
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Mention
from pipeline.core.times import parse_span
from pipeline.core.vocabulary import Certainty, Kind, Part, Precision, Role
from pipeline.evaluation.ranking import Ranker
from pipeline.stages.cluster.stage import cluster
from pipeline.store.store import Store

Row = Mapping[str, Any]
Figures = dict[str, float]
Predictions = list[dict[str, Any]]

DEPTH = 20
SAME_TEXTS = 0.14  # whole posts tell several things and agree less than propositions: AI posts of early 2025
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def eval_cluster(
    rows: Sequence[Row], embedder: Embedder, config: Config, *, same: float = SAME_TEXTS
) -> tuple[Figures, Predictions]:
    """Cluster rows `{id, text, cluster?, published_at?}` by the stage itself, in a store of their own.

    Each text is one mention; `same` takes the place of `[cluster] same`, which is for single propositions.

    Returns B-cubed precision, recall, F1 and the number of clusters (figures are absent where no row has
    `cluster`), and rows `{id, cluster}`. Raises KeyError for a row without id or text, ValueError for an
    impossible published_at.
    """
    mentions = mentions_of(rows)
    store = Store.open(":memory:")
    try:
        store.append("mentions", mentions)
        with tempfile.TemporaryDirectory() as folder:
            settings = replace(config, cluster=replace(config.cluster, same=same))
            cluster(store, RunContext("evaluation", _EPOCH, Home(Path(folder)), settings), embedder)
        placed = dict(store.connection.execute("SELECT mention_id, claim_id FROM store.members").fetchall())
    finally:
        store.close()
    cluster_ids = [placed[mention.mention_id] for mention in mentions]
    predictions = [{"id": row["id"], "cluster": claim} for row, claim in zip(rows, cluster_ids, strict=True)]
    if not any("cluster" in row for row in rows):
        return {"rows": float(len(rows)), "clusters": float(len(set(cluster_ids)))}, predictions
    precision, recall, f1 = bcubed(cluster_ids, [row.get("cluster") for row in rows])
    figures = {"rows": len(rows), "precision": precision, "recall": recall, "f1": f1,
               "clusters": len(set(cluster_ids))}
    return {name: float(value) for name, value in figures.items()}, predictions


def mentions_of(rows: Sequence[Row]) -> list[Mention]:
    """Return each row's text as one mention, in the rows' order. Raises as `eval_cluster`."""
    return [_mention(number, str(row["text"]), _time(row.get("published_at")))
            for number, row in enumerate(rows)]


def bcubed(found: Sequence[Hashable], labels: Sequence[Hashable | None]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 (Bagga & Baldwin 1998).

    An item without a label is a distractor: it counts in the size of the cluster found, and is not averaged
    over.
    """
    clusters: dict[Hashable, list[int]] = defaultdict(list)
    classes: dict[Hashable, int] = defaultdict(int)
    for number, (cluster_id, label) in enumerate(zip(found, labels, strict=True)):
        clusters[cluster_id].append(number)
        if label is not None:
            classes[label] += 1
    precisions, recalls = [], []
    for cluster_id, label in zip(found, labels, strict=True):
        if label is None:
            continue
        same = sum(labels[other] == label for other in clusters[cluster_id])
        precisions.append(same / len(clusters[cluster_id]))
        recalls.append(same / classes[label])
    if not precisions:
        return 0.0, 0.0, 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return precision, recall, 2 * precision * recall / (precision + recall)


def eval_match(claims: Sequence[Row], queries: Sequence[Row],
               embedder: Embedder) -> tuple[Figures, Predictions]:
    """Rank claims `{id, text, title?}` for queries `{id, text, match?}`.

    Returns MAP@5, MRR and recall@20 (with BM25 alone and the embedder alone beside), and rows `{id,
    ranking}`.
    """
    ranker = Ranker([claim_text(claim) for claim in claims], embedder)
    ids = [claim["id"] for claim in claims]
    ranked = ranker.rank([str(query["text"]) for query in queries], DEPTH)
    predictions = [
        {"id": query["id"], "ranking": [ids[place] for place in ranking]}
        for query, ranking in zip(queries, ranked.both, strict=True)
    ]
    matches = [query.get("match") for query in queries]
    if not any(matches):
        return {"queries": float(len(queries))}, predictions
    figures: Figures = {"queries": float(len(queries))}
    for prefix, rankings in (("", ranked.both), ("bm25_", ranked.words), ("dense_", ranked.dense)):
        places = [_rank([ids[place] for place in ranking], match)
                  for ranking, match in zip(rankings, matches, strict=True) if match]
        figures[f"{prefix}map@5"] = sum(1 / place for place in places if place and place <= 5) / len(places)
        figures[f"{prefix}mrr"] = sum(1 / place for place in places if place) / len(places)
        figures[f"{prefix}recall@20"] = sum(1 for place in places if place and place <= 20) / len(places)
    return figures, predictions


def claim_text(claim: Row) -> str:
    """Return the words of a claim's row: its title, where it has one, and its text."""
    return ". ".join(str(claim[key]) for key in ("title", "text") if claim.get(key))


def _rank(ranking: Sequence[Any], match: Any) -> int | None:
    """Return where the match stands, from 1; None where it is not among them."""
    return ranking.index(match) + 1 if match in ranking else None


def _time(value: Any) -> datetime | None:
    return parse_span(str(value))[0] if value else None


def _mention(number: int, text: str, when: datetime | None) -> Mention:
    """Make a mention of a whole text.

    It has no proposition and fills no slot: it speaks of many names and figures, and none of them belongs to
    the claim alone.
    """
    return Mention(
        mention_id=f"m{number:09d}",
        version_id=f"v{number:09d}",
        document_id=f"d{number:09d}",
        part=Part.TEXT,
        start_char=0,
        end_char=len(text),
        quote=text,
        proposition="",
        kind=Kind.OTHER,
        speaker=None,
        speaker_role=Role.COMMUNITY,
        speaker_organisation=None,
        speech_verb=None,
        attributed_to=None,
        negated=False,
        certainty=Certainty.ASSERTED,
        event_at=None,
        event_precision=Precision.UNKNOWN,
        organisations=(),
        entities=(),
        numbers=(),
        cues=(),
        said_at=when,
        seen_at=_EPOCH + timedelta(seconds=number),
        model="evaluation",
        run_id="evaluation",
    )
