"""The cue words of `cues.toml` as sets, and verbs in their base form."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Cues:
    """Base forms of verbs by class, and lower-case words by what they signal."""

    verbs: dict[str, frozenset[str]]
    words: dict[str, frozenset[str]]
    phrases: dict[str, frozenset[str]]


@cache
def cues() -> Cues:
    """The shipped cue lists."""
    given = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    sets = {section: {name: frozenset(text.split()) for name, text in lists.items()} for section, lists in given.items()}
    return Cues(sets["verbs"], sets["words"], sets["phrases"])
