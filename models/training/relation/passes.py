"""Draw the pairs of one pass of training: what readers labelled, changed claims, and open data beside them.

What is *unrelated* is drawn by how much a model took it for related (hard negatives: Xiong et al. 2021).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.stance.focus import focus
from models.training.data import label_arguments, rows_of
from models.training.relation import data as open_data
from models.training.relation import network, synthetic
from models.training.relation.answers import answers
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled
from models.training.relation.variants import opposites, other_figures

Drawn = TypeVar("Drawn")

SEED = 3
# How often a pass draws a labelled pair; pairs of unsure readers less often.
TIMES = {"supports": 1.0, "denies": 2.0, "questions": 2.5, "reports": 1.5}
UNSURE = 0.7
REPEATED = 0.4  # share of the English pairs of earlier passes that are learnt again
UNRELATED = 8000  # unrelated pairs in a pass
HARD = 0.03  # probability of belonging beside which an unrelated pair is half as likely to be drawn
OPPOSITES, FIGURES = 800, 600  # changed claims in a pass
ANSWERED = 200  # supporting passages that get two made-up answers each, in a pass
BESIDE = 2000  # pairs of open data in each pass
SHARES = {
    "facts": 0.22, "fnc": 0.22, "headline": 0.22, "thread": 0.14, "conjnli": 0.05, "fm2": 0.06,
    "turned": 0.05, "perspectrum": 0.04,
}


def arguments(description: str | None, begin: Path) -> argparse.ArgumentParser:
    """Return a command line for training an encoder from the weights `begin`, unless it names others."""
    parser = label_arguments(description)
    parser.add_argument("backbone", type=Path)
    parser.add_argument("--work", type=Path, default=Path("relation-training"))
    parser.add_argument("--from", dest="begin", type=Path, default=begin)
    return parser


def sources(data: Path) -> list[Pair]:
    """Return the training part of the open data sets and of the families of sentences."""
    rows = rows_of(data / "fnc_train_stance.jsonl")
    groups, stories = open_data.story_groups(rows), open_data.headline_stories(rows)
    pairs = [
        *open_data.article_pairs(rows, "fnc"), *open_data.headline_pairs(stories, groups),
        *synthetic.turned_headlines(stories, groups, each=60), *synthetic.fact_pairs(8000),
        *open_data.inference_pairs(rows_of(data / "stance_pairs.jsonl")),
        *open_data.thread_pairs(rows_of(data / "rumoureval_threads.jsonl")),
    ]
    return [pair for pair in pairs if not pair.held_out]


def searched(train: Sequence[Labelled]) -> list[Pair]:
    """Return the pairs of the readers' claims and unrelated passages that a search found."""
    return [row.pair for row in train if row.label == "unrelated" and not row.founded]


def samples(train: Sequence[Labelled], belongs: NDArray[np.float64], founding: Sequence[Pair],
            pairs: Sequence[Pair], number: int) -> list[Pair]:
    """Return the pairs of one pass in the order in which they are learnt.

    `belongs` is a model's probability that each pair of `searched(train)` is related. Of the English pairs of
    earlier passes only a part is repeated.
    """
    chance = random.Random(SEED + number)
    unrelated = searched(train)
    odds = (belongs + HARD) / (1 + HARD)
    drawn = [unrelated[index] for index in np.random.default_rng(SEED + number).choice(
        len(unrelated), size=min(UNRELATED, len(unrelated)), replace=False, p=odds / odds.sum())]
    drawn += [row.pair for row in train
              if row.label == "unrelated" and row.founded and chance.random() < REPEATED]
    drawn += [pair for row in train if row.label != "unrelated" for pair in _drawn(row, chance)]
    drawn += founding
    drawn += _some(list(opposites(train, chance)), OPPOSITES, chance)
    drawn += _some(list(other_figures(train, chance)), FIGURES, chance)
    supporting = [row for row in train if row.label == "supports"]
    drawn += answers(_some(supporting, ANSWERED, chance), chance)
    drawn += _cut(network.draw(pairs, BESIDE, SHARES, seed=SEED + number))
    chance.shuffle(drawn)
    return drawn


def _some(values: Sequence[Drawn], count: int, chance: random.Random) -> list[Drawn]:
    return chance.sample(values, min(count, len(values)))


def _drawn(row: Labelled, chance: random.Random) -> list[Pair]:
    learnt_before = row.language == "en" and row.story
    times = TIMES[row.label] * (1 if row.sure else UNSURE) * (REPEATED if learnt_before else 1)
    return [row.pair] * (int(times) + (chance.random() < times - int(times)))


def _cut(pairs: Sequence[Pair]) -> Iterator[Pair]:
    for pair in pairs:
        yield Pair(pair.claim, focus(pair.claim, pair.text), pair.labels, pair.source, pair.group)
