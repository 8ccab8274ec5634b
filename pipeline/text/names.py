"""Compare names: the key of a name, and the tokens of a model's name that a release page is known by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

NOT_WORD = re.compile(r"[\W_]+")
# The letters and digits of full width that Chinese and Japanese texts set among their own.
_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF41, 0xFF5B))}

TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)*")
# "Aster 4 Mini" is another model than "Aster 4".
VARIANTS = frozenset(
    (
        *("mini", "nano", "tiny", "small", "medium", "large", "lite", "pro", "plus", "max", "ultra", "turbo"),
        *("flash", "air", "preview", "beta", "draft", "embed", "embedding", "reranker", "tokenizer", "guard"),
        *("vision", "coder", "math", "distill"),
    )
)


def name_key(name: str) -> str:
    """Return the key of a name: case, width, accents, punctuation and a leading "the" are taken off.

    Empty where the name has no letter and no digit; an empty key equals no other. The SQL macro
    `step.name_key` returns the same, with null for empty.
    """
    marked = unicodedata.normalize("NFD", name)
    letters = "".join(c for c in marked if not unicodedata.category(c).startswith("M"))
    plain = unicodedata.normalize("NFC", letters)
    return NOT_WORD.sub(" ", plain.casefold().translate(_HALF_WIDTH)).strip().removeprefix("the ")


def names_it(words: str, name: str) -> bool:
    """Return whether `words` contain `name` as whole words; names shorter than three letters never count."""
    wanted = name_key(name)
    return len(wanted) >= 3 and f" {wanted} " in f" {name_key(words)} "


def begins_with(words: str, name: str) -> bool:
    """Return whether `words` begin with `name` as whole words; names under three letters never count."""
    wanted = name_key(name)
    return len(wanted) >= 3 and f"{name_key(words)} ".startswith(f"{wanted} ")


def tokens(name: str) -> list[str]:
    """Return letters and numbers apart: "Aster4", "aster-4" and "Aster 4" are one, and 4 is not 4.5."""
    return TOKEN.findall(name.casefold())


def is_page_of(page: str, entities: Iterable[str]) -> bool:
    """Return whether a release page is of one of the claim's models, by the most specific names it gives."""
    names = [tokens(entity) for entity in entities]
    names = [n for n in names if n and not any(n != other and within(n, other) for other in names)]
    title = tokens(page)
    return any(_stands_in(name, title) for name in names)


def within(short: list[str], long: list[str]) -> bool:
    """Return whether a name, as `tokens`, is part of another one."""
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _stands_in(name: list[str], title: list[str]) -> bool:
    """Whether the title has the name, and no word after it that makes another model of it."""
    for i in range(len(title) - len(name) + 1):
        after = title[i + len(name) : i + len(name) + 1]
        if title[i : i + len(name)] == name and not VARIANTS.intersection(after):
            return True
    return False
