"""Relate: which passages that were found for claims belong to them, by the relation model and by slots.

What promises nothing is left out first, some pairs at a time: only the rest is held together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.protocols.language import Language, Statement
from models.protocols.stance import StanceModel, TextPair
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Precision
from pipeline.stages.gather.attach import Passage, Relation, SoughtClaim, overlaps, relation_of
from pipeline.stages.gather.candidates import name_keys
from pipeline.stages.gather.pairs import UNREAD, Asked, read_pairs
from pipeline.stages.gather.slots_agree import differs
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.text.slots import Slots, other_date

SQL = Statements(__package__, "queries")

EARLIER = 0.1  # lowers the bound for passages against a claim: they share fewer of the claim's words
OTHERS = 0.9  # probability from which a passage that makes another claim itself belongs as well
MOST = 3  # passages of one version that one claim holds
NOTHING = Statement("other", (), (), (), None, "unknown")

Place = tuple[str, str, int, int]  # version, part, start, end
Related = tuple[SoughtClaim, Passage, Relation]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, by its id and sentence, and a passage that may speak to it; `likeness` is that of `Asked`."""

    claim_id: str
    claim: str
    followed: bool
    passage: Passage
    likeness: float | None


class Relating:
    """One run's reading of pairs: which it read already, and how many."""

    def __init__(self, store: Store, run: RunContext, language: Language,
                 relation_model: StanceModel) -> None:
        self._store, self._run, self._language, self._relations = store, run, language, relation_model
        self.count = 0
        self._read: set[tuple[str, str]] = set()

    def claims(self, claim_ids: Iterable[str]) -> dict[str, SoughtClaim]:
        """Return claims by their ids, with what their sentences are about."""
        rows = self._store.read(SoughtClaim, SQL["claims"], {"claims": sorted(claim_ids)})
        return {row.claim_id: replace(row, numbers=self.about(row.claim, row.first_at, row.claim_id).numbers)
                for row in rows}

    def about(self, sentence: str, when: datetime | None, place: str) -> Statement:
        """Return what a sentence is about; NOTHING for a sentence that breaks the language model."""
        return row_by_row(self._store, self._run, "gather", [sentence],
                          lambda batch: [self._language.statement(text, when) for text in batch],
                          lambda _: place, unread=lambda _: NOTHING)[0]

    def related(self, parts: Iterable[Sequence[Pair]], passages: Iterable[Passage],
                known: Mapping[str, SoughtClaim] | None = None) -> list[Related]:
        """Return the pairs that belong together; `passages` are all that the pairs hold, `known` the claims,
        where they were read already. A pair is read once.
        """
        held_places = self._places("held", passages)
        worth_reading: dict[tuple[str, str], tuple[Pair, float]] = {}
        any_rated = False
        for part in parts:
            pairs = [
                pair for pair in part if pair.passage.speaks
                and (key := (pair.claim_id, pair.passage.passage_id)) not in worth_reading
                and key not in self._read
                and not overlaps(pair.passage, held_places.get((pair.claim_id, pair.passage.version_id), ()))]
            promises = self.promises(pairs, others_were_read=any_rated)
            any_rated |= bool(pairs)
            worth_reading |= {(pair.claim_id, pair.passage.passage_id): (pair, promise)
                              for pair, promise in zip(pairs, promises, strict=True)
                              if promise or pair.likeness is None}
        claims = known if known is not None else self.claims({claim for claim, _ in worth_reading})
        asked = [Asked(claims[pair.claim_id], pair.passage, pair.likeness, promise)
                 for pair, promise in worth_reading.values()]
        answers, read = read_pairs(self._store, self._run, self._relations, asked,
                                   self._spoken({pair.claim.claim_id for pair in asked}))
        self.count += read
        self._read.update(key for key, answer in zip(worth_reading, answers, strict=True)
                          if answer is not UNREAD)
        config = self._run.config.gather
        founding = self._places("saying", (pair.passage for pair in asked))
        of_version: dict[str, list[Place]] = defaultdict(list)
        for (_, version), places in founding.items():
            of_version[version] += places
        related = []
        for pair, answer in zip(asked, answers, strict=True):
            claim, passage = pair.claim, pair.passage
            relation = relation_of(answer.shares)
            against = relation.stance.against
            # A passage that makes another claim itself seldom speaks to this one as well (an editor's
            # sentence may say the same as a stored claim).
            bound = config.related - (EARLIER if against else 0.0)
            if not claim.followed and overlaps(passage, of_version.get(passage.version_id, ())):
                bound = max(OTHERS, bound)
            if answer.related >= bound and not differs(
                    claim.slots, passage.names, passage.inherited, passage.numbers, passage.quote,
                    against=against) and (against or not self._other_date(claim, passage)):
                related.append((claim, passage, relation))
        return _best(related, held_places)

    def promises(self, pairs: Sequence[Pair], *, others_were_read: bool = False) -> list[float]:
        """Return how likely pairs belong together by what is known before they are read, 1 for one that
        breaks the model.
        """
        texts = [TextPair(pair.claim, pair.passage.quote, pair.passage.context, pair.likeness, pair.followed)
                 for pair in pairs]
        return row_by_row(
            self._store, self._run, "gather", range(len(pairs)),
            lambda batch: self._relations.promise([texts[row] for row in batch]),
            lambda row: pairs[row].passage.document_id, unread=lambda _: 1.0,
            others_were_read=others_were_read)

    def _other_date(self, claim: SoughtClaim, passage: Passage) -> bool:
        """Return True if claim and passage name times that do not meet."""
        if claim.event_at is None:
            return False
        statement = self.about(passage.quote, passage.counts_from, passage.document_id)
        slots = Slots("", claim.kind, (), (), (), statement.event_at, Precision(statement.event_precision))
        return other_date(claim.slots, slots)

    def _places(self, name: str, passages: Iterable[Passage]) -> dict[tuple[str, str], list[Place]]:
        """Return the places of mentions by claim and version: all that claims hold in the versions of these
        passages (`held`), or those that founded or joined a claim (`saying`).
        """
        places: dict[tuple[str, str], list[Place]] = defaultdict(list)
        versions = sorted({passage.version_id for passage in passages})
        for claim, version, part, start, end in self._store.execute(SQL[name], {"versions": versions}):
            places[claim, version].append((version, part, start, end))
        return places

    def _spoken(self, claims: set[str]) -> dict[str, dict[str, float]]:
        """Return how surely each document that was gathered for these claims speaks to them."""
        spoken: dict[str, dict[str, float]] = defaultdict(dict)
        for claim, document, related in self._store.execute(SQL["spoken_of"], {"claims": sorted(claims)}):
            spoken[claim][document] = related
        return spoken


def may_speak(claim: SoughtClaim, passage: Passage) -> bool:
    """Return True if the passage, or what it stands in, shares a name with the claim, in the claim's days."""
    since, until = claim.days
    return since <= passage.time <= until and (
        not claim.keys or bool(claim.keys & name_keys(passage.all_names)))


def _best(related: Sequence[Related], held_places: Mapping[tuple[str, str], Sequence[Place]]
          ) -> list[Related]:
    """Return the surest passages, at most MOST of one version for one claim."""
    best = []
    taken = Counter({key: len(places) for key, places in held_places.items()})
    for claim, passage, relation in sorted(
            related, key=lambda row: (row[0].claim_id, -row[2].related, row[1].passage_id)):
        if taken[claim.claim_id, passage.version_id] < MOST:
            taken[claim.claim_id, passage.version_id] += 1
            best.append((claim, passage, relation))
    return best
