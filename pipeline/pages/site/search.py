"""A search that needs no server: an index in small files that a page loads as scripts, also from a folder.

A browser that shows a page from `file://` refuses to fetch the file beside it, but runs it as a script. So
each part of the index is a script that hands one object over. It is ASCII without `<`, whatever text it
holds.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from pipeline.published import search_terms

PER_TEXTS = 100
"""Results whose texts are in one file."""
WORDS_PER_FILE = 40_000
"""Entries of the index in one file, about."""
MOST_FILES = 64


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What a search can find: the address from the front page, what stands there, and by which words."""

    address: str
    title: str
    status: str
    about: str
    words: str


def terms(text: str) -> list[str]:
    """Return the words of a text as `search.js` splits a search: without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return search_terms.words("".join(c for c in decomposed if unicodedata.category(c) != "Mn"))


def shard(word: str, shards: int) -> int:
    """Return which file has a word, by its first two characters, or by the first in a script like Chinese."""
    number = 0
    for character in word[: 2 if word[0] < "\u0250" else 1]:
        number = (number * 31 + ord(character)) % 1_000_003
    return number % shards


def script() -> str:
    """Return the script of the front page."""
    return files(__package__).joinpath("search.js").read_text("utf-8")


def policy() -> str:
    """Return what the front page's policy (CSP) says of scripts: ours, by its hash, and what it loads."""
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return f"script-src 'sha256-{digest}' 'strict-dynamic'"


def sizes(entries: Sequence[SearchEntry]) -> int:
    """Return in how many files the words of `entries` are kept."""
    word_count = sum(len(entry.words) for entry in entries) // 6
    return min(MOST_FILES, 1 + word_count // WORDS_PER_FILE * 8)


def index(entries: Sequence[SearchEntry]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the index below the front page, each with its content.

    Results are numbered in the order of `entries`: where later ones are put behind, few files change.
    """
    shards = sizes(entries)
    postings: dict[int, defaultdict[str, list[int]]] = {part: defaultdict(list) for part in range(shards)}
    for number, entry in enumerate(entries):
        for word in set(terms(entry.words)):
            postings[shard(word, shards)][word].append(number)
    for part, words in postings.items():
        yield f"search/words-{part}.js", _handed("words", part, dict(sorted(words.items())))
    for start in range(0, len(entries), PER_TEXTS):
        rows = [[hit.address, hit.title, hit.status, hit.about] for hit in entries[start : start + PER_TEXTS]]
        yield f"search/texts-{start // PER_TEXTS}.js", _handed("texts", start // PER_TEXTS, rows)


def _handed(kind: str, number: int, content: object) -> bytes:
    text = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
    return f'rumortrailIndex("{kind}",{number},{text});\n'.encode("ascii")
