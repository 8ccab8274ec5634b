"""Train the stance model, a cross-encoder the size of MiniLM; write `models/weights/stance.onnx` and
`stance.json`.

    python -m models.training.stance.__main__ DATA [--work FOLDER]

DATA is the folder of data sets that `docs/ingest.md` describes. The sentence encoder all-MiniLM-L6-v2 reads
claim and text together (Nogueira & Cho 2019) and gives one of five labels: a first pass over all sources, a
second one over what is nearest to headlines and posts; then 8-bit weights, and a last layer fitted on the
seventh that was held out. Fixed seeds; about an hour on two cores. Passes that `--work` holds already are not
trained again.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.onnx import weights
from models.protocols import STANCE_LABELS
from models.stance import model as stance
from models.stance.cross_encoder import CrossEncoder
from models.stance.focus import focus
from models.training.data import rows_of
from models.training.stance import card, synthetic
from models.training.stance import data as stance_pairs
from models.training.stance import head as stance_head
from models.training.stance import network as stance_export
from models.training.stance import network as stance_network
from models.training.stance import synthetic as stance_generated
from models.training.stance.data import Pair

NAME = "stance-1"
# How often each source is drawn: what is nearest to headlines and posts about a claim most.
PASSES = (
    (
        "first.pt", 56_000, 6e-5,
        {
            "headline": 0.24, "fnc": 0.20, "turned": 0.12, "generated": 0.14, "conjnli": 0.07,
            "perspectrum": 0.05, "fm2": 0.04, "thread": 0.14,
        },
    ),
    (
        "last.pt", 20_000, 4e-5,
        {"facts": 0.38, "fnc": 0.27, "headline": 0.18, "thread": 0.09, "turned": 0.04, "conjnli": 0.04},
    ),
)
# What the last layer is fitted on.
HEAD_SHARES = {"headline": 0.3, "fnc": 0.2, "facts": 0.25, "thread": 0.15, "turned": 0.05, "conjnli": 0.05}
# How much the rules of speech count beside the model: whole texts by the held-out headlines, mentions by the
# labelled posts of
# early 2025 (docs/benchmarks.md).
TRUST = {"texts": 0.3, "mentions": 0.6}


def collect(data: Path) -> list[Pair]:
    """Return all pairs of all sources; texts are not cut yet."""
    pairs: list[Pair] = []
    stories, groups = [], {}
    for name in ("fnc_train_stance.jsonl", "fnc_stance.jsonl"):
        rows = rows_of(data / name)
        pairs += stance_pairs.article_pairs(rows, "fnc")
        groups.update(stance_pairs.story_groups(rows))
        stories += stance_pairs.headline_stories(rows)
    pairs += stance_pairs.headline_pairs(stories, groups)
    pairs += stance_generated.turned_headlines(stories, groups, each=150)
    pairs += stance_generated.posts(9000)
    pairs += synthetic.fact_pairs(16_000)
    pairs += stance_pairs.inference_pairs(rows_of(data / "stance_pairs.jsonl"))
    pairs += stance_pairs.thread_pairs(rows_of(data / "rumoureval_threads.jsonl"))
    return pairs


def main() -> None:
    """Train, export, fit the last layer, print what was measured on the held-out pairs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=Path("stance-training"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "weights")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    folder = weights.find()
    pairs = collect(given.data)
    kept = [pair for pair in pairs if pair.held_out]
    used = [pair for pair in pairs if not pair.held_out]
    print(
        json.dumps(
            {"used": Counter(pair.source for pair in used), "held out": Counter(pair.source for pair in kept)}
        ),
        flush=True,
    )
    network = stance_network.Network(folder)
    for name, samples, rate, shares in PASSES:
        if (given.work / name).exists():
            network.load_state_dict(torch.load(given.work / name))
            continue
        stance_network.train(network, stance_network.draw(used, samples, shares), folder, rate)
        torch.save(network.state_dict(), given.work / name)
    file = given.out / "stance.onnx"
    stance_export.export(network, file)
    sha256 = weights.sha256(file)
    encoder = CrossEncoder(file, folder / "tokenizer.json", sha256, len(STANCE_LABELS))
    head, plot = _head(encoder, kept)
    (given.out / "stance.svg").write_text(plot, "utf-8")
    written = {
        "name": NAME, "sha256": sha256, "trust": TRUST,
        "weights": np.round(head.weights, 4).tolist(), "bias": np.round(head.bias, 4).tolist(),
    }
    (given.out / "stance.json").write_text(json.dumps(written, separators=(",", ":")) + "\n", "utf-8")


def importance_of(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Return how much each pair counts in the last layer: its source's share, spread over the source's pairs.
    """
    counts = Counter(pair.source for pair in pairs)
    return np.array([HEAD_SHARES.get(pair.source, 0.0) / counts[pair.source] for pair in pairs])


def _head(encoder: CrossEncoder, kept: Sequence[Pair]) -> tuple[stance_head.Head, str]:
    """Fit the last layer on the held-out pairs; prints, cross-validated by group, what it gives for each
    source, and plots it.
    """
    short = [(pair.claim, focus(pair.claim, pair.text)) for pair in kept]
    features = stance.layer_inputs(encoder, short)
    allowed = np.array([[label in pair.labels for label in STANCE_LABELS] for pair in kept])
    sources = np.array([pair.source for pair in kept])
    importance = importance_of(kept)
    found = stance_head.cross_validated(features, allowed, importance, [pair.group for pair in kept])
    right = allowed[np.arange(len(kept)), found.argmax(axis=1)]
    for source in sorted(set(sources)):
        mask = sources == source
        print(f"{source}: {mask.sum()} held out, right {right[mask].mean():.3f}", flush=True)
    plot = card.calibration_plot(found.max(axis=1), right)
    return stance_head.fit(features, allowed, importance), plot


if __name__ == "__main__":
    main()
