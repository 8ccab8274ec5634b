"""Which of a claim's propositions tells it best on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LEANING = re.compile(
    r"^(?:it|its|they|their|them|he|she|his|her|we|our|i|you|this|that|these|those|there|the (?:company|model|firm|team|former"
    r"|latter|same|new model)|and|but|or|so|which|who|because|also)\b",
    re.I,
)
_WORDS = range(4, 36)


def standalone(propositions: Sequence[str]) -> str:
    """The first proposition that stands on its own: neither a fragment nor a paragraph, nor leaning on what came before.

    The first one of all where none does. Propositions are given in the order in which they were said.
    """
    return next((text for text in propositions if _stands(text)), propositions[0])


def _stands(text: str) -> bool:
    words = text.split()
    return len(words) in _WORDS and not _LEANING.match(text.lstrip("\"'“‘ ")) and not text.rstrip().endswith(("?", ":", "…"))
