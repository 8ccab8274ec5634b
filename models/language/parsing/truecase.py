"""Write headlines in which each word has a capital as a sentence, so that the parser tells verbs from names.

Restoring case by what the rest of a text shows follows Lita et al. 2003 ("tRuEcasIng"). To a tagger "Schools
Lift Ban" in a headline is one long name, and whoever speaks there has a verb for a surname.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from models.language.parsing.sentences import split

SHORTEST = 4  # letters: a headline writes shorter words small
FEWEST = 3  # words of that length
CAPITALS = 0.8  # share of them with a capital

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_CAPITALISED = re.compile(r"(?<=[\w,'’\"“”‘)] )[A-Z][a-z]*(?:['’][a-z]+)?(?![\w'’])")
_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]*(?:['’][a-z]+)?(?!\w)")
_SMALL = re.compile(r"\b[a-z]{2,}")
_CONTRACTED = re.compile(r"n?['’]")


def is_headline(sentence: str) -> bool:
    """Return whether each longer word of a sentence has a capital."""
    words = [word for word in _WORD.findall(sentence) if len(word) >= SHORTEST]
    return len(words) >= FEWEST and sum(word[0].isupper() for word in words) >= CAPITALS * len(words)


def in_sentence_case(parts: Mapping[str, str], is_no_name: Callable[[str], bool]) -> dict[str, str]:
    """Return the parts of a document ("title", "text"), each of the same length, with its headlines written
    as sentences.

    A word of a headline becomes small where the sentences mostly write it so; where they have it not, if it
    is a contraction or `is_no_name` knows it. The first word stays.
    """
    sentences = [(part, sentence.label_end, sentence.end)
                 for part, words in parts.items() for sentence in split(part, words)]
    headlines = [place for place in sentences if is_headline(parts[place[0]][place[1] : place[2]])]
    if not headlines:
        return dict(parts)
    capitals: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for part, start, end in set(sentences) - set(headlines):
        capitals.update(word.lower() for word in _WITHIN.findall(parts[part], start, end))
        small.update(_SMALL.findall(parts[part], start, end))

    def restored(match: re.Match[str]) -> str:
        word = match[0].lower()
        if capitals[word] or small[word]:
            return word if small[word] >= capitals[word] else match[0]
        return word if is_no_name(_CONTRACTED.split(word)[0]) else match[0]

    read = {}
    for part, words in parts.items():
        pieces, at = [], 0
        for start, end in ((start, end) for of, start, end in headlines if of == part):
            pieces += [words[at:start], _CAPITALISED.sub(restored, words[start:end])]
            at = end
        read[part] = "".join([*pieces, words[at:]])
    return read
