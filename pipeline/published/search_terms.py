"""The words that search knows, the same for what is indexed and what is sought, and a search's terms."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40  # letters of a word that count; what is longer is no word that anybody types
MOST = 10_000  # words of one text that are indexed
# Scripts beyond Latin may put no space between words: a run of them is known by each two neighbours in it.
_RUN = re.compile(r"(?:(?![\u0250-\U0010ffff])[^\W_])+|(?:(?=[\u0250-\U0010ffff])[^\W_])+")
_BEYOND_LATIN = "\u0250"

TERMS = 12
SOUGHT = 40  # words of all terms together: what is longer is cut
_TERM = re.compile(r'"([^"]+)"|([^\s"]+)')

Term = tuple[str, ...]


def terms(search: str) -> list[Term]:
    """Return the words and "quoted phrases" of a search, at most `TERMS`, as `words` splits them.

    The words of a term stand in a row, and the last may be the beginning of a longer one.
    """
    candidates = [tuple(words(phrase or word)) for phrase, word in _TERM.findall(search[:500])]
    kept_terms: list[Term] = []
    for term in [term for term in candidates if term][:TERMS]:
        room = SOUGHT - sum(map(len, kept_terms))
        if room > 0:
            kept_terms.append(term[:room])
    return kept_terms


def words(text: str) -> list[str]:
    """Return the words of a text in order, without accents, case and punctuation.

    A run of a script beyond Latin gives each character with the one after it, and the last alone. A part of
    the run, taken in the same way, is then found wherever in the run it stands.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    parts: list[str] = []
    for run in _RUN.findall(plain):
        parts += [run[:LONGEST]] if run[0] < _BEYOND_LATIN else [run[at : at + 2] for at in range(len(run))]
        if len(parts) >= MOST:
            return parts[:MOST]
    return parts


def next_prefix(word: str) -> str:
    """Return the least string, by code points, that comes after all that begin with `word`."""
    for at in range(len(word) - 1, -1, -1):
        following = ord(word[at]) + 1
        if following <= 0x10FFFF:
            # Surrogates are no characters.
            return word[:at] + chr(0xE000 if 0xD800 <= following <= 0xDFFF else following)
    raise ValueError(f"nothing comes after {word!r}")
