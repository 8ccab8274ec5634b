"""Trains the stance model that the project ships: `python -m models.training.stance --data DIR --out DIR`.

A cross-encoder reads claim and text together (Nogueira & Cho 2019, https://arxiv.org/abs/1901.04085), started from
all-MiniLM-L6-v2. The loss of a pair whose label is only known to be one of several is minus the logarithm of their
summed probability. Sources and labels are sampled so that rare denials weigh as much as frequent reports.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.training.stance_data import LABELS, Pair, load

SEED = 20261124
MAX_TOKENS = 144
BATCH = 32
RATE = 5e-5
# The share of each source among the samples, set before training by how near it is to what the model will read.
SHARES = {"headline": 0.22, "fnc": 0.20, "fnc2": 0.10, "generated": 0.15, "conjnli": 0.08, "perspectrum": 0.08, "fm2": 0.04, "thread": 0.13}


def train(data: Path, out: Path, *, base: str, samples: int, full: bool, threads: int) -> None:
    """Train on the sets in `data`, write model, tokenizer and held-out figures to `out`."""
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    pairs = load(data, seed=SEED, full=full)
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=len(LABELS))
    model.config.id2label = dict(enumerate(LABELS))
    model.config.label2id = {label: n for n, label in enumerate(LABELS)}
    drawn = _sample([p for p in pairs if not p.held_out], samples)
    batches = _batches(drawn)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    warm = len(batches) // 16
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min((n + 1) / warm, max(0.0, (len(batches) - n) / (len(batches) - warm))))
    model.train()
    started, running = time.monotonic(), 0.0
    for step, batch in enumerate(batches, 1):
        loss = -_log_right(model(**_encode(tokenizer, batch)).logits, batch).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        running += loss.item()
        if step % 100 == 0:
            print(f"{step}/{len(batches)} loss {running / 100:.3f} {time.monotonic() - started:.0f} s", flush=True)
            running = 0.0
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    held = [p for p in pairs if p.held_out]
    if held:
        predictions = predict(model, tokenizer, held)
        np.savez_compressed(out / "held_out.npz", logits=predictions)
        figures = report(held, predictions)
        (out / "held_out.json").write_text(json.dumps(figures, indent=1), "utf-8")
        print(json.dumps(figures, indent=1))


def predict(model: Any, tokenizer: Any, pairs: list[Pair]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The logits of each pair: shape (len(pairs), len(LABELS))."""
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].text))
    logits = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            logits[rows] = model(**_encode(tokenizer, [pairs[n] for n in rows])).logits.numpy()
    return logits


def report(pairs: list[Pair], logits: np.ndarray[Any, np.dtype[np.float32]]) -> dict[str, Any]:
    """Accuracy, macro-F1 and F1 by label for each source, over the labels that occur in it."""
    by_source: dict[str, list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        by_source[pair.source].append(n)
    figures = {}
    for source, rows in sorted(by_source.items()):
        keys = sorted({pairs[n].labels for n in rows})
        scores = np.array([[max(logits[n][LABELS.index(label)] for label in key) for key in keys] for n in rows])
        guess = [keys[n] for n in scores.argmax(axis=1)]
        truth = [pairs[n].labels for n in rows]
        right, given, true = Counter(t for t, g in zip(truth, guess, strict=True) if t == g), Counter(guess), Counter(truth)
        f1 = {"/".join(key): round(2 * right[key] / max(1, given[key] + true[key]), 3) for key in keys}
        accuracy = sum(right.values()) / len(rows)
        figures[source] = {"n": len(rows), "accuracy": round(accuracy, 3), "macro_f1": round(sum(f1.values()) / len(f1), 3), "f1": f1}
    return figures


def _sample(pairs: list[Pair], count: int) -> list[Pair]:
    """`count` pairs: each source by its share; within one, labels by the square root of their number."""
    chance = random.Random(SEED)
    groups: dict[tuple[str, tuple[str, ...]], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.source, pair.labels].append(pair)
    drawn: list[Pair] = []
    for source, share in SHARES.items():
        mine = {key: group for key, group in groups.items() if key[0] == source}
        total = sum(len(group) ** 0.5 for group in mine.values())
        for key in sorted(mine):
            group = sorted(mine[key], key=lambda p: (p.claim, p.text))
            wanted = round(count * share * len(group) ** 0.5 / total)
            copies = group * (wanted // len(group))
            drawn += copies + chance.sample(group, wanted - len(copies))
    chance.shuffle(drawn)
    return drawn


def _batches(pairs: list[Pair]) -> list[list[Pair]]:
    """Batches of like length in random order: little padding, no curriculum."""
    chance = random.Random(SEED)
    batches = []
    for start in range(0, len(pairs), BATCH * 40):
        pool = sorted(pairs[start : start + BATCH * 40], key=lambda p: len(p.claim) + len(p.text))
        batches += [pool[n : n + BATCH] for n in range(0, len(pool), BATCH)]
    chance.shuffle(batches)
    return batches


def _encode(tokenizer: Any, pairs: list[Pair]) -> Any:
    claims, texts = [p.claim for p in pairs], [p.text for p in pairs]
    return tokenizer(claims, texts, truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")


def _log_right(logits: Any, pairs: list[Pair]) -> Any:
    allowed = torch.tensor([[label in p.labels for label in LABELS] for p in pairs])
    return torch.logsumexp(logits.masked_fill(~allowed, -1e9), dim=1) - torch.logsumexp(logits, dim=1)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="where the model goes")
    parser.add_argument("--base", required=True, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--samples", type=int, default=60_000)
    parser.add_argument("--full", action="store_true", help="hold nothing out")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    train(given.data, given.out, base=given.base, samples=given.samples, full=given.full, threads=given.threads)


if __name__ == "__main__":
    main()
