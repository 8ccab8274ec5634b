"""Measure what is read for claims that the pipeline founded:
`python -m benchmarks.quality.founded_claims DATA [--set final] [--json]`.

DATA is the folder of raw posts that `labels` points into. The shipped relation model reads every surely
labelled pair of the claims without `claim` in `labels/claims.jsonl`: what an earlier version had read for
them, so that passages which that version did not read are missing. For each bound of belonging it is printed
how many passages reach it, how many of these speak to the claim (*precision*), and which share of all that do
reaches it (*recall*); then, for each bound of confidence, how many passages are said to stand against their
claim, and how many do.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.harness import argument_parser
from models.embedding import retriever
from models.protocols.stance import TextPair
from models.stance.model import load
from models.training.relation.labels import items_of, relations
from pipeline.evaluation.reading import AGAINST
from pipeline.stages.gather.attach import relation_of

LABELS = Path(__file__).parents[1] / "labels"
BOUNDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    """Print the figures."""
    parser = argument_parser(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", default="final", choices=["train", "dev", "final"])
    given = parser.parse_args()
    rows = [row for row in relations(LABELS, items_of(given.data))
            if row.founded and row.sure and row.set == given.set]
    model = load(retriever.load())
    answers = [relation_of(shares) for shares in model.read(
        [TextPair(row.claim, row.text, row.context) for row in rows])]
    belongs = sum(row.label != "unrelated" for row in rows)
    table = []
    for bound in BOUNDS:
        held = [row.label != "unrelated" for row, answer in zip(rows, answers, strict=True)
                if answer.related >= bound]
        against = [row.label in AGAINST for row, answer in zip(rows, answers, strict=True)
                   if answer.stance in AGAINST and answer.confidence >= bound]
        table.append({
            "bound": bound, "pairs": len(rows), "held": len(held),
            "precision": round(sum(held) / max(1, len(held)), 3), "recall": round(sum(held) / belongs, 3),
            "said to be against": len(against), "rightly": sum(against),
        })
    print(json.dumps(table) if given.json else "\n".join(map(str, table)))


if __name__ == "__main__":
    main()
