"""Cut a long text to what speaks to a claim: its first sentence and those that share the claim's rare words.
"""

from __future__ import annotations

from collections import Counter

from models.stance.cues import DENIAL, DOUBT, HEARSAY
from models.stance.features import SENTENCE, WORD

_CUT = 6  # letters: "trained" meets "training"
LIMIT = 480  # characters, about 110 tokens
READ = 100 * LIMIT  # characters of a text, in which sentences are looked for


def focus(claim: str, text: str, limit: int = LIMIT) -> str:
    """Return at most `limit` characters of the text, its sentences in their own order.

    A sentence counts by the claim's words that it shares, each by how rare it is among the text's sentences,
    and by words of denial, doubt or hearsay; a text that fits is returned as it is. Choosing the sentences
    before judging follows the retrieval step of Thorne et al. 2018 (FEVER).
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    sentences = [sentence.strip() for sentence in SENTENCE.split(text[:READ]) if sentence.strip()]
    words = [_words(sentence) for sentence in sentences]
    counts = Counter(word for stems in words for word in stems)
    claim_words = _words(claim)
    weights = [
        sum(1 / counts[word] ** 0.5 for word in stems & claim_words) / (8 + len(stems)) ** 0.5
        for stems in words
    ]
    for number, sentence in enumerate(sentences):
        if any(cue.search(sentence) for cue in (DENIAL, DOUBT, HEARSAY)):
            weights[number] = 1.4 * weights[number] + 0.05
    weights[0] += 0.5
    chosen: set[int] = set()
    room = limit
    for number in sorted(range(len(sentences)), key=lambda number: (-weights[number], number)):
        if room > 40:
            chosen.add(number)
            room -= len(sentences[number]) + 1
    return " ".join(sentences[number] for number in sorted(chosen))[:limit]


def _words(text: str) -> set[str]:
    return {word[:_CUT] for word in WORD.findall(text.lower()) if len(word) > 2}
