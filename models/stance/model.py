"""Say where a text stands toward a claim: cross-encoders that read both.

One act groups and takes sides: what is *unrelated* does not belong to the claim. A small encoder reads each
pair that shares enough with its claim, in English and Chinese; a large one reads the pairs again that may
belong by the small one, since it is right more often and takes three times as long (a cascade: Viola & Jones
2001; Nogueira et al. 2019). It knows no Chinese and gets a gloss of it (`models/chinese/gloss.py`). Whether
a text belongs is weighed from what they say, from the retriever and from what both share (`belonging`). The
model card is `models/weights/relation.md`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from models.chinese.gloss import FILE as GLOSSES
from models.chinese.gloss import gloss
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.probabilities import softmax
from models.protocols.stance import STANCE_LABELS, StanceModel, StanceOpinion, StancePair, TextPair
from models.protocols.vectors import Retriever
from models.stance import belonging, rules
from models.stance.calibration import (
    AGAINST,
    Calibrations,
    Logistic,
    RereadThresholds,
    Shares,
    Sieve,
    calibrations,
)
from models.stance.cues import NO_SIDE
from models.stance.features import cue_words
from models.stance.focus import READ, focus

ENCODERS = ("relation", "relation-english")
"""The names of the small and the large encoder's files."""
STANCES = STANCE_LABELS[:4]
REPORTS = STANCE_LABELS.index("reports")
LENGTH = 128  # tokens of claim and text, as in training
TRUST = 0.6  # how much the rules of speech count beside the model, on the labelled posts of early 2025
BETWEEN = " || "  # between a passage and what it stands in, as the model has learnt it


@dataclass(frozen=True, slots=True)
class PairReading:
    """What is read of a pair: the probabilities of the five labels by each encoder that read it, shape
    (encoders, 5), the small one first, and the features of belonging.
    """

    shares: Shares
    features: Shares


class TrainedRelation:
    """The trained model: `small` reads every pair that is given to it, `large` those again that `again`
    names: by its first thresholds for claims in the words of posts, by its second for followed ones. `sieve`
    says what is worth reading.
    """

    def __init__(self, name: str, small: Encoder, large: Encoder, retriever: Retriever,
                 calibrations: Calibrations, again: tuple[RereadThresholds, RereadThresholds],
                 sieve: Sieve) -> None:
        self.name = name
        self._small, self._large, self._retriever = small, large, retriever
        self._calibrations, self._again, self._sieve = calibrations, again, sieve

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order.

        A mention is known to belong to its claim, so *unrelated* is left out of account. What extract has
        taken apart (negated, certainty, speech verb) is read by the rules of speech, and pooled with the
        model's answer (Genest & Zidek 1986).
        """
        if not pairs:
            return []
        texts = [(pair.claim, reading(pair.claim, pair.quote, pair.context)) for pair in pairs]
        english = {row: reading_in_english(pair.claim, pair.quote, pair.context)
                   for row, pair in enumerate(pairs)}
        readings = self._reread(english, self._small_says(texts))
        opinions = []
        for pair, shares in zip(pairs, readings, strict=True):
            row = _unspoken(self._calibrations.of(shares).sides(shares), pair.claim, pair.quote)
            by_rules = rules.opinion(pair)
            row = _pooled(row, by_rules.stance, by_rules.confidence)
            stance = STANCES[int(row.argmax())]
            cues = by_rules.cues if stance == by_rules.stance else ("the sentence as a whole",)
            opinions.append(StanceOpinion(stance, float(row.max()), cues))
        return opinions

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """Return the probabilities (sum 1) of supports, denies, questions, reports and unrelated for each
        pair, in order.
        """
        return self.weighed(pairs, self.told(pairs))

    def promise(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair, in order, how likely it belongs by what it shares with its claim: 0 where it
        is not worth reading, 1 for a pair without `likeness`.
        """
        english = cache(gloss)  # the same passages stand beside many claims
        return [1.0 if pair.likeness is None else self._sieve.promise(
                    _features(pair, focus(pair.claim, pair.text), pair.likeness, english)) for pair in pairs]

    def told(self, pairs: Sequence[TextPair]) -> list[PairReading]:
        """Return for each pair, in order, what the encoders say and the features of belonging."""
        bodies = [focus(pair.claim, pair.text) for pair in pairs]
        texts = [
            (pair.claim, _together(body, pair.context)) for pair, body in zip(pairs, bodies, strict=True)
        ]
        cosines = self._likeness(pairs, bodies)
        english = cache(gloss)
        features = [_features(*row, english) for row in zip(pairs, bodies, cosines, strict=True)]
        readings = self._small_says(texts)
        by_small = [self._calibrations.of(shares, followed=pair.followed).belongs(shares, shared)
                    for pair, shares, shared in zip(pairs, readings, features, strict=True)]
        doubtful = [row for row, (pair, shares) in enumerate(zip(pairs, readings, strict=True))
                    if self._again[pair.followed].reads(by_small[row], shares[0])]
        texts_again = {row: reading_in_english(pairs[row].claim, pairs[row].text, pairs[row].context)
                   for row in doubtful}
        readings = self._reread(texts_again, readings)
        return [PairReading(shares, shared) for shares, shared in zip(readings, features, strict=True)]

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[PairReading],
                others: Sequence[float] | None = None) -> list[dict[str, float]]:
        """Return the probabilities that `read` returns, from what is `told` of the pairs; `others` says of
        each how surely other documents speak to its claim (0 to 1), where that is known.
        """
        weighed = []
        for row, (pair, item) in enumerate(zip(pairs, told, strict=True)):
            calibration = self._calibrations.of(item.shares, followed=pair.followed)
            belongs = calibration.belongs(item.shares, item.features, None if others is None else others[row])
            shares = np.append(calibration.sides(item.shares) * belongs, 1 - belongs)
            shares = _unspoken(shares, pair.claim, pair.text)
            weighed.append(dict(zip(STANCE_LABELS, map(float, shares), strict=True)))
        return weighed

    def _small_says(self, pairs: Sequence[tuple[str, str]]) -> list[Shares]:
        """Return the small encoder's probabilities of each claim and reading, each of shape (1, 5)."""
        return [row[None] for row in softmax(self._small.read(pairs))]

    def _reread(self, english: Mapping[int, tuple[str, str]], readings: Sequence[Shares]) -> list[Shares]:
        """Return the `readings` of the pairs, with those by the large encoder added to the rows of `english`,
        each of shape (encoders, 5).
        """
        shares_of = list(readings)
        large_shares = softmax(self._large.read(list(english.values())))
        for row, shares in zip(english, large_shares, strict=True):
            shares_of[row] = np.vstack([shares_of[row], shares])
        return shares_of

    def _likeness(self, pairs: Sequence[TextPair], bodies: Sequence[str]) -> list[float]:
        """Return the cosine of each claim and text by the retriever; what a pair gives is not made again."""
        missing = [row for row, pair in enumerate(pairs) if pair.likeness is None]
        cosines = likeness(self._retriever, [(pairs[row].claim, bodies[row]) for row in missing])
        cosine_of = dict(zip(missing, cosines, strict=True))
        return [cosine_of[row] if pair.likeness is None else pair.likeness for row, pair in enumerate(pairs)]


