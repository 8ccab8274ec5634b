"""Say whether a text belongs to a claim: what the encoder says of it, how near both are to the retriever, the
words and figures that both share, and how surely other documents speak to the claim.

A logistic model, since an encoder of this size overlooks that a text repeats the claim's rare words, sees
little of what the text stands in, and errs elsewhere than the retriever; and since there are claims ("ChatGPT
is down") that many texts seem to speak to, each of which is then less likely to. Fitted on the stories of the
set `dev` (`models/training/relation/calibration.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from models.chinese.gloss import gloss
from models.chinese.han import has_han
from models.stems import stems

FEATURES = (
    "shared", "shared with context", "names and figures", "names and figures, other language",
    "other language", "figures", "other figures", "likeness",
)
_LATIN = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def features(claim: str, text: str, context: str | None, likeness: float,
             english: Callable[[str], str] = gloss) -> list[float]:
    """Return the features of a pair in the order of `FEATURES`; `text` is cut by `focus`, `likeness` is the
    cosine of claim and text by the retriever, `english` writes English for Chinese.

    Shares are of the claim's words: its stems, its words and figures as they stand, its figures; of Chinese,
    those of its gloss. A text is in another language than the claim if one of them has Han characters and the
    other has none.
    """
    foreign = float(has_han(claim) != has_han(text))
    claim, text, context = english(claim), english(text), english(context or "")
    ours, theirs = set(stems(claim)), set(stems(text))
    nearby = theirs | set(stems(context))
    latin = _share(set(_LATIN.findall(claim.lower())), set(_LATIN.findall(f"{text} {context}".lower())))
    figures, text_figures = set(_FIGURE.findall(claim)), set(_FIGURE.findall(text))
    return [
        _share(ours, theirs), _share(ours, nearby), latin, latin * foreign, foreign,
        _share(figures, text_figures) if figures else 0.5,
        float(bool(figures and text_figures) and not figures & text_figures), likeness,
    ]


def _share(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / max(1, len(ours))
