"""Measure search by words and by meaning: `python -m benchmarks.speed.search DATA` and
`python -m benchmarks.speed.search --copy FOLDER`.

DATA holds `match_claims.jsonl`, `match_queries.jsonl` and `ai_posts_2025q1.jsonl`: what each threshold of
closeness finds, what it shows beside that, and what it shows for 200 made-up names, that is, for what is not
there. FOLDER holds a published copy (`python -m benchmarks.speed.sql_scale` makes one): the processor time of
searches, orders and filters, the least of `--times`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from benchmarks.harness import argument_parser, timed
from dashboard.data import queries
from dashboard.views.claims import listing
from dashboard.views.claims.filters import SORTS
from models.embedding import embedder as embedding
from models.training.data import rows_of
from pipeline.core.config import Config, ModelConfig
from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.meaning import CLOSE, Load
from pipeline.published.search import NEIGHBOURS

THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
SEARCHES = ("okafor", "aster-4", "source-5 okafor", "no such name", "s", "source", '"person 1"')


def made_up(count: int) -> list[str]:
    """Return names that nobody has, half of them with a number behind."""
    chance = random.Random(5)
    names = []
    for number in range(count):
        parts = (
            chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))
        )
        names.append("".join(parts).capitalize() + (f" {chance.randint(1, 9)}" if number % 2 else ""))
    return names


def closeness(data: Path) -> dict[str, object]:
    """Return the results found and shown by threshold, and how far 8-bit vectors move a cosine."""
    claims, wanted, posts = (
        rows_of(data / f"{name}.jsonl")
        for name in ("match_claims", "match_queries", "ai_posts_2025q1")
    )
    embedder = embedding.load()
    stored = embedder.encode([row["text"] for row in claims])
    index_of = {row["id"]: index for index, row in enumerate(claims)}
    cosines = embedder.encode([row["text"] for row in wanted]) @ stored.T
    right = cosines[np.arange(len(wanted)), [index_of[row["match"]] for row in wanted]]
    first = (cosines > right[:, None]).sum(axis=1) < NEIGHBOURS
    names = embedder.encode(made_up(200))
    absent = {"claims": names @ stored.T, "posts": names @ embedder.encode([row["text"] for row in posts]).T}
    rows = []
    for close in THRESHOLDS:
        shown = np.minimum((cosines >= close).sum(axis=1), NEIGHBOURS)
        row = {
            "close": close, "found": float(np.mean((right >= close) & first)), "shown": float(shown.mean())
        }
        for name, table in absent.items():
            beside = np.minimum((table >= close).sum(axis=1), NEIGHBOURS)
            row |= {
                f"made-up names, {name}": float(beside.mean()), f"any, {name}": float(np.mean(beside > 0))
            }
        rows.append({key: round(value, 3) for key, value in row.items()})
    scale = np.abs(stored).max(axis=1, keepdims=True) / 127
    moved = np.abs(
        cosines - embedder.encode([row["text"] for row in wanted]) @ (np.rint(stored / scale) * scale).T
    )
    return {
        "close": CLOSE, "thresholds": rows,
        "moved_by_8_bits": {"mean": float(moved.mean()), "most": float(moved.max())},
    }


def least(work: Callable[[], object], times: int) -> float:
    """Return the least processor time of `work`, in seconds, with nothing kept from before."""
    seconds = []
    for _ in range(times):
        st.cache_data.clear()
        seconds.append(timed(work)[1])
    return min(seconds)


class _Made:
    """Stands for the model in a made-up copy: all vectors there are random, too."""

    name, dimension = "made", 384

    def encode(self, texts: list[str]) -> np.ndarray:
        drawn = np.random.default_rng(1).standard_normal((len(texts), self.dimension), dtype=np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def timings(folder: Path, times: int) -> dict[str, float]:
    """Return the seconds of processor time of the claims list."""
    copy = queries.current(Home(folder), Config())
    load = Load(ModelConfig(), lambda models: _Made())
    narrowed = {
        "source": ClaimFilter(sources=["Source 5"]),
        "model": ClaimFilter(models=["Aster 4"]),
        "organisation": ClaimFilter(organisations=["Aurel"]),
        "rivals": ClaimFilter(rivals="number"),
        "denied": ClaimFilter(denied=True),
        "due": ClaimFilter(due=True),
    }
    work: dict[str, Callable[[], object]] = {}
    for sort in SORTS:
        work[f"order: {sort}"] = lambda sort=sort: listing.claims(copy, ClaimFilter(), sort=sort)
    work["order: moved, the last pages"] = lambda: listing.claims(
        copy, ClaimFilter(), sort="moved", page=3_900
    )
    for name, filters in narrowed.items():
        work[f"filter: {name}"] = lambda filters=filters: listing.claims(copy, filters)
    for name in ("organisations", "models", "sources"):
        work[f"options: {name}"] = lambda name=name: listing.options(copy, name, [])
    for search in SEARCHES:
        work[f"search: {search}"] = lambda search=search: listing.claims(
            copy, ClaimFilter(), search=search, sort="best"
        )
    work["meaning alone: no such name"] = lambda: listing.find(copy, "no such name", load)
    return {name: least(search_work, times) for name, search_work in work.items()}


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argument_parser(__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--copy", type=Path)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    figures = {"closeness": closeness(args.data)} if args.data else {}
    if args.copy:
        figures["processor_s"] = timings(args.copy, args.times)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
