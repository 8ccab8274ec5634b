"""A claim with what is known of it up to an instant, as the rules read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from models.han import HAN
from pipeline.core.records import HEARSAY, Certainty, Kind, Precision, Role, Stance, VoiceKey, VoiceKind
from pipeline.stages.judge.evidence import Artefact, Item, Rewording, Rival, Ruling
from pipeline.text.attribution import first_hand
from pipeline.text.figures import Figure, figures
from pipeline.text.names import name_key, tokens, within

# What anybody can look at, as against what only insiders can know.
OPEN = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT, Kind.PRICE, Kind.LICENCE})

# What can be measured: of these a figure that is not the claim's own tells of a measurement.
MEASURABLE = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT, Kind.SIZE, Kind.SAFETY})

# What an organisation says of itself to its own credit.
PRAISE = frozenset({Kind.CAPABILITY, Kind.BENCHMARK_RESULT})

# What any of the organisations of a claim may speak for; else only the one that it is chiefly about.
OF_ALL = frozenset({Kind.DEAL, Kind.PEOPLE})

# Whose quotations of somebody are taken for their words.
QUOTING = (Role.PRESS, Role.EXPERT)

LONG = 8  # words with which two do not begin alike by chance
WHOLE = 4  # words of which two do not consist alike by chance; two Chinese characters count as one

# What stands before a statement, or behind it, where it is passed on, and is no word of it.
_PASSING_ON = re.compile(
    r"https?://\S+|^(?:[\W_]*\b(?:breaking(?:\s+news)?|just\s+in|new|rt(?:\s+@\w+)?)\b)+", re.IGNORECASE
)

DAYS = {Precision.DAY: 1, Precision.MONTH: 31, Precision.QUARTER: 92, Precision.YEAR: 366}  # at most


class Shortfall(StrEnum):
    """Why a voice that carries a claim does not corroborate it; those that come nearer to it stand later."""

    TAKEN_BACK = "taken_back"
    TOLD = "told"
    HEDGED = "hedged"
    PRAISE = "praise"
    UNKNOWING = "unknowing"
    REPEATED = "repeated"
    SOFTENED = "softened"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Subject:
    """The claim that is judged. `boards` are the keys of those on whose boards it claims a result."""

    claim_id: str
    claim: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    organisation_names: tuple[str, ...] = ()  # as they are written; `organisations` are keys of their parents
    boards: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """Return the organisations as they are written."""
        return self.organisation_names or self.organisations

    def written(self, key: str | None) -> str | None:
        """Return the organisation of that key as it is written, else the first one."""
        return next((name for name in self.called if name_key(name) == key), next(iter(self.called), None))

    @property
    def models(self) -> list[str]:
        """Return the entities that are no organisation."""
        organisations = {name_key(name) for name in (*self.organisations, *self.organisation_names)}
        return [entity for entity in self.entities if name_key(entity) not in organisations]

    @property
    def specific(self) -> list[str]:
        """Return the models by their most specific names: of "Aster 4" and "Aster 4 Mini" the second."""
        names = {model: tokens(model) for model in self.models}
        return [
            model
            for model, name in names.items()
            if name and not any(name != other and within(name, other) for other in names.values())
        ]

    @property
    def deadline(self) -> datetime | None:
        """Return when the time that the claim names is over."""
        if self.event_at is None:
            return None
        midnight = self.event_at.time() == datetime.min.time()
        whole_day = self.event_precision is Precision.DAY and midnight
        return self.event_at + timedelta(days=1) if whole_day else self.event_at

    def in_time(self, at: datetime) -> bool:
        """Return whether `at` is before the time that the claim names is over, where it names one."""
        return self.deadline is None or at < self.deadline

    def before_its_time(self, at: datetime) -> bool:
        """Return whether what was said at `at` speaks of the future."""
        span = timedelta(days=DAYS.get(self.event_precision, 0))
        return self.deadline is not None and at < self.deadline - span

    @property
    def party(self) -> str | None:
        """Return the organisation that the claim is about; None where several are named and none is chief."""
        if len(self.organisations) < 2:
            return self.organisations[0] if self.organisations else None
        claim = f" {name_key(self.claim)} "
        places = {name: claim.find(f" {name_key(name)}") for name in (*self.organisations, *self.entities)}
        named = {name: place for name, place in places.items() if place >= 0}
        first = min(named, key=lambda name: named[name], default=None)
        if first in self.organisations:
            return first
        unnamed = [name for name in self.organisations if name not in named]
        return unnamed[0] if len(unnamed) == 1 else None


@dataclass(frozen=True)
class Case:
    """What the rules decide on: the claim, and everything known of it up to `at`."""

    subject: Subject
    at: datetime
    items: tuple[Item, ...]
    artefacts: tuple[Artefact, ...] = ()
    rivals: tuple[Rival, ...] = ()
    ruling: Ruling | None = None
    rewordings: tuple[Rewording, ...] = ()
    corroborating_voices: int = 2

    def as_of(self, at: datetime) -> Case:
        """Return the case with what had been said by then, as far as it is known now."""
        return replace(
            self,
            at=min(at, self.at),  # a document dated in the future does not make a deadline pass
            items=tuple(item for item in self.items if item.at <= at),
            artefacts=tuple(page for page in self.artefacts if page.at <= at),
            rivals=tuple(rival for rival in self.rivals if rival.at <= at),
            ruling=self.ruling if self.ruling and self.ruling.at <= at else None,
            rewordings=tuple(edit for edit in self.rewordings if edit.seen_at <= at),
        )

    @property
    def kind(self) -> Kind:
        """Return what the claim is about."""
        return self.subject.kind

    @property
    def overdue(self) -> bool:
        """Return whether the time that the claim names is over."""
        return not self.subject.in_time(self.at)

    @cached_property
    def carriers(self) -> list[Item]:
        """Return the items that carry the claim, by time."""
        return [item for item in self.items if item.carries]

    @cached_property
    def denials(self) -> list[Item]:
        """Return the denials by voices that have not taken them back since; hearsay is no voice."""
        return [i for i in self._by_voices(Stance.DENIES) if self.turn(i.voice, Stance.SUPPORTS) is None]

    @cached_property
    def supports(self) -> list[Item]:
        """Return the support by voices that have not taken it back since; hearsay is no voice."""
        return [i for i in self._by_voices(Stance.SUPPORTS) if self.turn(i.voice, Stance.DENIES) is None]

    def _by_voices(self, stance: Stance) -> list[Item]:
        return [item for item in self.items if item.stance is stance and item.voice != HEARSAY]

    @cached_property
    def _by_voice(self) -> dict[VoiceKey, list[Item]]:
        voices: dict[VoiceKey, list[Item]] = {}
        for item in self.items:
            voices.setdefault(item.voice, []).append(item)
        return voices

    @cached_property
    def _turns(self) -> dict[tuple[VoiceKey, Stance], Item | None]:
        return {}

    def turn(self, voice: VoiceKey, to: Stance) -> Item | None:
        """Return the words by which a voice went over `to` denial, or support, where those are its last."""
        if (voice, to) not in self._turns:
            self._turns[voice, to] = self._turned(voice, to)
        return self._turns[voice, to]

    def _turned(self, voice: VoiceKey, to: Stance) -> Item | None:
        old = Stance.DENIES if to is Stance.SUPPORTS else Stance.SUPPORTS
        said = self._by_voice.get(voice, [])
        earlier = [item for item in said if item.stance is old]
        before = [item.at for item in earlier if item.own_words] or [item.at for item in earlier][:1]
        after = [i for i in said if i.stance is to and i.own_words]
        return after[-1] if before and after and after[-1].at > before[-1] else None

    @cached_property
    def voices(self) -> int:
        """Return how many voices carry the claim; hearsay and whoever only passes it on add none."""
        return len({item.voice for item in self.carriers if item.voice != HEARSAY})

    @cached_property
    def corroborating(self) -> list[Item]:
        """Return the items of `spoken` that no later version has softened."""
        return [item for item in self.spoken if item.evidence_id not in self._softened]

    @cached_property
    def _softened(self) -> set[str]:
        return {edit.evidence_id for edit in self.rewordings
                if edit.holds(self.at) and edit.softens(self.subject.claim)}

    @cached_property
    def spoken(self) -> list[Item]:
        """Return one supporting item for each voice that speaks for itself, plainly, and can know."""
        spoken: dict[VoiceKey, Item] = {}
        for item in self.supports:
            if self._shortfall(item) is not None or self._repeats(item, spoken.values()):
                continue
            kept = spoken.get(item.voice)
            # A voice's firm words count, wherever else it has softened them.
            firm = item.evidence_id not in self._softened
            if kept is None or (firm and kept.evidence_id in self._softened):
                spoken[item.voice] = item
        return list(spoken.values())

    def _shortfall(self, item: Item) -> Shortfall | None:
        """Return why an item by itself is no voice for the claim; None where it is one."""
        if item.stance is Stance.SUPPORTS and self.turn(item.voice, Stance.DENIES) is not None:
            return Shortfall.TAKEN_BACK
        told = not item.own_words or item.role is Role.AGGREGATOR or item.certainty is Certainty.REPORTED
        if told or (item.plain and item.stance is Stance.REPORTS):
            return Shortfall.TOLD
        if not item.plain:
            return Shortfall.HEDGED
        if item.first_party and self.kind in PRAISE:
            return Shortfall.PRAISE
        if not self.can_know(item):
            return Shortfall.UNKNOWING
        return None if item.sure else Shortfall.UNSURE

    @property
    def shortfalls(self) -> dict[Shortfall, int]:
        """Return of how many voices that carry the claim, and do not corroborate it, each is the reason: of
        several words of one voice the reason of those that come nearest.
        """
        counted = {item.voice for item in self.corroborating} | {HEARSAY}
        nearest: dict[VoiceKey, Shortfall] = {}
        order = list(Shortfall)
        for item in self.carriers:
            if item.voice not in counted:
                softened = item.evidence_id in self._softened
                alike = Shortfall.SOFTENED if softened else Shortfall.REPEATED
                why = self._shortfall(item) or alike
                nearest[item.voice] = max(why, nearest.get(item.voice, why), key=order.index)
        return {why: count for why in order if (count := list(nearest.values()).count(why))}

    def _repeats(self, item: Item, earlier: Iterable[Item]) -> bool:
        """Return whether the words may be had from others that spoke before.

        Nobody begins with so many words of another's by chance; what one publisher says and whom it quotes is
        one account; and after the subject's own word the rest tell of that, where they do not know it
        first-hand or judge what the subject says to its credit.
        """
        for other in earlier:
            if other.voice == item.voice:
                continue
            one_account = other.source_id == item.source_id
            after_it = other.first_party and other.at <= item.at and self.kind not in PRAISE
            if one_account or (after_it and not first_hand(item.quote)) or _same_words(item, other):
                return True
        return False

    def can_know(self, item: Item) -> bool:
        """Return whether the speaker can know: by its role, first-hand, or because anybody can look.

        Of what a model can do anybody may judge who tried it, or tells figures of their own.
        """
        if item.role in (Role.FIRST_PARTY, Role.PRESS, Role.EXPERT) or item.artefact:
            return True
        if self.kind in OPEN - PRAISE or first_hand(item.quote):
            return True
        return self.kind in PRAISE and self.measures(item)

    def measures(self, item: Item) -> bool:
        """Return whether it rests on a measurement: an artefact, first-hand knowledge, a figure of its own.

        Who repeats the claim's figures, for it or against it, has measured nothing.
        """
        if item.artefact or first_hand(item.quote):
            return True
        told = [figure for number in item.numbers for figure in figures(number.lower())]
        return self.kind in MEASURABLE and not all(
            any(figure.agrees(own) for own in self._figures) for figure in told
        )

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        return figures(self.subject.claim.lower())

    def is_subject(self, item: Item) -> bool:
        """Return whether the subject speaks, whoever passes it on."""
        ours = item.voice.kind is VoiceKind.ORGANISATION and item.voice.id in self.subject.organisations
        return item.first_party or ours

    @property
    def speakers(self) -> tuple[str, ...]:
        """Return the organisations, as written, whose own word is the subject's (`by_the_subject`)."""
        if self.kind in OF_ALL:
            return self.subject.called
        name = self.subject.written(self.subject.party) if self.subject.party else None
        return (name,) if name else ()

    def by_the_subject(self, item: Item) -> bool:
        """Return whether the subject says it about itself, in words that can be trusted to be its own."""
        subject = self.subject
        trusted = _trusted(item) or item.source_organisation in subject.organisations
        ours = item.organisation or item.source_organisation
        party = subject.party is not None and ours in (None, subject.party)
        party = party or self.kind in OF_ALL
        return item.first_party and trusted and party

    def by_the_board(self, item: Item) -> bool:
        """Return whether the board on which a result is claimed tells of it itself."""
        return item.organisation in self.subject.boards and not item.first_party and _trusted(item)


def _same_words(item: Item, other: Item) -> bool:
    """Return whether both begin with the same words, and many of them, or are the same words throughout.

    The same few words are no repetition where each is the subject's own: its officials say what it says.
    """
    ours, theirs = (name_key(_PASSING_ON.sub(" ", one.quote)).split() for one in (item, other))
    if len(ours) >= LONG and ours[:LONG] == theirs[:LONG]:
        return True
    length = sum(len(HAN.findall(word)) / 2 or 1 for word in ours)
    return ours == theirs and length >= WHOLE and not (item.first_party and other.first_party)


def _trusted(item: Item) -> bool:
    """Return whether the words can be taken for the speaker's own.

    An account is known by its handle; what others quote must come from press or an expert.
    """
    return item.by_author or item.source_role in QUOTING
