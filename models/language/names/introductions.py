"""Find whom a description names: "the watchdog" behind "UK watchdog the Commons Authority", "the startup"
behind "Kelpwire, a startup", "the ministry" behind "the Ministry of Sound".
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.lexicon import cues

REACH = 1000  # characters before a description in which its name is looked for

_WORD = r"[A-Z][\w&’'-]{0,40}+"
_NAME = rf"{_WORD}(?:\s(?:(?:and|of|for|&)\s)?{_WORD}){{0,6}}"
_NEVER = r"(?!)"
_NO_NAMES = cues().words["no_name"] | cues().phrases["binding"] | cues().words["community"]


def introduced_as(noun: str, text: str, place: int) -> tuple[int, str] | None:
    """Return where the last name begins that the text before a place introduces with a noun, and the name."""
    found = None
    for match in _introductions(noun).finditer(text, max(0, place - REACH), place):
        name = next(filter(None, match.groups()))
        if name.split()[0].lower() not in _NO_NAMES and name.lower() != noun:
            found = match.start(), name.removesuffix("'s").removesuffix("’s")
    return found


@lru_cache(256)
def _introductions(noun: str) -> re.Pattern[str]:
    small = re.escape(noun)
    # "Fast Company" is not what a text calls "the company".
    capital = re.escape(noun.capitalize()) if noun in cues().words["body"] else _NEVER
    owned = rf"(?:the\s)?{_WORD}['’]s"
    return re.compile(
        rf"\b((?:{_WORD}\s(?:(?:and|of|for|&)\s)?){{1,6}}{capital}|{capital}\sof\s(?:the\s)?{_NAME})\b"
        rf"|\b{small}\s(?:the\s|called\s|named\s)?({_NAME})"
        rf"|\b{small},\s({_NAME}),"
        rf"|\b({_NAME})(?:\s\([^()]{{1,20}}\))?(?:,\s(?:an?|{owned})|\s(?:is|was)\s(?:an?|the|{owned}))"
        rf"\s(?:[\w’'-]{{1,30}}+\s){{0,5}}{small}\b"
    )
