"""Make pairs of labelled ones by changing the claim: its opposite, and the same claim with another figure.

Readers write claims that somebody made, so hardly one of them is a denial, and few differ in a figure alone.
What a passage says toward the changed claim follows from its label.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from models.stance.model import reading
from models.training.relation.data import Pair
from models.training.relation.labels import Labelled
from models.training.relation.synthetic import negated

_NEGATION = re.compile(r"\b(?:no|not|never|nothing|none|cannot|without)\b|n't\b", re.I)
_FIGURE = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_OPPOSITE = {"supports": "denies", "denies": "supports"}


def opposites(rows: Sequence[Labelled], chance: random.Random) -> Iterator[Pair]:
    """Yield what surely supports or denies a plain claim beside the claim's opposite, sides exchanged."""
    for row in rows:
        plain = row.sure and row.label in _OPPOSITE and not _NEGATION.search(row.claim)
        if plain and (claim := negated(row.claim, chance)) is not None:
            yield _pair(row, claim, _OPPOSITE[row.label], "opposite")


def other_figures(rows: Sequence[Labelled], chance: random.Random) -> Iterator[Pair]:
    """Yield what surely supports a claim and repeats a figure of it, beside the claim with another figure:
    unrelated.

    Versions ("Llama 4"), sizes, prices and dates are figures alike.
    """
    for row in rows:
        if not (row.sure and row.label == "supports"):
            continue
        shared = [found for found in _FIGURE.finditer(row.claim) if found.group() in row.text]
        if shared:
            place = chance.choice(shared)
            claim = row.claim[: place.start()] + _other(place.group(), chance) + row.claim[place.end() :]
            yield _pair(row, claim, "unrelated", "figure")


def _other(figure: str, chance: random.Random) -> str:
    """Return a figure of the same form that differs in one digit."""
    places = [place for place, sign in enumerate(figure) if sign.isdigit()]
    place = places[0] if chance.random() < 0.5 else chance.choice(places)
    digit = chance.choice([sign for sign in "123456789" if sign != figure[place]])
    return figure[:place] + digit + figure[place + 1 :]


def _pair(row: Labelled, claim: str, label: str, source: str) -> Pair:
    return Pair(claim, reading(claim, row.text, row.context), (label,), source, row.story)
