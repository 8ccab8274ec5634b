"""Find how sure a gathered passage must be to settle a claim: `python -m benchmarks.quality.sure_side DATA`.

DATA is the folder of raw posts that `benchmarks/labels` points into. The shipped relation model reads every
surely labelled pair of the set as one of a founded claim; with --followed the pairs of the readers' claims
alone, as those of claims that an editor follows. For each stance and each bound of its confidence it is
printed how many passages reach it, how many of them have that very stance (*right*), and how many at least
stand on that side; a passage that was put to several claims, which are often one claim in other words, counts
once.
The last lines name, for *supports* and *denies*, the lowest bound from which PRECISION of at least LEAST
passages are right: `SETTLES` in `pipeline/stages/judge/inputs.py`, where the bound of denials is
made higher by how much rarer they are in real posts. Where there is none, the bound is 1: then no gathered
passage settles anything.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from models.embedding import retriever
from models.protocols.stance import TextPair
from models.stance.model import load
from models.training.relation.labels import items_of, relations
from pipeline.core.vocabulary import Stance
from pipeline.stages.gather.attach import relation_of

LABELS = Path(__file__).parents[1] / "labels"
PRECISION = 0.945  # 95 in 100, rounded
LEAST = 20  # passages: fewer say nothing about a share of one in twenty
STEPS = [step / 100 for step in range(30, 100, 2)]
SIDES = {"supports": "for", "reports": "for", "denies": "against", "questions": "against", "unrelated": ""}


@dataclass(frozen=True, slots=True)
class Judged:
    """The model's answer on a pair beside the label; `passage` is the text."""

    passage: str
    stance: Stance
    confidence: float
    label: str

    @property
    def right(self) -> bool:
        """Return True if the label is the model's stance."""
        return self.stance == self.label


def judged(passage: str, shares: Mapping[str, float], label: str) -> Judged:
    """Return stance and confidence, as `gather` derives them from probabilities, beside the label."""
    relation = relation_of(shares)
    return Judged(passage, relation.stance, relation.confidence, label)


def share(rows: Sequence[Judged], holds: Callable[[Judged], bool]) -> tuple[int, float]:
    """Return the number of passages and the share for which `holds` is true (0 without passages); a passage
    counts by the share of its rows.
    """
    by_passage: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by_passage[row.passage].append(holds(row))
    return len(by_passage), sum(map(mean, by_passage.values())) / max(1, len(by_passage))


def bound(rows: Sequence[Judged], stance: Stance) -> float:
    """Return the lowest bound from which `PRECISION` of a stance's passages are right; 1 where there is none.
    """
    for step in STEPS:
        sure = [row for row in rows if row.stance is stance and row.confidence >= step]
        passages, right = share(sure, lambda row: row.right)
        if passages >= LEAST and right >= PRECISION:
            return step
    return 1.0


def main() -> None:
    """Print the table and the bounds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", default="dev", choices=["train", "dev", "final"])
    parser.add_argument("--followed", action="store_true", help="the readers' claims, as editors' ones")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    pairs = [row for row in relations(LABELS, items_of(args.data))
             if row.set == args.set and row.sure and not (args.followed and row.founded)]
    shares = load(retriever.load()).read(
        [TextPair(row.claim, row.text, row.context, followed=args.followed) for row in pairs])
    rows = [judged(row.text, chances, row.label) for chances, row in zip(shares, pairs, strict=True)]
    bounds = {str(stance): bound(rows, stance) for stance in (Stance.SUPPORTS, Stance.DENIES)}
    if args.json:
        print(json.dumps(bounds))
        return
    print("stance     bound  passages  right  on that side")
    for stance in Stance:
        for step in STEPS[::5]:
            sure = [row for row in rows if row.stance is stance and row.confidence >= step]
            passages, right = share(sure, lambda row: row.right)
            _, side = share(sure, lambda row: SIDES[row.label] == SIDES[row.stance])
            print(f"{stance:<10} {step:.2f} {passages:>9} {right:>7.3f} {side:>7.3f}")
    for name, settling_bound in bounds.items():
        print(f"{name} settles from {settling_bound:.2f}")


if __name__ == "__main__":
    main()
