"""Make short answers to posts that support a claim: "This was debunked." means what the answered post says.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.passage_context import passage_context
from models.stance.model import reading
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled

_ANSWERS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SHARES = {"denies": 30, "questions": 26, "supports": 12, "reports": 8, "unrelated": 24}
_LEADS = ("lol ", "Hmm. ", "Well, ", "uh ", "Edit: ", "@OP ")


def answers(supporting: Sequence[Labelled], chance: random.Random, each: int = 2) -> Iterator[Pair]:
    """Yield `each` made-up answers to every passage, with their label toward its claim."""
    for passage in supporting:
        context = passage_context(None, passage.text, None)
        for _ in range(each):
            label = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
            text = _varied(chance.choice(_ANSWERS[label]), chance)
            model_text = reading(passage.claim, text, context)
            yield Pair(passage.claim, model_text, (label,), "answer", passage.story)


def _varied(text: str, chance: random.Random) -> str:
    if chance.random() < 0.3:
        text = text.lower()
    if chance.random() < 0.2:
        text = text.rstrip(".")
    return chance.choice(_LEADS) + text if chance.random() < 0.15 else text
