"""What clustering groups: the claims that are known, and the mentions that have none yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from pipeline.core.vocabulary import Certainty, Kind, Precision
from pipeline.text.slots import Conflict, Slots, conflict, kinds_by_one


@dataclass(frozen=True, slots=True)
class ComparedMention:
    """What clustering looks at in a mention.

    `kind` is the founding model's where it told one, and `kind_by_rule` the rules' beside it.
    """

    mention_id: str
    document_id: str
    proposition: str
    quote: str
    kind: Kind
    speaker: str | None
    negated: bool
    certainty: Certainty
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    numbers: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    said_at: datetime | None
    founds: bool
    kind_by_rule: Kind | None = field(default=None, kw_only=True)

    @property
    def text(self) -> str:
        """Return the proposition; the quote where extract left none."""
        return self.proposition.strip() or self.quote

    @property
    def day(self) -> float | None:
        """Return the days from 1970 to when it was said; None where that is not known."""
        return self.said_at.timestamp() / 86400 if self.said_at else None

    @property
    def denial(self) -> tuple[str, str, Kind, tuple[str, ...]] | None:
        """Return a key that wordings of one person's denial in one text share."""
        if not self.negated or self.speaker is None or not self.organisations:
            return None
        return self.document_id, self.speaker, self.kind, self.organisations

    @property
    def slots(self) -> Slots:
        """Return what may tell it from a look-alike."""
        when, precision = self.event_at, self.event_precision
        return Slots(self.text, self.kind, self.organisations, self.entities, self.numbers, when, precision,
                     self.proposition.strip(), self.kind_by_rule)


@dataclass(frozen=True, slots=True)
class Member(ComparedMention):
    """A mention that has a claim already."""

    claim_id: str


@dataclass(frozen=True, slots=True)
class Known:
    """The claims that a batch may join: each with its representatives (rows of `members`)."""

    members: list[Member]
    claims: dict[str, range]


class Nodes:
    """What is grouped: first the known claims, then the new mentions in order."""

    def __init__(self, known: Known, said: Sequence[ComparedMention]) -> None:
        self.claim_ids = list(known.claims)
        self.mentions = said
        self.slots = [[known.members[row].slots for row in rows] for rows in known.claims.values()]
        self.slots += [[mention.slots] for mention in said]
        self._told = [_told(known.members[row] for row in rows) for rows in known.claims.values()]
        self._told += [_told([mention]) for mention in said]
        self.weights = [float(len(slots)) for slots in self.slots]
        self._conflicts: dict[tuple[int, int], Conflict | None] = {}

    def conflict(self, a: int, b: int) -> Conflict | None:
        """Return the first slot in which two nodes differ, seen from a."""
        key = (min(a, b), max(a, b))
        if key not in self._conflicts:
            conflicts = (conflict(ours, theirs)
                         for ours, theirs in product(self.slots[key[0]], self.slots[key[1]]))
            self._conflicts[key] = next((slot_conflict for slot_conflict in conflicts if slot_conflict), None)
        difference = self._conflicts[key]
        return difference.turned() if difference and a > b else difference

    def may_join(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Return whether two groups agree: no two mentions fill a slot differently or are told apart."""
        return not any(self.conflict(a, b) or self._listed(a, b) for a, b in product(left, right))

    def claim(self, group: Sequence[int]) -> str:
        """Return the words of a group's claim: of its first node that is a known claim or founds a claim."""
        known_count = len(self.claim_ids)
        founds = (node for node in group if node < known_count or self.mentions[node - known_count].founds)
        return self.slots[next(founds, group[0])][0].text

    def teller(self, group: Sequence[int]) -> ComparedMention:
        """Return the mention that stands for a group of new ones: the first that founds, else the first."""
        mentions = [self.mentions[node - len(self.claim_ids)] for node in group]
        return next((mention for mention in mentions if mention.founds), mentions[0])

    def _listed(self, a: int, b: int) -> bool:
        """Return whether one sentence tells both as things of two kinds: "X costs $2 and needs 32 GB"."""
        ours, theirs = self._told[a], self._told[b]
        return any(_of_two_kinds(ours[sentence], theirs[sentence])
                   for sentence in ours.keys() & theirs.keys())


def _told(mentions: Iterable[ComparedMention]) -> dict[tuple[str, str], list[Slots]]:
    """Return what is told in each sentence, by document and quote."""
    told: dict[tuple[str, str], list[Slots]] = {}
    for mention in mentions:
        told.setdefault((mention.document_id, mention.quote), []).append(mention.slots)
    return told


def _of_two_kinds(ours: Sequence[Slots], theirs: Sequence[Slots]) -> bool:
    """Return whether one side tells something of a kind, and the other something of another kind."""
    return any(Kind.OTHER not in kinds and kinds[0] != kinds[1]
               for kinds in (kinds_by_one(one, other) for one, other in product(ours, theirs)))
