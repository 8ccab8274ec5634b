"""Say how surely other documents seem to speak to a claim, as belonging has learnt it."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

SUREST = 5  # other documents that tell how surely a claim is spoken of: of 1, 2, 3, 5 and 8


def others(documents: Sequence[str], related: Sequence[float]) -> list[float]:
    """Return for each text of one claim how surely other documents speak to the claim (0 to 1): the mean over
    the SUREST other documents, each by its surest text; one that is missing counts as 0.

    `documents` says which document each text is of, `related` how likely it belongs.
    """
    best_of: dict[str, float] = {}
    for document, probability in zip(documents, related, strict=True):
        best_of[document] = max(best_of.get(document, 0.0), probability)
    surest = nlargest(SUREST + 1, best_of.items(), key=lambda row: row[1])
    return [sum([probability for name, probability in surest if name != document][:SUREST]) / SUREST
            for document in documents]
