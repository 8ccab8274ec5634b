"""Find the names of bodies whose words are joined by "and" or "of", so that the parser takes each for one
name: "the Competition and Markets Authority", "the Department of Justice".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.language.parsing.parser import Named, near
from models.lexicon import any_of, cues

_WORD = r"(?!The\b)[A-Z][A-Za-z]{1,30}+(?![\w'’-])"
_WORDS = rf"{_WORD}(?:\s{_WORD}){{0,3}}"
_KIND = f"(?:{any_of(word.capitalize() for word in cues().words['body'])})"
_BODY = re.compile(
    rf"\b(?:{_WORDS}\s(?:and|&|of|for)\s)?(?:{_WORD}\s){{0,3}}{_KIND}\b"
    rf"(?:\s(?:of|for)\s(?:the\s)?{_WORDS}(?:\sand\s{_WORDS})?)?"
)


def bodies(text: str, known: Sequence[Named]) -> list[Named]:
    """Return the places of such names in which no known name stands."""
    return [
        Named(match.start(), match.end(), None) for match in _BODY.finditer(text)
        if re.search(r"\s(?:and|&|of|for)\s", match[0])
        and not any(match.start() < name.end for name in near(known, *match.span()))
    ]
