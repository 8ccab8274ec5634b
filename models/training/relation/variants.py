"""Make pairs of labelled ones by changing the claim: its opposite, and the same claim with another figure.

Readers write down claims that people made, so hardly any is a denial and few differ in a figure alone. The
label of a passage toward the changed claim follows from its label.
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
    """Yield passages that surely support or deny a plain claim beside its opposite, with the other label."""
    for row in rows:
        plain = row.sure and row.label in _OPPOSITE and not _NEGATION.search(row.claim)
        if plain and (claim := negated(row.claim, chance)) is not None:
            yield _pair(row, claim, _OPPOSITE[row.label], "opposite")


def other_figures(rows: Sequence[Labelled], chance: random.Random) -> Iterator[Pair]:
    """Yield passages that surely support a claim and repeat its figure as unrelated to another figure.

    Versions ("Llama 4"), sizes, prices and dates are figures alike.
    """
    for row in rows:
        if not (row.sure and row.label == "supports"):
            continue
        shared = [match for match in _FIGURE.finditer(row.claim) if match.group() in row.text]
        if shared:
            chosen = chance.choice(shared)
            claim = row.claim[: chosen.start()] + _other(chosen.group(), chance) + row.claim[chosen.end() :]
            yield _pair(row, claim, "unrelated", "figure")


def _other(figure: str, chance: random.Random) -> str:
    """Return a figure of the same form that differs in one digit."""
    digit_places = [place for place, character in enumerate(figure) if character.isdigit()]
    place = digit_places[0] if chance.random() < 0.5 else chance.choice(digit_places)
    digit = chance.choice([character for character in "123456789" if character != figure[place]])
    return figure[:place] + digit + figure[place + 1 :]


def _pair(row: Labelled, claim: str, label: str, source: str) -> Pair:
    return Pair(claim, reading(claim, row.text, row.context), (label,), source, row.story)
