"""How many voices corroborate a claim, kept up to date while more is said and edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from pipeline.core.vocabulary import VoiceKey
from pipeline.stages.judge.case import Case, is_account
from pipeline.stages.judge.evidence import Item


class Corroboration:
    """The accounts of a claim; no more of them are read than it takes to corroborate the claim.

    Whether a voice took its account back makes no difference: then its denial stands, and as long as one
    does, the number of accounts decides nothing. What is added after the accounts that were read costs
    nothing; they are read anew where a voice that has several of them softens one.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._items: list[Item] = []  # that are accounts as far as each tells by itself
        self._places: dict[str, int] = {}  # in `_items`, by evidence id
        self._by_voice: Counter[VoiceKey] = Counter()
        self._softened: Counter[str] = Counter()
        self._begin()

    def _begin(self) -> None:
        self._accounts = self._case.no_accounts()
        self._read = 0

    def add(self, item: Item) -> None:
        """Add a piece of evidence."""
        if is_account(self._case, item):
            self._places[item.evidence_id] = len(self._items)
            self._items.append(item)
            self._by_voice[item.voice] += 1

    def soften(self, evidence_id: str, by: int) -> None:
        """Note that a later version softened the words of an item, or (-1) restored them."""
        self._softened[evidence_id] += by
        place = self._places.get(evidence_id)
        if place is None or place >= self._read:
            return
        voice = self._items[place].voice
        if self._by_voice[voice] > 1:  # another of its items may be its account now
            self._begin()
        elif voice in self._accounts.items:
            self._accounts.soften(voice, softened=self._softened[evidence_id] > 0)

    def snapshot(self) -> Hashable:
        """Return how many voices corroborate, how many would if no words were softened, and if some were."""
        enough = self._case.corroborating_voices
        while self._read < len(self._items) and self._accounts.firm < enough:
            item = self._items[self._read]
            self._accounts.add(item, firm=not self._softened[item.evidence_id])
            self._read += 1
        firm, total = self._accounts.firm, self._accounts.independent
        return min(firm, enough), min(total, enough), total > firm
