"""Measure joining on pairs that were read: `python -m benchmarks.quality.joins DATA [--home HOME] [--json]`.

DATA is the folder of raw posts that the labels point into. `labels/joins.jsonl` says of two claims whether
they are one. Claims are named by their id in `labels/claims.jsonl`, others by the SHA-256 of their sentence:
with HOME, in which real text was clustered, those that it holds are measured too. Bounds are chosen on the
half `choose` and told on the half `check`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from benchmarks.harness import argument_parser
from models.protocols.language import Language
from models.training.data import rows_of
from models.training.relation.labels import claim_of, items_of
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import Kind, Precision
from pipeline.run.models import LazyModels
from pipeline.stages.gather.joining import NEAR, SUPPORTS, both_ways, same_details, supports
from pipeline.store.store import Store
from pipeline.text.slots import Slots

LABELS = Path(__file__).parents[1] / "labels"
HALVES = ("choose", "check")
BOUNDS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98)


@dataclass(frozen=True, slots=True)
class Read:
    """Two sentences that a reader compared: whether they are near, whether slots and the relation model
    allow a join, and the probability that each bears out the whole of the other.
    """

    half: str
    same: bool
    near: bool
    agree: bool
    sure: float
    words: tuple[str, str]


def slots_of(language: Language, sentence: str, when: datetime | None = None) -> Slots:
    """Return the slots of a claim's sentence."""
    statement = language.statement(sentence, when)
    return Slots(
        sentence,
        Kind(statement.kind),
        statement.organisations,
        statement.entities,
        (),
        statement.event_at,
        Precision(statement.event_precision),
        sentence,
    )


def stored(home: Path) -> Iterator[tuple[str, str]]:
    """Yield name and sentence of the claims of a home."""
    store = Store.open(Home(home).work)
    try:
        for (sentence,) in store.execute("SELECT DISTINCT claim FROM store.claims ORDER BY claim"):
            yield f"sha256:{hashlib.sha256(sentence.encode()).hexdigest()[:16]}", sentence
    finally:
        store.close()


def readings(sentences: dict[str, str]) -> list[Read]:
    """Return the labelled pairs with known sentences, as joining sees them."""
    labels = [
        row
        for row in rows_of(LABELS / "joins.jsonl")
        if row["set"] in HALVES and row["one"] in sentences and row["other"] in sentences
    ]
    models = LazyModels(Config().models)
    pairs = [(sentences[row["one"]], sentences[row["other"]]) for row in labels]
    texts = sorted({text for pair in pairs for text in pair})
    vectors = dict(zip(texts, np.asarray(models.embedder.encode(texts)), strict=True))
    questions = [reading for pair in pairs for reading in both_ways(*pair)]
    entailed, supported = models.entailment.entails(questions), supports(models.stance, questions)
    pairs_read = []
    for number, (row, pair) in enumerate(zip(labels, pairs, strict=True)):
        ours, theirs = (slots_of(models.language, text) for text in pair)
        pairs_read.append(
            Read(
                row["set"],
                row["same"],
                bool(vectors[pair[0]] @ vectors[pair[1]] >= NEAR),
                same_details(ours, theirs) and min(supported[2 * number : 2 * number + 2]) >= SUPPORTS,
                min(entailed[2 * number : 2 * number + 2]),
                pair,
            )
        )
    return pairs_read


def figures(read: list[Read], bound: float) -> dict[str, float]:
    """Return how many pairs are joined at a bound, how many wrongly, and the share of the same ones."""
    joined = [pair for pair in read if pair.near and pair.agree and pair.sure >= bound]
    same_count = sum(pair.same for pair in read)
    return {
        "bound": bound,
        "pairs": len(read),
        "joined": len(joined),
        "wrong": sum(not pair.same for pair in joined),
        "recall": round(sum(pair.same for pair in joined) / max(1, same_count), 3),
    }


def main() -> None:
    """Print the figures by half and bound."""
    parser = argument_parser(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--show", action="store_true", help="print the pairs that are joined wrongly")
    args = parser.parse_args()
    items = items_of(args.data)
    sentences = {row["claim_id"]: claim_of(row, items) for row in rows_of(LABELS / "claims.jsonl")}
    sentences |= dict(stored(args.home)) if args.home else {}
    pairs = readings(sentences)
    for half in HALVES:
        part = [pair for pair in pairs if pair.half == half]
        table = [{"half": half, **figures(part, bound)} for bound in BOUNDS]
        print(json.dumps(table) if args.json else "\n".join(map(str, table)))
    if args.show:
        for pair in pairs:
            if pair.near and pair.agree and not pair.same:
                print(f"{pair.sure:.2f}", *pair.words, sep="\n  ")


if __name__ == "__main__":
    main()
