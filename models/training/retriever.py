"""Train the retriever, which finds what may speak to a claim; write `models/weights/retriever.onnx` and
`retriever.json`.

    python -m models.training.retriever LABELS DATA BACKBONE [--out FOLDER]

LABELS is `benchmarks/labels`, DATA the folder of data sets that `docs/ingest.md` describes, BACKBONE the
folder of a BERT encoder (`python -m models.training.relation.e5_trim` writes it). Claims and passages are
read apart by one encoder and compared by cosine (Karpukhin et al. 2020; Wang et al. 2024, multilingual E5).
A claim's labelled passages are to be nearer than the passages that readers called unrelated to it, and than
those of the other claims of the batch. Passages of one story that nobody read beside a claim are left out of
account. Training stories alone; nothing of `dev` or `final` is read. Fixed seeds; an hour on two busy cores.
"""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoModel

from models.embedding.retriever import CLAIM, LENGTH, PASSAGE
from models.onnx import weights
from models.training.data import label_arguments, rows_of
from models.training.relation.labels import Labelled, items_of, passage_of, relations
from models.training.relation.network import quantised_onnx, rates, tokenizer_of

NAME = "retriever-1"
WEIGHTS = Path(__file__).parents[1] / "weights"
SEED = 5
BATCH = 32  # claims, each with a related and an unrelated passage
RATE = 1e-4
FROZEN = 6  # of 12 layers, the first ones: half of the work
SHARPNESS = 20.0  # one over the temperature of the softmax over cosines
IN_CONTEXT = 0.5  # how often a passage is learnt with its context; searches read it without
UNSURE = 0.6  # how often a pair of an unsure reader is learnt
FOREIGN = 3  # how often a passage in another language than English is learnt


@dataclass(frozen=True, slots=True)
class Sample:
    """A claim with a passage that speaks to it and, where readers named one, one that does not."""

    claim: str
    story: str
    passage: str
    unrelated: str | None


class Encoder(nn.Module):
    """A BERT encoder whose vectors are the means of a text's token states, of length one."""

    def __init__(self, folder: Path, frozen: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0)
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:frozen]:
            layer.requires_grad_(False)

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        """Return unit vectors, shape (texts, width)."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


def samples(rows: Sequence[Labelled], founding: Sequence[Sample], chance: random.Random) -> list[Sample]:
    """Return the samples of one pass, in the order in which they are learnt."""
    unrelated: dict[tuple[str, bool], list[Labelled]] = defaultdict(list)
    for row in rows:
        if row.label == "unrelated" and row.sure:
            unrelated[row.claim_id, row.language == "en"].append(row)
    drawn = list(founding)
    for row in rows:
        if row.label == "unrelated" or (not row.sure and chance.random() > UNSURE):
            continue
        candidates = unrelated[row.claim_id, row.language == "en"] or unrelated[row.claim_id, True]
        for _ in range(1 if row.language == "en" else FOREIGN):
            negative = chance.choice(candidates) if candidates else None
            drawn.append(Sample(row.claim, row.story, _text(row, chance),
                                _text(negative, chance) if negative else None))
    chance.shuffle(drawn)
    return drawn


def grouped(drawn: Sequence[Sample], chance: random.Random) -> list[Sample]:
    """Return the samples so that passages of like length stand in one batch, the batches in random order."""
    by_length = [sample for start in range(0, len(drawn), BATCH * 20)
                 for sample in sorted(drawn[start : start + BATCH * 20],
                                      key=lambda sample: len(sample.passage))]
    batches = [by_length[start : start + BATCH] for start in range(0, len(by_length), BATCH)]
    chance.shuffle(batches)
    return [sample for batch in batches for sample in batch]


def _text(row: Labelled, chance: random.Random) -> str:
    return _passage(row.text, row.context if chance.random() < IN_CONTEXT else "")


def _passage(text: str, context: str) -> str:
    return f"{text[:240]} || {context[:100]}" if context else text[:240]


def founded(labels: Path, items: dict[str, Any]) -> Iterator[Sample]:
    """Yield each surely founding passage of the training part beside the claim that a reader wrote of it."""
    for row in rows_of(labels / "foundings.jsonl"):
        if row["founds"] and row["sure"] and row["set"] == "train" and row.get("claim"):
            text, _ = passage_of(row, items)
            yield Sample(row["claim"], row["id"], _passage(text, ""), None)


def loss_of(model: Encoder, tokenizer: Any, batch: Sequence[Sample], related: set[tuple[str, str]]) -> Any:
    """Return the cross-entropy of each claim's own passage among all passages of the batch.

    Another claim's passage of the same story is left out: no reader called it unrelated.
    """
    negatives = [(sample.story, sample.unrelated) for sample in batch if sample.unrelated]
    stories = [*(sample.story for sample in batch), *(story for story, _ in negatives)]
    texts = [*(sample.passage for sample in batch), *(text for _, text in negatives)]
    owners = [*(sample.claim for sample in batch), *(sample.claim for sample in batch if sample.unrelated)]
    claims = _encoded(model, tokenizer, [CLAIM + sample.claim for sample in batch])
    passages = _encoded(model, tokenizer, [PASSAGE + text for text in texts])
    scores = claims @ passages.T * SHARPNESS
    unread = torch.tensor([
        [index != row and ((owners[index] != sample.claim and stories[index] == sample.story)
                          or (sample.claim, texts[index]) in related)
         for index in range(len(texts))] for row, sample in enumerate(batch)])
    return nn.functional.cross_entropy(scores.masked_fill(unread, -1e4), torch.arange(len(batch)))


def _encoded(model: Encoder, tokenizer: Any, texts: Sequence[str]) -> Any:
    encoded = tokenizer(list(texts), truncation=True, max_length=LENGTH, padding=True, return_tensors="pt")
    with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast where the processor knows it
        return model(encoded["input_ids"], encoded["attention_mask"]).float()


def train(model: Encoder, tokenizer: Any, rows: Sequence[Labelled], founding: Sequence[Sample]) -> None:
    """Fit in one pass over the labelled pairs."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    learnt = grouped(samples(rows, founding, chance), chance)
    related = {(row.claim, _passage(row.text, context)) for row in rows if row.label != "unrelated"
               for context in (row.context, "")}
    steps = len(learnt) // BATCH
    optimiser = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=RATE,
                                  weight_decay=0.01)
    schedule = rates(optimiser, steps)
    model.train()
    began, total = time.monotonic(), 0.0
    for step in range(steps):
        loss = loss_of(model, tokenizer, learnt[step * BATCH : (step + 1) * BATCH], related)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if step % 10 == 9:
            print(f"step {step + 1} of {steps}, loss {total / 10:.3f}, "
                  f"{(time.monotonic() - began) / (step + 1):.2f} s a step", flush=True)
            total = 0.0


def main() -> None:
    """Train and export; write the weights."""
    parser = label_arguments(__doc__)
    parser.add_argument("backbone", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    items = items_of(args.data)
    rows = [row for row in relations(args.labels, items) if row.set == "train"]
    model = Encoder(args.backbone, FROZEN)
    train(model, tokenizer_of(args.backbone), rows, list(founded(args.labels, items)))
    file = args.out / "retriever.onnx"
    quantised_onnx(model, file, ("input_ids", "attention_mask"), "vectors")
    card = {"name": NAME, "sha256": weights.sha256(file)}
    (args.out / "retriever.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
