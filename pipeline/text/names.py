"""Compare names: the key of a name, and the tokens of a model's name that a release page is known by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

NOT_WORD = re.compile(r"[\W_]+")
# The letters and digits of full width that Chinese and Japanese texts set among their own.
_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF41, 0xFF5B))}

TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)*")
_WRITTEN = re.compile(r"(?P<join>-?)(?P<token>[A-Za-z]+|\d+(?:\.\d+)*)")
# "Aster 4 Mini" is another model than "Aster 4".
VARIANTS = frozenset(
    (
        *("mini", "nano", "tiny", "small", "medium", "large", "lite", "pro", "plus", "max", "ultra", "turbo"),
        *("flash", "air", "preview", "beta", "draft", "embed", "embedding", "reranker", "tokenizer", "guard"),
        *("vision", "coder", "math", "distill"),
    )
)

# These name a stage of the model and no other model: the gazetteer leaves them out of names.
STAGED = frozenset({"preview", "beta"})
OTHER_MODELS = VARIANTS - STAGED


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
    key = name_key(name)
    return len(key) >= 3 and f" {key} " in f" {name_key(words)} "


def begins_with(words: str, name: str) -> bool:
    """Return whether `words` begin with `name` as whole words; names under three letters never count."""
    key = name_key(name)
    return len(key) >= 3 and f"{name_key(words)} ".startswith(f"{key} ")


def tokens(name: str) -> list[str]:
    """Return letters and numbers apart: "Aster4", "aster-4" and "Aster 4" are one, and 4 is not 4.5."""
    return TOKEN.findall(name.casefold())


def is_page_of(page: str, entities: Iterable[str]) -> bool:
    """Return whether a release page is of one of the claim's models, by the most specific names it gives."""
    return any(word not in OTHER_MODELS for word in _words_behind(page, entities))


def is_staged(words: str, entities: Iterable[str]) -> bool:
    """Return whether words name one of the models as a preview or beta of itself wherever they name it."""
    behind = [word for word in _words_behind(words, entities) if word not in OTHER_MODELS]
    return bool(behind) and STAGED.issuperset(behind)


def is_of_another(words: str, entities: Iterable[str]) -> bool:
    """Return whether a sentence names the models only as parts of other models' names.

    "Aster 4 Mini" and "aster-4-mini" are such names, the "large" of "the Aster 4 large language model" is no
    part of one.
    """
    behind = _words_behind(words, entities, as_names=True)
    return bool(behind) and OTHER_MODELS.issuperset(behind)


def _words_behind(words: str, entities: Iterable[str], *, as_names: bool = False) -> list[str]:
    """Return for each place of the most specific names the token that stands behind it, "" where none does.

    `as_names`: only one with a capital letter or behind a hyphen counts as one.
    """
    names = [tokens(entity) for entity in entities]
    names = [n for n in names if n and not any(n != other and within(n, other) for other in names)]
    written = list(_WRITTEN.finditer(words))
    written_tokens = [match["token"].lower() for match in written]
    behind = []
    for name in names:
        for start in range(len(written_tokens) - len(name) + 1):
            if written_tokens[start : start + len(name)] == name:
                after = written[start + len(name)] if start + len(name) < len(written) else None
                counts_as_name = after and (not as_names or after["join"] or after["token"][0].isupper())
                behind.append(after["token"].lower() if after and counts_as_name else "")
    return behind


def within(short: list[str], long: list[str]) -> bool:
    """Return whether a name, as `tokens`, is part of another one."""
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))

