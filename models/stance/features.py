"""Features of a claim and a text side by side: speech cues, negation, figures."""

from __future__ import annotations

import re

from models.lexicon import cues
from models.stance.cues import ADMISSION, DENIAL, DOUBT, HEARSAY, NEGATION, NO_SIDE

FEATURES = (
    "denial", "claim_denial", "opposed", "hearsay", "claim_hearsay", "doubt", "admission", "no_side", "asks",
    "opens_no", "overlap", "little", "figures",
)
WORD = re.compile(r"[a-z][a-z]+|\d+(?:[.,]\d+)*")
SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_OPENS_NO = re.compile(r"^\W*(?:no|nope|nah|wrong|false|fake|sorry|actually|stop|hoax)\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"(\$)?\b(\d[\d,]*(?:\.\d+)?)\s?(%|percent|b\b|billion|m\b|million|k\b|thousand|gpus?|tokens?|parameters?"
    r"|years?)?",
    re.IGNORECASE,
)
_SCALE = {"b": "billion", "m": "million", "k": "thousand", "percent": "%"}
COMMON = cues().words["common"]


def features(claim: str, text: str) -> list[float]:
    """Return the features of a pair in the order of `FEATURES`, each 0 to 1; `text` is short or cut by
    `focus`.
    """
    sentence = nearest(claim, text)
    shared = overlap(claim, text)
    return [
        float(bool(cue_words(DENIAL, text, claim))),
        float(bool(cue_words(DENIAL, claim, text))),
        float(shared >= 0.4 and bool(NEGATION.search(claim)) != bool(NEGATION.search(sentence))),
        float(bool(cue_words(HEARSAY, text, claim))),
        float(bool(cue_words(HEARSAY, claim, text))),
        float(bool(cue_words(DOUBT, text, claim))),
        float(bool(cue_words(ADMISSION, text, claim))),
        float(bool(NO_SIDE.search(text))),
        float("?" in sentence and "?" not in claim),
        float(bool(_OPENS_NO.search(text))),
        shared,
        float(shared < 0.15),
        float(_figures_differ(claim, sentence)),
    ]


def nearest(claim: str, text: str) -> str:
    """Return the sentence of a text that shares most words with the claim; the first of several."""
    return max(SENTENCE.split(text), key=lambda sentence: overlap(claim, sentence))


def cue_words(pattern: re.Pattern[str], text: str, claim: str) -> tuple[str, ...]:
    """Return the cue words of a text, each once; a word of the claim is its content and no cue of a stance.
    """
    claim_text = claim.lower()
    words = dict.fromkeys(match.group().lower() for match in pattern.finditer(text))
    return tuple(word for word in words if word not in claim_text)


def overlap(claim: str, text: str) -> float:
    """Return the share of the claim's content words that the text repeats (0 to 1)."""
    claim_words = _words(claim)
    return len(claim_words & _words(text)) / len(claim_words) if claim_words else 0.0


def _words(text: str) -> set[str]:
    """Return the content words, cut to six letters so that "trained" meets "training"."""
    return {word[:6] for word in WORD.findall(text.lower()) if word not in COMMON}


def _figures_differ(claim: str, text: str) -> bool:
    """Return whether both give a figure of one unit and none of them agrees."""
    ours, theirs = _figures(claim), _figures(text)
    return any(unit in theirs and not values & theirs[unit] for unit, values in ours.items())


def _figures(text: str) -> dict[str, set[float]]:
    units: dict[str, set[float]] = {}
    for money, digits, unit in _FIGURE.findall(text):
        if not money and not unit:
            continue
        short_unit = unit.lower().rstrip("s")
        key = ("$" if money else "") + _SCALE.get(short_unit, short_unit)
        units.setdefault(key, set()).add(float(digits.replace(",", "")))
    return units
