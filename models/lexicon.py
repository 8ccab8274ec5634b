"""The one dictionary of English cue words, `lexicon.toml`: for the language model and for the stance model.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Cues:
    """Base forms of verbs, lower-case words and adverbs by what they signal, and alternatives of patterns."""

    verbs: dict[str, frozenset[str]]
    words: dict[str, frozenset[str]]
    phrases: dict[str, frozenset[str]]
    patterns: dict[str, str]

    def word(self, name: str) -> re.Pattern[str]:
        """Compile the pattern `name` for whole words in any letter case."""
        return re.compile(rf"\b(?:{self.patterns[name]})\b", re.IGNORECASE)


@cache
def cues() -> Cues:
    """Return the shipped dictionary. A list may begin with `+other`, which takes in another list."""
    tables = tomllib.loads(files("models").joinpath("lexicon.toml").read_text("utf-8"))
    patterns = {name: "|".join(parts) for name, parts in tables["patterns"].items()}
    return Cues(_sets(tables["verbs"]), _sets(tables["words"]), _sets(tables["phrases"]), patterns)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words; the longer of two that begin alike goes first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _sets(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    sets: dict[str, frozenset[str]] = {}
    for name, text in lists.items():
        words = text.split()
        included = [sets[word[1:]] for word in words if word.startswith("+")]
        sets[name] = frozenset(word for word in words if not word.startswith("+")).union(*included)
    return sets
