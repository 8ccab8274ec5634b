"""Who tells a claim on their own account, and who may have it from somebody that spoke before.

What makes two statements one account is looked up, so that none is compared with all that came before it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from functools import lru_cache

from models.chinese.han import HAN
from pipeline.core.vocabulary import VoiceKey
from pipeline.stages.judge.evidence import Item
from pipeline.text.attribution import first_hand
from pipeline.text.names import name_key

LONG = 8  # so many first words are not the same in two quotes by chance
WHOLE = 4  # nor are two whole quotes of so many words; two Chinese characters count as one word

# What stands before or behind a statement that is passed on, and is no part of it.
_PASSING_ON = re.compile(
    r"https?://\S+|^(?:[\W_]*\b(?:breaking(?:\s+news)?|just\s+in|new|rt(?:\s+@\w+)?)\b)+", re.IGNORECASE
)
_SUBJECTS_WORD = "the subject's word"


class Accounts:
    """The items that tell a claim on their own account, one for each voice, as they are added by time.

    An item whose words may come from another voice's item is no account. Nobody begins with so many words of
    another voice by chance; a publisher and those it quotes are one account; and after the subject's own word
    the others repeat it, unless they know first-hand or judge (`praise`) what the subject says to its credit.
    """

    def __init__(self, *, praise: bool) -> None:
        self.items: dict[VoiceKey, Item] = {}
        self._softened: set[VoiceKey] = set()
        self._praise = praise
        self._voices: defaultdict[Hashable, set[VoiceKey]] = defaultdict(set)  # by what makes one account

    def add(self, item: Item, *, firm: bool) -> None:
        """Take the item as its voice's account, where it is one; firm words go before softened ones."""
        account = self.items.get(item.voice)
        if (account is not None and not (firm and item.voice in self._softened)) or self._repeats(item):
            return
        for key in self._keys(account) if account is not None else ():
            self._voices[key].discard(item.voice)
        for key in self._keys(item):
            self._voices[key].add(item.voice)
        self.items[item.voice] = item
        self.soften(item.voice, softened=not firm)

    def soften(self, voice: VoiceKey, *, softened: bool) -> None:
        """Note whether a later version has softened the words of a voice's account."""
        (self._softened.add if softened else self._softened.discard)(voice)

    @property
    def firm(self) -> int:
        """Return how many of them no later version has softened."""
        return len(self.items) - len(self._softened)

    def _repeats(self, item: Item) -> bool:
        """Return whether the words may be had from another voice."""
        earlier = (self._voices.get(key, ()) for key in _keys_of_earlier(item))
        return any(len(voices) > (item.voice in voices) for voices in earlier)

    def _keys(self, item: Item) -> Iterator[Hashable]:
        """Yield what makes a later item one account with this one."""
        yield from _shared_keys(item, item.first_party)
        if item.first_party and not self._praise:
            yield _SUBJECTS_WORD


def _keys_of_earlier(item: Item) -> Iterator[Hashable]:
    """Yield what makes this item one account with an earlier one."""
    yield from _shared_keys(item, False)
    # The same few words are no repetition where each is the subject's own: its officials speak alike.
    if not item.first_party:
        yield from _shared_keys(item, True)
    if not first_hand(item.quote):
        yield _SUBJECTS_WORD


def _shared_keys(item: Item, of_the_subject: bool) -> Iterator[Hashable]:
    beginning, all_words = _wording(item.quote)
    yield "source", item.source_id
    if beginning:
        yield "begins", beginning
    if all_words:
        yield "is", all_words, of_the_subject


@lru_cache(maxsize=65536)
def _wording(quote: str) -> tuple[str, str]:
    """Return the first words of a quote, and all of them, each where too many to be alike by chance."""
    words = name_key(_PASSING_ON.sub(" ", quote)).split()
    length = sum(len(HAN.findall(word)) / 2 or 1 for word in words)
    return " ".join(words[:LONG] if len(words) >= LONG else ()), " ".join(words if length >= WHOLE else ())
