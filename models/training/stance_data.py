"""Training pairs for the stance model: the open data sets, and pairs derived and generated from them.

Label sets: a pair's `labels` are those that may be right. Natural-language inference's *neutral* and a thread's
*comment* settle nothing: they are neither support nor denial, and may be *reports* or *unrelated*.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.focus import focus
from models.training.stance_generated import generate

LABELS = ("supports", "denies", "questions", "reports", "unrelated")
_THREAD = {"support": ("supports",), "deny": ("denies",), "query": ("questions",), "comment": ("reports", "unrelated")}
_DENIAL_CUES = ("deni", "debunk", "hoax", "false", "fake", "not ", "n't", "no,", "wrong", "doubt", "?", "report", "rumor", "rumour", "claim", "alleged")


@dataclass(frozen=True)
class Pair:
    """A claim, a text, the labels that may be right, where it comes from, and whether it is held out."""

    claim: str
    text: str
    labels: tuple[str, ...]
    source: str
    held_out: bool


def load(folder: Path, *, seed: int, full: bool) -> list[Pair]:
    """All pairs from the data sets in `folder`; with `full` none is held out.

    Held out: every seventh story of FNC-1, thread of RumourEval and claim of the other sets, by a hash of its name.
    """

    def held(name: str) -> bool:
        return not full and int(hashlib.sha256(name.encode()).hexdigest(), 16) % 7 == 0

    pairs: list[Pair] = []
    by_body: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(folder / "fnc_train_stance.jsonl"):
        out = held(row["story"])
        pairs.append(Pair(row["claim"], focus(row["claim"], row["text"]), (row["label"],), "fnc", out))
        by_body[row["story"], row["text"]][row["label"]].append(row["claim"])
    # The second part is kept whole for training: its stories are not named, so it cannot be split by story.
    pairs += [Pair(r["claim"], focus(r["claim"], r["text"]), (r["label"],), "fnc2", False) for r in _rows(folder / "fnc_stance.jsonl")]
    pairs += _headlines(by_body, seed, held)
    for row in _rows(folder / "stance_pairs.jsonl"):
        labels = ("reports", "unrelated") if row["label"] == "neutral" else (row["label"],)
        pairs.append(Pair(row["claim"], row["text"], labels, row["source"], held(row["claim"])))
    for thread in _rows(folder / "rumoureval_threads.jsonl"):
        texts = {post["id"]: post["text"] for post in thread["posts"]}
        root = thread["posts"][0]["text"]
        for post in thread["posts"]:
            if post["in_reply_to"] is not None:
                parent = texts.get(post["in_reply_to"], root)
                said = post["text"] if parent == root else f"{parent[:120]} / {post['text']}"
                pairs.append(Pair(root, said, _THREAD[post["stance"]], "thread", held(thread["id"])))
    pairs += [Pair(g.claim, g.text, (g.label,), "generated", False) for g in generate(6000, seed)]
    return pairs


def _headlines(bodies: dict[tuple[str, str], dict[str, list[str]]], seed: int, held: Any) -> list[Pair]:
    """Pairs of headlines over one article: two that agree with it support each other, one that denies it denies the other.

    Only a plain headline serves as the claim: one that itself denies or doubts would turn the label round.
    """
    chance = random.Random(seed)
    pairs = []
    for (story, _), by in bodies.items():
        plain = sorted({h for h in by["supports"] if not any(cue in h.lower() for cue in _DENIAL_CUES)})
        for label, most in (("supports", 12), ("denies", 40), ("reports", 12)):
            found = [(a, b) for a in plain for b in sorted(set(by[label])) if a != b]
            chance.shuffle(found)
            pairs += [Pair(a, b, (label,), "headline", held(story)) for a, b in found[:most]]
    return pairs


def _rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
