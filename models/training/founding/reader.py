"""Train the encoder that reads a sentence beside the words that it was taken from."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.founding.model import VERDICTS, encoder_text
from models.protocols.founding import Candidate
from models.training.relation import network
from models.training.relation.data import Pair

RATE, HEAD = 1e-4, 4e-4
LAYERS, FROZEN = 6, 0  # of all-MiniLM-L6-v2
SURELY = 2  # times that training reads a surely judged sentence; it reads others once


def judged(candidate: Candidate, verdict: str) -> Pair:
    """Return a sentence that readers judged as the encoder learns it."""
    return Pair(*encoder_text(candidate), (verdict,), "judged", candidate.claim)


def made_up(candidate: Candidate, good: bool) -> Pair:
    """Return a made-up sentence as the encoder learns it: a bad one may have any bad verdict."""
    return Pair(*encoder_text(candidate), VERDICTS[:1] if good else VERDICTS[1:], "made up", candidate.claim)


def trained(read: Iterable[tuple[Pair, bool]], made: Sequence[Pair], backbone: Path) -> network.Network:
    """Return an encoder that learnt, in one pass in random order, the judged sentences `read` (with whether
    they were judged surely) and the made-up ones.
    """
    learnt = [*made, *(pair for pair, sure in read for _ in range(SURELY if sure else 1))]
    random.Random(network.SEED).shuffle(learnt)
    torch.manual_seed(network.SEED)
    model = network.Network(backbone, FROZEN, LAYERS, VERDICTS)
    network.train(model, learnt, backbone, RATE, HEAD)
    return model


def logits(model: network.Network, pairs: Sequence[Pair], backbone: Path) -> NDArray[np.float32]:
    """Return the logits of sentences, shape (pairs, verdicts), in order."""
    tokenizer = network.tokenizer_of(backbone)
    model.eval()
    outputs = np.zeros((len(pairs), len(VERDICTS)), dtype=np.float32)
    order = sorted(range(len(pairs)), key=lambda row: len(pairs[row].claim) + len(pairs[row].text))
    with torch.inference_mode():
        for start in range(0, len(order), network.BATCH):
            rows = order[start : start + network.BATCH]
            batch = network.encode(tokenizer, [pairs[row] for row in rows], model.inputs)
            outputs[rows] = model(*batch).numpy()
    return outputs
