"""Make pairs of passages that were written for training: what a reader of the claim alone could have posted.

Real denials are few, and fewer do without a word of denial. `written.jsonl` holds seven passages for each
claim of the training stories, written by hand without sight of any post: two denials, one of them without
"not" and the like, a doubt, support far from the claim's words, hearsay, a passage on another matter with the
same names, and one in Chinese. They train; nothing is measured on them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.passage_context import passage_context
from models.stance.model import reading
from models.stems import stems
from models.training.data import rows_of
from models.training.relation.data import Pair

FILE = Path(__file__).with_suffix(".jsonl")
AS_TITLE = 0.4  # of what passages stand in, how much is read as an article's title; the rest is answered
ELSEWHERE = 0.2  # of the passages, how many are put beside a claim of another story as well
NEAREST = 5  # claims of other stories, by shared words, of which one is drawn


def written(claims: Mapping[str, Mapping[str, Any]], chance: random.Random) -> Iterator[Pair]:
    """Yield each written passage beside its claim, some beside a look-alike claim of another story too, to
    which they are *unrelated*.

    `claims` are the rows of `claims.jsonl` by id; passages of claims that are not for training are left out.
    """
    training = {name: row for name, row in claims.items() if row["set"] == "train"}
    words = {name: set(stems(row["claim"])) for name, row in training.items()}
    for row in rows_of(FILE):
        claim = training.get(row["claim_id"])
        if claim is None:
            continue
        around = row.get("context")
        title, answered = (around, None) if chance.random() < AS_TITLE else (None, around)
        context = passage_context(title, answered, None)
        pairs = [(claim, row["label"])]
        if chance.random() < ELSEWHERE:
            others = [name for name, other in training.items() if other["story"] != claim["story"]]
            near = sorted(others, key=lambda name: (-len(words[name] & words[row["claim_id"]]), name))
            pairs.append((training[chance.choice(near[:NEAREST])], "unrelated"))
        for one, label in pairs:
            read = reading(one["claim"], row["text"], context)
            yield Pair(one["claim"], read, (label,), "written", one["story"])