def likeness(retriever: Retriever, pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Return the cosine of each claim and text by a retriever, in order."""
    if not pairs:
        return []
    claims, texts = (list(dict.fromkeys(column)) for column in zip(*pairs, strict=True))
    claim_vectors = dict(zip(claims, retriever.claims.encode(claims), strict=True))
    text_vectors = dict(zip(texts, retriever.passages.encode(texts), strict=True))
    return [float((claim_vectors[claim] * text_vectors[text]).sum()) for claim, text in pairs]


def reading(claim: str, text: str, context: str | None) -> str:
    """Return what is read beside the claim: the text, cut to what speaks to the claim, and its context."""
    return _together(focus(claim, text), context)


def reading_in_english(claim: str, text: str, context: str | None) -> tuple[str, str]:
    """Return the claim and what is read beside it, with a gloss in place of what is Chinese."""
    english_claim = gloss(claim)
    return english_claim, reading(english_claim, gloss(text[:READ]), gloss(context or ""))


def _features(pair: TextPair, body: str, likeness: float, english: Callable[[str], str]) -> Shares:
    return np.array(belonging.features(pair.claim, body, pair.context, likeness, english))


def _together(body: str, context: str | None) -> str:
    return f"{body}{BETWEEN}{context}" if context else body


def _unspoken(shares: Shares, claim: str, text: str) -> Shares:
    """Return the shares. Where the text only tells that somebody says nothing of it, what stands against the
    claim is moved to *reports*.
    """
    if not cue_words(NO_SIDE, text, claim):
        return shares
    moved = shares.copy()
    moved[REPORTS] += moved[AGAINST].sum()
    moved[AGAINST] = 0.0
    return moved


def _pooled(shares: Shares, stance: str, sure: float) -> Shares:
    """Return the weighted geometric mean of the model's probabilities and a rule's, which is `sure` of one
    stance.
    """
    rule_shares = np.full(len(shares), (1 - sure) / (len(STANCES) - 1))
    rule_shares[STANCES.index(stance)] = sure
    pooled = shares ** (1 - TRUST) * rule_shares**TRUST
    return np.asarray(pooled / pooled.sum())


def encoders(files: Mapping[str, str], folder: Path = weights.OWN) -> tuple[Encoder, Encoder]:
    """Return the small and the large encoder in `folder`; `files` tells the SHA-256 of each by its name.

    Raises WeightsError where they are missing or damaged.
    """
    vocabularies = {name: weights.own(f"{name}-tokenizer.json") for name in ENCODERS}
    small, large = ENCODERS
    return (
        Encoder(folder / f"{small}.onnx", vocabularies[small], files[small], len(STANCE_LABELS), LENGTH),
        Encoder(folder / f"{large}.onnx", vocabularies[large], files[large], len(STANCE_LABELS), LENGTH,
                weights.own(f"{large}-peaks.npy")))


def load(retriever: Retriever) -> StanceModel:
    """Return the relation model that a run uses; `retriever` is the trained one. Raises WeightsError where
    its weights are missing or damaged.
    """
    weights.own(GLOSSES)
    card = (weights.OWN / "relation.json").read_bytes()
    table = json.loads(card)
    small, large = encoders(table)
    # The card tells the encoders' weights and how they are calibrated: pairs are read anew if one changes.
    name = f"{table['name']}-{hashlib.sha256(card).hexdigest()[:8]}"
    return TrainedRelation(name, small, large, retriever, calibrations(table),
                           (RereadThresholds(**table["founded"]["again"]),
                            RereadThresholds(**table["followed"]["again"])),
                           Sieve(Logistic.read(table["sieve"]), table["sieve"]["least"]))
