"""Cut a text to the stems of its content words, by which texts are compared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_TOKEN = re.compile(r"[a-z0-9][a-z0-9.]*[a-z0-9]|[a-z0-9]")
_ENDINGS = ("ations", "ation", "ings", "ing", "ers", "ies", "ed", "es", "er", "ly", "al", "s")


def stems(text: str) -> Iterator[str]:
    """Yield the content words of a text in lower case with their endings cut; common and reporting words are
    left out.
    """
    left_out = _left_out()
    for word in _TOKEN.findall(text.lower().replace("’", "'")):
        if word not in left_out and (len(word) > 1 or word.isdigit()):
            yield _stem(word)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@cache
def _left_out() -> frozenset[str]:
    tables = tomllib.loads(files("models").joinpath("aspects.toml").read_text("utf-8"))
    return frozenset((tables["common"]["words"] + tables["reporting"]["words"]).split())
