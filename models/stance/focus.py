"""Cut a long text to what speaks to a claim: its first sentence and those that share the claim's rare words.
"""

from __future__ import annotations

from collections import Counter

from models.stance.cues import DENIAL, DOUBT, HEARSAY
from models.stance.features import SENTENCE, WORD

_CUT = 6  # letters: "trained" meets "training"
LIMIT = 480  # characters, about 110 tokens


def focus(claim: str, text: str, limit: int = LIMIT) -> str:
    """Return at most `limit` characters of the text, its sentences in their own order.

    A sentence counts by the claim's words that it shares, each by how rare it is among the text's sentences,
    and by words of denial, doubt or hearsay; a text that fits is returned as it is. Choosing the sentences
    before judging follows the retrieval step of Thorne et al. 2018 (FEVER).
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    sentences = [sentence.strip() for sentence in SENTENCE.split(text[: 100 * limit]) if sentence.strip()]
    words = [_words(sentence) for sentence in sentences]
    spread = Counter(word for found in words for word in found)
    wanted = _words(claim)
    weight = [
        sum(1 / spread[word] ** 0.5 for word in found & wanted) / (8 + len(found)) ** 0.5 for found in words
    ]
    for place, sentence in enumerate(sentences):
        if any(cue.search(sentence) for cue in (DENIAL, DOUBT, HEARSAY)):
            weight[place] = 1.4 * weight[place] + 0.05
    weight[0] += 0.5
    chosen: set[int] = set()
    room = limit
    for place in sorted(range(len(sentences)), key=lambda place: (-weight[place], place)):
        if room > 40:
            chosen.add(place)
            room -= len(sentences[place]) + 1
    return " ".join(sentences[place] for place in sorted(chosen))[:limit]


def _words(text: str) -> set[str]:
    return {word[:_CUT] for word in WORD.findall(text.lower()) if len(word) > 2}
