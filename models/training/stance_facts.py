"""Training pairs from families of sentences about AI models that were written for it: `models/training/facts/*.toml`.

A family holds wordings of one claim and texts that support, deny, question or report it, or speak of something else. Slots
(`{model}`, `{maker}`, ...) are filled at random; several texts are put together as a recap of a discussion does.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.training.stance_generated import BENCHES, MAKERS, MODELS, MONTHS
from models.training.stance_pairs import NO_SIDE, Pair

FOLDER = Path(__file__).parent / "facts"
STANCES = ("supports", "denies", "questions", "reports")
HANDLES = ("@quietlynx", "@mlgardener", "@tensorbaker", "@papernight", "@benchwatcher", "@softmaxine", "@gradienta", "@evalnerd", "@tokenmill", "@lossylou")
USERS = ("lowrank_larry", "quant_quilt", "VramHungry", "tensor_tea", "moe_money", "Kv-Cache", "ArgmaxAnna", "old_perceptron", "nightly_build", "SparseMatrix7")
OUTLETS = ("The Ledger", "Gridpost", "Morning Wire", "Chip Weekly", "The Northern Review", "Datacentre Daily")
PEOPLE = ("Mara Ellison", "Tomas Reyk", "Ines Adeyemi", "Jonas Waldt", "Priya Raman", "Leo Castellan")
TOPICS = ("Model updates", "Community discussion", "Benchmarks", "Industry news", "Concerns", "Pricing", "Performance", "Evaluation", "Open source debate", "Hardware", "Reactions")


def families() -> list[dict[str, list[str]]]:
    """All families of all files, in the files' order."""
    return [fact for file in sorted(FOLDER.glob("*.toml")) for fact in tomllib.loads(file.read_text("utf-8"))["fact"]]


def fact_pairs(count: int, seed: int = 10) -> Iterator[Pair]:
    """`count` pairs; a family belongs to one hold-out group."""
    chance = random.Random(seed)
    known = families()
    for _ in range(count):
        number = chance.randrange(len(known))
        fact, values = known[number], slots(chance)
        stance = chance.choices((*STANCES, "asides"), (28, 28, 16, 18, 10))[0]
        # What somebody said may be the claim itself, as it is where a claim was first heard in a post.
        claim = chance.choice(fact["claims"])
        text = chance.choice(fact[stance])
        labels = NO_SIDE if stance == "asides" else (stance,)
        parts = [text]
        for _ in range(chance.choices((0, 1, 2), (55, 30, 15))[0]):
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(fact["asides"] if chance.random() < 0.5 else chance.choice(known)["asides"]))
        body = " ".join(parts).format(**values)
        if chance.random() < 0.25 and ":" not in body[:40]:
            body = f"{chance.choice(TOPICS)}: {body}"
        elif chance.random() < 0.12 and stance != "asides":
            body = f"{values['model']}: {chance.choice(TOPICS).lower()}. {body}"
        yield Pair(claim.format(**values), body, labels, "facts", f"family {fact['claims'][0]}")


def slots(chance: random.Random) -> dict[str, Any]:
    """A value for each slot; `n` and `m`, the models, the makers and the months differ."""
    model, other = chance.sample(MODELS, 2)
    maker, rival = chance.sample(MAKERS, 2)
    n, m = chance.sample(range(2, 99), 2)
    month, month2 = chance.sample(MONTHS, 2)
    return {
        "model": model, "other": other, "maker": maker, "rival": rival, "n": n, "m": m, "month": month, "month2": month2,
        "bench": chance.choice(BENCHES), "handle": chance.choice(HANDLES), "user": chance.choice(USERS), "outlet": chance.choice(OUTLETS),
        "person": chance.choice(PEOPLE),
    }
