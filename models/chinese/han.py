"""Tell Chinese characters: the Han ideographs of Unicode's basic plane."""

from __future__ import annotations

import re

HAN = re.compile(r"[\u3400-\u9fff]")


def has_han(text: str) -> bool:
    """Return whether a text holds a Chinese character."""
    return HAN.search(text) is not None


def is_han(character: str) -> bool:
    """Return whether a character is Chinese; it says about as much as two Latin letters."""
    return "\u3400" <= character <= "\u9fff"
