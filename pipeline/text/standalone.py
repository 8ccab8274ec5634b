"""Find the sentence, of several, that is best understood without the text around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LEANING = re.compile(
    r"^(?:it|its|they|their|them|he|she|his|her|we|our|i|you|this|that|these|those|there|the (?:company|model"
    r"|firm|team|former"
    r"|latter|same|new model)|and|but|or|so|which|who|because|also)\b",
    re.I,
)
_WORDS = range(4, 36)


def standalone(propositions: Sequence[str]) -> str:
    """Return the first proposition that stands on its own: neither a fragment nor a paragraph, nor leaning on
    what came before.

    The first one of all where none does. Propositions are given in the order in which they were said.
    """
    return next((text for text in propositions if stands(text)), propositions[0])


def stands(text: str) -> bool:
    """Return whether a sentence stands on its own: of some length, and leaning on nothing before it."""
    words = text.split()
    leans = _LEANING.match(text.lstrip("\"'“‘ ")) or text.rstrip().endswith(("?", ":", "…"))
    return len(words) in _WORDS and not leans
