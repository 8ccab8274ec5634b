"""Tell English from other languages, where there is enough text to tell."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from models.chinese.han import HAN
from models.protocols.language import DocumentText

# On a headline of three names py3langid only guesses.
_ENOUGH = 40
_COMMON = re.compile(
    r"\b(?:the|of|and|to|in|is|that|for|with|on|are|was|from|this|by|has|have|not|will|its|as)\b", re.I
)
_LETTERS = re.compile(r"[^\W\d_]")
_FOREIGN = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
# A character of these says as much as three letters, so that a Chinese post about models with Latin names is
# told as Chinese.
_SYLLABLES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LINK = re.compile(r"https?://[!-~]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_CHARACTERS = 2000


def tongue(passage: DocumentText) -> str:
    """Return the passage's two-letter language code: the declared one, unless its script shows another."""
    return language_of(f"{passage.title or ''}\n{passage.text}"[:_CHARACTERS], passage.language)


def language_of(text: str, declared: str | None = None) -> str:
    """Return a two-letter language code: the declared one, else what the text shows; "en" where it is too
    short.
    """
    text = _LINK.sub(" ", text)
    letters = len(_LETTERS.findall(text))
    foreign = len(_FOREIGN.findall(text))
    more = 2 * len(_SYLLABLES.findall(text))
    if letters and foreign + more > 0.4 * (letters + more):
        # The script tells Japanese from Chinese; the classifier takes short Chinese for Wu.
        kana, han = len(_KANA.findall(text)), len(HAN.findall(text))
        if kana + han > 0.5 * foreign:
            return "ja" if kana > 0.1 * han else "zh"
        return _classify(text) if letters >= 8 else (declared or "en").lower()[:2]
    if declared:
        return declared.lower()[:2]
    words = len(text.split())
    if letters < _ENOUGH or len(_COMMON.findall(text)) >= max(2, 0.12 * words):
        return "en"
    return _classify(text)


def _classify(text: str) -> str:
    return str(_identifier().classify(text)[0])


@cache
def _identifier() -> Any:
    import py3langid

    return py3langid
