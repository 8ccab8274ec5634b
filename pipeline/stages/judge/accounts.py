"""Who tells a claim on their own account, and who may have it from somebody that spoke before.

What makes two statements one account is looked up, so that none is compared with all that came before it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from models.chinese.han import HAN
from pipeline.core.vocabulary import VoiceKey
from pipeline.stages.judge.evidence import Item
from pipeline.text.attribution import first_hand
from pipeline.text.names import name_key

LONG = 8  # so many first words are not the same in two quotes by chance
WHOLE = 4  # nor are two whole quotes of so many words; two Chinese characters count as one word
RUN = 16  # nor do so many words in a row stand in two quotes by chance, wherever they stand
TOGETHER = timedelta(days=7)
"""How near each other two statements must have been made to be of one matter that moves on with the time."""

# What stands before or behind a statement that is passed on, and is no part of it.
_PASSING_ON = re.compile(
    r"https?://\S+|^(?:[\W_]*\b(?:breaking(?:\s+news)?|just\s+in|new|rt(?:\s+@\w+)?)\b)+", re.IGNORECASE
)
_SUBJECTS_WORD = "the subject's word"
_SUBJECTS_PLAN = "the subject's plan"


class Accounts:
    """The items that tell a claim on their own account, one for each voice, as they are added by time.

    An item whose words may come from another voice's item is no account. Nobody begins with so many words of
    another voice by chance; a publisher and those it quotes are one account; and after the subject's own word
    the others repeat it, unless they know first-hand or judge (`praise`) what the subject says to its credit.
    What it plans nobody else knows: whoever tells `of_a_plan` without saying how they know tells its word.
    """

    def __init__(self, *, praise: bool, of_a_plan: Callable[[Item], bool], lasting: bool) -> None:
        self.items: dict[VoiceKey, Item] = {}
        self._softened: set[VoiceKey] = set()
        self._praise = praise
        self._of_a_plan = of_a_plan
        self._lasting = lasting
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
    def independent(self) -> int:
        """Return how many of them corroborate, softened or not."""
        return len(corroborating(self.items.values(), lasting=self._lasting))

    @property
    def firm(self) -> int:
        """Return how many of them corroborate, of those that no later version has softened."""
        firm = (item for voice, item in self.items.items() if voice not in self._softened)
        return len(corroborating(firm, lasting=self._lasting))

    def _repeats(self, item: Item) -> bool:
        """Return whether the words may be had from another voice."""
        keys = (*_keys_of_earlier(item), *((_SUBJECTS_PLAN,) if self._tells_a_plan(item) else ()))
        earlier = (self._voices.get(key, ()) for key in keys)
        return any(len(voices) > (item.voice in voices) for voices in earlier)

    def _keys(self, item: Item) -> Iterator[Hashable]:
        """Yield what makes a later item one account with this one."""
        yield from _shared_keys(item, item.first_party)
        if item.first_party and not self._praise:
            yield _SUBJECTS_WORD
        if self._tells_a_plan(item):
            yield _SUBJECTS_PLAN

    def _tells_a_plan(self, item: Item) -> bool:
        """Return whether it tells what the subject plans, and not how it knows."""
        return self._of_a_plan(item) and not first_hand(item.quote)


def corroborating(accounts: Iterable[Item], *, lasting: bool) -> list[Item]:
    """Return the accounts that corroborate one another: the most that were given within TOGETHER, or whenever
    of what is `lasting`, or where the time is not known.

    The subject is not independent of what is claimed about it.
    """
    independent = [item for item in accounts if not item.first_party]
    if lasting:
        return independent
    dated = sorted((item for item in independent if item.said), key=lambda item: (item.at, item.evidence_id))
    near: list[Item] = []
    start = 0
    for end, item in enumerate(dated):
        while dated[start].at < item.at - TOGETHER:
            start += 1
        if end - start >= len(near):
            near = dated[start : end + 1]
    kept = {item.evidence_id for item in near}
    return [item for item in independent if not item.said or item.evidence_id in kept]


def _keys_of_earlier(item: Item) -> Iterator[Hashable]:
    """Yield what makes this item one account with an earlier one."""
    yield from _shared_keys(item, False)
    # The same few words are no repetition where each is the subject's own: its officials speak alike.
    if not item.first_party:
        yield from _shared_keys(item, True)
    if not first_hand(item.quote):
        yield _SUBJECTS_WORD


def _shared_keys(item: Item, of_the_subject: bool) -> Iterator[Hashable]:
    wording = _wording(item.quote)
    yield "source", item.source_id
    if wording.beginning:
        yield "begins", wording.beginning
    if wording.whole:
        yield "is", wording.whole, of_the_subject
    for run in wording.runs:
        yield "runs", run


class _Wording(NamedTuple):
    """The first words of a quote, all of them, and each run of RUN, where too many to be alike by chance."""

    beginning: str
    whole: str
    runs: frozenset[str]


@lru_cache(maxsize=65536)
def _wording(quote: str) -> _Wording:
    """Return the words of a quote by which it is compared."""
    words = name_key(_PASSING_ON.sub(" ", quote)).split()
    length = sum(len(HAN.findall(word)) / 2 or 1 for word in words)
    return _Wording(
        " ".join(words[:LONG] if len(words) >= LONG else ()),
        " ".join(words if length >= WHOLE else ()),
        frozenset(" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)),
    )
